//! The document under negotiation: revisions, numbered points, positions, lineage, and the questions asked about it.
use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Millis, pace::Pace};
use crate::id::Id;

/// A framework's id.
pub type FrameworkId = Id<Framework>;
/// A question's id.
pub type QuestionId = Id<Question>;

/// A document under negotiation; the unit of ordering.
#[derive(Clone, Debug)]
pub struct Framework {
    /// Its id.
    pub id: FrameworkId,
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// A few sentences about it.
    pub summary: String,
    /// The date (YYYY[-MM[-DD]]) up to which its texts were checked.
    pub as_of: String,
    /// Changes on restore and when an import replaces the framework: older positions in its streams are void.
    pub epoch: String,
    /// Whether anyone may read it.
    pub public: bool,
    /// Whether posting is paused in this framework; reading and answering go on.
    pub paused: bool,
    /// Whether posting is paused on the whole site.
    pub site_paused: bool,
    /// The sides the document speaks of.
    pub parties: Vec<Party>,
    /// The viewpoints a participant may declare.
    pub camps: Vec<Camp>,
    /// What the words for status, evidence and verification mean.
    pub legends: Legends,
    /// What slows its debate down.
    pub pace: Arc<Pace>,
}

impl Framework {
    /// Whether posting is paused, here or everywhere.
    #[must_use]
    pub const fn posting_paused(&self) -> bool {
        self.paused || self.site_paused
    }

    /// Whether there is a viewpoint of this key.
    #[must_use]
    pub fn has_camp(&self, key: &str) -> bool {
        self.camps.iter().any(|camp| camp.key == key)
    }
}

/// A text in the interface's languages; missing ones fall back to English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// English.
    pub en: String,
    /// Ukrainian.
    pub uk: String,
    /// Russian.
    pub ru: String,
}

/// A negotiating side.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its key, as in `positions[].party`.
    pub key: String,
    /// Its name.
    pub name: Localized,
    /// The key of the camp whose viewpoint is this side's, where there is one: who may know best what it would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub camp: Option<String>,
}

/// A viewpoint; private for each person, bridging is counted per camp.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Camp {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Localized,
    /// Whether its acceptance counts for the order; a camp that does not count is shown beside, without a veto.
    pub in_score: bool,
}

/// What the words in the points mean, by word.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Legends {
    /// By [`Status`].
    pub status: BTreeMap<String, String>,
    /// By a source's `evidence`.
    pub evidence: BTreeMap<String, String>,
    /// By a point's `verification`.
    pub verification: BTreeMap<String, String>,
}

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

/// The prompt that concessions answer.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The framework it belongs to.
    pub framework: FrameworkId,
    /// A stable name for imports.
    pub key: String,
    /// The party that would give.
    pub giver: String,
    /// The point it should unfreeze, by number in the current revision.
    pub point: u32,
    /// The prompt.
    pub prompt: Localized,
    /// Whether answers are taken.
    pub state: QuestionState,
    /// The current round, from 1.
    pub round: u32,
    /// When the board shows.
    pub reveal: Reveal,
    /// Live cards: ranked, provisional.
    pub cards: i64,
    /// How many ballots this question has had changed, over all rounds; the order of tallies.
    pub ballot_seq: i64,
    /// When the present round was opened; unknown where an older version opened it.
    pub opened_at: Option<Millis>,
    /// When the clock closes it; `None`: when somebody does.
    pub closes_at: Option<Millis>,
    /// When it was closed.
    pub closed_at: Option<Millis>,
}

/// Whether a question takes answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionState {
    /// It does.
    Open,
    /// It no longer does.
    Closed,
}

/// When a question's board shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reveal {
    /// Each card after one has answered it, the whole board after one complete hand.
    AfterAnswer,
    /// Always.
    Live,
    /// When the round closes.
    AtClose,
}
