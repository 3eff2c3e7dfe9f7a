//! Carrying out one command inside the writer's transaction: permit, load, decide, write.
use serde_json::Value;

use super::{
    Outcome, answers, cards,
    counting::Counting,
    dealing::Dealer,
    erasure, frameworks, invitations, lane, merging,
    moderation::{appeals, decisions, queue, reports, reversal},
    pace, roles, rounds,
    sheet::Sheet,
    threads, translations,
};
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
    /// What the digest is over, as `content` makes it.
    pub content: Value,
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
    /// Deals cards and checks anonymous hands.
    pub dealer: &'a Dealer,
    /// What the streams will tell.
    pub changes: Vec<Pending>,
    /// What tallies move by.
    pub deltas: Vec<Delta>,
    /// Rounds of questions whose ballots changed all at once: their tallies are counted anew.
    pub recounts: Vec<RoundKey>,
    /// Accounts whose rights changed.
    pub rights: Vec<AccountId>,
    /// Whether who may read the framework changed.
    pub readers_changed: bool,
    /// Questions whose boards must be made again at once.
    pub boards: Vec<QuestionId>,
    /// How a round is counted when it closes; `None` in imports, which close none.
    pub counting: Option<&'a Counting>,
    /// Where the mutant that checks before it locks looks; `None` but in tests.
    pub unlocked: Option<Store>,
    /// Whether roles of moderator and above wait for a second factor.
    pub second_factor: bool,
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
        dealer: &'a Dealer,
    ) -> Self {
        let (changes, deltas, recounts, rights, boards, elsewhere) = (vec![], vec![], vec![], vec![], vec![], vec![]);
        let (readers_changed, counting, unlocked) = (false, None, None);
        let second_factor = false;
        Self {
            tx,
            sheet,
            framework,
            account,
            actor,
            now,
            dealer,
            changes,
            deltas,
            recounts,
            rights,
            readers_changed,
            boards,
            counting,
            unlocked,
            second_factor,
            elsewhere,
        }
    }

    /// Writes what the sheet holds, where a command needs it in the database before it ends.
    pub async fn flush(&mut self) -> Outcome<()> {
        Ok(self.sheet.write(self.tx, self.now).await?)
    }

    /// Refuses unless the actor may.
    pub fn permit(&self, action: Action) -> Result<(), Problem> {
        let (paused, pace) = (self.framework.posting_paused(), &self.framework.pace);
        let quiet = pace.quiet.as_ref().zip(pace.quiet_until(self.now));
        self.actor.may(action, paused || quiet.is_some()).map_err(|refusal| match quiet {
            Some((quiet, ends_at)) if refusal == Refusal::Paused && !paused => Problem::quiet(ends_at, &quiet.to, &quiet.zone, self.now),
            _ => refusal.into(),
        })
    }

    /// As [`Work::permit`], for what is done to a thing at `place`.
    pub fn permit_over(&self, action: Action, place: &Place) -> Result<(), Problem> {
        self.actor.may_over(action, self.framework.posting_paused(), place).map_err(Problem::from)
    }

    /// Tells a stream.
    pub fn tell(&mut self, stream: Stream, kind: EventKind, object: impl ToString, version: i64, content: Value) {
        self.changes.push(Pending { stream, kind, object: object.to_string(), version, content });
    }

    /// What an answer of whoever commands weighs if it is first given now, permille.
    #[must_use]
    pub fn weight(&self) -> i64 {
        let (points_read, comments) = self.sheet.engagement(self.account.id);
        Record { age: self.now - self.account.created_at, vouched: self.account.vouched, points_read, comments }.weight()
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
    if let Command::EraseAuthor { posts } = command {
        return erasure::erase_author(work, posts).await;
    }
    // A link leads into a framework one may not read yet.
    let invited = matches!(command, Command::AcceptInvitation(_));
    if !work.actor.enters(work.framework.public) && !invited {
        return Err(Problem::not_found().into());
    }
    for action in command.needs() {
        work.permit(*action)?;
    }
    match command {
        Command::EraseAuthor { posts } => erasure::erase_author(work, posts).await,
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
        Command::MergeConcession { from, into } => merging::merge(work, from, into).await,
        Command::TranslateConcession(translation) => translations::translate(work, translation).await,
        Command::ReviewTranslation { concession, translation, accepts } => translations::review(work, concession, translation, accepts).await,
        Command::SendToPerson { concession } => lane::send_to_person(work, concession).await,
        Command::ConfirmScope { concession, version, territorial } => lane::confirm(work, concession, version, territorial).await,
        Command::DealCards { question } => answers::deal(work, question).await,
        Command::AnswerCard { concession, version, acceptance, realism, unfreezes, deal, note } => {
            let given = answers::Given { version, acceptance, realism, unfreezes, deal, note };
            answers::answer(work, concession, given).await
        }
        Command::WithdrawAnswer { concession } => answers::withdraw(work, concession),
        Command::AnswerPoint { question, accepts } => answers::answer_point(work, question, accepts).await,
        Command::SetOrder { question, tiers } => answers::set_order(work, question, tiers).await,
        Command::Report { object, reason, note } => reports::report(work, object, reason, note).await,
        Command::Decide(decide) => decisions::decide(work, decide).await,
        Command::SecondDecision { decision, agrees, seen } => decisions::second(work, &decision, agrees, seen.as_deref()).await,
        Command::UndoDecision { decision } => reversal::undo(work, &decision).await,
        Command::Claim { object, release } => queue::claim(work, object, release.unwrap_or(false)).await,
        Command::Appeal { decision, statement } => appeals::appeal(work, decision, &statement).await,
        Command::DecideAppeal { appeal, reverse, answer } => appeals::decide(work, &appeal, reverse, &answer).await,
        Command::OpenRound { question, reveal, closes_at } => rounds::open(work, question, reveal, closes_at).await,
        Command::CloseRound { question } => rounds::close(work, question).await,
        Command::SetClosing { question, closes_at } => rounds::set_closing(work, question, closes_at).await,
        Command::SetPace(order) => pace::set(work, order).await,
        Command::Invite(invite) => invitations::invite(work, invite).await,
        Command::AcceptInvitation(accepted) => invitations::accept(work, accepted).await,
        Command::RevokeInvitation { id } => invitations::revoke(work, &id).await,
        Command::SetRole(wanted) => roles::set_role(work, wanted).await,
        Command::SetVisibility { public } => roles::set_visibility(work, public).await,
    }
}
