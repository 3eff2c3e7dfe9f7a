//! What one person says of one card, and of the question's point as it stands.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::concession::ConcessionId;

/// Would you accept this as part of a deal?
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// Yes.
    Yes,
    /// Only with changes: counts as not accepted.
    WithChanges,
    /// No.
    No,
    /// Says nothing and enters no count.
    CannotSay,
}

/// Would the giver really do it?
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Realism {
    /// Likely.
    Likely,
    /// Maybe.
    Maybe,
    /// Unlikely.
    Unlikely,
    /// Says nothing.
    CannotSay,
}

/// Would you accept the question's point as it stands?
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Assent {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Says nothing.
    CannotSay,
}

impl Assent {
    /// Yes or no, where one of them was said.
    #[must_use]
    pub fn said(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::CannotSay => None,
        }
    }
}

/// What one person says of the question's point as it stands; camp and weight are those of their
/// seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointAnswer {
    /// Whether they accept it.
    pub accepts: Assent,
    /// The person's camp at the time.
    pub camp: Option<String>,
    /// Permille.
    pub weight: i64,
}

/// One person's answer to one card, as it is counted; camp and weight are those of their seat where
/// it was dealt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The card.
    pub concession: ConcessionId,
    /// The version of the card that was judged.
    pub version: i64,
    /// The person's camp at the time; `None` enters no score.
    pub camp: Option<String>,
    /// Acceptance.
    pub acceptance: Acceptance,
    /// Realism, where said.
    pub realism: Option<Realism>,
    /// Whether the server dealt this card to this person: only then it scores.
    pub dealt: bool,
    /// Permille.
    pub weight: i64,
    /// Whether they would accept the question's point if this card were granted, where said.
    pub unfreezes: Option<Assent>,
}

impl Answer {
    /// Whether the answer enters its camp's score.
    #[must_use]
    pub fn scores(&self) -> bool {
        self.dealt && self.camp.is_some() && self.acceptance != Acceptance::CannotSay
    }
}
