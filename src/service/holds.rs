//! Comments that wait for a moderator: holding them, letting them go, and what the queue shows of them.
use super::{
    Outcome,
    command::Work,
    frameworks::Seen,
    moderation::{self, EXCERPT, already},
    threads,
};
use crate::{
    domain::{
        hold::{Admission, CommentHeldBy, CommentHold},
        moderation::{Act, Kind, Object, Reason},
        stream::{EventKind, Stream},
        thread::{Comment, CommentId, CommentState, ThreadId, ThreadState},
    },
    protocol::{
        problem::Problem,
        rest::{EarlierView, HeldItem, QueueItem},
    },
    store::Decision,
};

/// Held comments in the queue.
const QUEUE: i64 = 200;
/// What a held comment weighs in the queue; a wave weighs so much for each of its comments.
const HELD: i64 = Reason::Insult.weight();
/// How many decided holds tell how long it usually takes.
pub(super) const USUAL: i64 = 50;

/// A new comment as the gate admits it.
pub fn admitted(work: &mut Work<'_>, comment: Comment, admission: Admission) -> Comment {
    match admission {
        Admission::Show => comment,
        Admission::Hold(hold) => hold_comment(work, comment, hold),
    }
}

/// Holds a comment and tells the moderators: the one place where that is decided. Whoever calls writes the comment with its hold.
pub fn hold_comment(work: &mut Work<'_>, comment: Comment, hold: CommentHold) -> Comment {
    metrics::counter!("demarche_held", "by" => hold.by.word()).increment(1);
    let wave = (hold.by == CommentHeldBy::Wave).then(|| hold.wave.unwrap_or(comment.id));
    work.tell(Stream::Moderators, EventKind::ReportMade, comment.id, comment.version, "held");
    Comment { state: CommentState::Held, hold: Some(CommentHold { wave, ..hold }), ..comment }
}

/// Ends the hold of a comment that gets another state, and lets its thread go with it; the one place where holds end.
pub async fn release(work: &mut Work<'_>, comment: &Comment, state: CommentState) -> Outcome<()> {
    let shows = state == CommentState::Visible;
    work.tx.end_comment_hold(comment.id, shows, work.now).await?;
    settle_thread(work, comment.thread, shows).await
}

/// A thread that was held with its first comment opens or goes with it.
async fn settle_thread(work: &mut Work<'_>, id: ThreadId, shows: bool) -> Outcome<()> {
    let thread = work.tx.thread(id).await?.ok_or_else(Problem::not_found)?;
    if thread.state != ThreadState::Held {
        return Ok(());
    }
    // One that is hidden remembers that it would be open.
    work.tx.set_thread_state(id, ThreadState::Open).await?;
    if shows {
        work.tell(Stream::Public, EventKind::ThreadOpened, id, thread.version + 1, thread.title);
    } else {
        work.tx.set_thread_state(id, ThreadState::Hidden).await?;
    }
    Ok(())
}

/// Does what a decision about a comment says; about one that is held in a wave, it says it of all that wait in that wave.
pub async fn decided(work: &mut Work<'_>, decision: &Decision) -> Outcome<()> {
    let comment = work.tx.comment(decision.object.id.cast()).await?.ok_or_else(Problem::not_found)?;
    let Some(state) = decision.action.comment(comment.state) else {
        // Looked at and left as it is.
        return if decision.action == Act::Approve { Ok(()) } else { Err(already().into()) };
    };
    let wave = comment.hold.as_ref().filter(|_| comment.state == CommentState::Held).and_then(|hold| hold.wave);
    let Some(wave) = wave else {
        threads::set_state(work, comment, state).await?;
        return Ok(());
    };
    let ids = work.tx.held_in_wave(wave).await?;
    for one in sorted(work.tx.comments_of(&ids).await?, &ids) {
        let author = one.author.id;
        threads::set_state(work, one, state).await?;
        if decision.addressee != Some(author) {
            work.tell(Stream::Account(author), EventKind::Notice, &decision.id, 1, moderation::content(decision));
        }
    }
    Ok(())
}

/// In the order of their ids' list.
fn sorted(mut comments: Vec<Comment>, ids: &[CommentId]) -> Vec<Comment> {
    comments.sort_by_key(|comment| ids.iter().position(|id| *id == comment.id));
    comments
}

/// Adds the comments that wait to the moderators' queue; a wave is one item.
pub(super) async fn queue(seen: &mut Seen, items: &mut Vec<QueueItem>) -> Outcome<()> {
    let ids = seen.reader.held_comments(seen.framework.id, QUEUE).await?;
    let comments = sorted(seen.reader.comments_of(&ids).await?, &ids);
    let mut waves: Vec<CommentId> = vec![];
    for comment in &comments {
        let Some(hold) = &comment.hold else { continue };
        if hold.wave.is_some_and(|wave| waves.contains(&wave)) {
            continue;
        }
        waves.extend(hold.wave);
        let count = hold.wave.map_or(1, |wave| comments.iter().filter(|one| one.hold.as_ref().is_some_and(|hold| hold.wave == Some(wave))).count());
        let earlier = earlier(seen, hold).await?;
        put(items, comment, HeldItem { by: hold.by, matched: hold.matched.clone(), comments: count, earlier });
    }
    Ok(())
}

/// Those of a wave that were posted before it was one.
async fn earlier(seen: &mut Seen, hold: &CommentHold) -> Outcome<Vec<EarlierView>> {
    let found = sorted(seen.reader.comments_of(&hold.earlier).await?, &hold.earlier);
    let view = |one: Comment| EarlierView { id: one.id, state: one.state, excerpt: excerpt(&one.body) };
    Ok(found.into_iter().map(view).collect())
}

fn excerpt(body: &str) -> String {
    body.chars().take(EXCERPT).collect()
}

fn put(items: &mut Vec<QueueItem>, comment: &Comment, held: HeldItem) {
    let object = Object { kind: Kind::Comment, id: comment.id.cast() };
    let score = HELD * i64::try_from(held.comments).unwrap_or(i64::MAX);
    if let Some(item) = items.iter_mut().find(|item| item.object == object) {
        item.score += score;
        item.held = Some(held);
        return;
    }
    items.push(QueueItem {
        id: comment.id.to_string(),
        object,
        excerpt: excerpt(&comment.body),
        reports: 0,
        score,
        because: vec![],
        notes: vec![],
        opened_at: comment.hold.as_ref().map_or(comment.created_at, |hold| hold.since),
        author: Some(comment.author.id),
        thread: Some(comment.thread),
        scope: None,
        held: Some(held),
    });
}
