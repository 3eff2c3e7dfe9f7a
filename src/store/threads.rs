//! Threads, comments and their versions.
use std::collections::HashMap;

use sqlx::FromRow;

use super::{
    db::{Reader, Result, Tx},
    frameworks::small,
    values::row,
    words::{Doc, Docs, Word},
};
use crate::domain::{
    Millis,
    account::{AccountId, Author},
    concession::ConcessionId,
    framework::FrameworkId,
    hold::{CommentHeldBy, CommentHold, Matched},
    thread::{Comment, CommentId, CommentKind, CommentState, Thread, ThreadId, ThreadState},
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
        let ThreadRow { id, framework, point, concession, title, state, version, author, handle, display_name, comments, .. } = row;
        let ThreadRow { last_at, created_at, merged_into, .. } = row;
        let author = Author { id: author, handle, display_name };
        let point = point.and_then(|number| u32::try_from(number).ok());
        let state = state.known()?;
        Some(Thread { id, framework, point, concession, title, state, version, author, comments, last_at, created_at, merged_into })
    }
}

#[derive(FromRow)]
struct CommentRow {
    id: CommentId,
    framework: FrameworkId,
    thread: ThreadId,
    parent: Option<CommentId>,
    depth: i64,
    author: AccountId,
    handle: String,
    display_name: Option<String>,
    kind: Word<CommentKind>,
    body: String,
    html: String,
    language: String,
    state: Word<CommentState>,
    version: i64,
    created_at: Millis,
    edited_at: Option<Millis>,
    replies: i64,
    held_by: Option<Word<CommentHeldBy>>,
    matched: Option<Doc<Matched>>,
    wave: Option<CommentId>,
    earlier: Option<Docs<CommentId>>,
    unseen: Option<bool>,
    held_at: Option<Millis>,
}

impl CommentRow {
    fn hold(&mut self, by: CommentHeldBy) -> Option<CommentHold> {
        let since = self.held_at?;
        let (matched, earlier) = (self.matched.take().and_then(Doc::known), self.earlier.take().map(|docs| docs.0).unwrap_or_default());
        Some(CommentHold { by, matched, wave: self.wave, earlier, unseen: self.unseen.unwrap_or(false), since })
    }
}

impl From<CommentRow> for Option<Comment> {
    fn from(mut row: CommentRow) -> Self {
        let hold = Word::if_any(row.held_by.take())?.and_then(|by| row.hold(by));
        let CommentRow { id, framework, thread, parent, depth, author, handle, display_name, kind, body, html, language, .. } = row;
        let CommentRow { state, version, created_at, edited_at, replies, .. } = row;
        let author = Author { id: author, handle, display_name };
        let (kind, state) = (kind.known()?, state.known()?);
        Some(Comment {
            id,
            framework,
            thread,
            parent,
            depth,
            author,
            kind,
            body,
            html,
            language,
            state,
            version,
            created_at,
            edited_at,
            replies,
            hold,
        })
    }
}

/// What a comment must know of its thread.
#[derive(Clone, Copy, Debug)]
pub struct ThreadPlace {
    /// Where the thread stands.
    pub framework: FrameworkId,
    /// On which point.
    pub point: Option<u32>,
    /// Whether it takes comments.
    pub state: ThreadState,
    /// Whether it was united with another.
    pub united: bool,
}

/// What a reply must know of the comment above it.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct ParentPlace {
    /// Its thread.
    pub thread: ThreadId,
    /// How deep it nests, from 0.
    pub depth: i64,
}

macro_rules! thread_columns {
    () => {
        "SELECT t.id, t.framework, t.point, t.concession, t.title, t.state, t.version, t.author, a.handle, a.display_name, t.comments,
            t.last_at, t.created_at, t.merged_into FROM thread t JOIN account a ON a.id = t.author "
    };
}
macro_rules! comment_columns {
    () => {
        "SELECT c.id, c.framework, c.thread, c.parent, c.depth, c.author, a.handle, a.display_name, c.kind, c.body, c.html, c.language,
            c.state, c.version, c.created_at, c.edited_at, c.replies, h.held_by, h.matched, h.wave, h.earlier, h.unseen, h.held_at
            FROM comment c JOIN account a ON a.id = c.author LEFT JOIN comment_hold h ON h.comment = c.id "
    };
}

impl Reader {
    /// The thread with this id.
    pub async fn thread(&mut self, id: ThreadId) -> Result<Option<Thread>> {
        const SQL: &str = concat!(thread_columns!(), "WHERE t.id = $1");
        Ok(self.found::<ThreadRow>(SQL, row![id]).await?.and_then(Into::into))
    }

