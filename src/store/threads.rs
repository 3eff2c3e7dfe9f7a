//! Threads.
mod branches;
mod comments;
mod counts;
mod holds;
mod notes;
mod pace;
mod places;
mod uniting;

use sqlx::FromRow;

pub use self::{
    pace::LastPost,
    places::{ParentPlace, ThreadPlace},
};
use super::{
    db::{Reader, Result, Tx},
    values::row,
    words::Word,
};
use crate::domain::{
    Millis,
    account::{AccountId, Author},
    concession::ConcessionId,
    framework::FrameworkId,
    thread::{Thread, ThreadId, ThreadState},
};

#[derive(FromRow)]
struct ThreadRow {
    id: ThreadId,
    framework: FrameworkId,
    point: Option<i64>,
    concession: Option<ConcessionId>,
    title: String,
    state: Word<ThreadState>,
    version: i64,
    author: AccountId,
    handle: String,
    display_name: Option<String>,
    comments: i64,
    last_at: Millis,
    created_at: Millis,
    merged_into: Option<ThreadId>,
}

impl From<ThreadRow> for Option<Thread> {
    fn from(row: ThreadRow) -> Self {
        let author = Author {
            id: row.author,
            handle: row.handle,
            display_name: row.display_name,
        };
        let point = row.point.and_then(|number| u32::try_from(number).ok());
        let state = row.state.known()?;
        Some(Thread {
            id: row.id,
            framework: row.framework,
            point,
            concession: row.concession,
            title: row.title,
            state,
            version: row.version,
            author,
            comments: row.comments,
            last_at: row.last_at,
            created_at: row.created_at,
            merged_into: row.merged_into,
        })
    }
}

macro_rules! thread_columns {
    () => {
        "SELECT t.id, t.framework, t.point, t.concession, t.title, t.state, t.version, t.author, a.handle, a.display_name, t.comments,
            t.last_at, t.created_at, t.merged_into FROM thread t JOIN account a ON a.id = t.author "
    };
}

impl Reader {
    /// The thread with this id.
    pub async fn thread(&mut self, id: ThreadId) -> Result<Option<Thread>> {
        const SQL: &str = concat!(thread_columns!(), "WHERE t.id = $1");
        Ok(self
            .found::<ThreadRow>(SQL, row![id])
            .await?
            .and_then(Into::into))
    }

    /// These threads, in no order.
    pub async fn threads(&mut self, ids: &[ThreadId]) -> Result<Vec<Thread>> {
        let rows: Vec<ThreadRow> = self
            .rows_in(concat!(thread_columns!(), "WHERE t.id"), ids)
            .await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Threads on a point, last active first, older than `before`; hidden ones too.
    pub async fn point_threads(
        &mut self,
        framework: FrameworkId,
        point: u32,
        before: (Millis, String),
        limit: i64,
    ) -> Result<Vec<Thread>> {
        const SQL: &str = concat!(
            thread_columns!(),
            "WHERE t.framework = $1 AND t.point = $2 AND (t.last_at, t.id) < ($3, $4) ORDER BY t.last_at DESC, t.id DESC LIMIT $5"
        );
        self.part(
            SQL,
            limit,
            before,
            |(at, id)| row![framework, point, at, id, limit],
            |row: &ThreadRow| (row.last_at, row.id.to_string()),
        )
        .await
    }

    /// Threads under a card, last active first; hidden ones too.
    pub async fn concession_threads(
        &mut self,
        concession: ConcessionId,
        before: (Millis, String),
        limit: i64,
    ) -> Result<Vec<Thread>> {
        const SQL: &str = concat!(
            thread_columns!(),
            "WHERE t.concession = $1 AND (t.last_at, t.id) < ($2, $3) ORDER BY t.last_at DESC, t.id DESC LIMIT $4"
        );
        self.part(
            SQL,
            limit,
            before,
            |(at, id)| row![concession, at, id, limit],
            |row: &ThreadRow| (row.last_at, row.id.to_string()),
        )
        .await
    }

    /// The state a hidden thread goes back to; an open one where nobody remembers.
    pub async fn state_before_hiding(&mut self, id: ThreadId) -> Result<ThreadState> {
        const SQL: &str = "SELECT restores_to FROM thread WHERE id = $1";
        let kept: Option<Option<Word<ThreadState>>> = self.value(SQL, row![id]).await?;
        Ok(kept.flatten().map_or(ThreadState::Open, |word| {
            word.known().unwrap_or(ThreadState::Hidden)
        }))
    }
}

impl Tx {
    /// Keeps a new thread.
    pub async fn insert_thread(&mut self, thread: &Thread) -> Result<()> {
        const SQL: &str = "INSERT INTO thread (id, framework, point, concession, title, state, version, author, comments, last_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        self.run(
            SQL,
            row![
                thread.id,
                thread.framework,
                thread.point,
                thread.concession,
                thread.title,
                Word::Known(thread.state),
                thread.version,
                thread.author.id,
                thread.comments,
                thread.last_at,
                thread.created_at
            ],
        )
        .await?;
        self.index_threads(std::slice::from_ref(thread)).await
    }

    /// Sets a thread's state, one version on; a thread that is hidden remembers the one it had.
    pub async fn set_thread_state(&mut self, id: ThreadId, state: ThreadState) -> Result<()> {
        const SQL: &str = "UPDATE thread SET restores_to = CASE WHEN $2 = 'hidden' THEN state END, state = $2, version = version + 1 WHERE id = $1";
        self.run(SQL, row![id, Word::Known(state)]).await
    }

    /// Puts a thread elsewhere, one version on; away from its card it is no thread of notes any
    /// more.
    pub async fn set_thread_place(
        &mut self,
        id: ThreadId,
        point: Option<u32>,
        concession: Option<ConcessionId>,
    ) -> Result<()> {
        const SQL: &str = "UPDATE thread SET point = $2, concession = $3, version = version + 1,
            notes_of = CASE WHEN notes_of = $3 THEN notes_of END WHERE id = $1";
        self.run(SQL, row![id, point, concession]).await
    }
}
