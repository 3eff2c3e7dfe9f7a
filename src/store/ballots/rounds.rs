//! Rounds: moving a question between them, what came out of each, and who may audit them.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        framework::{FrameworkId, Question, QuestionId},
        round::Frozen,
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Word, small},
    },
};

/// What came out of one round.
#[derive(Clone, Debug)]
pub struct RoundRow {
    /// Of which question.
    pub question: QuestionId,
    /// Which round.
    pub round: u32,
    /// When it was opened, where that is known.
    pub opened_at: Option<Millis>,
    /// When it was closed.
    pub closed_at: Millis,
    /// How many ballots were in.
    pub ballots: i64,
    /// The root over their commitments, in hexadecimal.
    pub root: String,
    /// What was published.
    pub frozen: Frozen,
}

#[derive(FromRow)]
struct Row {
    question: QuestionId,
    round: i64,
    opened_at: Option<Millis>,
    closed_at: Millis,
    ballots: i64,
    root: String,
    result: Doc<Frozen>,
}

impl From<Row> for Option<RoundRow> {
    fn from(row: Row) -> Self {
        Some(RoundRow {
            question: row.question,
            round: small(row.round),
            opened_at: row.opened_at,
            closed_at: row.closed_at,
            ballots: row.ballots,
            root: row.root,
            frozen: row.result.known()?,
        })
    }
}

impl Reader {
    /// What came out of a question's rounds, newest first.
    pub async fn rounds(&mut self, question: QuestionId) -> Result<Vec<RoundRow>> {
        const SQL: &str =
            "SELECT question, round, opened_at, closed_at, ballots, root, result FROM round_result
            WHERE question = $1 ORDER BY round DESC";
        let rows = self.all::<Row>(SQL, row![question]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// What came out of one round; `None` while it is open.
    pub async fn round(&mut self, question: QuestionId, round: u32) -> Result<Option<RoundRow>> {
        const SQL: &str =
            "SELECT question, round, opened_at, closed_at, ballots, root, result FROM round_result
            WHERE question = $1 AND round = $2";
        let row = self.found::<Row>(SQL, row![question, round]).await?;
        Ok(row.and_then(Into::into))
    }

    /// The commitments of a closed round's ballots, in hexadecimal, one after the other in the
    /// order of the tree.
    pub async fn leaves(&mut self, question: QuestionId, round: u32) -> Result<Option<String>> {
        const SQL: &str = "SELECT leaves FROM round_result WHERE question = $1 AND round = $2";
        self.value(SQL, row![question, round]).await
    }

    /// The questions whose closing time has come.
    pub async fn due_questions(&mut self, now: Millis) -> Result<Vec<(FrameworkId, QuestionId)>> {
        const SQL: &str = "SELECT framework, id FROM question WHERE state = 'open' AND closes_at <= $1 ORDER BY closes_at, id";
        self.all(SQL, row![now]).await
    }

    /// Whether somebody may fetch the ballot files of a framework.
    pub async fn audits(&mut self, framework: FrameworkId, account: AccountId) -> Result<bool> {
        const SQL: &str = "SELECT COUNT(*) FROM auditor WHERE framework = $1 AND account = $2";
        let found: i64 = self.sole(SQL, row![framework, account]).await?;
        Ok(found > 0)
    }
}

impl Tx {
    /// Keeps a question's round: its number, state, reveal and times.
    pub async fn set_round(&mut self, question: &Question) -> Result<()> {
        const SQL: &str = "UPDATE question SET state = $2, round = $3, reveal = $4, opened_at = $5, closes_at = $6, closed_at = $7 WHERE id = $1";
        self.run(
            SQL,
            row![
                question.id,
                Word::Known(question.state),
                question.round,
                Word::Known(question.reveal),
                question.opened_at,
                question.closes_at,
                question.closed_at
            ],
        )
        .await
    }

    /// Keeps what came out of a round, with its ballots' commitments in hexadecimal.
    pub async fn insert_round(&mut self, row: &RoundRow, leaves: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO round_result (question, round, opened_at, closed_at, ballots, root, leaves, result)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        self.run(
            SQL,
            row![
                row.question,
                row.round,
                row.opened_at,
                row.closed_at,
                row.ballots,
                row.root,
                leaves,
                Doc::Known(&row.frozen)
            ],
        )
        .await
    }

    /// Lets somebody fetch the ballot files of a framework, or no longer.
    pub async fn set_auditor(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
        audits: bool,
        now: Millis,
    ) -> Result<()> {
        const ADD: &str = "INSERT INTO auditor (framework, account, appointed_at) VALUES ($1, $2, $3) ON CONFLICT (framework, account) DO NOTHING";
        const REMOVE: &str = "DELETE FROM auditor WHERE framework = $1 AND account = $2";
        if audits {
            self.run(ADD, row![framework, account, now]).await?;
        } else {
            self.run(REMOVE, row![framework, account]).await?;
        }
        Ok(())
    }
}
