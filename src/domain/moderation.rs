//! Reports and decisions: what can be reported and decided about, and why something waits for a
//! moderator.
mod act;
mod condition;
mod object;
mod previous;
mod reason;
pub mod record;
mod urgency;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{DAY, Millis};

pub use act::Act;
pub use condition::Condition;
pub use object::{Kind, Object, SITE, ThingId};
pub use previous::{Previous, Sanction};
pub use reason::{RULES, Reason};
pub use urgency::{Because, Why, because, score};

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
/// How long a decision can be appealed against: six months, as article 20 of the EU's Digital
/// Services Act has it.
pub const APPEAL: Millis = 183 * DAY;
/// How long a claim holds an item for one moderator.
pub const CLAIM: Millis = 600_000;
