//! Cards.
use std::collections::HashMap;

use sqlx::FromRow;

use super::{
    db::{Reader, Result, Tx},
    values::row,
    words::{Doc, Docs, Word},
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
}

impl From<Row> for Option<Concession> {
    fn from(row: Row) -> Self {
        let Row { title, body, in_return, verifier, deadline, receivers, category, points, language, .. } = row;
        let category = Word::if_any(category)?;
        let terms = Terms { title, body, in_return, verifier, trigger: deadline, receivers: receivers.0, category, points: points.0, language };
        Some(Concession {
            id: row.id,
            framework: row.framework,
            question: row.question,
            author: Author { id: row.author, handle: row.handle, display_name: row.display_name },
            terms,
            sources: row.sources.0,
            html: row.html,
            state: row.state.known()?,
            version: row.version,
            material: row.material,
            created_at: row.created_at,
            edited_at: row.edited_at,
            merged_into: row.merged_into,
            translations: vec![],
            sample: row.sample,
        })
    }
}

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

macro_rules! columns {
    () => {
        "SELECT c.id, c.framework, c.question, c.author, a.handle, a.display_name, c.title, c.body, c.html, c.in_return, c.verifier,
            c.deadline, c.receivers, c.category, c.points, c.sources, c.language, c.state, c.version, c.material, c.edited_at, c.merged_into,
            c.sample, c.created_at
        FROM concession c JOIN account a ON a.id = c.author "
    };
}

impl Reader {
    /// The card with this id.
    pub async fn concession(&mut self, id: ConcessionId) -> Result<Option<Concession>> {
        const SQL: &str = concat!(columns!(), "WHERE c.id = $1");
        let row = self.found::<Row>(SQL, row![id]).await?;
        Ok(self.translated(row.into_iter().filter_map(Into::into).collect()).await?.pop())
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

    /// A card's texts, oldest first, the present one last.
    pub async fn concession_versions(&mut self, id: ConcessionId) -> Result<Vec<CardVersion>> {
        const SQL: &str = "SELECT version, title, body, html, in_return, verifier, deadline, at FROM concession_version WHERE concession = $1
            UNION SELECT version, title, body, html, in_return, verifier, deadline, COALESCE(edited_at, created_at) FROM concession WHERE id = $1
            ORDER BY 1";
        self.all(SQL, row![id]).await
    }

    /// Where these cards stand and whether they take answers.
    pub async fn card_places(&mut self, ids: &[ConcessionId]) -> Result<HashMap<ConcessionId, CardPlace>> {
        let rows: Vec<(ConcessionId, FrameworkId, QuestionId, Word<ConcessionState>, i64, i64)> =
            self.rows_in("SELECT id, framework, question, state, version, material FROM concession WHERE id", ids).await?;
        let place = |(id, framework, question, state, version, material): (_, _, _, Word<_>, _, _)| {
            Some((id, CardPlace { id, framework, question, state: state.known()?, version, material }))
        };
        Ok(rows.into_iter().filter_map(place).collect())
    }

    /// A question's cards, oldest first, after a place; hidden ones too.
    pub async fn concessions(&mut self, question: QuestionId, after: (Millis, String), limit: i64) -> Result<Vec<Concession>> {
        const SQL: &str = concat!(columns!(), "WHERE c.question = $1 AND (c.created_at, c.id) > ($2, $3) ORDER BY c.created_at, c.id LIMIT $4");
        let cards = self.part(SQL, limit, after, |(at, id)| row![question, at, id, limit], |row: &Row| (row.created_at, row.id.to_string())).await?;
        self.translated(cards).await
    }

    /// These cards, in no order.
    pub async fn concessions_of(&mut self, ids: &[ConcessionId]) -> Result<Vec<Concession>> {
        let rows: Vec<Row> = self.rows_in(concat!(columns!(), "WHERE c.id"), ids).await?;
        self.translated(rows.into_iter().filter_map(Into::into).collect()).await
    }

    /// What an account proposed, newest first.
    pub async fn concessions_by(&mut self, author: AccountId, limit: i64) -> Result<Vec<Concession>> {
        const SQL: &str = concat!(columns!(), "WHERE c.author = $1 ORDER BY c.created_at DESC, c.id DESC LIMIT $2");
        let rows = self.all::<Row>(SQL, row![author, limit]).await?;
        self.translated(rows.into_iter().filter_map(Into::into).collect()).await
    }

    /// The cards of a question that rank, oldest first.
    pub async fn ranked_cards(&mut self, question: QuestionId) -> Result<Vec<ConcessionId>> {
        const SQL: &str = "SELECT id FROM concession WHERE question = $1 AND state = 'ranked' ORDER BY created_at, id";
        self.column(SQL, row![question]).await
    }
}

impl Tx {
    /// Keeps a new card.
    pub async fn insert_concession(&mut self, card: &Concession) -> Result<()> {
        const SQL: &str = "INSERT INTO concession (id, framework, question, author, title, body, html, in_return, verifier, deadline,
            receivers, category, points, sources, language, state, version, sample, created_at, material)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
        let Terms { title, body, in_return, verifier, trigger, receivers, category, points, language } = &card.terms;
        self.run(
            SQL,
            row![
                card.id,
                card.framework,
                card.question,
                card.author.id,
                title,
                body,
                card.html,
                in_return,
                verifier,
                trigger,
                Doc::Known(receivers),
                category.map(Word::Known),
                Doc::Known(points),
                Doc::Known(&card.sources),
                language,
                Word::Known(card.state),
                card.version,
                card.sample,
                card.created_at,
                card.material
            ],
        )
        .await?;
        self.index_card(card.id).await
    }

    /// Keeps a card's new terms and version, and those it had among its versions.
    pub async fn update_concession(&mut self, card: &Concession) -> Result<()> {
        const VERSION: &str = "INSERT INTO concession_version (concession, version, title, body, html, in_return, verifier, deadline, at)
            SELECT id, version, title, body, html, in_return, verifier, deadline, COALESCE(edited_at, created_at) FROM concession WHERE id = $1
            ON CONFLICT (concession, version) DO NOTHING";
        const SQL: &str = "UPDATE concession SET title = $2, body = $3, html = $4, in_return = $5, verifier = $6, deadline = $7, version = $8,
            material = $9, edited_at = $10 WHERE id = $1";
        self.run(VERSION, row![card.id]).await?;
        let Terms { title, body, in_return, verifier, trigger, .. } = &card.terms;
        self.run(SQL, row![card.id, title, body, card.html, in_return, verifier, trigger, card.version, card.material, card.edited_at]).await?;
        self.index_card(card.id).await
    }

    /// Sets a card's state.
    pub async fn set_concession_state(&mut self, id: ConcessionId, state: ConcessionState) -> Result<()> {
        const SQL: &str = "UPDATE concession SET state = $2 WHERE id = $1";
        self.run(SQL, row![id, Word::Known(state)]).await
    }
}
