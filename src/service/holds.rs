//! Comments that wait for a moderator: holding them, letting them go, and what the queue shows of them.
use serde_json::Value;

use super::{
    Outcome,
    command::Work,
    content,
    moderation::{EXCERPT, already},
    threads,
};
use crate::{
    domain::{
        hold::{Admission, CommentHeldBy, CommentHold},
        moderation::Previous,
        stream::{EventKind, Stream},
        thread::{Comment, CommentId, CommentState, Thread, ThreadId, ThreadState},
    },
    protocol::{
        problem::Problem,
        rest::{EarlierView, HeldItem},
    },
    store::{Decision, Reader},
};

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
    work.tell(Stream::Moderators, EventKind::QueueChanged, wave.unwrap_or(comment.id), 0, Value::Null);
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
        work.tell(Stream::Public, EventKind::ThreadOpened, id, thread.version + 1, content::thread(&Thread { state: ThreadState::Open, ..thread }));
    } else {
        work.tx.set_thread_state(id, ThreadState::Hidden).await?;
    }
    Ok(())
}

/// Does what a decision about a comment says; about one that is held in a wave, it says it of all that wait in that wave.
pub async fn decided(work: &mut Work<'_>, decision: &Decision) -> Outcome<Previous> {
    let comment = work.tx.comment(decision.object.id.cast()).await?.ok_or_else(Problem::not_found)?;
    let own_wave = comment.hold.as_ref().filter(|_| comment.state == CommentState::Held).and_then(|hold| hold.wave);
    let ids = work.tx.held_in_wave(own_wave.unwrap_or(comment.id)).await?;
    if ids.is_empty() {
        let (before, state) = (comment.state, decision.action.comment(comment.state).ok_or_else(already)?);
        if before != state {
            threads::set_state(work, comment, state).await?;
        }
        return Ok(Previous::Comment { state: before });
    }
    let state = decision.action.comment(CommentState::Held).ok_or_else(already)?;
    for one in sorted(work.tx.comments_of(&ids).await?, &ids) {
        let author = one.author.id;
        threads::set_state(work, one, state).await?;
        if decision.addressee != Some(author) {
            work.tell(Stream::Account(author), EventKind::Notice, &decision.id, 1, content::decision(decision));
        }
    }
    Ok(Previous::Wave { comments: ids })
}

/// Holds the comments of a wave again that a decision had let go or hidden, but for those their authors took back.
pub async fn hold_again(work: &mut Work<'_>, ids: &[CommentId]) -> Outcome<()> {
    for one in sorted(work.tx.comments_of(ids).await?, ids) {
        if one.state != CommentState::Deleted {
            wait_again(work, one).await?;
        }
    }
    Ok(())
}

/// Puts a comment back before a moderator, for the reason it had been held.
pub async fn wait_again(work: &mut Work<'_>, comment: Comment) -> Outcome<()> {
    if comment.hold.is_some() {
        work.tx.reopen_comment_hold(comment.id).await?;
    }
    threads::set_state(work, Comment { hold: comment.hold.map(|hold| CommentHold { unseen: false, ..hold }), ..comment }, CommentState::Held).await?;
    Ok(())
}

/// In the order of their ids' list.
fn sorted(mut comments: Vec<Comment>, ids: &[CommentId]) -> Vec<Comment> {
    comments.sort_by_key(|comment| ids.iter().position(|id| *id == comment.id));
    comments
}

/// What a moderator sees of a held comment, or of the wave it is in.
pub(super) async fn shown(reader: &mut Reader, comment: &Comment) -> Outcome<Option<HeldItem>> {
    let members = reader.held_in_wave(comment.hold.as_ref().and_then(|hold| hold.wave).unwrap_or(comment.id)).await?;
    let Some(hold) = comment.hold.as_ref().filter(|_| comment.state == CommentState::Held || !members.is_empty()) else { return Ok(None) };
    let earlier = earlier(reader, hold).await?;
    Ok(Some(HeldItem { by: hold.by, matched: hold.matched.clone(), comments: members.len().max(1), earlier }))
}

/// Those of a wave that were posted before it was one.
async fn earlier(reader: &mut Reader, hold: &CommentHold) -> Outcome<Vec<EarlierView>> {
    let found = sorted(reader.comments_of(&hold.earlier).await?, &hold.earlier);
    let view = |one: Comment| EarlierView { id: one.id, state: one.state, excerpt: excerpt(&one.body) };
    Ok(found.into_iter().map(view).collect())
}

fn excerpt(body: &str) -> String {
    body.chars().take(EXCERPT).collect()
}
