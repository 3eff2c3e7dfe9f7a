//! Accounts, sessions, recovery codes, links, and the site's own values.
use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder};

use super::{
    db::{Reader, Result, Tx, sql},
    rows::{padded, push_list},
    words::Word,
};
use crate::domain::{Millis, account::Account, account::AccountId};

/// What a session is held by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// A cookie.
    Browser,
    /// A bearer token.
    Token,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Setting a new password.
    Reset,
    /// Registering.
    Invitation,
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
}

#[derive(FromRow)]
pub(super) struct Row {
    id: AccountId,
    handle: String,
    display_name: Option<String>,
    admin: bool,
    vouched: bool,
    sample: bool,
    locale: Option<String>,
    created_at: Millis,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        let Row { id, handle, display_name, admin, vouched, sample, locale, created_at } = row;
        Self { id, handle, display_name, admin, locale, vouched, sample, created_at }
    }
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
}

impl From<SessionColumns> for Option<SessionRow> {
    fn from(row: SessionColumns) -> Self {
        let SessionColumns { id, account, kind, name, recovered, created_at, expires_at } = row;
        Some(SessionRow { id, account, kind: kind.known()?, name, recovered, created_at, expires_at })
    }
}

impl Reader {
    /// The account with this id.
    pub async fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        const SQL: &str = "SELECT id, handle, display_name, admin, vouched, sample, locale, created_at FROM account WHERE id = $1";
        Ok(sql!(self, |conn| sqlx::query_as::<_, Row>(SQL).bind(id).fetch_optional(conn).await)?.map(Into::into))
    }

    /// The account whose handle looks like this, and its password's hash.
    pub async fn account_by_skeleton(&mut self, skeleton: &str) -> Result<Option<(Account, Option<String>)>> {
        const SQL: &str = "SELECT id, password_hash FROM account WHERE skeleton = $1";
        let found: Option<(AccountId, Option<String>)> = sql!(self, |conn| sqlx::query_as(SQL).bind(skeleton).fetch_optional(conn).await)?;
        let Some((id, hash)) = found else { return Ok(None) };
        Ok(self.account(id).await?.map(|account| (account, hash)))
    }

    /// An account's password hash.
    pub async fn password_hash(&mut self, account: AccountId) -> Result<Option<String>> {
        const SQL: &str = "SELECT password_hash FROM account WHERE id = $1";
        let found: Option<(Option<String>,)> = sql!(self, |conn| sqlx::query_as(SQL).bind(account).fetch_optional(conn).await)?;
        Ok(found.and_then(|(hash,)| hash))
    }

    /// The session with this token's hash, if it has not ended.
    pub async fn session(&mut self, hash: &str, now: Millis) -> Result<Option<SessionRow>> {
        const SQL: &str = "SELECT id, account, kind, name, recovered, created_at, expires_at FROM session
            WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)";
        Ok(sql!(self, |conn| sqlx::query_as::<_, SessionColumns>(SQL).bind(hash).bind(now).fetch_optional(conn).await)?.and_then(Into::into))
    }

    /// Which of these sessions have not ended.
    pub async fn standing_sessions(&mut self, ids: &[String], now: Millis) -> Result<HashSet<String>> {
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let standing: Vec<String> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new("SELECT id FROM session WHERE (expires_at IS NULL OR expires_at > ");
            query.push_bind(now).push(") AND id IN ");
            push_list(&mut query, padded(ids.iter().cloned()));
            query.build_query_scalar().fetch_all(conn).await
        })?;
        Ok(standing.into_iter().collect())
    }

    /// An account's sessions and tokens that have not ended, newest first.
    pub async fn sessions(&mut self, account: AccountId, now: Millis) -> Result<Vec<SessionRow>> {
        const SQL: &str = "SELECT id, account, kind, name, recovered, created_at, expires_at FROM session
            WHERE account = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY created_at DESC, id DESC";
        let rows = sql!(self, |conn| sqlx::query_as::<_, SessionColumns>(SQL).bind(account).bind(now).fetch_all(conn).await)?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Whether a link of this kind stands, and for which account.
    pub async fn link(&mut self, hash: &str, kind: LinkKind, now: Millis) -> Result<Option<Option<AccountId>>> {
        const SQL: &str = "SELECT account FROM link WHERE hash = $1 AND kind = $2 AND expires_at > $3";
        let found: Option<(Option<AccountId>,)> =
            sql!(self, |conn| sqlx::query_as(SQL).bind(hash).bind(Word::Known(kind)).bind(now).fetch_optional(conn).await)?;
        Ok(found.map(|(account,)| account))
    }

    /// One of the site's values.
    pub async fn site_value(&mut self, key: &str) -> Result<Option<String>> {
        Ok(sql!(self, |conn| sqlx::query_scalar("SELECT value FROM site WHERE key = $1").bind(key).fetch_optional(conn).await)?)
    }
}

