//! Sessions of browsers, and API tokens.
use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder};

use crate::{
    domain::{Millis, account::AccountId, permission::Scope},
    store::{
        db::{Reader, Result, Tx, sql},
        many::Many,
        values::row,
        words::Word,
    },
};

/// What a session is held by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// A cookie.
    Browser,
    /// A bearer token.
    Token,
}

/// A session.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// Whose.
    pub account: AccountId,
    /// Held by what.
    pub kind: SessionKind,
    /// A token's name.
    pub name: Option<String>,
    /// Begun by a recovery code.
    pub recovered: bool,
    /// When it began.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Option<Millis>,
    /// What a token may; a browser's session may everything.
    pub scope: Scope,
}

#[derive(FromRow)]
struct SessionColumns {
    id: String,
    account: AccountId,
    kind: Word<SessionKind>,
    name: Option<String>,
    recovered: bool,
    created_at: Millis,
    expires_at: Option<Millis>,
    scope: Option<String>,
}

impl From<SessionColumns> for Option<SessionRow> {
    fn from(row: SessionColumns) -> Self {
        // Tokens of before there were scopes may what they could.
        let scope = row.scope.as_deref().map_or(Scope::Moderate, Scope::of_word);
        Some(SessionRow {
            id: row.id,
            account: row.account,
            kind: row.kind.known()?,
            name: row.name,
            recovered: row.recovered,
            created_at: row.created_at,
            expires_at: row.expires_at,
            scope,
        })
    }
}

impl Reader {
    /// The session with this token's hash, if it has not ended.
    pub async fn session(&mut self, hash: &str, now: Millis) -> Result<Option<SessionRow>> {
        const SQL: &str =
            "SELECT id, account, kind, name, recovered, created_at, expires_at, scope FROM session
            WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)";
        Ok(self
            .found::<SessionColumns>(SQL, row![hash, now])
            .await?
            .and_then(Into::into))
    }

    /// Which of these sessions have not ended.
    pub async fn standing_sessions(
        &mut self,
        ids: &[String],
        now: Millis,
    ) -> Result<HashSet<String>> {
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let standing: Vec<String> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT id FROM session WHERE (expires_at IS NULL OR expires_at > ",
            );
            query.push_bind(now).push(") AND id");
            Db::push_in(&mut query, ids);
            query.build_query_scalar().fetch_all(conn).await
        })?;
        Ok(standing.into_iter().collect())
    }

    /// A page of an account's sessions and tokens that have not ended, newest first, after a place.
    pub async fn sessions(
        &mut self,
        account: AccountId,
        now: Millis,
        after: (Millis, String),
        limit: i64,
    ) -> Result<Vec<SessionRow>> {
        const SQL: &str = "SELECT id, account, kind, name, recovered, created_at, expires_at, scope FROM session
            WHERE account = $1 AND (expires_at IS NULL OR expires_at > $2) AND (created_at < $3 OR (created_at = $3 AND id < $4))
            ORDER BY created_at DESC, id DESC LIMIT $5";
        let (at, id) = after;
        let rows = self
            .all::<SessionColumns>(SQL, row![account, now, at, id, limit])
            .await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// The ids of an account's sessions of one kind that have not ended, newest first.
    pub async fn session_ids(
        &mut self,
        account: AccountId,
        kind: SessionKind,
        now: Millis,
    ) -> Result<Vec<String>> {
        const SQL: &str = "SELECT id FROM session WHERE account = $1 AND kind = $2 AND (expires_at IS NULL OR expires_at > $3)
            ORDER BY created_at DESC, id DESC";
        self.column(SQL, row![account, Word::Known(kind), now])
            .await
    }

    /// Whether a session was begun by a recovery code since then, and has set no password.
    pub async fn recovered_since(&mut self, id: &str, since: Millis) -> Result<bool> {
        const SQL: &str = "SELECT id FROM session WHERE id = $1 AND recovered AND created_at > $2";
        let found: Option<(String,)> = self.found(SQL, row![id, since]).await?;
        Ok(found.is_some())
    }
}

impl Tx {
    /// Begins a session.
    pub async fn insert_session(&mut self, session: &SessionRow, hash: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO session (id, account, hash, kind, name, recovered, created_at, expires_at, scope)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let SessionRow {
            id,
            account,
            kind,
            name,
            recovered,
            created_at,
            expires_at,
            scope,
        } = session;
        let scope = (*kind == SessionKind::Token).then_some(Word::Known(*scope));
        self.run(
            SQL,
            row![
                id,
                account,
                hash,
                Word::Known(*kind),
                name,
                recovered,
                created_at,
                expires_at,
                scope
            ],
        )
        .await
    }

    /// Ends one of an account's sessions; false where there is none.
    pub async fn delete_session(&mut self, account: AccountId, id: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM session WHERE account = $1 AND id = $2";
        Ok(self.changed(SQL, row![account, id]).await? == 1)
    }

    /// Ends all of an account's sessions and tokens but one (or none).
    pub async fn delete_other_sessions(&mut self, account: AccountId, but: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM session WHERE account = $1 AND id <> $2";
        self.run(SQL, row![account, but]).await
    }

    /// Uses up that a session was begun by a recovery code; false where somebody has.
    pub async fn end_recovery(&mut self, id: &str) -> Result<bool> {
        const SQL: &str = "UPDATE session SET recovered = FALSE WHERE id = $1 AND recovered";
        Ok(self.changed(SQL, row![id]).await? == 1)
    }
}
