//! Links and recovery codes: what opens a door once. Only hashes of them are kept.
use serde::{Deserialize, Serialize};

use crate::{
    domain::{Millis, account::AccountId},
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
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

impl Reader {
    /// Whether a link of this kind stands, and for which account.
    pub async fn link(
        &mut self,
        hash: &str,
        kind: LinkKind,
        now: Millis,
    ) -> Result<Option<Option<AccountId>>> {
        const SQL: &str =
            "SELECT account FROM link WHERE hash = $1 AND kind = $2 AND expires_at > $3";
        let found: Option<(Option<AccountId>,)> =
            self.found(SQL, row![hash, Word::Known(kind), now]).await?;
        Ok(found.map(|(account,)| account))
    }
}

impl Tx {
    /// Keeps a link's hash.
    pub async fn insert_link(
        &mut self,
        hash: &str,
        kind: LinkKind,
        account: Option<AccountId>,
        expires_at: Millis,
    ) -> Result<()> {
        const SQL: &str =
            "INSERT INTO link (hash, kind, account, expires_at) VALUES ($1, $2, $3, $4)";
        self.run(SQL, row![hash, Word::Known(kind), account, expires_at])
            .await
    }

    /// Makes all links of a kind worthless; how many there were.
    pub async fn delete_links(&mut self, kind: LinkKind) -> Result<u64> {
        const SQL: &str = "DELETE FROM link WHERE kind = $1";
        self.changed(SQL, row![Word::Known(kind)]).await
    }

    /// Takes away the links by which an account may set a password.
    pub async fn delete_reset_links(&mut self, account: AccountId) -> Result<()> {
        const SQL: &str = "DELETE FROM link WHERE account = $1 AND kind = $2";
        self.run(SQL, row![account, Word::Known(LinkKind::Reset)])
            .await
    }

    /// Uses up a link; false where somebody has.
    pub async fn delete_link(&mut self, hash: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM link WHERE hash = $1";
        Ok(self.changed(SQL, row![hash]).await? == 1)
    }

    /// Keeps the hash of a recovery code.
    pub async fn insert_recovery_code(&mut self, account: AccountId, hash: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO recovery_code (account, hash) VALUES ($1, $2)";
        self.run(SQL, row![account, hash]).await
    }

    /// Takes away an account's recovery codes.
    pub async fn delete_recovery_codes(&mut self, account: AccountId) -> Result<()> {
        self.run(
            "DELETE FROM recovery_code WHERE account = $1",
            row![account],
        )
        .await
    }

    /// Uses up a recovery code; false where there is no such code.
    pub async fn use_recovery_code(&mut self, account: AccountId, hash: &str) -> Result<bool> {
        const SQL: &str = "DELETE FROM recovery_code WHERE account = $1 AND hash = $2";
        Ok(self.changed(SQL, row![account, hash]).await? == 1)
    }
}
