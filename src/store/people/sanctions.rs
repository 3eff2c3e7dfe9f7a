//! Sanctions: limits on accounts, by a decision.
use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId, moderation::Sanction},
    store::{
        db::{Reader, Result, Tx},
        values::row,
    },
};

impl Reader {
    /// Whether a sanction is in force anywhere.
    pub async fn is_barred(&mut self, account: AccountId, now: Millis) -> Result<bool> {
        const SQL: &str =
            "SELECT COUNT(*) FROM sanction WHERE account = $1 AND (until IS NULL OR until > $2)";
        let count: i64 = self.sole(SQL, row![account, now]).await?;
        Ok(count > 0)
    }

    /// The limit an account is under, in force or over.
    pub async fn sanction(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
    ) -> Result<Option<Sanction>> {
        const SQL: &str =
            "SELECT until, decision FROM sanction WHERE framework = $1 AND account = $2";
        let row: Option<(Option<Millis>, String)> =
            self.found(SQL, row![framework, account]).await?;
        Ok(row.map(|(until, decision)| Sanction { until, decision }))
    }
}

impl Tx {
    /// Puts an account under a sanction.
    pub async fn put_sanction(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
        until: Option<Millis>,
        decision: &str,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO sanction (framework, account, until, decision) VALUES ($1, $2, $3, $4)
            ON CONFLICT (framework, account) DO UPDATE SET until = excluded.until, decision = excluded.decision";
        self.run(SQL, row![framework, account, until, decision])
            .await
    }

    /// Ends a sanction; false where there is none.
    pub async fn delete_sanction(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
    ) -> Result<bool> {
        const SQL: &str = "DELETE FROM sanction WHERE framework = $1 AND account = $2";
        Ok(self.changed(SQL, row![framework, account]).await? == 1)
    }
}
