//! Public notes on answers: comments in a card's thread of notes.
use super::{
    Outcome,
    command::Work,
    content,
    gate::{self, Place, Text},
    holds,
    threads::{self, THREADS, Words},
};
use crate::{
    domain::{
        Millis,
        concession::ConcessionId,
        stream::{EventKind, Stream},
        thread::{CommentKind, CommentState, NOTES, ThreadState},
    },
    protocol::problem::{Code, Problem},
};

/// Puts a public note on a card: a comment in its thread of notes, edited when the note is given again.
pub async fn put(work: &mut Work<'_>, card: ConcessionId, note: String) -> Outcome<()> {
    let words = Words { body: note, kind: CommentKind::Remark, language: None };
    if let Some(id) = work.tx.answer_note(work.account.id, card).await? {
        let comment = work.tx.comment(id).await?.filter(|comment| matches!(comment.state, CommentState::Visible | CommentState::Held));
        if let Some(comment) = comment {
            // One that waits is not changed behind the moderator's back, and one in a locked thread stays as it is.
            if comment.body != words.body && comment.state == CommentState::Visible {
                ensure_open(work.tx.thread(comment.thread).await?.is_some_and(|thread| thread.state == ThreadState::Locked))?;
                threads::reworded(work, comment, words, ("note", None)).await?;
            }
            return Ok(());
        }
    }
    let admission = gate::admit(work, &[Text::markdown("note", &words.body)], Place::Comment(None))?;
    let notes = work.tx.concession_threads(card, (Millis::MAX, String::new()), THREADS).await?;
    ensure_open(notes.iter().any(|thread| thread.title == NOTES && thread.state == ThreadState::Locked))?;
    let thread = match notes.into_iter().find(|thread| thread.title == NOTES && thread.state == ThreadState::Open) {
        Some(thread) => thread,
        None => {
            let thread = threads::new_thread(work, None, Some(card), NOTES.into());
            work.tx.insert_thread(&thread).await?;
            work.tell(Stream::Public, EventKind::ThreadOpened, thread.id, 1, content::thread(&thread));
            thread
        }
    };
    let comment = threads::new_comment(work, thread.id, None, 0, words);
    let comment = holds::admitted(work, comment, admission);
    let id = comment.id;
    threads::insert(work, comment, None);
    work.flush().await?;
    Ok(work.tx.insert_answer_note(work.account.id, card, id).await?)
}

/// Refuses where the notes of a card are locked: another thread of notes would go around that.
fn ensure_open(locked: bool) -> Result<(), Problem> {
    if locked { Err(Problem::new(Code::Closed, "The notes on this card are locked. Answer without one.")) } else { Ok(()) }
}
