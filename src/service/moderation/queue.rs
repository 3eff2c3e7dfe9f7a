//! The queue: one row for each thing that waits, recomputed from what is known of it whenever that changes.
use serde_json::Value;

use super::{condition::condition, locate, place_of, whose};
use crate::{
    domain::{
        Millis,
        concession::ConcessionState,
        framework::FrameworkId,
        moderation::{CLAIM, Kind, Object, ThingId, Why, because, score},
        permission::{Action, Role, State, Viewer},
        stream::{EventKind, Stream},
        thread::CommentState,
    },
    protocol::{
        problem::{Code, Problem},
        rest::{CommandResult, QueueEntry, QueuePage},
    },
    service::{
        Outcome,
        accounts::Asker,
        command::{Pending, Work},
        frameworks, ledger,
        node::Node,
    },
    store::{self, QueuePlace, Reader, Tx, Waiting},
};

pub use crate::store::QueueFilter as Filter;

/// Things on a page.
const PAGE: i64 = 50;

/// Says anew whether and why a thing waits, and tells the moderators where that changed.
pub async fn touch(work: &mut Work<'_>, object: Object) -> Outcome<()> {
    if refresh(work.tx, work.framework.id, object, work.now).await? {
        work.tell(Stream::Moderators, EventKind::QueueChanged, object.id, 0, Value::Null);
    }
    Ok(())
}

/// Tells the moderators of the words of a thing that waits, since those changed.
pub async fn reworded(work: &mut Work<'_>, object: Object) -> Outcome<()> {
    if work.tx.waiting(work.framework.id, object.id).await?.is_some() {
        work.tell(Stream::Moderators, EventKind::QueueChanged, object.id, 0, Value::Null);
    }
    Ok(())
}

/// As [`touch`], without telling; whether something changed.
pub async fn refresh(tx: &mut Tx, framework: FrameworkId, object: Object, now: Millis) -> store::Result<bool> {
    let before = tx.waiting(framework, object.id).await?;
    let Some(after) = waits(tx, object, before.as_ref(), now).await? else {
        return Ok(before.is_some() && tx.delete_waiting(framework, object.id).await?);
    };
    if before.as_ref() == Some(&after) {
        return Ok(false);
    }
    tx.put_waiting(framework, &after).await?;
    Ok(true)
}

/// Why a thing waits, and since when; `None` where it does not.
async fn waits(reader: &mut Reader, object: Object, before: Option<&Waiting>, now: Millis) -> store::Result<Option<Waiting>> {
    let (mut counts, mut since) = (vec![], vec![]);
    for (reason, count, first) in reader.report_counts(object.id).await? {
        counts.push((Why::Reported(reason), count));
        since.push(first);
    }
    for (reason, count, first) in reader.notice_counts(object.id).await? {
        counts.push((Why::Noticed(reason), count));
        since.push(first);
    }
    let seconds = reader.pending_decisions(object.id).await?;
    let appeals = reader.open_appeals(object.id).await?;
    let length = |times: &[Millis]| i64::try_from(times.len()).unwrap_or(i64::MAX);
    counts.extend([(Why::SecondWanted, length(&seconds)), (Why::Appealed, length(&appeals))]);
    since.extend(seconds.into_iter().chain(appeals));
    let located = locate(reader, object).await?;
    if let Some((why, count, at)) = held(reader, object, located.as_ref().map(|located| located.state), now).await? {
        counts.push((why, count));
        since.push(at);
    }
    let because = because(counts);
    if because.is_empty() {
        return Ok(None);
    }
    let opened_at = before.map_or_else(|| since.into_iter().min().unwrap_or(now), |before| before.opened_at);
    let (point, language) = located.map_or((None, None), |located| (located.point, located.language()));
    Ok(Some(Waiting { object, point, language, score: score(&because), because, opened_at, claim: before.and_then(|before| before.claim) }))
}

/// Whether a thing is held or in the lane, how many with it, and since when. A wave of comments is one thing, by its first.
async fn held(reader: &mut Reader, object: Object, state: Option<State>, now: Millis) -> store::Result<Option<(Why, i64, Millis)>> {
    let id = object.id;
    Ok(match state {
        Some(State::Concession(ConcessionState::Held)) => {
            let hold = reader.hold(id.cast()).await?;
            hold.and_then(|hold| hold.queued_at).map(|at| (Why::Held, 1, at))
        }
        Some(State::Concession(ConcessionState::Provisional)) => {
            reader.concession(id.cast()).await?.map(|card| (Why::Provisional, 1, card.created_at))
        }
        Some(State::Comment(..) | State::Unseen(_)) => {
            let Some(comment) = reader.comment(id.cast()).await? else { return Ok(None) };
            let since = comment.hold.as_ref().map_or(now, |hold| hold.since);
            let members = reader.held_in_wave(comment.id).await?.len();
            let alone = comment.state == CommentState::Held && comment.hold.as_ref().is_none_or(|hold| hold.wave.is_none());
            let count = if members == 0 { i64::from(alone) } else { i64::try_from(members).unwrap_or(i64::MAX) };
            (count > 0).then_some((Why::Held, count, since))
        }
        _ => None,
    })
}

