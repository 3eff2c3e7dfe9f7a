//! Second factors: one row per account that has set one up.
use sqlx::FromRow;

use crate::{
    domain::{Millis, account::AccountId},
    store::{
        db::{Reader, Result, Tx},
        values::row,
    },
};

/// A second factor.
#[derive(Clone, Debug, FromRow)]
pub struct SecondFactor {
    /// The shared key, in base32.
    pub secret: String,
    /// Since when it is asked for; `None` while it is only set up.
    pub confirmed_at: Option<Millis>,
}

impl Reader {
    /// An account's second factor, confirmed or not.
    pub async fn second_factor(&mut self, account: AccountId) -> Result<Option<SecondFactor>> {
        const SQL: &str = "SELECT secret, confirmed_at FROM second_factor WHERE account = $1";
        self.found(SQL, row![account]).await
    }
}

impl Tx {
    /// Keeps a new key that is not confirmed yet, in place of one that never was; false where one
    /// is confirmed.
    pub async fn put_second_factor(&mut self, account: AccountId, secret: &str) -> Result<bool> {
        const SQL: &str = "INSERT INTO second_factor (account, secret, confirmed_at, last_step) VALUES ($1, $2, NULL, 0)
            ON CONFLICT (account) DO UPDATE SET secret = excluded.secret WHERE second_factor.confirmed_at IS NULL";
        let done = self.changed(SQL, row![account, secret]).await?;
        Ok(done == 1)
    }

    /// Confirms an account's key by the step of a code, which is used up. The account's lock is
    /// held.
    pub async fn confirm_second_factor(
        &mut self,
        account: AccountId,
        step: i64,
        now: Millis,
    ) -> Result<()> {
        const SQL: &str =
            "UPDATE second_factor SET confirmed_at = $3, last_step = $2 WHERE account = $1";
        self.run(SQL, row![account, step, now]).await
    }

    /// Uses up the code of a step and of those before it; false where somebody was faster, on
    /// whichever node.
    pub async fn use_step(&mut self, account: AccountId, step: i64) -> Result<bool> {
        const SQL: &str =
            "UPDATE second_factor SET last_step = $2 WHERE account = $1 AND last_step < $2";
        Ok(self.changed(SQL, row![account, step]).await? == 1)
    }

    /// Removes an account's second factor; false where there is none.
    pub async fn delete_second_factor(&mut self, account: AccountId) -> Result<bool> {
        const SQL: &str = "DELETE FROM second_factor WHERE account = $1";
        Ok(self.changed(SQL, row![account]).await? == 1)
    }
}
