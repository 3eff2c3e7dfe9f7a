//! Accounts, their names, recovery codes, links, and the site's own values.
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{
    db::{Reader, Result, Tx},
    values::row,
    words::Word,
};
use crate::domain::{
    Millis,
    account::{Account, AccountId},
    names,
};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Setting a new password.
    Reset,
    /// Registering.
    Invitation,
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

impl Reader {
    /// The account with this id.
    pub async fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        const SQL: &str = "SELECT id, handle, display_name, admin, vouched, sample, locale, created_at FROM account WHERE id = $1";
        Ok(self.found::<Row>(SQL, row![id]).await?.map(Into::into))
    }

    /// The account whose handle looks like this, and its password's hash.
    pub async fn account_by_skeleton(&mut self, skeleton: &str) -> Result<Option<(Account, Option<String>)>> {
        const SQL: &str = "SELECT id, password_hash FROM account WHERE skeleton = $1";
        let found: Option<(AccountId, Option<String>)> = self.found(SQL, row![skeleton]).await?;
        let Some((id, hash)) = found else { return Ok(None) };
        Ok(self.account(id).await?.map(|account| (account, hash)))
    }

    /// An account's password hash.
    pub async fn password_hash(&mut self, account: AccountId) -> Result<Option<String>> {
        const SQL: &str = "SELECT password_hash FROM account WHERE id = $1";
        let found: Option<(Option<String>,)> = self.found(SQL, row![account]).await?;
        Ok(found.and_then(|(hash,)| hash))
    }

    /// Whether the handle or the display name of another account looks like a name that looks so; see [`names::looks`].
    pub async fn name_is_taken(&mut self, looks: &[String; 3], own: AccountId) -> Result<bool> {
        const SQL: &str = "SELECT id FROM account
            WHERE (skeleton IN ($1, $2) OR name_skeleton IN ($1, $2) OR written = $3 OR name_written = $3) AND id <> $4 LIMIT 1";
        let [skeleton, former, written] = looks;
        let found: Option<(AccountId,)> = self.found(SQL, row![skeleton, former, written, own]).await?;
        Ok(found.is_some())
    }

    /// Whether a link of this kind stands, and for which account.
    pub async fn link(&mut self, hash: &str, kind: LinkKind, now: Millis) -> Result<Option<Option<AccountId>>> {
        const SQL: &str = "SELECT account FROM link WHERE hash = $1 AND kind = $2 AND expires_at > $3";
        let found: Option<(Option<AccountId>,)> = self.found(SQL, row![hash, Word::Known(kind), now]).await?;
        Ok(found.map(|(account,)| account))
    }

    /// One of the site's values.
    pub async fn site_value(&mut self, key: &str) -> Result<Option<String>> {
        self.value("SELECT value FROM site WHERE key = $1", row![key]).await
    }

    /// The site's own values whose keys begin so, with their keys.
    pub async fn site_values_of(&mut self, prefix: &str) -> Result<Vec<(String, String)>> {
        const SQL: &str = "SELECT key, value FROM site WHERE SUBSTR(key, 1, LENGTH($1)) = $1 ORDER BY key";
        self.all(SQL, row![prefix]).await
    }
}

/// An account, its handle and display name, and what stands beside them: skeleton, and both as they are written.
type Named = (AccountId, String, Option<String>, Option<String>, Option<String>, Option<String>);

impl Tx {
    /// Keeps a new account; false where a handle that looks the same exists.
    pub async fn insert_account(&mut self, account: &Account, skeleton: &str, password_hash: Option<&str>) -> Result<bool> {
        const SQL: &str = "INSERT INTO account
            (id, handle, skeleton, display_name, password_hash, admin, vouched, sample, locale, created_at, name_skeleton, written, name_written)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (skeleton) DO NOTHING";
        let Account { id, handle, display_name, admin, locale, vouched, sample, created_at } = account;
        let rows = self
            .changed(
                SQL,
                row![
                    id,
                    handle,
                    skeleton,
                    display_name,
                    password_hash,
                    admin,
                    vouched,
                    sample,
                    locale,
                    created_at,
                    display_name.as_deref().map(names::skeleton),
                    names::written(handle),
                    display_name.as_deref().map(names::written)
                ],
            )
            .await?;
        Ok(rows == 1)
    }

    /// Makes an account standing at once.
    pub async fn vouch(&mut self, account: AccountId) -> Result<()> {
        self.run("UPDATE account SET vouched = TRUE WHERE id = $1", row![account]).await
    }

    /// Changes what an account shows.
    pub async fn update_profile(&mut self, account: AccountId, display_name: Option<&str>, locale: Option<&str>) -> Result<()> {
        const SQL: &str = "UPDATE account SET display_name = $2, locale = $3, name_skeleton = $4, name_written = $5 WHERE id = $1";
        let (skeleton, written) = (display_name.map(names::skeleton), display_name.map(names::written));
        self.run(SQL, row![account, display_name, locale, skeleton, written]).await
    }

