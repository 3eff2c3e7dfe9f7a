//! How many threads and comments show where: read, moved, and counted anew.
use std::collections::HashMap;

use sqlx::QueryBuilder;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        concession::ConcessionId,
        framework::FrameworkId,
        thread::{CommentId, ThreadId},
    },
    store::{
        db::{Reader, Result, Tx, sql},
        many::Many,
        values::row,
        words::small,
    },
};

impl Reader {
    /// Threads and comments that show, by point number.
    pub async fn point_counts(&mut self, framework: FrameworkId) -> Result<Vec<(u32, i64, i64)>> {
        const SQL: &str = "SELECT point, COUNT(*), CAST(SUM(comments) AS BIGINT) FROM thread
            WHERE framework = $1 AND point IS NOT NULL AND state IN ('open', 'locked') GROUP BY point";
        let rows: Vec<(i64, i64, i64)> = self.all(SQL, row![framework]).await?;
        Ok(rows
            .into_iter()
            .map(|(point, threads, comments)| (small(point), threads, comments))
            .collect())
    }

    /// Threads and comments that show at one point.
    pub async fn point_count(&mut self, framework: FrameworkId, point: u32) -> Result<(i64, i64)> {
        const SQL: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(comments), 0) AS BIGINT) FROM thread
            WHERE framework = $1 AND point = $2 AND state IN ('open', 'locked')";
        self.only(SQL, row![framework, point]).await
    }

    /// Comments in threads under a card that show.
    pub async fn concession_comments(&mut self, concession: ConcessionId) -> Result<i64> {
        const SQL: &str = "SELECT CAST(COALESCE(SUM(comments), 0) AS BIGINT) FROM thread WHERE concession = $1 AND state IN ('open', 'locked')";
        self.sole(SQL, row![concession]).await
    }

    /// How many comments of accounts show in a framework; those without any are absent.
    pub async fn shown_comments(
        &mut self,
        framework: FrameworkId,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, i64>> {
        const SQL: &str =
            "SELECT author, COUNT(*) FROM comment WHERE state = 'visible' AND framework = ";
        if accounts.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(AccountId, i64)> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(SQL);
            query.push_bind(framework).push(" AND author");
            Db::push_in(&mut query, accounts);
            query
                .push(" GROUP BY author")
                .build_query_as()
                .fetch_all(conn)
                .await
        })?;
        Ok(rows.into_iter().collect())
    }
}

impl Tx {
    /// Moves threads' counts of comments that show; new comments also move their last time.
    pub async fn count_comments(
        &mut self,
        more: impl IntoIterator<Item = (ThreadId, i64, Option<Millis>)>,
    ) -> Result<()> {
        const WITH: &str = "WITH news (id, more, last_at) ";
        const SQL: &str = "UPDATE thread SET comments = comments + news.more, last_at = COALESCE(news.last_at, thread.last_at) FROM news
            WHERE thread.id = news.id";
        let rows: Vec<_> = more
            .into_iter()
            .map(|(thread, more, last_at)| row![thread, more, last_at])
            .collect();
        self.update_rows(WITH, &rows, SQL).await
    }

    /// Moves comments' counts of direct replies that show.
    pub async fn count_replies(
        &mut self,
        more: impl IntoIterator<Item = (CommentId, i64)>,
    ) -> Result<()> {
        const WITH: &str = "WITH news (id, more) ";
        const SQL: &str =
            "UPDATE comment SET replies = replies + news.more FROM news WHERE comment.id = news.id";
        let rows: Vec<_> = more
            .into_iter()
            .map(|(parent, more)| row![parent, more])
            .collect();
        self.update_rows(WITH, &rows, SQL).await
    }

    /// Counts a comment's direct replies that show anew.
    pub async fn recount_replies(&mut self, id: CommentId) -> Result<()> {
        const SQL: &str = "UPDATE comment SET replies = (SELECT COUNT(*) FROM comment c WHERE c.parent = $1 AND c.state = 'visible') WHERE id = $1";
        self.run(SQL, row![id]).await
    }

    /// Counts a thread's comments that show anew, and when the last was posted.
    pub async fn recount_thread(&mut self, id: ThreadId) -> Result<()> {
        const SQL: &str = "UPDATE thread SET comments = (SELECT COUNT(*) FROM comment c WHERE c.thread = $1 AND c.state = 'visible'),
            last_at = COALESCE((SELECT MAX(c.created_at) FROM comment c WHERE c.thread = $1), created_at) WHERE id = $1";
        self.run(SQL, row![id]).await
    }
}
