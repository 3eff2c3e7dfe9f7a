//! Reports and notices of one thing together: how many are open, and what answers them.
use crate::{
    domain::{
        Millis,
        moderation::{Reason, ThingId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

impl Reader {
    /// How many open reports of a thing there are, by reason, and when the first was made.
    pub async fn report_counts(&mut self, object: ThingId) -> Result<Vec<(Reason, i64, Millis)>> {
        const SQL: &str = "SELECT reason, COUNT(*), MIN(at) FROM report WHERE object = $1 AND closed_by IS NULL GROUP BY reason";
        self.counts(SQL, object).await
    }

    /// How many open notices of a thing there are, by reason, and when the first was made.
    pub async fn notice_counts(&mut self, object: ThingId) -> Result<Vec<(Reason, i64, Millis)>> {
        const SQL: &str = "SELECT reason, COUNT(*), MIN(at) FROM public_notice WHERE object = $1 AND closed_by IS NULL GROUP BY reason";
        self.counts(SQL, object).await
    }

    async fn counts(
        &mut self,
        text: &'static str,
        object: ThingId,
    ) -> Result<Vec<(Reason, i64, Millis)>> {
        let rows: Vec<(Word<Reason>, i64, Millis)> = self.all(text, row![object]).await?;
        Ok(rows
            .into_iter()
            .filter_map(|(reason, count, first)| Some((reason.known()?, count, first)))
            .collect())
    }
}

impl Tx {
    /// Answers the open reports and notices of a thing by a decision.
    pub async fn close_reports(&mut self, object: ThingId, decision: &str) -> Result<()> {
        const REPORTS: &str =
            "UPDATE report SET closed_by = $2 WHERE object = $1 AND closed_by IS NULL";
        const NOTICES: &str =
            "UPDATE public_notice SET closed_by = $2 WHERE object = $1 AND closed_by IS NULL";
        for text in [REPORTS, NOTICES] {
            self.run(text, row![object, decision]).await?;
        }
        Ok(())
    }

    /// Answers the open reports and notices of a thing by that its author took it back.
    pub async fn close_taken_back(&mut self, object: ThingId, now: Millis) -> Result<()> {
        const REPORTS: &str = "UPDATE report SET closed_by = '', taken_back_at = $2 WHERE object = $1 AND closed_by IS NULL";
        const NOTICES: &str = "UPDATE public_notice SET closed_by = '', taken_back_at = $2 WHERE object = $1 AND closed_by IS NULL";
        for text in [REPORTS, NOTICES] {
            self.run(text, row![object, now]).await?;
        }
        Ok(())
    }

    /// Opens again what a decision had answered.
    pub async fn reopen_reports(&mut self, decision: &str) -> Result<()> {
        for text in [
            "UPDATE report SET closed_by = NULL WHERE closed_by = $1",
            "UPDATE public_notice SET closed_by = NULL WHERE closed_by = $1",
        ] {
            self.run(text, row![decision]).await?;
        }
        Ok(())
    }
}
