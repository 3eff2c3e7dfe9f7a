//! Branches: a comment with all replies under it, carried from thread to thread.
use crate::{
    domain::{
        concession::ConcessionId,
        thread::{Comment, CommentId, ThreadId},
    },
    store::{
        db::{Reader, Result, Tx, sql},
        many::Many,
        values::row,
    },
};

/// Comments carried by one statement.
const AT_ONCE: usize = 256;

impl Reader {
    /// A comment and everything under it, parents before children.
    pub async fn branch(&mut self, root: &Comment) -> Result<Vec<Comment>> {
        const SQL: &str = "WITH RECURSIVE branch (id) AS (
                SELECT id FROM comment WHERE id = $1
                UNION ALL SELECT c.id FROM comment c JOIN branch b ON c.parent = b.id WHERE c.thread = $2
            ) SELECT id FROM branch";
        let ids: Vec<CommentId> = self.column(SQL, row![root.id, root.thread]).await?;
        let mut comments = self.comments_of(&ids).await?;
        comments.sort_by_key(|comment| (comment.depth, comment.created_at));
        Ok(comments)
    }

    /// The newest comments in threads under a card.
    pub async fn comments_under(&mut self, card: ConcessionId, limit: i64) -> Result<Vec<Comment>> {
        const SQL: &str =
            "SELECT c.id FROM comment c JOIN thread t ON t.id = c.thread WHERE t.concession = $1
            ORDER BY c.created_at DESC, c.id DESC LIMIT $2";
        let ids: Vec<CommentId> = self.column(SQL, row![card, limit]).await?;
        self.comments_of(&ids).await
    }

    /// Texts that these comments had before, in no order, at most so many of each part of the list.
    pub async fn earlier_texts(
        &mut self,
        comments: &[CommentId],
        limit: i64,
    ) -> Result<Vec<(CommentId, String)>> {
        let mut texts = vec![];
        for some in comments.chunks(AT_ONCE) {
            let found: Vec<(CommentId, String)> = sql!(self, |conn| {
                let mut query = sqlx::QueryBuilder::<Db>::new(
                    "SELECT comment, body FROM comment_version WHERE comment",
                );
                Db::push_in(&mut query, some);
                query
                    .push(" ORDER BY at DESC LIMIT ")
                    .push_bind(limit)
                    .build_query_as()
                    .fetch_all(conn)
                    .await
            })?;
            texts.extend(found);
        }
        Ok(texts)
    }

    /// The comments of a thread that reply to none, oldest first.
    pub async fn top_comments(&mut self, thread: ThreadId) -> Result<Vec<Comment>> {
        const SQL: &str = "SELECT id FROM comment WHERE thread = $1 AND parent IS NULL";
        let ids: Vec<CommentId> = self.column(SQL, row![thread]).await?;
        let mut comments = self.comments_of(&ids).await?;
        comments.sort_by_key(|comment| (comment.created_at, comment.id));
        Ok(comments)
    }
}

impl Tx {
    /// Puts comments into a thread, so many levels deeper (or, below zero, less deep).
    pub async fn carry_comments(
        &mut self,
        ids: &[CommentId],
        thread: ThreadId,
        deeper: i64,
    ) -> Result<()> {
        for some in ids.chunks(AT_ONCE) {
            sql!(self, |conn| {
                let mut query = sqlx::QueryBuilder::<Db>::new("UPDATE comment SET thread = ");
                query
                    .push_bind(thread)
                    .push(", depth = depth + ")
                    .push_bind(deeper)
                    .push(" WHERE id");
                Db::push_in(&mut query, some);
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Puts a comment under another, or under none.
    pub async fn set_parent(&mut self, id: CommentId, parent: Option<CommentId>) -> Result<()> {
        const SQL: &str = "UPDATE comment SET parent = $2 WHERE id = $1";
        self.run(SQL, row![id, parent]).await
    }
}
