//! Frameworks, revisions, points, lineage, questions.
use std::sync::Arc;

use sqlx::FromRow;

use super::{
    db::{Backend, Reader, Result, Tx},
    values::row,
    words::{Doc, Docs, Word},
};
use crate::{
    domain::{
        Millis,
        framework::{
            Camp, Framework, FrameworkId, Legends, Lineage, Localized, Party, Point, Position, Question, QuestionId, QuestionState, Reveal, Revision,
            Source, Status,
        },
        pace::Pace,
    },
    id::Id,
};

/// A framework to import.
pub struct NewFramework {
    /// The framework.
    pub framework: Framework,
    /// Its texts, oldest first.
    pub revisions: Vec<Revision>,
    /// How the points of the last revision came about.
    pub lineage: Vec<Lineage>,
    /// What is asked.
    pub questions: Vec<Question>,
}

#[derive(FromRow)]
struct FrameworkRow {
    id: FrameworkId,
    slug: String,
    title: String,
    summary: String,
    as_of: String,
    epoch: String,
    public: bool,
    paused: bool,
    site_paused: bool,
    parties: Docs<Party>,
    camps: Docs<Camp>,
    legends: Doc<Legends>,
    pace: Doc<Pace>,
}

impl From<FrameworkRow> for Framework {
    fn from(row: FrameworkRow) -> Self {
        let FrameworkRow { id, slug, title, summary, as_of, epoch, public, paused, site_paused, parties, camps, legends, pace } = row;
        // Brakes that this version cannot read are on, all of them: reading and answering go on.
        let (pace, paused) = match pace {
            Doc::Known(pace) => (pace, paused),
            Doc::Other(later) => (Pace { version: later["version"].as_i64().unwrap_or_default(), ..Pace::default() }, true),
        };
        let (parties, camps, legends, pace) = (parties.0, camps.0, legends.known().unwrap_or_default(), Arc::new(pace));
        Self { id, slug, title, summary, as_of, epoch, public, paused, site_paused, parties, camps, legends, pace }
    }
}

#[derive(FromRow)]
struct RevisionRow {
    number: i64,
    title: String,
    published_on: String,
    as_of: String,
    introduction: String,
    lineage: Docs<Lineage>,
}

#[derive(FromRow)]
struct PointRow {
    id: String,
    number: i64,
    title: String,
    category: String,
    status: Word<Status>,
    status_by: String,
    summary: String,
    notes: Option<String>,
    verification: String,
    positions: Docs<Position>,
    sources: Docs<Source>,
}

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

/// A number that was a `u32` when it was written.
pub(super) fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

impl From<QuestionRow> for Option<Question> {
    fn from(row: QuestionRow) -> Self {
        let QuestionRow { id, framework, key, giver, prompt, ballot_seq, cards, opened_at, closes_at, closed_at, .. } = row;
        let (point, round) = (small(row.point), small(row.round));
        let (prompt, state, reveal) = (prompt.known()?, row.state.known()?, row.reveal.known()?);
        Some(Question { id, framework, key, giver, point, prompt, state, round, reveal, cards, ballot_seq, opened_at, closes_at, closed_at })
    }
}

