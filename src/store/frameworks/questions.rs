//! Questions: what is asked on a point.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        framework::{FrameworkId, Localized, Question, QuestionId, QuestionState, Reveal},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Word, small},
    },
};

#[derive(FromRow)]
struct QuestionRow {
    id: QuestionId,
    framework: FrameworkId,
    key: String,
    giver: String,
    point: i64,
    prompt: Doc<Localized>,
    state: Word<QuestionState>,
    round: i64,
    reveal: Word<Reveal>,
    ballot_seq: i64,
    cards: i64,
    opened_at: Option<Millis>,
    closes_at: Option<Millis>,
    closed_at: Option<Millis>,
}

impl From<QuestionRow> for Option<Question> {
    fn from(row: QuestionRow) -> Self {
        let (point, round) = (small(row.point), small(row.round));
        let (prompt, state, reveal) =
            (row.prompt.known()?, row.state.known()?, row.reveal.known()?);
        Some(Question {
            id: row.id,
            framework: row.framework,
            key: row.key,
            giver: row.giver,
            point,
            prompt,
            state,
            round,
            reveal,
            cards: row.cards,
            ballot_seq: row.ballot_seq,
            opened_at: row.opened_at,
            closes_at: row.closes_at,
            closed_at: row.closed_at,
        })
    }
}

// `cards` counts what everyone sees.
macro_rules! question_columns {
    () => {
        "SELECT q.id, q.framework, q.key, q.giver, q.point, q.prompt, q.state, q.round, q.reveal, q.ballot_seq, q.opened_at, q.closes_at, q.closed_at,
            (SELECT COUNT(*) FROM concession c WHERE c.question = q.id AND c.state IN ('ranked', 'provisional')) AS cards
        FROM question q "
    };
}

impl Reader {
    /// A framework's questions in the order they were imported.
    pub async fn questions(&mut self, framework: FrameworkId) -> Result<Vec<Question>> {
        const SQL: &str = concat!(question_columns!(), "WHERE q.framework = $1 ORDER BY q.id");
        let rows = self.all::<QuestionRow>(SQL, row![framework]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// These questions, in no order.
    pub async fn questions_of(&mut self, ids: &[QuestionId]) -> Result<Vec<Question>> {
        let rows: Vec<QuestionRow> = self
            .rows_in(concat!(question_columns!(), "WHERE q.id"), ids)
            .await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// The question with this id.
    pub async fn question(&mut self, id: QuestionId) -> Result<Option<Question>> {
        const SQL: &str = concat!(question_columns!(), "WHERE q.id = $1");
        Ok(self
            .found::<QuestionRow>(SQL, row![id])
            .await?
            .and_then(Into::into))
    }
}

impl Tx {
    pub(super) async fn insert_question(&mut self, question: &Question) -> Result<()> {
        const SQL: &str = "INSERT INTO question (id, framework, key, giver, point, prompt, state, round, reveal, ballot_seq, opened_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        self.run(
            SQL,
            row![
                question.id,
                question.framework,
                question.key,
                question.giver,
                question.point,
                Doc::Known(&question.prompt),
                Word::Known(question.state),
                question.round,
                Word::Known(question.reveal),
                question.ballot_seq,
                question.opened_at
            ],
        )
        .await
    }

    /// Keeps how many changes a question's ballots have had.
    pub async fn set_ballot_seq(&mut self, question: QuestionId, seq: i64) -> Result<()> {
        const SQL: &str = "UPDATE question SET ballot_seq = $2 WHERE id = $1";
        self.run(SQL, row![question, seq]).await
    }
}
