//! What acts work with inside the writer's transaction, and what follows once it is durable.
use serde_json::Value;

use crate::{
    domain::{
        Millis,
        account::{Account, AccountId, Author, Record},
        framework::{Framework, Question, QuestionId},
        permission::{Action, Actor, Refusal},
        remit::Place,
        stream::{EventKind, Stream},
        tally::Delta,
    },
    live::RoundKey,
    protocol::problem::{Code, Problem},
    service::{Outcome, keep::host::Host, sheet::Sheet},
    store::Tx,
};

/// A change to be appended to a stream.
pub struct Pending {
    /// Which stream.
    pub stream: Stream,
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub object: String,
    /// The object's version after it.
    pub version: i64,
    /// What the digest is over, as `content` makes it.
    pub content: Value,
}

/// What follows from an act once it is durable: what is told, and what is counted or looked at
/// again.
#[derive(Default)]
pub struct Told {
    /// What the streams will tell.
    pub changes: Vec<Pending>,
    /// What the streams of other frameworks, locked too, will tell.
    pub elsewhere: Vec<(Framework, Vec<Pending>)>,
    /// What tallies move by.
    pub deltas: Vec<Delta>,
    /// Rounds of questions whose ballots changed all at once: their tallies are counted anew.
    pub recounts: Vec<RoundKey>,
    /// Questions whose boards must be made again at once.
    pub boards: Vec<QuestionId>,
    /// Accounts whose rights changed.
    pub rights: Vec<AccountId>,
    /// Whether who may read the framework changed.
    pub readers_changed: bool,
}

/// What an act in somebody's name works with. Nothing is written before it is decided, so that a
/// refused command leaves nothing.
pub struct Work<'a> {
    /// The transaction.
    pub tx: &'a mut Tx,
    /// What hot commands share.
    pub sheet: &'a mut Sheet,
    /// The framework, locked.
    pub framework: &'a mut Framework,
    /// In whose name.
    pub account: &'a Account,
    /// What they are here.
    pub actor: Actor,
    /// The time of the batch.
    pub now: Millis,
    /// What the node lends.
    pub host: &'a Host,
    /// What follows.
    pub told: Told,
}

/// What an act of the site works with.
pub struct Site<'a> {
    /// The transaction.
    pub tx: &'a mut Tx,
    /// The framework, locked.
    pub framework: &'a mut Framework,
    /// The time of the batch.
    pub now: Millis,
    /// What the node lends.
    pub host: &'a Host,
    /// What follows.
    pub told: Told,
}

impl Work<'_> {
    /// Writes what the sheet holds, where a command needs it in the database before it ends.
    pub async fn flush(&mut self) -> Outcome<()> {
        Ok(self.sheet.write(self.tx, self.now).await?)
    }

    /// Refuses unless the actor may.
    pub fn permit(&self, action: Action) -> Result<(), Problem> {
        let (paused, pace) = (self.framework.posting_paused(), &self.framework.pace);
        let quiet = pace.quiet.as_ref().zip(pace.quiet_until(self.now));
        self.actor
            .may(action, paused || quiet.is_some())
            .map_err(|refusal| match quiet {
                Some((quiet, ends_at)) if refusal == Refusal::Paused && !paused => {
                    Problem::quiet(ends_at, &quiet.to, &quiet.zone, self.now)
                }
                _ => refusal.into(),
            })
    }

    /// As [`Work::permit`], for what is done to a thing at `place`.
    pub fn permit_over(&self, action: Action, place: &Place) -> Result<(), Problem> {
        self.actor
            .may_over(action, self.framework.posting_paused(), place)
            .map_err(Problem::from)
    }

    /// Tells a stream.
    pub fn tell(
        &mut self,
        stream: Stream,
        kind: EventKind,
        object: impl ToString,
        version: i64,
        content: Value,
    ) {
        self.told.changes.push(Pending {
            stream,
            kind,
            object: object.to_string(),
            version,
            content,
        });
    }

    /// What an answer of whoever commands weighs if it is first given now, permille.
    #[must_use]
    pub fn weight(&self) -> i64 {
        let (answers, days, posts) = self.sheet.engagement(self.account.id);
        Record {
            age: self.now - self.account.created_at,
            vouched: self.account.vouched,
            answers,
            days,
            posts,
        }
        .weight()
    }

    /// Who commands, as others see them.
    #[must_use]
    pub fn author(&self) -> Author {
        let Account {
            id,
            handle,
            display_name,
            ..
        } = self.account;
        Author {
            id: *id,
            handle: handle.clone(),
            display_name: display_name.clone(),
        }
    }

    /// One of this framework's questions.
    pub async fn question(&mut self, id: QuestionId) -> Outcome<Question> {
        let found = self.tx.question(id).await?;
        Ok(found
            .filter(|question| question.framework == self.framework.id)
            .ok_or_else(Problem::not_found)?)
    }
}

/// Nothing is left to do.
pub fn already() -> Problem {
    Problem::new(
        Code::Conflict,
        "It is already so, or it is no longer there. Look again.",
    )
}

/// Refuses where what somebody read is not what stands now.
pub fn as_read(unchanged: bool, otherwise: &str) -> Result<(), Problem> {
    if unchanged {
        Ok(())
    } else {
        Err(Problem::new(Code::Conflict, otherwise))
    }
}
