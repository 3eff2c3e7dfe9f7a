//! Carrying out one command inside the writer's transaction: permit, load, decide, write.
use super::{Outcome, answers, cards, frameworks, hand::Signer, lane, moderation, sheet::Sheet, threads};
use crate::{
    domain::{
        Millis,
        account::{Account, AccountId, Author},
        framework::{Framework, Question, QuestionId},
        permission::{Action, Actor},
        stream::{EventKind, Stream},
        tally::Delta,
    },
    protocol::{command::Command, problem::Problem, rest::CommandResult},
    store::{Store, Tx},
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
    /// What the digest is over.
    pub content: String,
}

/// What a command works with. Nothing is written before it is decided, so that a refused command leaves nothing.
pub struct Work<'a> {
    /// The transaction.
    pub tx: &'a mut Tx,
    /// What hot commands share.
    pub sheet: &'a mut Sheet,
    /// The framework, locked.
    pub framework: &'a mut Framework,
    /// Who commands.
    pub account: &'a Account,
    /// What they are here.
    pub actor: Actor,
    /// The time of the batch.
    pub now: Millis,
    /// Checks anonymous hands.
    pub hands: &'a Signer,
    /// What the streams will tell.
    pub changes: Vec<Pending>,
    /// What tallies move by.
    pub deltas: Vec<Delta>,
    /// Accounts whose rights changed.
    pub rights: Vec<AccountId>,
    /// Where the mutant that checks before it locks looks; `None` but in tests.
    pub unlocked: Option<Store>,
    /// What the streams of other frameworks, locked too, will tell.
    pub elsewhere: Vec<(Framework, Vec<Pending>)>,
}

impl<'a> Work<'a> {
    /// Begins a command.
    pub fn begin(
        tx: &'a mut Tx,
        sheet: &'a mut Sheet,
        framework: &'a mut Framework,
        account: &'a Account,
        actor: Actor,
        now: Millis,
        hands: &'a Signer,
    ) -> Self {
        let (changes, deltas, rights, unlocked, elsewhere) = (vec![], vec![], vec![], None, vec![]);
        Self { tx, sheet, framework, account, actor, now, hands, changes, deltas, rights, unlocked, elsewhere }
    }

    /// Writes what the sheet holds, where a command needs it in the database before it ends.
    pub async fn flush(&mut self) -> Outcome<()> {
        Ok(self.sheet.write(self.tx, self.now).await?)
    }

    /// Refuses unless the actor may.
    pub fn permit(&self, action: Action) -> Result<(), Problem> {
        self.actor.may(action, self.framework.posting_paused()).map_err(Problem::from)
    }

    /// Tells a stream.
    pub fn tell(&mut self, stream: Stream, kind: EventKind, object: impl ToString, version: i64, content: impl Into<String>) {
        self.changes.push(Pending { stream, kind, object: object.to_string(), version, content: content.into() });
    }

    /// Who commands, as others see them.
    #[must_use]
    pub fn author(&self) -> Author {
        let Account { id, handle, display_name, .. } = self.account;
        Author { id: *id, handle: handle.clone(), display_name: display_name.clone() }
    }

    /// One of this framework's questions.
    pub async fn question(&mut self, id: QuestionId) -> Outcome<Question> {
        let found = self.tx.question(id).await?;
        Ok(found.filter(|question| question.framework == self.framework.id).ok_or_else(Problem::not_found)?)
    }
}

/// Carries out a command.
pub async fn carry_out(work: &mut Work<'_>, command: Command) -> Outcome<CommandResult> {
    if !work.framework.public && work.actor.role < crate::domain::permission::Role::Moderator && work.tx_membership_missing().await? {
        return Err(Problem::not_found().into());
    }
    match command {
        Command::Join { camp, consent } => frameworks::join(work, camp, consent).await,
        Command::Leave {} => frameworks::leave(work).await,
        Command::MarkRead { point, seq } => frameworks::mark_read(work, point, seq).await,
        Command::PostThread { point, concession, title, body, kind, language } => {
            let first = threads::Words { body, kind, language };
            threads::post_thread(work, point, concession, &title, first).await
        }
        Command::PostComment { thread, body, kind, parent, language } => {
            threads::post_comment(work, thread, parent, threads::Words { body, kind, language })
        }
        Command::EditComment { comment, version, body, kind } => threads::edit_comment(work, comment, version, body, kind).await,
        Command::DeleteComment { comment } => threads::delete_comment(work, comment).await,
        Command::ProposeConcession(proposal) => cards::propose(work, proposal).await,
        Command::EditConcession(edit) => cards::edit(work, edit).await,
        Command::WithdrawConcession { concession } => cards::withdraw(work, concession).await,
        Command::SendToPerson { concession } => lane::send_to_person(work, concession).await,
        Command::ConfirmScope { concession, version, territorial } => lane::confirm(work, concession, version, territorial).await,
        Command::DealCards { question } => answers::deal(work, question).await,
        Command::AnswerCard { concession, version, acceptance, realism, deal, note } => {
            let given = answers::Given { version, acceptance, realism, deal, note };
            answers::answer(work, concession, given).await
        }
        Command::WithdrawAnswer { concession } => answers::withdraw(work, concession),
        Command::SetOrder { question, tiers } => answers::set_order(work, question, tiers),
        Command::Report { object, reason, note } => moderation::report(work, object, reason, note).await,
        Command::Decide { object, action, rule, facts, duration_hours, version } => {
            let reasons = moderation::Reasons { rule, facts, duration_hours, version };
            moderation::decide(work, object, action, reasons).await
        }
    }
}

impl Work<'_> {
    /// Whether the actor is not invited to a framework that is not public.
    async fn tx_membership_missing(&mut self) -> Outcome<bool> {
        Ok(self.tx.membership(self.framework.id, self.account.id).await?.is_none())
    }
}
