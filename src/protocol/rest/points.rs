//! Bodies about revisions and their points.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::framework::{Lineage, Position, Source, Status};

/// A revision in a list.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct RevisionEntry {
    /// Ordinal, oldest first, from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published_on: String,
}

/// A point in a list.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PointEntry {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its field.
    pub category: String,
    /// How settled it is.
    pub status: Status,
    /// By whom.
    pub status_by: String,
    /// Our paraphrase, not a quotation.
    pub summary: String,
    /// Threads that show.
    pub threads: i64,
    /// Comments that show.
    pub comments: i64,
}

/// A revision's points and what became of them.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct RevisionView {
    /// Ordinal, from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published_on: String,
    /// Up to when its texts were checked.
    pub as_of: String,
    /// Where it comes from.
    pub introduction: String,
    /// Its points.
    pub points: Vec<PointText>,
    /// How points of the revision before became these.
    pub lineage: Vec<Lineage>,
}

/// The text of a point of any revision.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PointText {
    /// Its number.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its field.
    pub category: String,
    /// How settled it is.
    pub status: Status,
    /// By whom.
    pub status_by: String,
    /// Our paraphrase, not a quotation.
    pub summary: String,
}

/// A point in full.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PointView {
    /// As in lists.
    #[serde(flatten)]
    pub entry: PointEntry,
    /// What a reader should know besides.
    pub notes: Option<String>,
    /// How well the text was seen: a key of the legend.
    pub verification: String,
    /// What parties were reported to say.
    pub positions: Vec<Position>,
    /// Where the text comes from.
    pub sources: Vec<Source>,
    /// Where it came from.
    pub lineage: Vec<Lineage>,
    /// How far the reader has read, a place in `public`.
    pub read_seq: Option<i64>,
    /// When that was.
    pub read_at: Option<i64>,
    /// People here now.
    pub here: i64,
    /// The framework's epoch.
    pub epoch: String,
    /// The place in `public` it was read at.
    pub seq: i64,
}

/// Which point, by id's stand-in and number.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PointRef {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: u32,
}
