//! Appeals against decisions.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        framework::FrameworkId,
        moderation::{AppealState, ThingId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

/// An objection to a decision.
#[derive(Clone, Debug)]
pub struct Appeal {
    /// Its id.
    pub id: String,
    /// Where.
    pub framework: FrameworkId,
    /// To what.
    pub decision: String,
    /// Whose.
    pub account: AccountId,
    /// Why.
    pub statement: String,
    /// When.
    pub at: Millis,
    /// What became of it.
    pub state: AppealState,
    /// What was answered.
    pub answer: Option<String>,
    /// Who decided about it; never shown.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Millis>,
}

#[derive(FromRow)]
struct AppealRow {
    id: String,
    framework: FrameworkId,
    decision: String,
    account: AccountId,
    statement: String,
    at: Millis,
    state: Word<AppealState>,
    answer: Option<String>,
    decided_by: Option<AccountId>,
    decided_at: Option<Millis>,
}

impl From<AppealRow> for Option<Appeal> {
    fn from(row: AppealRow) -> Self {
        Some(Appeal {
            id: row.id,
            framework: row.framework,
            decision: row.decision,
            account: row.account,
            statement: row.statement,
            at: row.at,
            state: row.state.known()?,
            answer: row.answer,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        })
    }
}

macro_rules! appeal_columns {
    () => {
        "SELECT id, framework, decision, account, statement, at, state, answer, decided_by, decided_at FROM appeal "
    };
}

impl Reader {
    /// The appeal with this id.
    pub async fn appeal(&mut self, id: &str) -> Result<Option<Appeal>> {
        const SQL: &str = concat!(appeal_columns!(), "WHERE id = $1");
        Ok(self
            .found::<AppealRow>(SQL, row![id])
            .await?
            .and_then(Into::into))
    }

    /// The appeal against a decision.
    pub async fn appeal_against(&mut self, decision: &str) -> Result<Option<Appeal>> {
        const SQL: &str = concat!(appeal_columns!(), "WHERE decision = $1");
        Ok(self
            .found::<AppealRow>(SQL, row![decision])
            .await?
            .and_then(Into::into))
    }

    /// The appeals against these decisions.
    pub async fn appeals_against(&mut self, decisions: &[String]) -> Result<Vec<Appeal>> {
        let rows: Vec<AppealRow> = self
            .rows_in(concat!(appeal_columns!(), "WHERE decision"), decisions)
            .await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Since when open appeals wait that are about decisions on a thing.
    pub async fn open_appeals(&mut self, object: ThingId) -> Result<Vec<Millis>> {
        const SQL: &str = "SELECT p.at FROM appeal p JOIN decision d ON d.id = p.decision WHERE d.object = $1 AND p.state = 'open'";
        self.column(SQL, row![object]).await
    }
}

impl Tx {
    /// Keeps an appeal; false where there is one against this decision.
    pub async fn insert_appeal(&mut self, appeal: &Appeal) -> Result<bool> {
        const SQL: &str = "INSERT INTO appeal (id, framework, decision, account, statement, at, state) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (decision) DO NOTHING";
        let rows = self
            .changed(
                SQL,
                row![
                    appeal.id,
                    appeal.framework,
                    appeal.decision,
                    appeal.account,
                    appeal.statement,
                    appeal.at,
                    Word::Known(appeal.state)
                ],
            )
            .await?;
        Ok(rows == 1)
    }

    /// Keeps what became of an appeal.
    pub async fn update_appeal(&mut self, appeal: &Appeal) -> Result<()> {
        const SQL: &str = "UPDATE appeal SET state = $2, answer = $3, decided_by = $4, decided_at = $5 WHERE id = $1";
        self.run(
            SQL,
            row![
                appeal.id,
                Word::Known(appeal.state),
                appeal.answer,
                appeal.decided_by,
                appeal.decided_at
            ],
        )
        .await
    }
}
