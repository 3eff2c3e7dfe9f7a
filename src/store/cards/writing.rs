//! New cards, their new terms, and what becomes of them.
use crate::{
    domain::concession::{Concession, ConcessionId, ConcessionState, Terms},
    store::{
        db::{Result, Tx},
        values::row,
        words::{Doc, Word},
    },
};

impl Tx {
    /// Keeps a new card.
    pub async fn insert_concession(&mut self, card: &Concession) -> Result<()> {
        const SQL: &str = "INSERT INTO concession (id, framework, question, author, title, body, html, in_return, verifier, deadline,
            receivers, category, points, sources, language, state, version, sample, created_at, material, opens_at, grew_out_of, line)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)";
        let Terms {
            title,
            body,
            in_return,
            verifier,
            trigger,
            receivers,
            category,
            points,
            language,
        } = &card.terms;
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
                card.material,
                card.opens_at,
                card.grew_out_of,
                (card.line != card.id).then_some(card.line)
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
        let Terms {
            title,
            body,
            in_return,
            verifier,
            trigger,
            ..
        } = &card.terms;
        self.run(
            SQL,
            row![
                card.id,
                title,
                body,
                card.html,
                in_return,
                verifier,
                trigger,
                card.version,
                card.material,
                card.edited_at
            ],
        )
        .await?;
        self.index_card(card.id).await
    }

    /// Fixes a card's words, if they are not.
    pub async fn fix_words(&mut self, id: ConcessionId) -> Result<()> {
        const SQL: &str = "UPDATE concession SET fixed = TRUE WHERE id = $1 AND NOT fixed";
        self.run(SQL, row![id]).await
    }

    /// Sets a card's state.
    pub async fn set_concession_state(
        &mut self,
        id: ConcessionId,
        state: ConcessionState,
    ) -> Result<()> {
        const SQL: &str = "UPDATE concession SET state = $2 WHERE id = $1";
        self.run(SQL, row![id, Word::Known(state)]).await
    }

    /// Marks a card as united with another.
    pub async fn set_merged(&mut self, id: ConcessionId, into: ConcessionId) -> Result<()> {
        const SQL: &str = "UPDATE concession SET state = $2, merged_into = $3 WHERE id = $1";
        self.run(SQL, row![id, Word::Known(ConcessionState::Merged), into])
            .await
    }

    /// A card stands by itself again.
    pub async fn clear_merged(&mut self, id: ConcessionId) -> Result<()> {
        const SQL: &str = "UPDATE concession SET merged_into = NULL WHERE id = $1";
        self.run(SQL, row![id]).await
    }
}
