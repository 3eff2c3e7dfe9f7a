//! The provisional lane: the way of a card from a proposal into the ranking. Whether it is about
//! land is for people to say; here stands when enough of them have.
mod step;
mod voice;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::{
    step::Step,
    voice::{CAMPS, Voice, settle},
};
use super::{concession::ConcessionState, scope::Verdict};

/// What took a card out of view until a person has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// The gate found an edge case.
    Review,
    /// The gate read it as territorial.
    Stop,
    /// Readers of two viewpoints flagged it, or a moderator held it.
    People,
    /// Raid mode is on, and its author is new.
    Raid,
    /// A word of the list stands in it.
    Words,
}

impl HeldBy {
    /// Whether it is in the moderators' queue from the start; what the gate stopped waits for its
    /// author to ask.
    #[must_use]
    pub const fn queues(self) -> bool {
        !matches!(self, Self::Stop)
    }

    /// The step it is in the ledger of the scope rule; `None` where it has nothing to do with land.
    #[must_use]
    pub const fn step(self) -> Option<Step> {
        match self {
            Self::Review => Some(Step::Review),
            Self::Stop => Some(Step::Stop),
            Self::People => Some(Step::People),
            Self::Raid | Self::Words => None,
        }
    }
}

/// The hold a verdict leads to, if any.
#[must_use]
pub const fn hold_of(verdict: Verdict) -> Option<HeldBy> {
    match verdict {
        Verdict::Pass => None,
        Verdict::Review => Some(HeldBy::Review),
        Verdict::Stop => Some(HeldBy::Stop),
    }
}

/// What becomes of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It stays where it is.
    Stay,
    /// It is held.
    Hold(HeldBy),
    /// It goes (back) to the provisional lane.
    Check,
    /// It enters the ranking.
    Rank,
}

/// Where an edit leads that the gate gave this verdict.
#[must_use]
pub fn after_edit(state: ConcessionState, held_by: Option<HeldBy>, verdict: Verdict) -> Way {
    match (state, held_by, hold_of(verdict)) {
        // What people took out of view, a machine does not put back.
        (ConcessionState::Held, Some(HeldBy::People | HeldBy::Raid), _)
        | (ConcessionState::Ranked | ConcessionState::Provisional, _, None) => Way::Stay,
        (_, _, Some(by)) => Way::Hold(by),
        (_, _, None) => Way::Check,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_never_undoes_what_people_held() {
        assert_eq!(
            after_edit(ConcessionState::Held, Some(HeldBy::People), Verdict::Pass),
            Way::Stay
        );
        assert_eq!(
            after_edit(ConcessionState::Held, Some(HeldBy::Raid), Verdict::Pass),
            Way::Stay
        );
        assert_eq!(
            after_edit(ConcessionState::Held, Some(HeldBy::Words), Verdict::Pass),
            Way::Check
        );
        assert_eq!(
            after_edit(ConcessionState::Held, Some(HeldBy::Stop), Verdict::Pass),
            Way::Check
        );
        assert_eq!(
            after_edit(ConcessionState::Ranked, None, Verdict::Pass),
            Way::Stay
        );
        assert_eq!(
            after_edit(ConcessionState::Ranked, None, Verdict::Review),
            Way::Hold(HeldBy::Review)
        );
    }
}
