//! What people's words on a card come to: viewpoints that agree hold it, or let it be ranked.
use std::collections::{BTreeSet, HashMap};

use super::{HeldBy, Way};
use crate::domain::{account::AccountId, concession::ConcessionState};

/// How many viewpoints have to agree: with one alone, a side could confirm its own cards and take
/// down the other's.
pub const CAMPS: usize = 2;

/// One person's word on a card.
#[derive(Clone, Debug)]
pub struct Voice {
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
/// Flags of [`CAMPS`] viewpoints hold it; short of that, confirmations of as many viewpoints rank
/// it. A confirmation is for the version that was read; a flag stays through edits, or a word
/// changed here and there would shake it off. Of one person the last version's word counts.
#[must_use]
pub fn settle(state: ConcessionState, version: i64, voices: &[Voice]) -> Way {
    if !matches!(
        state,
        ConcessionState::Provisional | ConcessionState::Ranked
    ) {
        return Way::Stay;
    }
    let mut last: HashMap<AccountId, &Voice> = HashMap::new();
    for voice in voices {
        let kept = last.entry(voice.account).or_insert(voice);
        if voice.version > kept.version {
            *kept = voice;
        }
    }
    let camps = |holds: &dyn Fn(&Voice) -> bool| -> usize {
        last.values()
            .filter(|voice| holds(voice))
            .map(|voice| voice.camp.as_str())
            .collect::<BTreeSet<_>>()
            .len()
    };
    if camps(&|voice| voice.territorial) >= CAMPS {
        Way::Hold(HeldBy::People)
    } else if state == ConcessionState::Provisional
        && camps(&|voice| !voice.territorial && voice.version == version) >= CAMPS
    {
        Way::Rank
    } else {
        Way::Stay
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    fn said(camp: &str, version: i64, territorial: bool) -> Voice {
        Voice {
            account: Id::new(),
            camp: camp.into(),
            version,
            territorial,
        }
    }

    const LANE: ConcessionState = ConcessionState::Provisional;

    #[test]
    fn two_viewpoints_confirm_and_one_alone_does_not() {
        let one_side = [
            said("kyiv", 1, false),
            said("kyiv", 1, false),
            said("kyiv", 1, false),
        ];
        assert_eq!(settle(LANE, 1, &one_side), Way::Stay);
        assert_eq!(
            settle(LANE, 1, &[said("kyiv", 1, false), said("moscow", 1, false)]),
            Way::Rank
        );
        assert_eq!(
            settle(LANE, 2, &[said("kyiv", 1, false), said("moscow", 2, false)]),
            Way::Stay
        );
    }

    #[test]
    fn two_viewpoints_flag_and_one_alone_does_not_stop_a_confirmation() {
        let both = [said("kyiv", 1, true), said("moscow", 1, true)];
        assert_eq!(
            settle(ConcessionState::Ranked, 1, &both),
            Way::Hold(HeldBy::People)
        );
        assert_eq!(
            settle(ConcessionState::Ranked, 2, &both),
            Way::Hold(HeldBy::People)
        );
        assert_eq!(settle(ConcessionState::Held, 1, &both), Way::Stay);
        let split = [
            said("kyiv", 1, false),
            said("moscow", 1, false),
            said("moscow", 1, true),
        ];
        assert_eq!(settle(LANE, 1, &split), Way::Rank);
    }

    #[test]
    fn who_changes_their_mind_counts_once() {
        let early = said("kyiv", 1, true);
        let late = Voice {
            version: 2,
            territorial: false,
            ..early.clone()
        };
        assert_eq!(
            settle(LANE, 2, &[early, said("moscow", 1, true), late]),
            Way::Stay
        );
    }
}
