//! Reports and decisions: what can be reported and decided about, and why something waits for a moderator.
mod act;
mod condition;
mod previous;
pub mod record;
mod urgency;

pub use act::Act;
pub use condition::Condition;
pub use previous::{Previous, Sanction};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{DAY, Millis};
use crate::id::Id;
pub use urgency::{Because, Why, because, score};

/// Anything that can be reported or decided about.
pub enum Thing {}

/// The id of a thing; its kind stands beside it.
pub type ThingId = Id<Thing>;

/// The kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A comment.
    Comment,
    /// A thread.
    Thread,
    /// A card.
    Concession,
    /// A person.
    Account,
    /// A framework.
    Framework,
    /// All of them: its id is [`SITE`].
    Site,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Comment, Self::Thread, Self::Concession, Self::Account, Self::Framework, Self::Site];
}

/// The id of the one site there is.
pub const SITE: Uuid = Uuid::nil();

/// Which thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
#[ts(rename = "ObjectRef")]
#[schema(as = ObjectRef)]
pub struct Object {
    /// Of what kind.
    pub kind: Kind,
    /// Its id.
    pub id: ThingId,
}

/// Why something is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it; the rules page explains them to readers")]
pub enum Reason {
    Insult,
    Hate,
    Threat,
    Doxxing,
    Positions,
    PrisonersOrChildren,
    SuicideRisk,
    Illegal,
    Spam,
    OffTopic,
    Territorial,
    Duplicate,
    Other,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 13] = [
        Self::Insult,
        Self::Hate,
        Self::Threat,
        Self::Doxxing,
        Self::Positions,
        Self::PrisonersOrChildren,
        Self::SuicideRisk,
        Self::Illegal,
        Self::Spam,
        Self::OffTopic,
        Self::Territorial,
        Self::Duplicate,
        Self::Other,
    ];

    /// Whether a life may hang on it: such reports stand on top, and take the thing from view until a moderator has looked.
    #[must_use]
    pub const fn urgent(self) -> bool {
        matches!(self, Self::Doxxing | Self::Positions | Self::PrisonersOrChildren | Self::SuicideRisk | Self::Threat)
    }

    /// The published rule that such a report speaks of.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Insult => "R1",
            Self::Hate | Self::Threat => "R2",
            Self::Doxxing => "R3",
            Self::Positions => "R4",
            Self::PrisonersOrChildren => "R5",
            Self::OffTopic | Self::Other => "R6",
            Self::Spam | Self::Duplicate => "R7",
            Self::Territorial => "R8",
            Self::Illegal => "R9",
            Self::SuicideRisk => "R10",
        }
    }
}

/// What has become of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    /// It waits for a second moderator, of another viewpoint.
    Pending,
    /// It stands.
    Done,
    /// The second moderator did not agree.
    Refused,
    /// It was taken back within [`UNDO`].
    Undone,
    /// It was reversed on appeal.
    Overturned,
}

/// What has become of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppealState {
    /// Nobody has decided about it.
    Open,
    /// The decision stands.
    Upheld,
    /// The decision was reversed.
    Reversed,
}

/// How long a decision can be taken back by whoever made it.
pub const UNDO: Millis = 600_000;
/// How long a decision can be appealed against: six months, as article 20 of the EU's Digital Services Act has it.
pub const APPEAL: Millis = 183 * DAY;
/// How long a claim holds an item for one moderator.
pub const CLAIM: Millis = 600_000;

/// The published rules a decision may name; the rules page explains them.
pub const RULES: [&str; 10] = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10"];
