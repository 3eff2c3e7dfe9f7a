//! The provisional lane: the way of a card from a proposal into the ranking. Whether it is about land is for people to say;
//! here stands when enough of them have.
use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{account::AccountId, concession::ConcessionState, scope::Verdict};

/// How many viewpoints have to agree: with one alone, a side could confirm its own cards and take down the other's.
pub const CAMPS: usize = 2;

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
    /// Whether it is in the moderators' queue from the start; what the gate stopped waits for its author to ask.
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
        (ConcessionState::Held, Some(HeldBy::People | HeldBy::Raid), _) | (ConcessionState::Ranked | ConcessionState::Provisional, _, None) => {
            Way::Stay
        }
        (_, _, Some(by)) => Way::Hold(by),
        (_, _, None) => Way::Check,
    }
}

/// One person's word on a card.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// Whose.
    pub account: AccountId,
    /// Their viewpoint when they gave it.
    pub camp: String,
    /// The version they read.
    pub version: i64,
    /// Whether they hold it to be about land.
    pub territorial: bool,
}

/// What people's words on a card come to.
///
/// Flags of [`CAMPS`] viewpoints hold it; short of that, confirmations of as many viewpoints rank it. A confirmation is for the
/// version that was read; a flag stays through edits, or a word changed here and there would shake it off. Of one person the
/// last version's word counts.
#[must_use]
pub fn settle(state: ConcessionState, version: i64, opinions: &[Opinion]) -> Way {
    if !matches!(state, ConcessionState::Provisional | ConcessionState::Ranked) {
        return Way::Stay;
    }
    let mut last: HashMap<AccountId, &Opinion> = HashMap::new();
    for opinion in opinions {
        let kept = last.entry(opinion.account).or_insert(opinion);
        if opinion.version > kept.version {
            *kept = opinion;
        }
    }
    let camps = |holds: &dyn Fn(&Opinion) -> bool| -> usize {
        last.values().filter(|opinion| holds(opinion)).map(|opinion| opinion.camp.as_str()).collect::<BTreeSet<_>>().len()
    };
    if camps(&|opinion| opinion.territorial) >= CAMPS {
        Way::Hold(HeldBy::People)
    } else if state == ConcessionState::Provisional && camps(&|opinion| !opinion.territorial && opinion.version == version) >= CAMPS {
        Way::Rank
    } else {
        Way::Stay
    }
}

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
            ConcessionState::Withdrawn | ConcessionState::Merged | ConcessionState::Hidden | ConcessionState::Removed => Self::Closed,
        }
    }

    /// Whether it is a hold.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Review | Self::Stop | Self::People)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    fn said(camp: &str, version: i64, territorial: bool) -> Opinion {
        Opinion { account: Id::new(), camp: camp.into(), version, territorial }
    }

    const LANE: ConcessionState = ConcessionState::Provisional;

    #[test]
    fn two_viewpoints_confirm_and_one_alone_does_not() {
        let one_side = [said("kyiv", 1, false), said("kyiv", 1, false), said("kyiv", 1, false)];
        assert_eq!(settle(LANE, 1, &one_side), Way::Stay);
        assert_eq!(settle(LANE, 1, &[said("kyiv", 1, false), said("moscow", 1, false)]), Way::Rank);
        assert_eq!(settle(LANE, 2, &[said("kyiv", 1, false), said("moscow", 2, false)]), Way::Stay);
    }

    #[test]
    fn two_viewpoints_flag_and_one_alone_does_not_stop_a_confirmation() {
        let both = [said("kyiv", 1, true), said("moscow", 1, true)];
        assert_eq!(settle(ConcessionState::Ranked, 1, &both), Way::Hold(HeldBy::People));
        assert_eq!(settle(ConcessionState::Ranked, 2, &both), Way::Hold(HeldBy::People));
        assert_eq!(settle(ConcessionState::Held, 1, &both), Way::Stay);
        let split = [said("kyiv", 1, false), said("moscow", 1, false), said("moscow", 1, true)];
        assert_eq!(settle(LANE, 1, &split), Way::Rank);
    }

    #[test]
    fn who_changes_their_mind_counts_once() {
        let early = said("kyiv", 1, true);
        let late = Opinion { version: 2, territorial: false, ..early.clone() };
        assert_eq!(settle(LANE, 2, &[early, said("moscow", 1, true), late]), Way::Stay);
    }

    #[test]
    fn an_edit_never_undoes_what_people_held() {
        assert_eq!(after_edit(ConcessionState::Held, Some(HeldBy::People), Verdict::Pass), Way::Stay);
        assert_eq!(after_edit(ConcessionState::Held, Some(HeldBy::Raid), Verdict::Pass), Way::Stay);
        assert_eq!(after_edit(ConcessionState::Held, Some(HeldBy::Words), Verdict::Pass), Way::Check);
        assert_eq!(after_edit(ConcessionState::Held, Some(HeldBy::Stop), Verdict::Pass), Way::Check);
        assert_eq!(after_edit(ConcessionState::Ranked, None, Verdict::Pass), Way::Stay);
        assert_eq!(after_edit(ConcessionState::Ranked, None, Verdict::Review), Way::Hold(HeldBy::Review));
    }
}
