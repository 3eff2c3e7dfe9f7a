//! Uniting a thread with another, and what is kept of it so that they can be parted.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        thread::{Comment, CommentId, Thread, ThreadId, ThreadState},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

/// What stood before two threads were united.
#[derive(Clone, Copy, Debug)]
pub struct United {
    /// The one that went.
    pub thread: ThreadId,
    /// The one its comments went to.
    pub into: ThreadId,
    /// The state it had.
    pub state: ThreadState,
    /// When it had its last comment.
    pub last_at: Millis,
    /// When the other had.
    pub into_last_at: Millis,
    /// When they were united.
    pub at: Millis,
}

#[derive(FromRow)]
struct Row {
    thread: ThreadId,
    into_thread: ThreadId,
    state: Word<ThreadState>,
    last_at: Millis,
    into_last_at: Millis,
    at: Millis,
}

impl Reader {
    /// What a decision that united two threads kept.
    pub async fn united(&mut self, decision: &str) -> Result<Option<United>> {
        const SQL: &str = "SELECT thread, into_thread, state, last_at, into_last_at, at FROM united_thread WHERE decision = $1";
        let row: Option<Row> = self.found(SQL, row![decision]).await?;
        let united = |Row {
                          thread,
                          into_thread: into,
                          state,
                          last_at,
                          into_last_at,
                          at,
                      }: Row| {
            Some(United {
                thread,
                into,
                state: state.known()?,
                last_at,
                into_last_at,
                at,
            })
        };
        Ok(row.and_then(united))
    }

    /// Of the comments that a decision carried over, those that stand in `thread`, with all that
    /// answers them there.
    pub async fn united_comments(
        &mut self,
        decision: &str,
        thread: ThreadId,
    ) -> Result<Vec<Comment>> {
        const SQL: &str = "WITH RECURSIVE branch (id) AS (
                SELECT c.id FROM comment c JOIN united_comment u ON u.comment = c.id WHERE u.decision = $1 AND c.thread = $2
                UNION ALL SELECT c.id FROM comment c JOIN branch b ON c.parent = b.id WHERE c.thread = $2
            ) SELECT DISTINCT id FROM branch";
        let ids: Vec<CommentId> = self.column(SQL, row![decision, thread]).await?;
        let mut comments = self.comments_of(&ids).await?;
        comments.sort_by_key(|comment| (comment.depth, comment.created_at, comment.id));
        Ok(comments)
    }
}

impl Tx {
    /// Keeps what stood before a decision united a thread with another.
    pub async fn keep_united(
        &mut self,
        decision: &str,
        thread: &Thread,
        into: &Thread,
        at: Millis,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO united_thread (decision, framework, thread, into_thread, state, last_at, into_last_at, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const TOPS: &str = "INSERT INTO united_comment (decision, comment) SELECT $1, id FROM comment WHERE thread = $2 AND parent IS NULL";
        self.run(
            SQL,
            row![
                decision,
                thread.framework,
                thread.id,
                into.id,
                Word::Known(thread.state),
                thread.last_at,
                into.last_at,
                at
            ],
        )
        .await?;
        self.run(TOPS, row![decision, thread.id]).await
    }

    /// Says in which thread a thread's comments are, or that they are its own again.
    pub async fn set_merged_thread(&mut self, id: ThreadId, into: Option<ThreadId>) -> Result<()> {
        const SQL: &str = "UPDATE thread SET merged_into = $2 WHERE id = $1";
        self.run(SQL, row![id, into]).await
    }

    /// Sets when a thread had its last comment: as it was `before`, or when one was posted that
    /// shows, after `since`.
    pub async fn restore_last_at(
        &mut self,
        id: ThreadId,
        before: Millis,
        since: Millis,
    ) -> Result<()> {
        const SQL: &str = "UPDATE thread SET last_at = COALESCE((SELECT MAX(c.created_at) FROM comment c WHERE c.thread = $1
            AND c.state = 'visible' AND c.created_at > $3), $2) WHERE id = $1";
        self.run(SQL, row![id, before, since]).await
    }
}
