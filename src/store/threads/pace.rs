//! What accounts posted lately, by which a debate is slowed down.
use sqlx::QueryBuilder;

use crate::{
    domain::{
        Millis,
        account::{AccountId, STANDING_AGE},
        framework::FrameworkId,
        pace::wave::{COMPARED, Recent, WITHIN},
        similar::Words,
        thread::{CommentId, CommentState},
    },
    store::{
        db::{Reader, Result, sql},
        many::Many,
        values::row,
        words::{Word, small},
    },
};

/// The last post of an account at a point, or anywhere else.
#[derive(Clone, Copy, Debug)]
pub struct LastPost {
    /// Whose.
    pub account: AccountId,
    /// At which point; `None` under cards.
    pub point: Option<u32>,
    /// When.
    pub at: Millis,
}

impl Reader {
    /// The last posts of accounts since a time, those taken back too: one per point.
    pub async fn last_posts(
        &mut self,
        framework: FrameworkId,
        accounts: &[AccountId],
        since: Millis,
    ) -> Result<Vec<LastPost>> {
        const SQL: &str = "SELECT c.author, t.point, MAX(c.created_at) FROM comment c JOIN thread t ON t.id = c.thread WHERE c.framework = ";
        if accounts.is_empty() {
            return Ok(vec![]);
        }
        let rows: Vec<(AccountId, Option<i64>, Millis)> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(SQL);
            query
                .push_bind(framework)
                .push(" AND c.created_at > ")
                .push_bind(since)
                .push(" AND c.author");
            Db::push_in(&mut query, accounts);
            query
                .push(" GROUP BY c.author, t.point")
                .build_query_as()
                .fetch_all(conn)
                .await
        })?;
        Ok(rows
            .into_iter()
            .map(|(account, point, at)| LastPost {
                account,
                point: point.map(small),
                at,
            })
            .collect())
    }

    /// The newest comments of accounts without standing, to find waves among them.
    pub async fn recent_of_new(
        &mut self,
        framework: FrameworkId,
        now: Millis,
    ) -> Result<Vec<Recent>> {
        const SQL: &str = "SELECT c.id, c.author, c.body, c.state, h.wave FROM comment c JOIN account a ON a.id = c.author
            LEFT JOIN comment_hold h ON h.comment = c.id WHERE c.framework = $1 AND c.created_at > $2 AND c.state <> 'deleted'
            AND a.created_at > $3 AND a.vouched = FALSE AND a.sample = FALSE ORDER BY c.created_at DESC, c.id DESC LIMIT $4";
        type Row = (
            CommentId,
            AccountId,
            String,
            Word<CommentState>,
            Option<CommentId>,
        );
        let rows: Vec<Row> = self
            .all(
                SQL,
                row![framework, now - WITHIN, now - STANDING_AGE, COMPARED],
            )
            .await?;
        let recent = |(id, author, body, state, wave): (_, _, String, Word<_>, _)| {
            Some(Recent {
                id,
                author,
                words: Words::of("", &body),
                state: state.known()?,
                wave,
            })
        };
        Ok(rows.into_iter().filter_map(recent).collect())
    }
}
