//! The text itself: revisions, their numbered points, what parties were reported to say, and how
//! points became points of the next revision.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// How settled a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Reported as settled.
    Agreed,
    /// Settled in principle.
    LargelyAgreed,
    /// Opposed in public by at least one party.
    Contested,
    /// Left undecided.
    Open,
}

/// One published text of a framework.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Ordinal, oldest first, from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published_on: String,
    /// Up to when its texts were checked.
    pub as_of: String,
    /// Where it comes from.
    pub introduction: String,
    /// Its points, by number.
    pub points: Vec<Point>,
}

/// A numbered clause of one revision. Its texts are the project's paraphrase, not a quotation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Its number in its revision.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its field, in the source's words.
    pub category: String,
    /// How settled it is…
    pub status: Status,
    /// …and by whom.
    pub status_by: String,
    /// The paraphrase.
    pub summary: String,
    /// What a reader should know besides.
    #[serde(default)]
    pub notes: Option<String>,
    /// How well the text was seen: a key of the legend.
    pub verification: String,
    /// What each party was reported to say.
    pub positions: Vec<Position>,
    /// Where the text comes from.
    #[serde(default)]
    pub sources: Vec<Source>,
}

/// What a party was reported to say about a point.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// A party's key.
    pub party: String,
    /// Our paraphrase of the statement.
    pub text: String,
    /// Whether the statement was about this point, not about the whole text.
    pub point_specific: bool,
    /// When it was made.
    pub stated_on: Option<String>,
    /// Where it was reported.
    pub sources: Vec<Source>,
}

/// Where something was reported.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its address.
    pub url: String,
    /// Who published it.
    pub outlet: String,
    /// When.
    pub date: String,
    /// How much of it supports the text: a key of the legend.
    #[serde(default)]
    pub evidence: Option<String>,
}

/// How a point of one revision became points of the next.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// What happened.
    pub relation: Relation,
    /// Numbers in the older revision.
    pub from: Vec<u32>,
    /// Numbers in the newer revision.
    pub to: Vec<u32>,
    /// Why we say so.
    pub reason: String,
    /// What the claim stands on.
    #[serde(default)]
    pub basis: Option<String>,
    /// Addresses of sources.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What the newer text added.
    #[serde(default)]
    pub new_elements: Vec<String>,
}

/// What became of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same in substance.
    Kept,
    /// The same subject in other terms.
    Reworded,
    /// Several became one.
    Merged,
    /// One became several.
    Split,
    /// Absent from the newer list; the subject may sit in another document.
    Dropped,
    /// Without a counterpart in the older list.
    New,
}
