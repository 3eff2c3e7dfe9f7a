//! What accounts have read, judged and written in a framework.
use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId},
    store::{
        db::{Reader, Result, Tx, sql},
        many::Many,
        values::row,
    },
};

/// How far an account has read a point.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct ReadMark {
    /// A place in the public stream.
    pub seq: i64,
    /// When.
    pub at: Millis,
}

/// What an account has judged and written in a framework.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Engagement {
    account: AccountId,
    /// Cards dealt to it that it has judged, "can't say" aside; in every round.
    pub answers: i64,
    /// On how many days.
    pub days: i64,
    /// Up to 2: whether a comment of it shows, and whether a card does.
    pub posts: i64,
}

impl Reader {
    /// What accounts have judged and written in a framework.
    pub async fn engagement(
        &mut self,
        framework: FrameworkId,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, Engagement>> {
        // A judged card is a row, by its day; the same rows are counted twice.
        const ANSWERS: &str = "SELECT a.id AS account, (SELECT COUNT(*)";
        const OF_IT: &str =
            " FROM answer x JOIN question q ON q.id = x.question WHERE x.account = a.id AND x.dealt
            AND x.acceptance <> 'cannot_say' AND q.framework = ";
        const DAYS: &str = ") AS answers, (SELECT COUNT(DISTINCT x.at / 86400000)";
        const POSTS: &str =
            ") AS days, (SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.author = a.id
            AND c.state = 'visible' AND c.framework = ";
        const CARDS: &str = " LIMIT 1) AS one) + (SELECT COUNT(*) FROM (SELECT 1 FROM concession k WHERE k.author = a.id
            AND k.state IN ('provisional', 'ranked', 'merged') AND k.framework = ";
        const WHOSE: &str = " LIMIT 1) AS other) AS posts FROM account a WHERE a.id";
        if accounts.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<Engagement> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(ANSWERS);
            for part in [[OF_IT, DAYS], [OF_IT, POSTS]] {
                let [of, next] = part;
                query.push(of).push_bind(framework).push(next);
            }
            query.push_bind(framework).push(CARDS).push_bind(framework);
            query.push(WHOSE);
            Db::push_in(&mut query, accounts);
            query.build_query_as().fetch_all(conn).await
        })?;
        Ok(rows.into_iter().map(|row| (row.account, row)).collect())
    }

    /// How many comments of an account show in a framework, how many moderators took from view, and
    /// how many cards it has there.
    pub async fn post_counts(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
    ) -> Result<(i64, i64, i64)> {
        const SQL: &str = "SELECT (SELECT COUNT(*) FROM comment WHERE author = $1 AND framework = $2 AND state = 'visible'),
            (SELECT COUNT(*) FROM comment WHERE author = $1 AND framework = $2 AND state IN ('hidden', 'removed')),
            (SELECT COUNT(*) FROM concession WHERE author = $1 AND framework = $2)";
        self.only(SQL, row![account, framework]).await
    }

    /// How far an account has read a point.
    pub async fn read_mark(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
        point: u32,
    ) -> Result<Option<ReadMark>> {
        const SQL: &str =
            "SELECT seq, at FROM read_mark WHERE framework = $1 AND account = $2 AND point = $3";
        self.found(SQL, row![framework, account, point]).await
    }
}

impl Tx {
    /// Keeps the furthest place read.
    pub async fn put_read_mark(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
        point: u32,
        mark: ReadMark,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO read_mark (framework, account, point, seq, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (framework, account, point) DO UPDATE SET seq = excluded.seq, at = excluded.at WHERE read_mark.seq < excluded.seq";
        self.run(SQL, row![framework, account, point, mark.seq, mark.at])
            .await
    }
}
