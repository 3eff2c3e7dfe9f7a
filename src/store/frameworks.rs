//! Frameworks, revisions, points, lineage, questions.
use std::sync::Arc;

use sqlx::FromRow;

use super::{
    db::{Backend, Reader, Result, Tx, sql},
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
        let rows = sql!(self, |conn| sqlx::query_as::<_, FrameworkRow>(SQL).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The framework with this id.
    pub async fn framework(&mut self, id: FrameworkId) -> Result<Option<Framework>> {
        const SQL: &str = concat!(framework_columns!(), "WHERE id = $1");
        Ok(sql!(self, |conn| sqlx::query_as::<_, FrameworkRow>(SQL).bind(id).fetch_optional(conn).await)?.map(Into::into))
    }

    /// The framework with this name in addresses.
    pub async fn framework_by_slug(&mut self, slug: &str) -> Result<Option<Framework>> {
        const SQL: &str = concat!(framework_columns!(), "WHERE slug = $1");
        Ok(sql!(self, |conn| sqlx::query_as::<_, FrameworkRow>(SQL).bind(slug).fetch_optional(conn).await)?.map(Into::into))
    }

    /// A framework's revisions, oldest first, without their points, and the lineage of each.
    pub async fn revisions(&mut self, framework: FrameworkId) -> Result<Vec<(Revision, Vec<Lineage>)>> {
        const SQL: &str = "SELECT number, title, published_on, as_of, introduction, lineage FROM revision WHERE framework = $1 ORDER BY number";
        let rows = sql!(self, |conn| sqlx::query_as::<_, RevisionRow>(SQL).bind(framework).fetch_all(conn).await)?;
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
        let rows = sql!(self, |conn| sqlx::query_as::<_, PointRow>(SQL).bind(framework).bind(i64::from(revision)).fetch_all(conn).await)?;
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
        Ok(sql!(self, |conn| sqlx::query_scalar(SQL).bind(framework).bind(i64::from(number)).fetch_optional(conn).await)?)
    }

    /// Threads and comments that show, by point number.
    pub async fn point_counts(&mut self, framework: FrameworkId) -> Result<Vec<(u32, i64, i64)>> {
        const SQL: &str = "SELECT point, COUNT(*), CAST(SUM(comments) AS BIGINT) FROM thread
            WHERE framework = $1 AND point IS NOT NULL AND state IN ('open', 'locked') GROUP BY point";
        let rows: Vec<(i64, i64, i64)> = sql!(self, |conn| sqlx::query_as(SQL).bind(framework).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(point, threads, comments)| (small(point), threads, comments)).collect())
    }

    /// Threads and comments that show at one point.
    pub async fn point_count(&mut self, framework: FrameworkId, point: u32) -> Result<(i64, i64)> {
        const SQL: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(comments), 0) AS BIGINT) FROM thread
            WHERE framework = $1 AND point = $2 AND state IN ('open', 'locked')";
        Ok(sql!(self, |conn| sqlx::query_as(SQL).bind(framework).bind(i64::from(point)).fetch_one(conn).await)?)
    }

    /// A framework's questions in the order they were imported.
    pub async fn questions(&mut self, framework: FrameworkId) -> Result<Vec<Question>> {
        const SQL: &str = concat!(question_columns!(), "WHERE q.framework = $1 ORDER BY q.id");
        let rows = sql!(self, |conn| sqlx::query_as::<_, QuestionRow>(SQL).bind(framework).fetch_all(conn).await)?;
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
        Ok(sql!(self, |conn| sqlx::query_as::<_, QuestionRow>(SQL).bind(id).fetch_optional(conn).await)?.and_then(Into::into))
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
        let locked: Option<Locked> = sql!(self, |conn| sqlx::query_as(text).bind(id).fetch_optional(conn).await)?;
        let Some(Locked { time, beat, framework }) = locked else { return Ok(None) };
        (self.time, self.beat) = (time.or(self.time), beat);
        Ok(Some(framework.into()))
    }

    /// Keeps a framework with all its texts.
    pub async fn insert_framework(&mut self, new: &NewFramework, now: Millis) -> Result<()> {
        const SQL: &str = "INSERT INTO framework (id, slug, title, summary, as_of, epoch, public, paused, parties, camps, legends, beat, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)";
        let Framework { id, slug, title, summary, as_of, epoch, public, paused, parties, camps, legends, .. } = &new.framework;
        sql!(self, |conn| sqlx::query(SQL)
            .bind(*id)
            .bind(slug)
            .bind(title)
            .bind(summary)
            .bind(as_of)
            .bind(epoch)
            .bind(public)
            .bind(paused)
            .bind(Doc::Known(parties))
            .bind(Doc::Known(camps))
            .bind(Doc::Known(legends))
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ()))?;
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
        sql!(self, |conn| sqlx::query(SQL)
            .bind(framework)
            .bind(i64::from(*number))
            .bind(title)
            .bind(published_on)
            .bind(as_of)
            .bind(introduction)
            .bind(Doc::Known(lineage))
            .execute(conn)
            .await
            .map(|_| ()))?;
        for point in points {
            self.insert_point(framework, *number, point).await?;
        }
        Ok(())
    }

    async fn insert_point(&mut self, framework: FrameworkId, revision: u32, point: &Point) -> Result<()> {
        const SQL: &str = "INSERT INTO point (framework, revision, number, id, title, category, status, status_by, summary, notes,
            verification, positions, sources) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let Point { number, title, category, status, status_by, summary, notes, verification, positions, sources } = point;
        sql!(self, |conn| sqlx::query(SQL)
            .bind(framework)
            .bind(i64::from(revision))
            .bind(i64::from(*number))
            .bind(Id::<Point>::new())
            .bind(title)
            .bind(category)
            .bind(Word::Known(*status))
            .bind(status_by)
            .bind(summary)
            .bind(notes)
            .bind(verification)
            .bind(Doc::Known(positions))
            .bind(Doc::Known(sources))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    async fn insert_question(&mut self, question: &Question) -> Result<()> {
        const SQL: &str = "INSERT INTO question (id, framework, key, giver, point, prompt, state, round, reveal, ballot_seq, opened_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let Question { id, framework, key, giver, point, prompt, state, round, reveal, ballot_seq, opened_at, .. } = question;
        sql!(self, |conn| sqlx::query(SQL)
            .bind(*id)
            .bind(*framework)
            .bind(key)
            .bind(giver)
            .bind(i64::from(*point))
            .bind(Doc::Known(prompt))
            .bind(Word::Known(*state))
            .bind(i64::from(*round))
            .bind(Word::Known(*reveal))
            .bind(ballot_seq)
            .bind(opened_at)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Pauses or resumes posting on the whole site; false where it is so already.
    pub async fn set_site_paused(&mut self, paused: bool) -> Result<bool> {
        const PAUSE: &str = "INSERT INTO site (key, value) VALUES ('paused', 'true') ON CONFLICT (key) DO NOTHING";
        const RESUME: &str = "DELETE FROM site WHERE key = 'paused'";
        let statement = if paused { PAUSE } else { RESUME };
        Ok(sql!(self, |conn| sqlx::query(statement).execute(conn).await.map(|done| done.rows_affected()))? == 1)
    }

    /// Pauses or resumes posting in one framework.
    pub async fn set_paused(&mut self, framework: FrameworkId, paused: bool) -> Result<()> {
        const SQL: &str = "UPDATE framework SET paused = $2 WHERE id = $1";
        sql!(self, |conn| sqlx::query(SQL).bind(framework).bind(paused).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Says whether anyone may read a framework.
    pub async fn set_public(&mut self, framework: FrameworkId, public: bool) -> Result<()> {
        const SQL: &str = "UPDATE framework SET public = $2 WHERE id = $1";
        sql!(self, |conn| sqlx::query(SQL).bind(framework).bind(public).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Rotates a framework's epoch: positions in its streams that clients hold are void.
    pub async fn set_epoch(&mut self, framework: FrameworkId, epoch: &str) -> Result<()> {
        const SQL: &str = "UPDATE framework SET epoch = $2 WHERE id = $1";
        sql!(self, |conn| sqlx::query(SQL).bind(framework).bind(epoch).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Keeps how many changes a question's ballots have had.
    pub async fn set_ballot_seq(&mut self, question: QuestionId, seq: i64) -> Result<()> {
        const SQL: &str = "UPDATE question SET ballot_seq = $2 WHERE id = $1";
        sql!(self, |conn| sqlx::query(SQL).bind(question).bind(seq).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
