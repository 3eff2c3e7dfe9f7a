//! The document under negotiation: revisions, numbered points, positions, lineage, and the
//! questions asked about it.
mod document;
mod question;

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::{
    document::{Lineage, Point, Position, Relation, Revision, Source, Status},
    question::{Question, QuestionId, QuestionState, Reveal},
};
use super::pace::Pace;
use crate::id::Id;

/// A framework's id.
pub type FrameworkId = Id<Framework>;

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
    /// Changes on restore and when an import replaces the framework: older positions in its streams
    /// are void.
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
    /// The key of the camp whose viewpoint is this side's, where there is one: who may know best
    /// what it would do.
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
    /// Whether its acceptance counts for the order; a camp that does not count is shown beside,
    /// without a veto.
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
