//! What waits for moderators: one row for each thing.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        framework::FrameworkId,
        moderation::{Because, Kind, Object, ThingId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Docs, Word},
    },
};

/// A thing that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub object: Object,
    /// On or under which point.
    pub point: Option<u32>,
    /// In which language.
    pub language: Option<String>,
    /// How soon somebody should look.
    pub score: i64,
    /// Why.
    pub because: Vec<Because>,
    /// Since when.
    pub opened_at: Millis,
    /// Who looks at it now, until when.
    pub claim: Option<(AccountId, Millis)>,
}

/// A place in the queue: score, time, object.
pub type QueuePlace = (i64, Millis, String);

/// Which part of the queue.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    /// On or under this point.
    pub point: Option<u32>,
    /// In this language.
    pub language: Option<String>,
}

#[derive(FromRow)]
struct Row {
    object: ThingId,
    kind: Word<Kind>,
    point: Option<i64>,
    language: Option<String>,
    score: i64,
    because: Docs<Because>,
    opened_at: Millis,
    claimed_by: Option<AccountId>,
    claimed_until: Option<Millis>,
}

impl From<Row> for Option<Waiting> {
    fn from(row: Row) -> Self {
        let point = row.point.and_then(|number| u32::try_from(number).ok());
        let object = Object::of(row.kind.known()?, row.object);
        Some(Waiting {
            object,
            point,
            language: row.language,
            score: row.score,
            because: row.because.0,
            opened_at: row.opened_at,
            claim: row.claimed_by.zip(row.claimed_until),
        })
    }
}

macro_rules! columns {
    () => {
        "SELECT object, kind, point, language, score, because, opened_at, claimed_by, claimed_until FROM queue_item "
    };
}

impl Reader {
    /// A part of what waits in a framework, most urgent first, after a place.
    pub async fn queue(
        &mut self,
        framework: FrameworkId,
        filter: &QueueFilter,
        after: QueuePlace,
        limit: i64,
    ) -> Result<Vec<Waiting>> {
        const SQL: &str = concat!(
            columns!(),
            "WHERE framework = $1 AND score <= $2 AND (score < $2 OR (opened_at, object) > ($3, $4))
                AND ($5 IS NULL OR point = $5) AND ($6 IS NULL OR language = $6) ORDER BY score DESC, opened_at, object LIMIT $7"
        );
        self.part(
            SQL,
            limit,
            after,
            |(score, at, object)| {
                row![
                    framework,
                    score,
                    at,
                    object,
                    filter.point,
                    filter.language,
                    limit
                ]
            },
            |row: &Row| (row.score, row.opened_at, row.object.to_string()),
        )
        .await
    }

    /// A thing that waits.
    pub async fn waiting(
        &mut self,
        framework: FrameworkId,
        object: ThingId,
    ) -> Result<Option<Waiting>> {
        const SQL: &str = concat!(columns!(), "WHERE framework = $1 AND object = $2");
        Ok(self
            .found::<Row>(SQL, row![framework, object])
            .await?
            .and_then(Into::into))
    }

    /// Things that wait, in no order; those that no longer do are absent.
    pub async fn waiting_of(&mut self, objects: &[ThingId]) -> Result<Vec<Waiting>> {
        let rows: Vec<Row> = self
            .rows_in(concat!(columns!(), "WHERE object"), objects)
            .await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// How many things wait in a framework.
    pub async fn waiting_count(&mut self, framework: FrameworkId) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM queue_item WHERE framework = $1";
        self.sole(SQL, row![framework]).await
    }

    /// Things that an older version left waiting without a reason.
    pub async fn unexplained(&mut self) -> Result<Vec<(FrameworkId, Object)>> {
        const SQL: &str = "SELECT framework, kind, object FROM queue_item WHERE because = '[]' ORDER BY framework, object";
        let rows: Vec<(FrameworkId, Word<Kind>, ThingId)> = self.all(SQL, row![]).await?;
        Ok(rows
            .into_iter()
            .filter_map(|(framework, kind, id)| Some((framework, Object::of(kind.known()?, id))))
            .collect())
    }
}

impl Tx {
    /// Keeps that a thing waits; a claim on it stays.
    pub async fn put_waiting(&mut self, framework: FrameworkId, waiting: &Waiting) -> Result<()> {
        const SQL: &str = "INSERT INTO queue_item (framework, object, kind, point, language, score, because, opened_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (framework, object) DO UPDATE SET point = excluded.point,
            language = excluded.language, score = excluded.score, because = excluded.because, opened_at = excluded.opened_at";
        self.run(
            SQL,
            row![
                framework,
                waiting.object.id(),
                Word::Known(waiting.object.kind()),
                waiting.point,
                waiting.language,
                waiting.score,
                Doc::Known(&waiting.because),
                waiting.opened_at
            ],
        )
        .await
    }

    /// A thing waits no more; false where it did not.
    pub async fn delete_waiting(
        &mut self,
        framework: FrameworkId,
        object: ThingId,
    ) -> Result<bool> {
        const SQL: &str = "DELETE FROM queue_item WHERE framework = $1 AND object = $2";
        Ok(self.changed(SQL, row![framework, object]).await? == 1)
    }

    /// Claims a thing that waits, or lets it go.
    pub async fn set_claim(
        &mut self,
        framework: FrameworkId,
        object: ThingId,
        claim: Option<(AccountId, Millis)>,
    ) -> Result<()> {
        const SQL: &str = "UPDATE queue_item SET claimed_by = $3, claimed_until = $4 WHERE framework = $1 AND object = $2";
        let (by, until) = claim.unzip();
        self.run(SQL, row![framework, object, by, until]).await
    }
}
