//! Translations of cards.
use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use crate::{
    domain::{
        Millis,
        account::{AccountId, Author},
        concession::ConcessionId,
        translation::{Translation, TranslationId, TranslationState},
    },
    store::{
        db::{Reader, Result, Tx, sql},
        many::Many,
        values::row,
        words::Word,
    },
};

#[derive(FromRow)]
struct Row {
    id: TranslationId,
    concession: ConcessionId,
    language: String,
    version: i64,
    title: String,
    body: String,
    html: String,
    in_return: Option<String>,
    verifier: Option<String>,
    deadline: Option<String>,
    author: AccountId,
    handle: String,
    display_name: Option<String>,
    state: Word<TranslationState>,
    reviewer: Option<AccountId>,
    at: Millis,
    imported: bool,
}

impl From<Row> for Option<Translation> {
    fn from(row: Row) -> Self {
        let author = Author {
            id: row.author,
            handle: row.handle,
            display_name: row.display_name,
        };
        let (trigger, state) = (row.deadline, row.state.known()?);
        Some(Translation {
            id: row.id,
            concession: row.concession,
            language: row.language,
            version: row.version,
            title: row.title,
            body: row.body,
            html: row.html,
            in_return: row.in_return,
            verifier: row.verifier,
            trigger,
            author,
            state,
            reviewer: row.reviewer,
            at: row.at,
            imported: row.imported,
        })
    }
}

impl Reader {
    /// The translations of cards, oldest first; cards without are absent.
    pub async fn translations_of(
        &mut self,
        cards: &[ConcessionId],
    ) -> Result<HashMap<ConcessionId, Vec<Translation>>> {
        const SQL: &str = "SELECT t.id, t.concession, t.language, t.version, t.title, t.body, t.html, t.in_return, t.verifier, t.deadline,
            t.author, a.handle, a.display_name, t.state, t.reviewer, t.at, a.sample AS imported FROM translation t JOIN account a ON a.id = t.author
            WHERE t.state <> 'withdrawn' AND t.concession";
        if cards.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<Row> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(SQL);
            Db::push_in(&mut query, cards);
            query
                .push(" ORDER BY t.at, t.id")
                .build_query_as()
                .fetch_all(conn)
                .await
        })?;
        let mut found: HashMap<ConcessionId, Vec<Translation>> = HashMap::new();
        for translation in rows.into_iter().filter_map(Option::<Translation>::from) {
            found
                .entry(translation.concession)
                .or_default()
                .push(translation);
        }
        Ok(found)
    }
}

impl Tx {
    /// Keeps a translation.
    pub async fn insert_translation(&mut self, translation: &Translation) -> Result<()> {
        const SQL: &str = "INSERT INTO translation (id, concession, language, version, title, body, html, in_return, verifier, deadline,
            author, state, reviewer, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        self.run(
            SQL,
            row![
                translation.id,
                translation.concession,
                translation.language,
                translation.version,
                translation.title,
                translation.body,
                translation.html,
                translation.in_return,
                translation.verifier,
                translation.trigger,
                translation.author.id,
                Word::Known(translation.state),
                translation.reviewer,
                translation.at
            ],
        )
        .await?;
        self.index_card(translation.concession).await
    }

    /// Notes that somebody found a translation true, with the first viewpoint they had when they said
    /// so; the viewpoints of all who did.
    pub async fn found_true(
        &mut self,
        id: TranslationId,
        account: AccountId,
        camp: Option<&str>,
        now: Millis,
    ) -> Result<Vec<Option<String>>> {
        const SQL: &str = "INSERT INTO translation_review (translation, account, camp, at)
            VALUES ($1, $2, $3, $4) ON CONFLICT (translation, account)
            DO UPDATE SET camp = COALESCE(translation_review.camp, excluded.camp)";
        const CAMPS: &str = "SELECT camp FROM translation_review WHERE translation = $1";
        let camp = camp.map(str::to_owned);
        self.run(SQL, row![id, account, camp, now]).await?;
        self.column(CAMPS, row![id]).await
    }

    /// Sets a translation's state, and by whom.
    pub async fn set_translation_state(
        &mut self,
        id: TranslationId,
        state: TranslationState,
        reviewer: Option<AccountId>,
    ) -> Result<()> {
        const SQL: &str = "UPDATE translation SET state = $2, reviewer = $3 WHERE id = $1";
        const CARD: &str = "SELECT concession FROM translation WHERE id = $1";
        self.run(SQL, row![id, Word::Known(state), reviewer])
            .await?;
        let card: Option<ConcessionId> = self.value(CARD, row![id]).await?;
        match card {
            Some(card) => self.index_card(card).await,
            None => Ok(()),
        }
    }
}
