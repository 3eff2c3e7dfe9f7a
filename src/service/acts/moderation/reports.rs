//! Reports by people with accounts and notices by people without: told to the moderators; urgent
//! ones hide a thing at once.
use crate::{
    domain::{
        moderation::{Act, DecisionState, Kind, Object, Reason},
        permission::{Sight, State, Viewer, visible_to},
        stream::{EventKind, Stream},
        text::{self, Check},
        thread::ThreadState,
    },
    id::Id,
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::{
            lane,
            moderation::{decisions, permit, queue, reversal},
        },
        content,
        sight::thing::Thing,
        work::Work,
    },
    store::{Decision, Report},
};

/// Decisions that are looked through for one that found nothing wrong.
const LOOKS: i64 = 50;
/// Of which kinds a thing is that can be taken from view.
pub(crate) const fn hides(kind: Kind) -> Option<Act> {
    match kind {
        Kind::Comment | Kind::Concession => Some(Act::Hold),
        Kind::Thread => Some(Act::Hide),
        Kind::Account | Kind::Framework | Kind::Site => None,
    }
}

/// Tells the moderators.
pub async fn report(
    work: &mut Work<'_>,
    object: Object,
    reason: Reason,
    note: Option<String>,
) -> Outcome<CommandResult> {
    let thing = permit::of_this(work, object).await?;
    let mut check = Check::default();
    let note = check.optional("note", note.as_deref(), text::NOTE);
    check.finish()?;
    if thing.taken_back() {
        return Err(nothing_left().into());
    }
    let id = Id::<Report>::new().to_string();
    let (framework, account) = (work.framework.id, work.account.id);
    let report = Report {
        id: id.clone(),
        framework,
        object,
        account,
        reason,
        note,
        closed_by: None,
        taken_back_at: None,
        at: work.now,
    };
    if !work.tx.insert_report(&report).await? {
        return Err(Problem::new(
            Code::Conflict,
            "You have already reported this; the moderators have your report.",
        )
        .into());
    }
    work.tell(
        Stream::Moderators,
        EventKind::ReportMade,
        &id,
        1,
        content::report(&report),
    );
    if let (Object::Concession(card), Reason::Territorial) = (object, reason) {
        lane::flag(work, card).await?;
    }
    if reason.urgent() && thing.whose() != Some(work.account.id) {
        hide_at_once(work, thing, reason).await?;
    }
    queue::touch(work, object).await?;
    Ok(CommandResult {
        report: Some(id),
        ..CommandResult::default()
    })
}

/// Takes a thing from view until a moderator has looked; not one that a moderator found right as it
/// is worded now.
async fn hide_at_once(work: &mut Work<'_>, thing: Thing, reason: Reason) -> Outcome<()> {
    let object = thing.object();
    let (Some(action), Some(author), Some(worded_at)) =
        (hides(object.kind()), thing.whose(), thing.worded_at())
    else {
        return Ok(());
    };
    let shows = match thing.state() {
        Some(State::Thread(state)) => state != ThreadState::Hidden,
        Some(state) => visible_to(Viewer::PUBLIC, author, state) == Sight::Whole,
        None => false,
    };
    let right = |action| matches!(action, Act::Approve | Act::Restore | Act::ConfirmScope);
    let stands = |decision: &Decision| !decision.automated && decision.state == DecisionState::Done;
    let found_right = |decision: &Decision| {
        stands(decision) && right(decision.action) && decision.at >= worded_at
    };
    if !shows
        || work
            .tx
            .decisions_of(object.id(), LOOKS)
            .await?
            .iter()
            .any(found_right)
    {
        return Ok(());
    }
    let facts = "It was reported for something that could put people in danger, and is hidden until a moderator has looked.";
    decisions::automated(work, thing, action, reason.rule(), facts)
        .await
        .map(drop)
}

/// A thing that its author takes back: that answers what was reported, and nothing is left for a
/// second moderator to decide. The caller moves the thing to its state, and with that takes it from
/// the queue.
pub async fn taken_back(work: &mut Work<'_>, object: Object) -> Outcome<()> {
    work.tx.close_taken_back(object.id(), work.now).await?;
    let decisions = work.tx.decisions_of(object.id(), LOOKS).await?;
    for pending in decisions
        .into_iter()
        .filter(|decision| decision.state == DecisionState::Pending)
    {
        reversal::end(work, pending, DecisionState::Undone).await?;
    }
    Ok(())
}

pub(crate) fn nothing_left() -> Problem {
    Problem::new(
        Code::Closed,
        "Its author has withdrawn this: there is nothing left to report.",
    )
}
