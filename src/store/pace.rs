//! What slows a debate down: the settings, what accounts posted lately, and the holds of comments.
use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::{
    db::{Reader, Result, Tx, sql},
    frameworks::small,
    many::Many,
    values::row,
    words::{Doc, Word},
};
use crate::domain::{
    Millis,
    account::{AccountId, STANDING_AGE},
    framework::FrameworkId,
    hold::CommentHold,
    pace::{
        Pace,
        wave::{COMPARED, Recent, WITHIN},
    },
    similar::Words,
    thread::{Comment, CommentId, CommentState},
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
    pub async fn last_posts(&mut self, framework: FrameworkId, accounts: &[AccountId], since: Millis) -> Result<Vec<LastPost>> {
        const SQL: &str = "SELECT c.author, t.point, MAX(c.created_at) FROM comment c JOIN thread t ON t.id = c.thread WHERE c.framework = ";
        if accounts.is_empty() {
            return Ok(vec![]);
        }
        let rows: Vec<(AccountId, Option<i64>, Millis)> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(SQL);
            query.push_bind(framework).push(" AND c.created_at > ").push_bind(since).push(" AND c.author");
            Db::push_in(&mut query, accounts);
            query.push(" GROUP BY c.author, t.point").build_query_as().fetch_all(conn).await
        })?;
        Ok(rows.into_iter().map(|(account, point, at)| LastPost { account, point: point.map(small), at }).collect())
    }

    /// How many comments of accounts show in a framework; those without any are absent.
    pub async fn shown_comments(&mut self, framework: FrameworkId, accounts: &[AccountId]) -> Result<HashMap<AccountId, i64>> {
        const SQL: &str = "SELECT author, COUNT(*) FROM comment WHERE state = 'visible' AND framework = ";
        if accounts.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(AccountId, i64)> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(SQL);
            query.push_bind(framework).push(" AND author");
            Db::push_in(&mut query, accounts);
            query.push(" GROUP BY author").build_query_as().fetch_all(conn).await
        })?;
        Ok(rows.into_iter().collect())
    }

    /// The newest comments of accounts without standing, to find waves among them.
    pub async fn recent_of_new(&mut self, framework: FrameworkId, now: Millis) -> Result<Vec<Recent>> {
        const SQL: &str = "SELECT c.id, c.author, c.body, c.state, h.wave FROM comment c JOIN account a ON a.id = c.author
            LEFT JOIN comment_hold h ON h.comment = c.id WHERE c.framework = $1 AND c.created_at > $2 AND c.state <> 'deleted'
            AND a.created_at > $3 AND a.vouched = FALSE AND a.sample = FALSE ORDER BY c.created_at DESC, c.id DESC LIMIT $4";
        type Row = (CommentId, AccountId, String, Word<CommentState>, Option<CommentId>);
        let rows: Vec<Row> = self.all(SQL, row![framework, now - WITHIN, now - STANDING_AGE, COMPARED]).await?;
        let recent = |(id, author, body, state, wave): (_, _, String, Word<_>, _)| {
            Some(Recent { id, author, words: Words::of("", &body), state: state.known()?, wave })
        };
        Ok(rows.into_iter().filter_map(recent).collect())
    }

    /// Comments that wait for a moderator, longest first.
    pub async fn held_comments(&mut self, framework: FrameworkId, limit: i64) -> Result<Vec<CommentId>> {
        const SQL: &str = "SELECT comment FROM comment_hold WHERE framework = $1 AND ended_at IS NULL ORDER BY held_at, comment LIMIT $2";
        self.column(SQL, row![framework, limit]).await
    }

    /// The comments of a wave that wait for a moderator, longest first.
    pub async fn held_in_wave(&mut self, wave: CommentId) -> Result<Vec<CommentId>> {
        const SQL: &str = "SELECT comment FROM comment_hold WHERE wave = $1 AND ended_at IS NULL ORDER BY held_at, comment";
        self.column(SQL, row![wave]).await
    }

    /// How long the last comments that a moderator decided about had waited, latest first.
    pub async fn hold_times(&mut self, framework: FrameworkId, limit: i64) -> Result<Vec<Millis>> {
        const SQL: &str = "SELECT ended_at - held_at FROM comment_hold WHERE framework = $1 AND ended_at IS NOT NULL
            ORDER BY ended_at DESC, comment LIMIT $2";
        self.column(SQL, row![framework, limit]).await
    }
}

impl Tx {
    /// Keeps a framework's settings.
    pub async fn set_pace(&mut self, framework: FrameworkId, pace: &Pace) -> Result<()> {
        const SQL: &str = "UPDATE framework SET pace = $2 WHERE id = $1";
        self.run(SQL, row![framework, Doc::Known(pace)]).await
    }

    /// Keeps the holds of comments that have one; a comment that was held before is held anew.
    pub async fn put_comment_holds(&mut self, comments: &[&Comment]) -> Result<()> {
        const SQL: &str = "INSERT INTO comment_hold (comment, framework, held_by, matched, wave, earlier, unseen, held_at, ended_at) ";
        const AGAIN: &str = " ON CONFLICT (comment) DO UPDATE SET held_by = excluded.held_by, matched = excluded.matched, wave = excluded.wave,
            earlier = excluded.earlier, unseen = excluded.unseen, held_at = excluded.held_at, ended_at = NULL";
        let row = |comment: &&Comment| {
            let hold = comment.hold.as_ref()?;
            let CommentHold { by, matched, wave, earlier, unseen, since, .. } = hold;
            let (matched, earlier) = (matched.clone().map(Doc::Known), Doc::Known(earlier));
            Some(row![comment.id, comment.framework, Word::Known(*by), matched, wave, earlier, unseen, since, None::<Millis>])
        };
        self.insert_rows(SQL, &comments.iter().filter_map(row).collect::<Vec<_>>(), AGAIN).await
    }

    /// A comment waits for a moderator again, for the reason it had been held.
    pub async fn reopen_comment_hold(&mut self, comment: CommentId) -> Result<()> {
        const SQL: &str = "UPDATE comment_hold SET ended_at = NULL WHERE comment = $1";
        self.run(SQL, row![comment]).await
    }

    /// Ends a comment's hold; one that shows now has been seen.
    pub async fn end_comment_hold(&mut self, comment: CommentId, shows: bool, now: Millis) -> Result<()> {
        const SQL: &str = "UPDATE comment_hold SET ended_at = COALESCE(ended_at, $2), unseen = CASE WHEN $3 THEN FALSE ELSE unseen END
            WHERE comment = $1";
        self.run(SQL, row![comment, now, shows]).await
    }
}
