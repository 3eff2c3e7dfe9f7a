//! Accounts: who there is, and by what they sign in.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        account::{Account, AccountId, names},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
    },
};

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
        Self {
            id: row.id,
            handle: row.handle,
            display_name: row.display_name,
            admin: row.admin,
            locale: row.locale,
            vouched: row.vouched,
            sample: row.sample,
            created_at: row.created_at,
        }
    }
}

impl Reader {
    /// The account with this id.
    pub async fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        const SQL: &str = "SELECT id, handle, display_name, admin, vouched, sample, locale, created_at FROM account WHERE id = $1";
        Ok(self.found::<Row>(SQL, row![id]).await?.map(Into::into))
    }

    /// The account whose handle looks like this, and its password's hash.
    pub async fn account_by_skeleton(
        &mut self,
        skeleton: &str,
    ) -> Result<Option<(Account, Option<String>)>> {
        const SQL: &str = "SELECT id, password_hash FROM account WHERE skeleton = $1";
        let found: Option<(AccountId, Option<String>)> = self.found(SQL, row![skeleton]).await?;
        let Some((id, hash)) = found else {
            return Ok(None);
        };
        Ok(self.account(id).await?.map(|account| (account, hash)))
    }

    /// An account's password hash.
    pub async fn password_hash(&mut self, account: AccountId) -> Result<Option<String>> {
        const SQL: &str = "SELECT password_hash FROM account WHERE id = $1";
        let found: Option<(Option<String>,)> = self.found(SQL, row![account]).await?;
        Ok(found.and_then(|(hash,)| hash))
    }
}

impl Tx {
    /// Keeps a new account; false where a handle that looks the same exists.
    pub async fn insert_account(
        &mut self,
        account: &Account,
        skeleton: &str,
        password_hash: Option<&str>,
    ) -> Result<bool> {
        const SQL: &str = "INSERT INTO account
            (id, handle, skeleton, display_name, password_hash, admin, vouched, sample, locale, created_at, name_skeleton, written, name_written)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (skeleton) DO NOTHING";
        let Account {
            id,
            handle,
            display_name,
            admin,
            locale,
            vouched,
            sample,
            created_at,
        } = account;
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
        self.run(
            "UPDATE account SET vouched = TRUE WHERE id = $1",
            row![account],
        )
        .await
    }

    /// Changes what an account shows.
    pub async fn update_profile(
        &mut self,
        account: AccountId,
        display_name: Option<&str>,
        locale: Option<&str>,
    ) -> Result<()> {
        const SQL: &str = "UPDATE account SET display_name = $2, locale = $3, name_skeleton = $4, name_written = $5 WHERE id = $1";
        let (skeleton, written) = (
            display_name.map(names::skeleton),
            display_name.map(names::written),
        );
        self.run(SQL, row![account, display_name, locale, skeleton, written])
            .await
    }

    /// Sets a password.
    pub async fn set_password(&mut self, account: AccountId, hash: &str) -> Result<()> {
        const SQL: &str = "UPDATE account SET password_hash = $2 WHERE id = $1";
        self.run(SQL, row![account, hash]).await
    }

    /// Takes an account's lock: what begins a session and what ends them all wait for each other.
    /// False where there is no account.
    pub async fn lock_account(&mut self, account: AccountId) -> Result<bool> {
        // SQLite knows no FOR UPDATE; an update locks the row on both.
        const SQL: &str = "UPDATE account SET created_at = created_at WHERE id = $1";
        Ok(self.changed(SQL, row![account]).await? == 1)
    }
}
