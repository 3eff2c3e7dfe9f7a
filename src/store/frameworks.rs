//! Frameworks, and the lock on one that every write inside it takes.
mod questions;
mod revisions;
mod settings;

use std::sync::Arc;

use sqlx::FromRow;

use super::{
    db::{Backend, Reader, Result, Tx},
    values::row,
    words::{Doc, Docs},
};
use crate::domain::{
    Millis,
    framework::{Camp, Framework, FrameworkId, Legends, Lineage, Party, Question, Revision},
    pace::Pace,
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
        // Brakes that this version cannot read are on, all of them: reading and answering go on.
        let (pace, paused) = match row.pace {
            Doc::Known(pace) => (pace, row.paused),
            Doc::Other(later) => (
                Pace {
                    version: later["version"].as_i64().unwrap_or_default(),
                    ..Pace::default()
                },
                true,
            ),
        };
        let (parties, camps, legends, pace) = (
            row.parties.0,
            row.camps.0,
            row.legends.known().unwrap_or_default(),
            Arc::new(pace),
        );
        Self {
            id: row.id,
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            as_of: row.as_of,
            epoch: row.epoch,
            public: row.public,
            paused,
            site_paused: row.site_paused,
            parties,
            camps,
            legends,
            pace,
        }
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
        Ok(self
            .found::<FrameworkRow>(SQL, row![id])
            .await?
            .map(Into::into))
    }

    /// The framework with this name in addresses.
    pub async fn framework_by_slug(&mut self, slug: &str) -> Result<Option<Framework>> {
        const SQL: &str = concat!(framework_columns!(), "WHERE slug = $1");
        Ok(self
            .found::<FrameworkRow>(SQL, row![slug])
            .await?
            .map(Into::into))
    }
}

impl Tx {
    /// Takes the framework's row lock until the end of the transaction and returns the framework.
    /// On PostgreSQL the server's time comes with the lock ([`Tx::time`]): whoever has the lock
    /// later has a later time, whichever node it is.
    pub async fn lock_framework(&mut self, id: FrameworkId) -> Result<Option<Framework>> {
        #[derive(FromRow)]
        struct Locked {
            time: Option<Millis>,
            beat: i64,
            #[sqlx(flatten)]
            framework: FrameworkRow,
        }
        // SQLite knows no FOR UPDATE; an update locks the row on both.
        const SQLITE: &str = concat!(
            "UPDATE framework SET beat = beat + 1 WHERE id = $1 RETURNING NULL AS time, beat, ",
            framework_values!()
        );
        const POSTGRES: &str = concat!(
            "UPDATE framework SET beat = beat + 1 WHERE id = $1 RETURNING CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS time, beat, ",
            framework_values!()
        );
        let text = if self.backend() == Backend::Sqlite {
            SQLITE
        } else {
            POSTGRES
        };
        let locked: Option<Locked> = self.found(text, row![id]).await?;
        let Some(Locked {
            time,
            beat,
            framework,
        }) = locked
        else {
            return Ok(None);
        };
        (self.time, self.beat) = (time.or(self.time), beat);
        Ok(Some(framework.into()))
    }

    /// Keeps a framework with all its texts.
    pub async fn insert_framework(&mut self, new: &NewFramework, now: Millis) -> Result<()> {
        const SQL: &str = "INSERT INTO framework (id, slug, title, summary, as_of, epoch, public, paused, parties, camps, legends, beat, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)";
        let Framework {
            id,
            slug,
            title,
            summary,
            as_of,
            epoch,
            public,
            paused,
            parties,
            camps,
            legends,
            ..
        } = &new.framework;
        self.run(
            SQL,
            row![
                id,
                slug,
                title,
                summary,
                as_of,
                epoch,
                public,
                paused,
                Doc::Known(parties),
                Doc::Known(camps),
                Doc::Known(legends),
                now
            ],
        )
        .await?;
        let last = new.revisions.len();
        for (place, revision) in new.revisions.iter().enumerate() {
            let lineage = if place + 1 == last {
                new.lineage.as_slice()
            } else {
                &[]
            };
            self.insert_revision(*id, revision, lineage).await?;
        }
        for question in &new.questions {
            self.insert_question(question).await?;
        }
        Ok(())
    }
}
