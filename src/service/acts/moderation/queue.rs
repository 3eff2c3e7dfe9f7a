//! The queue: one row for each thing that waits, recomputed from what is known of it whenever that
//! changes.
use serde_json::Value;

use crate::{
    domain::{
        moderation::{CLAIM, Object, ThingId},
        permission::{Action, Role},
        stream::{EventKind, Stream},
    },
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::moderation::{permit, waiting::refresh},
        sight::entry::entry_of,
        work::{Pending, Site, Work},
    },
    store::Waiting,
};

/// Says anew whether and why a thing waits, and tells the moderators where that changed.
pub async fn touch(work: &mut Work<'_>, object: Object) -> Outcome<()> {
    if refresh(work.tx, work.framework.id, object, work.now).await? {
        work.tell(
            Stream::Moderators,
            EventKind::QueueChanged,
            object.id(),
            0,
            Value::Null,
        );
    }
    Ok(())
}

/// Tells the moderators of the words of a thing that waits, since those changed.
pub async fn reworded(work: &mut Work<'_>, object: Object) -> Outcome<()> {
    if work
        .tx
        .waiting(work.framework.id, object.id())
        .await?
        .is_some()
    {
        work.tell(
            Stream::Moderators,
            EventKind::QueueChanged,
            object.id(),
            0,
            Value::Null,
        );
    }
    Ok(())
}

/// Says why something waits that an older version left without a reason.
pub async fn explain(site: &mut Site<'_>, object: Object) -> Outcome<()> {
    refresh(site.tx, site.framework.id, object, site.now).await?;
    let (kind, object) = (EventKind::QueueChanged, object.id().to_string());
    site.told.changes.push(Pending {
        stream: Stream::Moderators,
        kind,
        object,
        version: 0,
        content: Value::Null,
    });
    Ok(())
}

/// Takes up a thing that waits, or lets it go.
pub async fn claim(work: &mut Work<'_>, object: Object, release: bool) -> Outcome<CommandResult> {
    let thing = permit::of_this(work, object).await?;
    let spot = thing.spot(work.tx).await?;
    work.permit_over(Action::Moderate, &spot.place)?;
    let waiting = work
        .tx
        .waiting(work.framework.id, object.id())
        .await?
        .ok_or_else(Problem::not_found)?;
    unclaimed(work, &waiting)?;
    let claim = (!release).then_some((work.account.id, work.now + CLAIM));
    work.tx
        .set_claim(work.framework.id, object.id(), claim)
        .await?;
    work.tell(
        Stream::Moderators,
        EventKind::QueueChanged,
        object.id(),
        0,
        Value::Null,
    );
    let queued = entry_of(
        work.tx,
        work.framework.id,
        Waiting { claim, ..waiting },
        Some(&thing),
    )
    .await?;
    Ok(CommandResult {
        queued: Some(queued),
        ..CommandResult::default()
    })
}

/// Refuses where somebody else works on a thing; whoever hosts the framework may step in.
fn unclaimed(work: &Work<'_>, waiting: &Waiting) -> Outcome<()> {
    let other = waiting
        .claim
        .filter(|(by, until)| *by != work.account.id && *until > work.now);
    let Some((_, until)) = other.filter(|_| work.actor.role < Role::Owner) else {
        return Ok(());
    };
    let problem = Problem::new(
        Code::Conflict,
        "Another moderator is looking at this. It will be free in ten minutes at the latest.",
    );
    Err(Problem {
        retry_after_ms: u64::try_from(until - work.now).ok(),
        ..problem
    }
    .into())
}

/// What is known of a thing in the queue before it is decided about, unless somebody else works on
/// it.
pub(crate) async fn taken_up(work: &mut Work<'_>, object: ThingId) -> Outcome<Option<Waiting>> {
    let waiting = work.tx.waiting(work.framework.id, object).await?;
    if let Some(waiting) = &waiting {
        unclaimed(work, waiting)?;
    }
    Ok(waiting)
}