/// Explains what an older version left in the queue.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn explain(node: &Node) -> Outcome<()> {
    let unexplained = node.store.read().await?.unexplained().await?;
    for (framework, object) in unexplained {
        let mut tx = node.store.write().await?;
        if let Some(framework) = tx.lock_framework(framework).await? {
            let (object_id, now) = (object.id.to_string(), node.now());
            refresh(&mut tx, framework.id, object, now).await?;
            let changed = Pending { stream: Stream::Moderators, kind: EventKind::QueueChanged, object: object_id, version: 0, content: Value::Null };
            let hint = ledger::append_of_site(&mut tx, &framework, now, vec![changed]).await?;
            tx.commit().await?;
            node.live.publish(hint);
        }
    }
    Ok(())
}

/// What waits, most urgent first, without whose it is: who decides shall read the words first.
pub async fn page(node: &Node, asker: Asker, slug: &str, filter: Filter, after: Option<&str>) -> Outcome<QueuePage> {
    let mut seen = frameworks::see_slug(node, Some(asker), slug).await?;
    seen.actor.may(Action::SeeHidden, false)?;
    let after = after.map_or(Ok((i64::MAX, Millis::MIN, String::new())), place)?;
    let found = seen.reader.queue(seen.framework.id, &filter, after, PAGE).await?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count == PAGE);
    let next = found.last().filter(|_| full).map(|last| format!("{}_{}_{}", last.score, last.opened_at, last.object.id));
    let waiting = seen.reader.waiting_count(seen.framework.id).await?;
    let second_wanted = seen.reader.moderators_camps(seen.framework.id, node.options.second_factor).await? >= 2;
    let (mut items, limited) = (vec![], !seen.actor.remit.is_whole());
    for one in found {
        // By the place they decide by, so that nothing is listed that they may not decide about.
        if !limited || seen.actor.remit.covers_place(&place_of(&mut seen.reader, one.object).await?) {
            items.push(entry(&mut seen.reader, seen.framework.id, one).await?);
        }
    }
    Ok(QueuePage { items, next, waiting, second_wanted })
}

/// Reads a cursor.
fn place(cursor: &str) -> Outcome<QueuePlace> {
    let mut parts = cursor.splitn(3, '_');
    let mut number = || parts.next()?.parse::<i64>().ok();
    let found = number().zip(number());
    let rest = cursor.splitn(3, '_').nth(2);
    let found = found.zip(rest).map(|((score, at), object)| (score, at, object.to_owned()));
    found.ok_or_else(|| Problem::field("after", "invalid", "Not a cursor of this list.").into())
}

/// A thing that waits, as every moderator sees it.
pub(in crate::service) async fn entry(reader: &mut Reader, framework: FrameworkId, waiting: Waiting) -> store::Result<QueueEntry> {
    let Waiting { object, point, language, score, because, opened_at, claim } = waiting;
    let excerpt = match locate(reader, object).await? {
        Some(located) => located.excerpt_for(Viewer::MODERATORS),
        None if object.kind == Kind::Account => reader.account(object.id.cast()).await?.map(|account| account.handle),
        None => None,
    };
    let (claimed_by, claimed_until) = claim.unzip();
    let condition = condition(reader, framework, object).await?.map(|found| found.view(object.kind)).unwrap_or_default();
    Ok(QueueEntry { object, excerpt, point, language, score, because, opened_at, claimed_by, claimed_until, condition })
}

/// Takes up a thing that waits, or lets it go.
pub async fn claim(work: &mut Work<'_>, object: Object, release: bool) -> Outcome<CommandResult> {
    whose(work, object).await?;
    let place = place_of(work.tx, object).await?;
    work.permit_over(Action::Moderate, &place)?;
    let waiting = work.tx.waiting(work.framework.id, object.id).await?.ok_or_else(Problem::not_found)?;
    unclaimed(work, &waiting)?;
    let claim = (!release).then_some((work.account.id, work.now + CLAIM));
    work.tx.set_claim(work.framework.id, object.id, claim).await?;
    work.tell(Stream::Moderators, EventKind::QueueChanged, object.id, 0, Value::Null);
    let queued = entry(work.tx, work.framework.id, Waiting { claim, ..waiting }).await?;
    Ok(CommandResult { queued: Some(queued), ..CommandResult::default() })
}

/// Refuses where somebody else works on a thing; whoever hosts the framework may step in.
fn unclaimed(work: &Work<'_>, waiting: &Waiting) -> Outcome<()> {
    let other = waiting.claim.filter(|(by, until)| *by != work.account.id && *until > work.now);
    let Some((_, until)) = other.filter(|_| work.actor.role < Role::Owner) else { return Ok(()) };
    let problem = Problem::new(Code::Conflict, "Another moderator is looking at this. It will be free in ten minutes at the latest.");
    Err(Problem { retry_after_ms: u64::try_from(until - work.now).ok(), ..problem }.into())
}

/// What is known of a thing in the queue before it is decided about, unless somebody else works on it.
pub(super) async fn taken_up(work: &mut Work<'_>, object: ThingId) -> Outcome<Option<Waiting>> {
    let waiting = work.tx.waiting(work.framework.id, object).await?;
    if let Some(waiting) = &waiting {
        unclaimed(work, waiting)?;
    }
    Ok(waiting)
}
