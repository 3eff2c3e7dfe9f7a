//! The provisional lane: what people say of a card in it, and the steps of every card's way.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        concession::{Concession, ConcessionId},
        framework::FrameworkId,
        lane::{Step, Voice},
        scope::ledger::Entry,
    },
    id::Id,
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

#[derive(FromRow)]
struct EntryRow {
    concession: ConcessionId,
    author: AccountId,
    language: String,
    version: i64,
    step: Word<Step>,
    camp: Option<String>,
    at: Millis,
}

impl Reader {
    /// Cards in the provisional lane, oldest first.
    pub async fn provisional_cards(
        &mut self,
        framework: FrameworkId,
        limit: i64,
    ) -> Result<Vec<ConcessionId>> {
        const SQL: &str = "SELECT id FROM concession WHERE framework = $1 AND state = 'provisional' ORDER BY created_at, id LIMIT $2";
        self.column(SQL, row![framework, limit]).await
    }

    /// What people say of a card that no moderator has decided about since, oldest first.
    pub async fn voices(&mut self, concession: ConcessionId) -> Result<Vec<Voice>> {
        const SQL: &str = "SELECT account, camp, version, territorial FROM scope_opinion
            WHERE concession = $1 AND cleared = FALSE ORDER BY version, at";
        let rows: Vec<(AccountId, String, i64, bool)> = self.all(SQL, row![concession]).await?;
        Ok(rows
            .into_iter()
            .map(|(account, camp, version, territorial)| Voice {
                account,
                camp,
                version,
                territorial,
            })
            .collect())
    }

    /// The steps of every card of a framework, in order.
    pub async fn scope_steps(&mut self, framework: FrameworkId) -> Result<Vec<Entry>> {
        const SQL: &str = "SELECT s.concession, c.author, c.language, s.version, s.step, s.camp, s.at
            FROM scope_step s JOIN concession c ON c.id = s.concession WHERE s.framework = $1 ORDER BY s.at, s.id";
        let rows = self.all::<EntryRow>(SQL, row![framework]).await?;
        let entry = |EntryRow {
                         concession,
                         author,
                         language,
                         version,
                         step,
                         camp,
                         at,
                     }: EntryRow| {
            Some(Entry {
                concession,
                author,
                language,
                version,
                step: step.known()?,
                camp,
                at,
            })
        };
        Ok(rows.into_iter().filter_map(entry).collect())
    }

    /// How long the last cards that were ranked had been in the lane, latest first.
    pub async fn lane_times(&mut self, framework: FrameworkId, limit: i64) -> Result<Vec<Millis>> {
        const SQL: &str = "SELECT CAST(r.at - MAX(p.at) AS BIGINT) FROM scope_step r
            JOIN scope_step p ON p.concession = r.concession AND p.step = 'provisional' AND p.at <= r.at
            WHERE r.framework = $1 AND r.step = 'ranked' GROUP BY r.id, r.at ORDER BY r.at DESC, r.id DESC LIMIT $2";
        self.column(SQL, row![framework, limit]).await
    }
}

impl Tx {
    /// Keeps somebody's word on a version of a card; a later one replaces it.
    pub async fn put_voice(
        &mut self,
        concession: ConcessionId,
        voice: &Voice,
        now: Millis,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO scope_opinion (concession, version, account, camp, territorial, cleared, at)
            VALUES ($1, $2, $3, $4, $5, FALSE, $6) ON CONFLICT (concession, version, account)
            DO UPDATE SET camp = excluded.camp, territorial = excluded.territorial, cleared = FALSE, at = excluded.at";
        let Voice {
            account,
            camp,
            version,
            territorial,
        } = voice;
        self.run(
            SQL,
            row![concession, version, account, camp, territorial, now],
        )
        .await
    }

    /// A moderator has decided: what people said before counts no more.
    pub async fn clear_voices(&mut self, concession: ConcessionId) -> Result<()> {
        const SQL: &str =
            "UPDATE scope_opinion SET cleared = TRUE WHERE concession = $1 AND cleared = FALSE";
        self.run(SQL, row![concession]).await
    }

    /// Keeps a step of a card's way.
    pub async fn insert_step(
        &mut self,
        card: &Concession,
        step: Step,
        camp: Option<&str>,
        at: Millis,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO scope_step (id, framework, concession, version, step, camp, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        self.run(
            SQL,
            row![
                Id::<Step>::new(),
                card.framework,
                card.id,
                card.version,
                Word::Known(step),
                camp,
                at
            ],
        )
        .await
    }
}
