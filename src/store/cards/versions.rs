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
    /// From when it takes answers.
    pub opens_at: Millis,
    /// Whether its words are fixed.
    pub fixed: bool,
}

#[derive(FromRow)]
struct PlaceRow {
    id: ConcessionId,
    framework: FrameworkId,
    question: QuestionId,
    state: Word<ConcessionState>,
    version: i64,
    material: i64,
    opens_at: Millis,
    fixed: bool,
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
        const SQL: &str = "SELECT id, framework, question, state, version, material, opens_at,
            fixed FROM concession WHERE id";
        let rows: Vec<PlaceRow> = self.rows_in(SQL, ids).await?;
        let place = |row: PlaceRow| {
            let place = CardPlace {
                id: row.id,
                framework: row.framework,
                question: row.question,
                state: row.state.known()?,
                version: row.version,
                material: row.material,
                opens_at: row.opens_at,
                fixed: row.fixed,
            };
            Some((row.id, place))
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
