//! Public notes on answers: comments in a card's thread of notes.
use crate::{
    domain::{
        concession::ConcessionId,
        markdown::Text,
        stream::{EventKind, Stream},
        thread::{CommentKind, CommentState, NOTES, ThreadId, ThreadState},
    },
    protocol::problem::{Code, Problem},
    service::{
        Outcome,
        acts::{
            admit,
            comments::{self, Words},
            holds,
            moderation::uniting,
            threads,
        },
        content,
        gate::Submission,
        work::Work,
    },
};

/// Puts a public note on a card: a comment in its thread of notes, edited when the note is given
/// again.
pub async fn put(work: &mut Work<'_>, card: ConcessionId, note: String) -> Outcome<()> {
    let words = Words {
        body: note,
        kind: CommentKind::Remark,
        language: None,
    };
    if let Some(id) = work.tx.answer_note(work.account.id, card).await? {
        let comment =
            work.tx.comment(id).await?.filter(|comment| {
                matches!(comment.state, CommentState::Visible | CommentState::Held)
            });
        if let Some(comment) = comment {
            // One that waits is not changed behind the moderator's back, and one in a locked thread
            // stays as it is.
            if comment.body != words.body && comment.state == CommentState::Visible {
                let thread = work.tx.thread(comment.thread).await?;
                thread
                    .filter(|thread| thread.state == ThreadState::Open)
                    .ok_or_else(closed)?;
                comments::reworded(work, comment, words, "note", None).await?;
            }
            return Ok(());
        }
    }
    let admission = admit::admit(
        work,
        &[Text::markdown("note", &words.body)],
        Submission::Comment(None),
    )?;
    let thread = thread_of(work, card).await?;
    let comment = comments::new_comment(work, thread, None, 0, words);
    let comment = holds::admitted(work, comment, admission);
    let id = comment.id;
    comments::insert(work, comment, None);
    work.flush().await?;
    Ok(work
        .tx
        .insert_answer_note(work.account.id, card, id)
        .await?)
}

/// The thread of a card's notes, or the one it was merged into; its first note opens it.
async fn thread_of(work: &mut Work<'_>, card: ConcessionId) -> Outcome<ThreadId> {
    if let Some(id) = work.tx.notes_thread(card).await? {
        return match uniting::home(work, id).await? {
            thread if thread.state == ThreadState::Open => Ok(thread.id),
            _ => Err(closed().into()),
        };
    }
    let thread = threads::new_thread(work, None, Some(card), NOTES.into());
    work.tx.insert_thread(&thread).await?;
    work.tx.set_notes_thread(card, thread.id).await?;
    work.tell(
        Stream::Public,
        EventKind::ThreadOpened,
        thread.id,
        1,
        content::thread(&thread),
    );
    Ok(thread.id)
}

/// The notes of a card are locked or hidden: another thread of notes would go around that.
fn closed() -> Problem {
    Problem::new(
        Code::Closed,
        "The notes on this proposal are closed. Answer without one.",
    )
}
