//! The file itself: whose ballots, by which rules, and what was published of them.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{CountedBallot, Results};
use crate::domain::{
    bridging::{BADGE, Rules, Z},
    concession::ConcessionId,
    framework::{FrameworkId, QuestionId},
};

/// The name of the format; another meaning of any field would be another name.
pub const FORMAT: &str = "demarche-ballots-1";

/// One question and round: the ballots, and what was published of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BallotFile {
    /// [`FORMAT`].
    pub format: String,
    /// The framework.
    pub framework: FrameworkId,
    /// The question.
    pub question: QuestionId,
    /// The round.
    pub round: u32,
    /// The numbers it was counted with.
    pub rules: CountedWith,
    /// The camps, in the framework's order.
    pub camps: Vec<CountedCamp>,
    /// The cards that show, with their present versions.
    pub cards: Vec<CountedCard>,
    /// Sorted by `person`, each once.
    pub ballots: Vec<CountedBallot>,
    /// The root of the tree over the ballots' commitments, in their order, in hexadecimal.
    pub root: String,
    /// What the site published.
    pub results: Results,
}

/// The numbers of the rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedWith {
    /// The normal quantile of the intervals.
    pub z: f64,
    /// A camp's counts show from so many answers on.
    pub floor: i64,
    /// A card is ranked from so many answers of weight 1000 in every counting camp on.
    pub enough: i64,
    /// The score from which on a card has the badge.
    pub badge: f64,
}

impl From<Rules> for CountedWith {
    fn from(Rules { floor, enough }: Rules) -> Self {
        Self {
            z: Z,
            floor,
            enough,
            badge: BADGE,
        }
    }
}

/// A camp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedCamp {
    /// Its key.
    pub key: String,
    /// Whether it counts for the order.
    pub in_score: bool,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedCard {
    /// Its id.
    pub id: ConcessionId,
    /// Its present version.
    pub version: i64,
}
