//! Comments and their versions.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        account::{AccountId, Author},
        framework::FrameworkId,
        hold::{CommentHeldBy, CommentHold, Matched},
        thread::{Comment, CommentId, CommentKind, CommentState, ThreadId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Docs, Word},
    },
};

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
        let (matched, earlier) = (
            self.matched.take().and_then(Doc::known),
            self.earlier.take().map(|docs| docs.0).unwrap_or_default(),
        );
        Some(CommentHold {
            by,
            matched,
            wave: self.wave,
            earlier,
            unseen: self.unseen.unwrap_or(false),
            since,
        })
    }
}

impl From<CommentRow> for Option<Comment> {
    fn from(mut row: CommentRow) -> Self {
        let hold = Word::if_any(row.held_by.take())?.and_then(|by| row.hold(by));
        let author = Author {
            id: row.author,
            handle: row.handle,
            display_name: row.display_name,
        };
        let (kind, state) = (row.kind.known()?, row.state.known()?);
        Some(Comment {
            id: row.id,
            framework: row.framework,
            thread: row.thread,
            parent: row.parent,
            depth: row.depth,
            author,
            kind,
            body: row.body,
            html: row.html,
            language: row.language,
            state,
            version: row.version,
            created_at: row.created_at,
            edited_at: row.edited_at,
            replies: row.replies,
            hold,
        })
    }
}

macro_rules! comment_columns {
    () => {
        "SELECT c.id, c.framework, c.thread, c.parent, c.depth, c.author, a.handle, a.display_name, c.kind, c.body, c.html, c.language,
            c.state, c.version, c.created_at, c.edited_at, c.replies, h.held_by, h.matched, h.wave, h.earlier, h.unseen, h.held_at
            FROM comment c JOIN account a ON a.id = c.author LEFT JOIN comment_hold h ON h.comment = c.id "
    };
}

impl Reader {
    /// The comment with this id.
    pub async fn comment(&mut self, id: CommentId) -> Result<Option<Comment>> {
        const SQL: &str = concat!(comment_columns!(), "WHERE c.id = $1");
        Ok(self
            .found::<CommentRow>(SQL, row![id])
            .await?
            .and_then(Into::into))
    }

    /// These comments, in no order.
    pub async fn comments_of(&mut self, ids: &[CommentId]) -> Result<Vec<Comment>> {
        let rows: Vec<CommentRow> = self
            .rows_in(concat!(comment_columns!(), "WHERE c.id"), ids)
            .await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// A thread's comments, oldest first, after a place.
    pub async fn comments(
        &mut self,
        thread: ThreadId,
        after: (Millis, String),
        limit: i64,
    ) -> Result<Vec<Comment>> {
        const SQL: &str = concat!(
            comment_columns!(),
            "WHERE c.thread = $1 AND (c.created_at, c.id) > ($2, $3) ORDER BY c.created_at, c.id LIMIT $4"
        );
        self.part(
            SQL,
            limit,
            after,
            |(at, id)| row![thread, at, id, limit],
            |row: &CommentRow| (row.created_at, row.id.to_string()),
        )
        .await
    }

    /// What an account wrote, newest first.
    pub async fn comments_by(&mut self, author: AccountId, limit: i64) -> Result<Vec<Comment>> {
        const SQL: &str = concat!(
            comment_columns!(),
            "WHERE c.author = $1 ORDER BY c.created_at DESC, c.id DESC LIMIT $2"
        );
        let rows = self.all::<CommentRow>(SQL, row![author, limit]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// A comment's texts, oldest first: version, Markdown, HTML, time.
    pub async fn comment_versions(
        &mut self,
        comment: CommentId,
    ) -> Result<Vec<(i64, String, String, Millis)>> {
        // The latest text stands with the comment; older data holds it in both places.
        const SQL: &str = "SELECT version, body, html, at FROM comment_version WHERE comment = $1
            UNION SELECT version, body, html, COALESCE(edited_at, created_at) FROM comment WHERE id = $1 ORDER BY 1";
        self.all(SQL, row![comment]).await
    }

    /// The comments of a thread, oldest first, at most so many.
    pub async fn all_comments(&mut self, thread: ThreadId, limit: usize) -> Result<Vec<Comment>> {
        self.comments(
            thread,
            (Millis::MIN, String::new()),
            i64::try_from(limit).unwrap_or(i64::MAX),
        )
        .await
    }
}

impl Tx {
    /// Keeps new comments. Their words are not indexed here: [`Tx::index_posted`].
    pub async fn insert_comments(&mut self, comments: &[Comment]) -> Result<()> {
        const SQL: &str = "INSERT INTO comment (id, framework, thread, parent, depth, author, kind, body, html, language, state, version,
            created_at, edited_at, replies) ";
        let row = |comment: &Comment| {
            let (kind, state) = (Word::Known(comment.kind), Word::Known(comment.state));
            row![
                comment.id,
                comment.framework,
                comment.thread,
                comment.parent,
                comment.depth,
                comment.author.id,
                kind,
                comment.body,
                comment.html,
                comment.language,
                state,
                comment.version,
                comment.created_at,
                comment.edited_at,
                comment.replies
            ]
        };
        self.insert_rows(SQL, &comments.iter().map(row).collect::<Vec<_>>(), "")
            .await
    }

    /// Keeps a comment's new text, and the one it had among its versions.
    pub async fn update_comment(&mut self, comment: &Comment, now: Millis) -> Result<()> {
        const VERSION: &str = "INSERT INTO comment_version (comment, version, body, html, at)
            SELECT id, version, body, html, COALESCE(edited_at, created_at) FROM comment WHERE id = $1
            ON CONFLICT (comment, version) DO NOTHING";
        const SQL: &str = "UPDATE comment SET kind = $2, body = $3, html = $4, version = $5, edited_at = $6 WHERE id = $1";
        self.run(VERSION, row![comment.id]).await?;
        self.run(
            SQL,
            row![
                comment.id,
                Word::Known(comment.kind),
                comment.body,
                comment.html,
                comment.version,
                now
            ],
        )
        .await?;
        self.index_comments(std::slice::from_ref(comment)).await
    }

    /// Sets a comment's state.
    pub async fn set_comment_state(&mut self, id: CommentId, state: CommentState) -> Result<()> {
        const SQL: &str = "UPDATE comment SET state = $2 WHERE id = $1";
        self.run(SQL, row![id, Word::Known(state)]).await
    }
}
