//! Comments that wait for a moderator: holding them, letting them go, and what the queue shows of
//! them.
use serde_json::Value;

use crate::{
    domain::{
        hold::{Admission, CommentHeldBy, CommentHold},
        moderation::Previous,
        stream::{EventKind, Stream},
        thread::{Comment, CommentId, CommentState, Thread, ThreadId, ThreadState},
    },
    protocol::problem::Problem,
    service::{
        Outcome,
        acts::comments,
        content,
        sight::thing::in_order,
        work::{Work, already},
    },
    store::Decision,
};

/// A new comment as the gate admits it.
pub fn admitted(work: &mut Work<'_>, comment: Comment, admission: Admission) -> Comment {
    match admission {
        Admission::Show => comment,
        Admission::Hold(hold) => hold_comment(work, comment, hold),
    }
}

/// Holds a comment and tells the moderators: the one place where that is decided. Whoever calls
/// writes the comment with its hold.
pub fn hold_comment(work: &mut Work<'_>, comment: Comment, hold: CommentHold) -> Comment {
    metrics::counter!("demarche_held", "by" => hold.by.word()).increment(1);
    let wave = (hold.by == CommentHeldBy::Wave).then(|| hold.wave.unwrap_or(comment.id));
    work.tell(
        Stream::Moderators,
        EventKind::QueueChanged,
        wave.unwrap_or(comment.id),
        0,
        Value::Null,
    );
    Comment {
        state: CommentState::Held,
        hold: Some(CommentHold { wave, ..hold }),
        ..comment
    }
}

/// Ends the hold of a comment that gets another state, and lets its thread go with it; the one
/// place where holds end.
pub async fn release(work: &mut Work<'_>, comment: &Comment, state: CommentState) -> Outcome<()> {
    let shows = state == CommentState::Visible;
    work.tx
        .end_comment_hold(comment.id, shows, work.now)
        .await?;
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
        work.tell(
            Stream::Public,
            EventKind::ThreadOpened,
            id,
            thread.version + 1,
            content::thread(&Thread {
                state: ThreadState::Open,
                ..thread
            }),
        );
    } else {
        work.tx.set_thread_state(id, ThreadState::Hidden).await?;
    }
    Ok(())
}

/// Does what a decision about a comment says; about one that is held in a wave, it says it of all
/// that wait in that wave.
pub async fn decided(
    work: &mut Work<'_>,
    decision: &Decision,
    comment: Comment,
) -> Outcome<Previous> {
    let own_wave = comment
        .hold
        .as_ref()
        .filter(|_| comment.state == CommentState::Held)
        .and_then(|hold| hold.wave);
    let ids = work.tx.held_in_wave(own_wave.unwrap_or(comment.id)).await?;
    if ids.is_empty() {
        let (before, state) = (
            comment.state,
            decision.action.comment(comment.state).ok_or_else(already)?,
        );
        if before != state {
            comments::set_state(work, comment, state).await?;
        }
        return Ok(Previous::Comment { state: before });
    }
    let state = decision
        .action
        .comment(CommentState::Held)
        .ok_or_else(already)?;
    for one in in_order(work.tx.comments_of(&ids).await?, &ids) {
        let author = one.author.id;
        comments::set_state(work, one, state).await?;
        if decision.addressee != Some(author) {
            work.tell(
                Stream::Account(author),
                EventKind::Notice,
                &decision.id,
                1,
                content::decision(decision),
            );
        }
    }
    Ok(Previous::Wave { comments: ids })
}

/// Holds the comments of a wave again that a decision had let go or hidden, but for those their
/// authors took back.
pub async fn hold_again(work: &mut Work<'_>, ids: &[CommentId]) -> Outcome<()> {
    for one in in_order(work.tx.comments_of(ids).await?, ids) {
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
    comments::set_state(
        work,
        Comment {
            hold: comment.hold.map(|hold| CommentHold {
                unseen: false,
                ..hold
            }),
            ..comment
        },
        CommentState::Held,
    )
    .await?;
    Ok(())
}