impl Tx {
    /// Keeps a new account; false where a handle that looks the same exists.
    pub async fn insert_account(&mut self, account: &Account, skeleton: &str, password_hash: Option<&str>) -> Result<bool> {
        const SQL: &str = "INSERT INTO account (id, handle, skeleton, display_name, password_hash, admin, vouched, sample, locale, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (skeleton) DO NOTHING";
        let Account { id, handle, display_name, admin, locale, vouched, sample, created_at } = account;
        let rows = sql!(self, |conn| sqlx::query(SQL)
            .bind(*id)
            .bind(handle)
            .bind(skeleton)
            .bind(display_name)
            .bind(password_hash)
            .bind(admin)
            .bind(vouched)
            .bind(sample)
            .bind(locale)
            .bind(created_at)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Makes an account standing at once.
    pub async fn vouch(&mut self, account: AccountId) -> Result<()> {
        sql!(self, |conn| sqlx::query("UPDATE account SET vouched = TRUE WHERE id = $1").bind(account).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Changes what an account shows.
    pub async fn update_profile(&mut self, account: AccountId, display_name: Option<&str>, locale: Option<&str>) -> Result<()> {
        const SQL: &str = "UPDATE account SET display_name = $2, locale = $3 WHERE id = $1";
        sql!(self, |conn| sqlx::query(SQL).bind(account).bind(display_name).bind(locale).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Sets a password.
    pub async fn set_password(&mut self, account: AccountId, hash: &str) -> Result<()> {
        const SQL: &str = "UPDATE account SET password_hash = $2 WHERE id = $1";
        sql!(self, |conn| sqlx::query(SQL).bind(account).bind(hash).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Keeps the hash of a recovery code.
    pub async fn insert_recovery_code(&mut self, account: AccountId, hash: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO recovery_code (account, hash) VALUES ($1, $2)";
        sql!(self, |conn| sqlx::query(SQL).bind(account).bind(hash).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Uses up a recovery code; false where there is no such code.
    pub async fn use_recovery_code(&mut self, account: AccountId, hash: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM recovery_code WHERE account = $1 AND hash = $2";
        Ok(sql!(self, |conn| sqlx::query(SQL).bind(account).bind(hash).execute(conn).await.map(|done| done.rows_affected()))? == 1)
    }

    /// Begins a session.
    pub async fn insert_session(&mut self, session: &SessionRow, hash: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO session (id, account, hash, kind, name, recovered, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let SessionRow { id, account, kind, name, recovered, created_at, expires_at } = session;
        sql!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(*account)
            .bind(hash)
            .bind(Word::Known(*kind))
            .bind(name)
            .bind(recovered)
            .bind(created_at)
            .bind(expires_at)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Ends one of an account's sessions; false where there is none.
    pub async fn delete_session(&mut self, account: AccountId, id: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM session WHERE account = $1 AND id = $2";
        Ok(sql!(self, |conn| sqlx::query(SQL).bind(account).bind(id).execute(conn).await.map(|done| done.rows_affected()))? == 1)
    }

    /// Ends all of an account's sessions and tokens but one (or none).
    pub async fn delete_other_sessions(&mut self, account: AccountId, but: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM session WHERE account = $1 AND id <> $2";
        sql!(self, |conn| sqlx::query(SQL).bind(account).bind(but).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Ends what has expired. A deal holds a viewpoint, and is of no use once nobody may answer it any more.
    pub async fn delete_expired(&mut self, now: Millis) -> Result<()> {
        sql!(self, |conn| sqlx::query("DELETE FROM session WHERE expires_at <= $1").bind(now).execute(conn).await.map(|_| ()))?;
        sql!(self, |conn| sqlx::query("DELETE FROM link WHERE expires_at <= $1").bind(now).execute(conn).await.map(|_| ()))?;
        sql!(self, |conn| sqlx::query("DELETE FROM deal WHERE expires_at <= $1").bind(now).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Keeps a link's hash.
    pub async fn insert_link(&mut self, hash: &str, kind: LinkKind, account: Option<AccountId>, expires_at: Millis) -> Result<()> {
        const SQL: &str = "INSERT INTO link (hash, kind, account, expires_at) VALUES ($1, $2, $3, $4)";
        sql!(self, |conn| sqlx::query(SQL).bind(hash).bind(Word::Known(kind)).bind(account).bind(expires_at).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Makes all links of a kind worthless; how many there were.
    pub async fn delete_links(&mut self, kind: LinkKind) -> Result<u64> {
        const SQL: &str = "DELETE FROM link WHERE kind = $1";
        Ok(sql!(self, |conn| sqlx::query(SQL).bind(Word(kind)).execute(conn).await.map(|done| done.rows_affected()))?)
    }

    /// Uses up a link; false where somebody has.
    pub async fn delete_link(&mut self, hash: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM link WHERE hash = $1";
        Ok(sql!(self, |conn| sqlx::query(SQL).bind(hash).execute(conn).await.map(|done| done.rows_affected()))? == 1)
    }

    /// Sets one of the site's values.
    pub async fn set_site_value(&mut self, key: &str, value: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO site (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        sql!(self, |conn| sqlx::query(SQL).bind(key).bind(value).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Sets one of the site's values if it is not set, and returns what stands.
    pub async fn site_value_or(&mut self, key: &str, value: &str) -> Result<String> {
        const SQL: &str = "INSERT INTO site (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
        sql!(self, |conn| sqlx::query(SQL).bind(key).bind(value).execute(conn).await.map(|_| ()))?;
        Ok(self.site_value(key).await?.unwrap_or_else(|| value.to_owned()))
    }
}
