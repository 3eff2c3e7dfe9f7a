//! A card's way as the public ledger counts it.
use serde::{Deserialize, Serialize};

use crate::domain::concession::ConcessionState;

/// A place on a card's way, as the public ledger counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Somebody proposed it.
    Proposed,
    /// Held by the gate, for a look.
    Review,
    /// Held by the gate, as territorial.
    Stop,
    /// Held by people.
    People,
    /// In the lane: shown, not ranked.
    Provisional,
    /// In the ranking.
    Ranked,
    /// Hidden, merged or taken back.
    Closed,
}

impl Step {
    /// The step into a state; a hold says itself by whom.
    #[must_use]
    pub const fn into_state(state: ConcessionState) -> Self {
        match state {
            ConcessionState::Provisional => Self::Provisional,
            ConcessionState::Ranked => Self::Ranked,
            ConcessionState::Held => Self::People,
            ConcessionState::Withdrawn
            | ConcessionState::Merged
            | ConcessionState::Hidden
            | ConcessionState::Removed => Self::Closed,
        }
    }

    /// Whether it is a hold.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Review | Self::Stop | Self::People)
    }
}