    /// These threads, in no order.
    pub async fn threads(&mut self, ids: &[ThreadId]) -> Result<Vec<Thread>> {
        let rows: Vec<ThreadRow> = self.rows_in(concat!(thread_columns!(), "WHERE t.id"), ids).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Where these threads stand and whether they take comments.
    pub async fn thread_places(&mut self, ids: &[ThreadId]) -> Result<HashMap<ThreadId, ThreadPlace>> {
        type Row = (ThreadId, FrameworkId, Option<i64>, Word<ThreadState>, Option<ThreadId>);
        let rows: Vec<Row> = self.rows_in("SELECT id, framework, point, state, merged_into FROM thread WHERE id", ids).await?;
        let place = |(id, framework, point, state, merged): Row| {
            let state = state.known()?;
            let united = merged.is_some() && state == ThreadState::Hidden;
            Some((id, ThreadPlace { framework, point: point.map(small), state, united }))
        };
        Ok(rows.into_iter().filter_map(place).collect())
    }

    /// Where these comments stand.
    pub async fn parent_places(&mut self, ids: &[CommentId]) -> Result<HashMap<CommentId, ParentPlace>> {
        let rows: Vec<(CommentId, ThreadId, i64)> = self.rows_in("SELECT id, thread, depth FROM comment WHERE id", ids).await?;
        Ok(rows.into_iter().map(|(id, thread, depth)| (id, ParentPlace { thread, depth })).collect())
    }

    /// These comments, in no order.
    pub async fn comments_of(&mut self, ids: &[CommentId]) -> Result<Vec<Comment>> {
        let rows: Vec<CommentRow> = self.rows_in(concat!(comment_columns!(), "WHERE c.id"), ids).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Threads on a point, last active first, older than `before`; hidden ones too.
    pub async fn point_threads(&mut self, framework: FrameworkId, point: u32, before: (Millis, String), limit: i64) -> Result<Vec<Thread>> {
        const SQL: &str = concat!(
            thread_columns!(),
            "WHERE t.framework = $1 AND t.point = $2 AND (t.last_at, t.id) < ($3, $4) ORDER BY t.last_at DESC, t.id DESC LIMIT $5"
        );
        self.part(SQL, limit, before, |(at, id)| row![framework, point, at, id, limit], |row: &ThreadRow| (row.last_at, row.id.to_string())).await
    }

    /// Threads under a card, last active first; hidden ones too.
    pub async fn concession_threads(&mut self, concession: ConcessionId, before: (Millis, String), limit: i64) -> Result<Vec<Thread>> {
        const SQL: &str =
            concat!(thread_columns!(), "WHERE t.concession = $1 AND (t.last_at, t.id) < ($2, $3) ORDER BY t.last_at DESC, t.id DESC LIMIT $4");
        self.part(SQL, limit, before, |(at, id)| row![concession, at, id, limit], |row: &ThreadRow| (row.last_at, row.id.to_string())).await
    }

    /// Comments in threads under a card that show.
    pub async fn concession_comments(&mut self, concession: ConcessionId) -> Result<i64> {
        const SQL: &str = "SELECT CAST(COALESCE(SUM(comments), 0) AS BIGINT) FROM thread WHERE concession = $1 AND state IN ('open', 'locked')";
        self.sole(SQL, row![concession]).await
    }

    /// The comment with this id.
    pub async fn comment(&mut self, id: CommentId) -> Result<Option<Comment>> {
        const SQL: &str = concat!(comment_columns!(), "WHERE c.id = $1");
        Ok(self.found::<CommentRow>(SQL, row![id]).await?.and_then(Into::into))
    }

    /// A thread's comments, oldest first, after a place.
    pub async fn comments(&mut self, thread: ThreadId, after: (Millis, String), limit: i64) -> Result<Vec<Comment>> {
        const SQL: &str = concat!(comment_columns!(), "WHERE c.thread = $1 AND (c.created_at, c.id) > ($2, $3) ORDER BY c.created_at, c.id LIMIT $4");
        self.part(SQL, limit, after, |(at, id)| row![thread, at, id, limit], |row: &CommentRow| (row.created_at, row.id.to_string())).await
    }

    /// What an account wrote, newest first.
    pub async fn comments_by(&mut self, author: AccountId, limit: i64) -> Result<Vec<Comment>> {
        const SQL: &str = concat!(comment_columns!(), "WHERE c.author = $1 ORDER BY c.created_at DESC, c.id DESC LIMIT $2");
        let rows = self.all::<CommentRow>(SQL, row![author, limit]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// A comment's texts, oldest first: version, Markdown, HTML, time.
    pub async fn comment_versions(&mut self, comment: CommentId) -> Result<Vec<(i64, String, String, Millis)>> {
        // The latest text stands with the comment; older data holds it in both places.
        const SQL: &str = "SELECT version, body, html, at FROM comment_version WHERE comment = $1
            UNION SELECT version, body, html, COALESCE(edited_at, created_at) FROM comment WHERE id = $1 ORDER BY 1";
        self.all(SQL, row![comment]).await
    }

    /// The state a hidden thread goes back to; an open one where nobody remembers.
    pub async fn state_before_hiding(&mut self, id: ThreadId) -> Result<ThreadState> {
        const SQL: &str = "SELECT restores_to FROM thread WHERE id = $1";
        let kept: Option<Option<Word<ThreadState>>> = self.value(SQL, row![id]).await?;
        Ok(kept.flatten().map_or(ThreadState::Open, |word| word.known().unwrap_or(ThreadState::Hidden)))
    }
}

impl Tx {
    /// Keeps a new thread.
    pub async fn insert_thread(&mut self, thread: &Thread) -> Result<()> {
        const SQL: &str = "INSERT INTO thread (id, framework, point, concession, title, state, version, author, comments, last_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let Thread { id, framework, point, concession, title, state, version, author, comments, last_at, created_at, .. } = thread;
        self.run(SQL, row![id, framework, point, concession, title, Word::Known(*state), version, author.id, comments, last_at, created_at]).await?;
        self.index_threads(std::slice::from_ref(thread)).await
    }

    /// Sets a thread's state, one version on; a thread that is hidden remembers the one it had.
    pub async fn set_thread_state(&mut self, id: ThreadId, state: ThreadState) -> Result<()> {
        const SQL: &str = "UPDATE thread SET restores_to = CASE WHEN $2 = 'hidden' THEN state END, state = $2, version = version + 1 WHERE id = $1";
        self.run(SQL, row![id, Word::Known(state)]).await
    }

    /// Puts a thread elsewhere, one version on; away from its card it is no thread of notes any more.
    pub async fn set_thread_place(&mut self, id: ThreadId, point: Option<u32>, concession: Option<ConcessionId>) -> Result<()> {
        const SQL: &str = "UPDATE thread SET point = $2, concession = $3, version = version + 1,
            notes_of = CASE WHEN notes_of = $3 THEN notes_of END WHERE id = $1";
        self.run(SQL, row![id, point, concession]).await
    }

    /// Keeps new comments. Their words are not indexed here: [`Tx::index_posted`].
    pub async fn insert_comments(&mut self, comments: &[Comment]) -> Result<()> {
        const SQL: &str = "INSERT INTO comment (id, framework, thread, parent, depth, author, kind, body, html, language, state, version,
            created_at, edited_at, replies) ";
        let row = |comment: &Comment| {
            let Comment { id, framework, thread, parent, depth, author, kind, body, html, .. } = comment;
            let Comment { language, state, version, created_at, edited_at, replies, .. } = comment;
            let (kind, state) = (Word::Known(*kind), Word::Known(*state));
            row![id, framework, thread, parent, depth, author.id, kind, body, html, language, state, version, created_at, edited_at, replies]
        };
        self.insert_rows(SQL, &comments.iter().map(row).collect::<Vec<_>>(), "").await
    }

    /// Keeps a comment's new text, and the one it had among its versions.
    pub async fn update_comment(&mut self, comment: &Comment, now: Millis) -> Result<()> {
        const VERSION: &str = "INSERT INTO comment_version (comment, version, body, html, at)
            SELECT id, version, body, html, COALESCE(edited_at, created_at) FROM comment WHERE id = $1
            ON CONFLICT (comment, version) DO NOTHING";
        const SQL: &str = "UPDATE comment SET kind = $2, body = $3, html = $4, version = $5, edited_at = $6 WHERE id = $1";
        let Comment { id, kind, body, html, version, .. } = comment;
        self.run(VERSION, row![id]).await?;
        self.run(SQL, row![id, Word::Known(*kind), body, html, version, now]).await?;
        self.index_comments(std::slice::from_ref(comment)).await
    }

    /// Sets a comment's state.
    pub async fn set_comment_state(&mut self, id: CommentId, state: CommentState) -> Result<()> {
        const SQL: &str = "UPDATE comment SET state = $2 WHERE id = $1";
        self.run(SQL, row![id, Word::Known(state)]).await
    }

    /// Moves threads' counts of comments that show; new comments also move their last time.
    pub async fn count_comments(&mut self, more: impl IntoIterator<Item = (ThreadId, i64, Option<Millis>)>) -> Result<()> {
        const WITH: &str = "WITH news (id, more, last_at) ";
        const SQL: &str = "UPDATE thread SET comments = comments + news.more, last_at = COALESCE(news.last_at, thread.last_at) FROM news
            WHERE thread.id = news.id";
        let rows: Vec<_> = more.into_iter().map(|(thread, more, last_at)| row![thread, more, last_at]).collect();
        self.update_rows(WITH, &rows, SQL).await
    }

    /// Moves comments' counts of direct replies that show.
    pub async fn count_replies(&mut self, more: impl IntoIterator<Item = (CommentId, i64)>) -> Result<()> {
        const WITH: &str = "WITH news (id, more) ";
        const SQL: &str = "UPDATE comment SET replies = replies + news.more FROM news WHERE comment.id = news.id";
        let rows: Vec<_> = more.into_iter().map(|(parent, more)| row![parent, more]).collect();
        self.update_rows(WITH, &rows, SQL).await
    }
}