macro_rules! framework_values {
    () => {
        "id, slug, title, summary, as_of, epoch, public, paused, EXISTS (SELECT 1 FROM site WHERE key = 'paused') AS site_paused,
            parties, camps, legends, pace"
    };
}
macro_rules! framework_columns {
    () => {
        concat!("SELECT ", framework_values!(), " FROM framework ")
    };
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
    /// All frameworks by title.
    pub async fn frameworks(&mut self) -> Result<Vec<Framework>> {
        const SQL: &str = concat!(framework_columns!(), "ORDER BY created_at, id");
        let rows = self.all::<FrameworkRow>(SQL, row![]).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The framework with this id.
    pub async fn framework(&mut self, id: FrameworkId) -> Result<Option<Framework>> {
        const SQL: &str = concat!(framework_columns!(), "WHERE id = $1");
        Ok(self.found::<FrameworkRow>(SQL, row![id]).await?.map(Into::into))
    }

    /// The framework with this name in addresses.
    pub async fn framework_by_slug(&mut self, slug: &str) -> Result<Option<Framework>> {
        const SQL: &str = concat!(framework_columns!(), "WHERE slug = $1");
        Ok(self.found::<FrameworkRow>(SQL, row![slug]).await?.map(Into::into))
    }

    /// A framework's revisions, oldest first, without their points, and the lineage of each.
    pub async fn revisions(&mut self, framework: FrameworkId) -> Result<Vec<(Revision, Vec<Lineage>)>> {
        const SQL: &str = "SELECT number, title, published_on, as_of, introduction, lineage FROM revision WHERE framework = $1 ORDER BY number";
        let rows = self.all::<RevisionRow>(SQL, row![framework]).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let RevisionRow { number, title, published_on, as_of, introduction, lineage } = row;
                (Revision { number: small(number), title, published_on, as_of, introduction, points: vec![] }, lineage.0)
            })
            .collect())
    }

    /// The points of a revision by number, each with its id.
    pub async fn points(&mut self, framework: FrameworkId, revision: u32) -> Result<Vec<(String, Point)>> {
        const SQL: &str = "SELECT id, number, title, category, status, status_by, summary, notes, verification, positions, sources
            FROM point WHERE framework = $1 AND revision = $2 ORDER BY number";
        let rows = self.all::<PointRow>(SQL, row![framework, revision]).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let PointRow { id, number, title, category, status, status_by, summary, notes, verification, positions, sources } = row;
                let (positions, sources) = (positions.0, sources.0);
                let status = status.known()?;
                Some((id, Point { number: small(number), title, category, status, status_by, summary, notes, verification, positions, sources }))
            })
            .collect())
    }

    /// Whether the current revision has a point of this number; its id.
    pub async fn point_id(&mut self, framework: FrameworkId, number: u32) -> Result<Option<String>> {
        const SQL: &str = "SELECT id FROM point WHERE framework = $1 AND number = $2
            AND revision = (SELECT MAX(number) FROM revision WHERE framework = $1)";
        self.value(SQL, row![framework, number]).await
    }

    /// Threads and comments that show, by point number.
    pub async fn point_counts(&mut self, framework: FrameworkId) -> Result<Vec<(u32, i64, i64)>> {
        const SQL: &str = "SELECT point, COUNT(*), CAST(SUM(comments) AS BIGINT) FROM thread
            WHERE framework = $1 AND point IS NOT NULL AND state IN ('open', 'locked') GROUP BY point";
        let rows: Vec<(i64, i64, i64)> = self.all(SQL, row![framework]).await?;
        Ok(rows.into_iter().map(|(point, threads, comments)| (small(point), threads, comments)).collect())
    }

    /// Threads and comments that show at one point.
    pub async fn point_count(&mut self, framework: FrameworkId, point: u32) -> Result<(i64, i64)> {
        const SQL: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(comments), 0) AS BIGINT) FROM thread
            WHERE framework = $1 AND point = $2 AND state IN ('open', 'locked')";
        self.only(SQL, row![framework, point]).await
    }

    /// A framework's questions in the order they were imported.
    pub async fn questions(&mut self, framework: FrameworkId) -> Result<Vec<Question>> {
        const SQL: &str = concat!(question_columns!(), "WHERE q.framework = $1 ORDER BY q.id");
        let rows = self.all::<QuestionRow>(SQL, row![framework]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// These questions, in no order.
    pub async fn questions_of(&mut self, ids: &[QuestionId]) -> Result<Vec<Question>> {
        let rows: Vec<QuestionRow> = self.rows_in(concat!(question_columns!(), "WHERE q.id"), ids).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// The question with this id.
    pub async fn question(&mut self, id: QuestionId) -> Result<Option<Question>> {
        const SQL: &str = concat!(question_columns!(), "WHERE q.id = $1");
        Ok(self.found::<QuestionRow>(SQL, row![id]).await?.and_then(Into::into))
    }
}

impl Tx {
    /// Takes the framework's row lock until the end of the transaction and returns the framework. On PostgreSQL the server's
    /// time comes with the lock ([`Tx::time`]): whoever has the lock later has a later time, whichever node it is.
    pub async fn lock_framework(&mut self, id: FrameworkId) -> Result<Option<Framework>> {
        #[derive(FromRow)]
        struct Locked {
            time: Option<Millis>,
            beat: i64,
            #[sqlx(flatten)]
            framework: FrameworkRow,
        }
        // SQLite knows no FOR UPDATE; an update locks the row on both.
        const SQLITE: &str = concat!("UPDATE framework SET beat = beat + 1 WHERE id = $1 RETURNING NULL AS time, beat, ", framework_values!());
        const POSTGRES: &str = concat!(
            "UPDATE framework SET beat = beat + 1 WHERE id = $1 RETURNING CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS time, beat, ",
            framework_values!()
        );
        let text = if self.backend() == Backend::Sqlite { SQLITE } else { POSTGRES };
        let locked: Option<Locked> = self.found(text, row![id]).await?;
        let Some(Locked { time, beat, framework }) = locked else { return Ok(None) };
        (self.time, self.beat) = (time.or(self.time), beat);
        Ok(Some(framework.into()))
    }

    /// Keeps a framework with all its texts.
    pub async fn insert_framework(&mut self, new: &NewFramework, now: Millis) -> Result<()> {
        const SQL: &str = "INSERT INTO framework (id, slug, title, summary, as_of, epoch, public, paused, parties, camps, legends, beat, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)";
        let Framework { id, slug, title, summary, as_of, epoch, public, paused, parties, camps, legends, .. } = &new.framework;
        self.run(SQL, row![id, slug, title, summary, as_of, epoch, public, paused, Doc::Known(parties), Doc::Known(camps), Doc::Known(legends), now])
            .await?;
        let last = new.revisions.len();
        for (place, revision) in new.revisions.iter().enumerate() {
            let lineage = if place + 1 == last { new.lineage.as_slice() } else { &[] };
            self.insert_revision(*id, revision, lineage).await?;
        }
        for question in &new.questions {
            self.insert_question(question).await?;
        }
        Ok(())
    }

    async fn insert_revision(&mut self, framework: FrameworkId, revision: &Revision, lineage: &[Lineage]) -> Result<()> {
        const SQL: &str = "INSERT INTO revision (framework, number, title, published_on, as_of, introduction, lineage)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let Revision { number, title, published_on, as_of, introduction, points } = revision;
        self.run(SQL, row![framework, number, title, published_on, as_of, introduction, Doc::Known(lineage)]).await?;
        for point in points {
            self.insert_point(framework, *number, point).await?;
        }
        Ok(())
    }

    async fn insert_point(&mut self, framework: FrameworkId, revision: u32, point: &Point) -> Result<()> {
        const SQL: &str = "INSERT INTO point (framework, revision, number, id, title, category, status, status_by, summary, notes,
            verification, positions, sources) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let Point { number, title, category, status, status_by, summary, notes, verification, positions, sources } = point;
        self.run(
            SQL,
            row![
                framework,
                revision,
                number,
                Id::<Point>::new(),
                title,
                category,
                Word::Known(*status),
                status_by,
                summary,
                notes,
                verification,
                Doc::Known(positions),
                Doc::Known(sources)
            ],
        )
        .await
    }

    async fn insert_question(&mut self, question: &Question) -> Result<()> {
        const SQL: &str = "INSERT INTO question (id, framework, key, giver, point, prompt, state, round, reveal, ballot_seq, opened_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let Question { id, framework, key, giver, point, prompt, state, round, reveal, ballot_seq, opened_at, .. } = question;
        self.run(
            SQL,
            row![id, framework, key, giver, point, Doc::Known(prompt), Word::Known(*state), round, Word::Known(*reveal), ballot_seq, opened_at],
        )
        .await
    }

    /// Pauses or resumes posting on the whole site; false where it is so already.
    pub async fn set_site_paused(&mut self, paused: bool) -> Result<bool> {
        const PAUSE: &str = "INSERT INTO site (key, value) VALUES ('paused', 'true') ON CONFLICT (key) DO NOTHING";
        const RESUME: &str = "DELETE FROM site WHERE key = 'paused'";
        let statement = if paused { PAUSE } else { RESUME };
        Ok(self.changed(statement, row![]).await? == 1)
    }

    /// Pauses or resumes posting in one framework.
    pub async fn set_paused(&mut self, framework: FrameworkId, paused: bool) -> Result<()> {
        const SQL: &str = "UPDATE framework SET paused = $2 WHERE id = $1";
        self.run(SQL, row![framework, paused]).await
    }

    /// Says whether anyone may read a framework.
    pub async fn set_public(&mut self, framework: FrameworkId, public: bool) -> Result<()> {
        const SQL: &str = "UPDATE framework SET public = $2 WHERE id = $1";
        self.run(SQL, row![framework, public]).await
    }

    /// Rotates a framework's epoch: positions in its streams that clients hold are void.
    pub async fn set_epoch(&mut self, framework: FrameworkId, epoch: &str) -> Result<()> {
        const SQL: &str = "UPDATE framework SET epoch = $2 WHERE id = $1";
        self.run(SQL, row![framework, epoch]).await
    }

    /// Keeps how many changes a question's ballots have had.
    pub async fn set_ballot_seq(&mut self, question: QuestionId, seq: i64) -> Result<()> {
        const SQL: &str = "UPDATE question SET ballot_seq = $2 WHERE id = $1";
        self.run(SQL, row![question, seq]).await
    }
}
