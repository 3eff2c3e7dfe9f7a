//! Which version of a card stands, and what earlier ones said.
use std::collections::HashMap;

use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        concession::{ConcessionId, ConcessionState},
        framework::{FrameworkId, QuestionId},
    },
    store::{
        db::{Reader, Result},
        values::row,
        words::Word,
    },
};

/// What an answer must know of its card.
#[derive(Clone, Copy, Debug)]
pub struct CardPlace {
    /// The card.
    pub id: ConcessionId,
    /// Where it stands.
    pub framework: FrameworkId,
    /// The question it answers.
    pub question: QuestionId,
    /// Whether it takes answers.
    pub state: ConcessionState,
    /// Its version now.
    pub version: i64,
    /// The oldest version that says the same, and can be judged too.
    pub material: i64,
}

/// A text a card has or had.
#[derive(Clone, Debug, FromRow)]
pub struct CardVersion {
    /// Which.
    pub version: i64,
    /// In one line.
    pub title: String,
    /// What would be done.
    pub body: String,
    /// The body as shown.
    pub html: String,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: String,
    /// By when or on what event.
    pub deadline: Option<String>,
    /// When it was written.
    pub at: Millis,
}

impl Reader {
    /// Where these cards stand and whether they take answers.
    pub async fn card_places(
        &mut self,
        ids: &[ConcessionId],
    ) -> Result<HashMap<ConcessionId, CardPlace>> {
        let rows: Vec<(
            ConcessionId,
            FrameworkId,
            QuestionId,
            Word<ConcessionState>,
            i64,
            i64,
        )> = self
            .rows_in(
                "SELECT id, framework, question, state, version, material FROM concession WHERE id",
                ids,
            )
            .await?;
        let place =
            |(id, framework, question, state, version, material): (_, _, _, Word<_>, _, _)| {
                Some((
                    id,
                    CardPlace {
                        id,
                        framework,
                        question,
                        state: state.known()?,
                        version,
                        material,
                    },
                ))
            };
        Ok(rows.into_iter().filter_map(place).collect())
    }

    /// A card's texts, oldest first, the present one last.
    pub async fn concession_versions(&mut self, id: ConcessionId) -> Result<Vec<CardVersion>> {
        const SQL: &str = "SELECT version, title, body, html, in_return, verifier, deadline, at FROM concession_version WHERE concession = $1
            UNION SELECT version, title, body, html, in_return, verifier, deadline, COALESCE(edited_at, created_at) FROM concession WHERE id = $1
            ORDER BY 1";
        self.all(SQL, row![id]).await
    }
}
