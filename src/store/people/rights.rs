//! Whose rights changed, and when: nodes that no hint reached read it here.
use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId},
    store::{
        db::{Reader, Result, Tx},
        values::row,
    },
};

impl Reader {
    /// Accounts and frameworks where rights changed since a time, each with the time of its last
    /// change.
    pub async fn rights_changed_since(&mut self, since: Millis) -> Result<Vec<(String, Millis)>> {
        const SQL: &str = "SELECT subject, at FROM rights_change WHERE at > $1";
        self.all(SQL, row![since]).await
    }
}

impl Tx {
    /// Notes that an account's rights change with this transaction.
    pub async fn note_account_rights(&mut self, account: AccountId, now: Millis) -> Result<()> {
        self.note_rights_change(format!("account/{account}"), now)
            .await
    }

    /// As [`Tx::note_account_rights`], of everyone in a framework.
    pub async fn note_reader_rights(&mut self, framework: FrameworkId, now: Millis) -> Result<()> {
        self.note_rights_change(format!("framework/{framework}"), now)
            .await
    }

    /// Notes that the rights of an account, or of everyone in a framework, change with this
    /// transaction.
    pub async fn note_rights_change(&mut self, subject: impl ToString, now: Millis) -> Result<()> {
        // A second change within a millisecond has a time of its own, so that nobody takes it for
        // the first.
        const SQL: &str = "INSERT INTO rights_change (subject, at) VALUES ($1, $2) ON CONFLICT (subject) DO UPDATE
            SET at = CASE WHEN excluded.at > rights_change.at THEN excluded.at ELSE rights_change.at + 1 END";
        self.run(SQL, row![subject.to_string(), now]).await
    }
}
