//! Cards, as they are read.
mod holds;
mod lane;
mod translations;
mod versions;
mod writing;

use sqlx::FromRow;

pub use self::{
    holds::Hold,
    versions::{CardPlace, CardVersion},
};
use super::{
    db::{Reader, Result},
    values::row,
    words::{Docs, Word},
};
use crate::domain::{
    Millis,
    account::{AccountId, Author},
    concession::{Category, Concession, ConcessionId, ConcessionState, Terms},
    framework::{FrameworkId, QuestionId, Source},
};

#[derive(FromRow)]
struct Row {
    id: ConcessionId,
    framework: FrameworkId,
    question: QuestionId,
    author: AccountId,
    handle: String,
    display_name: Option<String>,
    title: String,
    body: String,
    html: String,
    in_return: Option<String>,
    verifier: String,
    deadline: Option<String>,
    receivers: Docs<String>,
    category: Option<Word<Category>>,
    points: Docs<u32>,
    sources: Docs<Source>,
    language: String,
    state: Word<ConcessionState>,
    version: i64,
    material: i64,
    edited_at: Option<Millis>,
    merged_into: Option<ConcessionId>,
    sample: bool,
    created_at: Millis,
    opens_at: Millis,
    fixed: bool,
    grew_out_of: Option<ConcessionId>,
    successor: Option<ConcessionId>,
    line: Option<ConcessionId>,
}

impl From<Row> for Option<Concession> {
    fn from(row: Row) -> Self {
        let category = Word::if_any(row.category)?;
        let terms = Terms {
            title: row.title,
            body: row.body,
            in_return: row.in_return,
            verifier: row.verifier,
            trigger: row.deadline,
            receivers: row.receivers.0,
            category,
            points: row.points.0,
            language: row.language,
        };
        Some(Concession {
            id: row.id,
            framework: row.framework,
            question: row.question,
            author: Author {
                id: row.author,
                handle: row.handle,
                display_name: row.display_name,
            },
            terms,
            sources: row.sources.0,
            html: row.html,
            state: row.state.known()?,
            version: row.version,
            material: row.material,
            created_at: row.created_at,
            opens_at: row.opens_at,
            fixed: row.fixed,
            grew_out_of: row.grew_out_of,
            successor: row.successor,
            line: row.line.unwrap_or(row.id),
            edited_at: row.edited_at,
            merged_into: row.merged_into,
            translations: vec![],
            sample: row.sample,
        })
    }
}

macro_rules! columns {
    () => {
        "SELECT c.id, c.framework, c.question, c.author, a.handle, a.display_name, c.title, c.body, c.html, c.in_return, c.verifier,
            c.deadline, c.receivers, c.category, c.points, c.sources, c.language, c.state, c.version, c.material, c.edited_at, c.merged_into,
            c.sample, c.created_at, c.opens_at, c.fixed, c.grew_out_of, c.line,
            (SELECT s.id FROM concession s WHERE s.grew_out_of = c.id AND s.state IN ('provisional', 'ranked')
                ORDER BY s.created_at, s.id LIMIT 1) AS successor
        FROM concession c JOIN account a ON a.id = c.author "
    };
}

impl Reader {
    /// The card with this id.
    pub async fn concession(&mut self, id: ConcessionId) -> Result<Option<Concession>> {
        const SQL: &str = concat!(columns!(), "WHERE c.id = $1");
        let row = self.found::<Row>(SQL, row![id]).await?;
        Ok(self
            .translated(row.into_iter().filter_map(Into::into).collect())
            .await?
            .pop())
    }

    /// Cards with their translations.
    async fn translated(&mut self, mut cards: Vec<Concession>) -> Result<Vec<Concession>> {
        let ids: Vec<ConcessionId> = cards.iter().map(|card| card.id).collect();
        let mut translations = self.translations_of(&ids).await?;
        for card in &mut cards {
            card.translations = translations.remove(&card.id).unwrap_or_default();
        }
        Ok(cards)
    }

    /// A question's cards, oldest first, after a place; hidden ones too.
    pub async fn concessions(
        &mut self,
        question: QuestionId,
        after: (Millis, String),
        limit: i64,
    ) -> Result<Vec<Concession>> {
        const SQL: &str = concat!(
            columns!(),
            "WHERE c.question = $1 AND (c.created_at, c.id) > ($2, $3) ORDER BY c.created_at, c.id LIMIT $4"
        );
        let cards = self
            .part(
                SQL,
                limit,
                after,
                |(at, id)| row![question, at, id, limit],
                |row: &Row| (row.created_at, row.id.to_string()),
            )
            .await?;
        self.translated(cards).await
    }

    /// These cards, in no order.
    pub async fn concessions_of(&mut self, ids: &[ConcessionId]) -> Result<Vec<Concession>> {
        let rows: Vec<Row> = self.rows_in(concat!(columns!(), "WHERE c.id"), ids).await?;
        self.translated(rows.into_iter().filter_map(Into::into).collect())
            .await
    }

    /// What grew out of a card and was neither withdrawn nor taken from view.
    pub async fn successor(&mut self, of: ConcessionId) -> Result<Option<ConcessionId>> {
        const SQL: &str = "SELECT id FROM concession WHERE grew_out_of = $1
            AND state IN ('held', 'provisional', 'ranked') ORDER BY created_at, id LIMIT 1";
        self.value(SQL, row![of]).await
    }

    /// What an account proposed, newest first.
    pub async fn concessions_by(
        &mut self,
        author: AccountId,
        limit: i64,
    ) -> Result<Vec<Concession>> {
        const SQL: &str = concat!(
            columns!(),
            "WHERE c.author = $1 ORDER BY c.created_at DESC, c.id DESC LIMIT $2"
        );
        let rows = self.all::<Row>(SQL, row![author, limit]).await?;
        self.translated(rows.into_iter().filter_map(Into::into).collect())
            .await
    }

    /// The cards of a question that rank, oldest line first.
    pub async fn ranked_cards(&mut self, question: QuestionId) -> Result<Vec<ConcessionId>> {
        const SQL: &str = "SELECT id FROM concession WHERE question = $1 AND state = 'ranked' ORDER BY COALESCE(line, id), created_at, id";
        self.column(SQL, row![question]).await
    }
}