    /// Says that a display name has changed, to every node: see [`super::Store::named`].
    pub async fn rename(&mut self) -> Result<()> {
        self.set_site_value("named", &AccountId::new().to_string()).await
    }

    /// Takes the lock on names: of two that look alike, one is kept.
    pub async fn lock_names(&mut self) -> Result<()> {
        // SQLite knows no FOR UPDATE; an update locks the row on both.
        const SQL: &str = "INSERT INTO site (key, value) VALUES ('names', '') ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.run(SQL, row![]).await
    }

    /// Keeps what each name looks like, where that does not stand beside it.
    pub async fn fold_names(&mut self) -> Result<()> {
        const READ: &str = "SELECT id, handle, display_name, name_skeleton, written, name_written FROM account";
        const WRITE: &str = "UPDATE account SET name_skeleton = $2, written = $3, name_written = $4 WHERE id = $1";
        let rows: Vec<Named> = self.all(READ, row![]).await?;
        for (id, handle, name, skeleton, written, name_written) in rows {
            let looks = [name.as_deref().map(names::skeleton), Some(names::written(&handle)), name.as_deref().map(names::written)];
            if [skeleton, written, name_written] != looks {
                let [skeleton, written, name_written] = &looks;
                self.run(WRITE, row![id, skeleton, written, name_written]).await?;
            }
        }
        Ok(())
    }

    /// Sets a password.
    pub async fn set_password(&mut self, account: AccountId, hash: &str) -> Result<()> {
        const SQL: &str = "UPDATE account SET password_hash = $2 WHERE id = $1";
        self.run(SQL, row![account, hash]).await
    }

    /// Keeps the hash of a recovery code.
    pub async fn insert_recovery_code(&mut self, account: AccountId, hash: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO recovery_code (account, hash) VALUES ($1, $2)";
        self.run(SQL, row![account, hash]).await
    }

    /// Takes away an account's recovery codes.
    pub async fn delete_recovery_codes(&mut self, account: AccountId) -> Result<()> {
        self.run("DELETE FROM recovery_code WHERE account = $1", row![account]).await
    }

    /// Uses up a recovery code; false where there is no such code.
    pub async fn use_recovery_code(&mut self, account: AccountId, hash: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM recovery_code WHERE account = $1 AND hash = $2";
        Ok(self.changed(SQL, row![account, hash]).await? == 1)
    }

    /// Ends what has expired. A deal holds a viewpoint, and is of no use once nobody may answer it any more.
    pub async fn delete_expired(&mut self, now: Millis) -> Result<()> {
        self.run("DELETE FROM session WHERE expires_at <= $1", row![now]).await?;
        self.run("DELETE FROM link WHERE expires_at <= $1", row![now]).await?;
        self.run("DELETE FROM deal WHERE expires_at <= $1", row![now]).await
    }

    /// Keeps a link's hash.
    pub async fn insert_link(&mut self, hash: &str, kind: LinkKind, account: Option<AccountId>, expires_at: Millis) -> Result<()> {
        const SQL: &str = "INSERT INTO link (hash, kind, account, expires_at) VALUES ($1, $2, $3, $4)";
        self.run(SQL, row![hash, Word::Known(kind), account, expires_at]).await
    }

    /// Makes all links of a kind worthless; how many there were.
    pub async fn delete_links(&mut self, kind: LinkKind) -> Result<u64> {
        const SQL: &str = "DELETE FROM link WHERE kind = $1";
        self.changed(SQL, row![Word::Known(kind)]).await
    }

    /// Takes away the links by which an account may set a password.
    pub async fn delete_reset_links(&mut self, account: AccountId) -> Result<()> {
        const SQL: &str = "DELETE FROM link WHERE account = $1 AND kind = $2";
        self.run(SQL, row![account, Word::Known(LinkKind::Reset)]).await
    }

    /// Uses up a link; false where somebody has.
    pub async fn delete_link(&mut self, hash: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM link WHERE hash = $1";
        Ok(self.changed(SQL, row![hash]).await? == 1)
    }

    /// Sets one of the site's values.
    pub async fn set_site_value(&mut self, key: &str, value: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO site (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.run(SQL, row![key, value]).await
    }

    /// Sets one of the site's values if it is not set, and returns what stands.
    pub async fn site_value_or(&mut self, key: &str, value: &str) -> Result<String> {
        const SQL: &str = "INSERT INTO site (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
        self.run(SQL, row![key, value]).await?;
        Ok(self.site_value(key).await?.unwrap_or_else(|| value.to_owned()))
    }
}
