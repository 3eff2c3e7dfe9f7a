//! Notes on answers: which comment holds whose, and in which thread a card's stand.
use crate::{
    domain::{
        account::AccountId,
        concession::ConcessionId,
        thread::{CommentId, NOTES, ThreadId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
    },
};

impl Reader {
    /// The comment that holds an account's note on a card.
    pub async fn answer_note(
        &mut self,
        account: AccountId,
        concession: ConcessionId,
    ) -> Result<Option<CommentId>> {
        const SQL: &str = "SELECT comment FROM answer_note WHERE account = $1 AND concession = $2";
        self.value(SQL, row![account, concession]).await
    }
}

impl Tx {
    /// Remembers which comment holds an account's note on a card.
    pub async fn insert_answer_note(
        &mut self,
        account: AccountId,
        concession: ConcessionId,
        comment: CommentId,
    ) -> Result<()> {
        const SQL: &str =
            "INSERT INTO answer_note (account, concession, comment) VALUES ($1, $2, $3)
            ON CONFLICT (account, concession) DO UPDATE SET comment = excluded.comment";
        self.run(SQL, row![account, concession, comment]).await
    }

    /// The thread of a card's notes. One that an older version opened is known by its title and by
    /// a note that stands in it; it is marked then.
    pub async fn notes_thread(&mut self, card: ConcessionId) -> Result<Option<ThreadId>> {
        const SQL: &str = "SELECT id FROM thread WHERE notes_of = $1";
        const UNMARKED: &str = "SELECT t.id FROM thread t WHERE t.concession = $1 AND t.title = $2 AND EXISTS (
            SELECT 1 FROM answer_note n JOIN comment c ON c.id = n.comment WHERE n.concession = $1 AND c.thread = t.id)
            ORDER BY t.created_at, t.id LIMIT 1";
        let marked = self.value(SQL, row![card]).await?;
        if marked.is_some() {
            return Ok(marked);
        }
        let found = self.value(UNMARKED, row![card, NOTES]).await?;
        if let Some(thread) = found {
            self.set_notes_thread(card, thread).await?;
        }
        Ok(found)
    }

    /// Keeps that a thread is that of a card's notes; a card has one.
    pub async fn set_notes_thread(&mut self, card: ConcessionId, thread: ThreadId) -> Result<()> {
        const SQL: &str = "UPDATE thread SET notes_of = $1 WHERE id = $2";
        self.run(SQL, row![card, thread]).await
    }
}
