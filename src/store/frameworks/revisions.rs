//! The texts of frameworks: revisions, their points, and how these came about.
use sqlx::FromRow;

use crate::{
    domain::framework::{FrameworkId, Lineage, Point, Position, Revision, Source, Status},
    id::Id,
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Docs, Word, small},
    },
};

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

impl Reader {
    /// A framework's revisions, oldest first, without their points, and the lineage of each.
    pub async fn revisions(
        &mut self,
        framework: FrameworkId,
    ) -> Result<Vec<(Revision, Vec<Lineage>)>> {
        const SQL: &str = "SELECT number, title, published_on, as_of, introduction, lineage FROM revision WHERE framework = $1 ORDER BY number";
        let rows = self.all::<RevisionRow>(SQL, row![framework]).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                (
                    Revision {
                        number: small(row.number),
                        title: row.title,
                        published_on: row.published_on,
                        as_of: row.as_of,
                        introduction: row.introduction,
                        points: vec![],
                    },
                    row.lineage.0,
                )
            })
            .collect())
    }

    /// The points of a revision by number, each with its id.
    pub async fn points(
        &mut self,
        framework: FrameworkId,
        revision: u32,
    ) -> Result<Vec<(String, Point)>> {
        const SQL: &str = "SELECT id, number, title, category, status, status_by, summary, notes, verification, positions, sources
            FROM point WHERE framework = $1 AND revision = $2 ORDER BY number";
        let rows = self.all::<PointRow>(SQL, row![framework, revision]).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let (positions, sources) = (row.positions.0, row.sources.0);
                let status = row.status.known()?;
                Some((
                    row.id,
                    Point {
                        number: small(row.number),
                        title: row.title,
                        category: row.category,
                        status,
                        status_by: row.status_by,
                        summary: row.summary,
                        notes: row.notes,
                        verification: row.verification,
                        positions,
                        sources,
                    },
                ))
            })
            .collect())
    }

    /// Whether the current revision has a point of this number; its id.
    pub async fn point_id(
        &mut self,
        framework: FrameworkId,
        number: u32,
    ) -> Result<Option<String>> {
        const SQL: &str = "SELECT id FROM point WHERE framework = $1 AND number = $2
            AND revision = (SELECT MAX(number) FROM revision WHERE framework = $1)";
        self.value(SQL, row![framework, number]).await
    }
}

impl Tx {
    pub(super) async fn insert_revision(
        &mut self,
        framework: FrameworkId,
        revision: &Revision,
        lineage: &[Lineage],
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO revision (framework, number, title, published_on, as_of, introduction, lineage)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let Revision {
            number,
            title,
            published_on,
            as_of,
            introduction,
            points,
        } = revision;
        self.run(
            SQL,
            row![
                framework,
                number,
                title,
                published_on,
                as_of,
                introduction,
                Doc::Known(lineage)
            ],
        )
        .await?;
        for point in points {
            self.insert_point(framework, *number, point).await?;
        }
        Ok(())
    }

    async fn insert_point(
        &mut self,
        framework: FrameworkId,
        revision: u32,
        point: &Point,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO point (framework, revision, number, id, title, category, status, status_by, summary, notes,
            verification, positions, sources) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let Point {
            number,
            title,
            category,
            status,
            status_by,
            summary,
            notes,
            verification,
            positions,
            sources,
        } = point;
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
}
