//! Reports by people with accounts and notices by people without: told to the moderators; urgent ones hide a thing at once.
use serde_json::Value;

use super::{Located, decisions, framework_of, locate, queue, reversal, whose};
use crate::{
    domain::{
        Millis,
        account::AccountId,
        moderation::{Act, DecisionState, Kind, Object, Reason},
        permission::{Sight, State, Viewer, visible_to},
        stream::{EventKind, Stream},
        text::{self, Check},
        thread::ThreadState,
    },
    id::{self, Id},
    protocol::{
        problem::{Code, Problem},
        rest::{CommandResult, List, MadeNoticeView, NoticeOutcomeView, OutcomeView, ReportView},
    },
    service::{
        Outcome,
        command::{Pending, Work},
        content, lane, ledger,
        node::Node,
        paging, secrets,
    },
    store::{Decision, PublicNotice, Reader, Report},
};

/// Reports on a page of one's own.
const OWN: i64 = 50;
/// Decisions that are looked through for one that found nothing wrong.
const LOOKS: i64 = 50;
/// Of which kinds a thing is that can be taken from view.
const fn hides(kind: Kind) -> Option<Act> {
    match kind {
        Kind::Comment | Kind::Concession => Some(Act::Hold),
        Kind::Thread => Some(Act::Hide),
        Kind::Account | Kind::Framework | Kind::Site => None,
    }
}

/// Tells the moderators.
pub async fn report(work: &mut Work<'_>, object: Object, reason: Reason, note: Option<String>) -> Outcome<CommandResult> {
    let (author, located) = whose(work, object).await?;
    let mut check = Check::default();
    let note = check.optional("note", note.as_deref(), text::NOTE);
    check.finish()?;
    if located.as_ref().is_some_and(|located| located.taken_back) {
        return Err(nothing_left().into());
    }
    let id = Id::<Report>::new().to_string();
    let (framework, account) = (work.framework.id, work.account.id);
    let report = Report { id: id.clone(), framework, object, account, reason, note, closed_by: None, taken_back_at: None, at: work.now };
    if !work.tx.insert_report(&report).await? {
        return Err(Problem::new(Code::Conflict, "You have already reported this; the moderators have your report.").into());
    }
    work.tell(Stream::Moderators, EventKind::ReportMade, &id, 1, content::report(&report));
    if (object.kind, reason) == (Kind::Concession, Reason::Territorial) {
        lane::flag(work, object.id.cast()).await?;
    }
    if let (Some(author), Some(located)) = (author.filter(|author| *author != work.account.id), located)
        && reason.urgent()
    {
        hide_at_once(work, object, reason, author, &located).await?;
    }
    queue::touch(work, object).await?;
    Ok(CommandResult { report: Some(id), ..CommandResult::default() })
}

/// Takes a thing from view until a moderator has looked; not one that a moderator found right as it is worded now.
async fn hide_at_once(work: &mut Work<'_>, object: Object, reason: Reason, author: AccountId, located: &Located) -> Outcome<()> {
    let Some(action) = hides(object.kind) else { return Ok(()) };
    let shows = match located.state {
        State::Thread(state) => state != ThreadState::Hidden,
        state => visible_to(Viewer::PUBLIC, author, state) == Sight::Whole,
    };
    let right = |action| matches!(action, Act::Approve | Act::Restore | Act::ConfirmScope);
    let stands = |decision: &Decision| !decision.automated && decision.state == DecisionState::Done;
    let found_right = |decision: &Decision| stands(decision) && right(decision.action) && decision.at >= located.worded_at;
    if !shows || work.tx.decisions_of(object.id, LOOKS).await?.iter().any(found_right) {
        return Ok(());
    }
    let facts = "It was reported for something that could put people in danger, and is hidden until a moderator has looked.";
    let decision = decisions::automated(work, object, action, (reason.rule(), facts), author);
    decisions::carry_out(work, decision).await.map(|_| ())
}

/// What an account reported, and what became of it.
pub async fn own(node: &Node, account: AccountId, after: Option<&str>) -> Outcome<List<ReportView>> {
    let mut reader = node.store.read().await?;
    let mut items = vec![];
    let reports = reader.reports_by(account, paging::before(after)?, OWN).await?;
    let next = paging::next(&reports, OWN, |report| (report.at, report.id.clone()));
    for report in reports {
        let outcome = outcome(&mut reader, report.closed_by.as_deref(), report.taken_back_at).await?;
        let Report { id, object, reason, note, at, .. } = report;
        items.push(ReportView { id, object, reason, note, at, outcome });
    }
    Ok(List { items, next })
}

async fn outcome(reader: &mut Reader, closed_by: Option<&str>, taken_back_at: Option<Millis>) -> Outcome<Option<OutcomeView>> {
    let Some(closed_by) = closed_by else { return Ok(None) };
    if let Some(at) = taken_back_at {
        return Ok(Some(OutcomeView { action: None, rule: None, state: None, taken_back: true, at }));
    }
    let found = reader.decision(closed_by).await?;
    let view = |decision: Decision| OutcomeView {
        action: Some(decision.action),
        rule: Some(decision.rule),
        state: Some(decision.state),
        taken_back: false,
        at: decision.effective_at.unwrap_or(decision.at),
    };
    Ok(found.map(view))
}

/// A thing that its author takes back: that answers what was reported, and nothing is left for a second moderator to decide. The
/// caller moves the thing to its state, and with that takes it from the queue.
pub async fn taken_back(work: &mut Work<'_>, object: Object) -> Outcome<()> {
    work.tx.close_taken_back(object.id, work.now).await?;
    let decisions = work.tx.decisions_of(object.id, LOOKS).await?;
    for pending in decisions.into_iter().filter(|decision| decision.state == DecisionState::Pending) {
        reversal::end(work, pending, DecisionState::Undone).await?;
    }
    Ok(())
}

fn nothing_left() -> Problem {
    Problem::new(Code::Closed, "Its author has withdrawn this: there is nothing left to report.")
}

/// What somebody without an account sends.
pub struct NewNotice {
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// What is wrong.
    pub statement: String,
    /// How to reach them.
    pub contact: Option<String>,
}

/// Takes a notice: what is reported must be something everyone can see, or could.
pub async fn notify(node: &Node, visitor: &str, new: NewNotice) -> Outcome<MadeNoticeView> {
    node.budgets.notice(visitor)?;
    let mut check = Check::default();
    let statement = check.prose("statement", &new.statement, text::FACTS);
    let contact = check.optional("contact", new.contact.as_deref(), text::CONTACT);
    check.ensure(hides(new.object.kind).is_some(), "object", "invalid", "A comment, a thread or a proposal.");
    check.finish()?;
    let framework = framework_of(node, new.object, None).await?;
    let code = id::secret();
    let id = Id::<PublicNotice>::new().to_string();
    let mut tx = node.store.write().await?;
    let framework = tx.lock_framework(framework).await?.filter(|framework| framework.public).ok_or_else(Problem::not_found)?;
    let now = node.clock.at(tx.time());
    let author = locate(&mut tx, new.object).await?.ok_or_else(Problem::not_found)?;
    if author.author.is_none_or(|id| visible_to(Viewer::PUBLIC, id, author.state) == Sight::Nothing) {
        return Err(Problem::not_found().into());
    }
    if author.taken_back {
        return Err(nothing_left().into());
    }
    let NewNotice { object, reason, .. } = new;
    let (closed_by, taken_back_at) = (None, None);
    let notice = PublicNotice { id: id.clone(), framework: framework.id, object, reason, statement, contact, closed_by, taken_back_at, at: now };
    tx.insert_notice(&notice, &secrets::token_hash(&code)).await?;
    queue::refresh(&mut tx, framework.id, object, now).await?;
    let told = |kind, object: String, version, content| Pending { stream: Stream::Moderators, kind, object, version, content };
    let changes = vec![
        told(EventKind::ReportMade, id.clone(), 1, content::notice(&notice)),
        told(EventKind::QueueChanged, object.id.to_string(), 0, Value::Null),
    ];
    let hint = ledger::append_of_site(&mut tx, &framework, now, changes).await?;
    tx.commit().await?;
    node.live.publish(hint);
    Ok(MadeNoticeView { id, code })
}

/// What became of a notice, for whoever holds its code.
pub async fn notice_outcome(node: &Node, visitor: &str, code: &str) -> Outcome<NoticeOutcomeView> {
    node.budgets.notice(visitor)?;
    let mut reader = node.store.read().await?;
    let notice = reader.notice(&secrets::token_hash(code)).await?.ok_or_else(Problem::not_found)?;
    let outcome = outcome(&mut reader, notice.closed_by.as_deref(), notice.taken_back_at).await?;
    Ok(NoticeOutcomeView { object: notice.object, reason: notice.reason, at: notice.at, outcome })
}
