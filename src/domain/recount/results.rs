//! What the site published: the board and all that stands beside it.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    bridging::{Board, Camps, HeldBack, Item, RealismNumbers, Waiting},
    concession::ConcessionId,
    opinions::{Counted, SecondOpinions, unfreeze::Unfreeze},
};

/// What the site published of a question and round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// People with at least one scoring answer, per camp; camps below the floor are absent.
    pub voters: BTreeMap<String, i64>,
    /// Ranked cards, best first.
    pub ranked: Vec<RankedCard>,
    /// Cards that need answers, fewest missing first.
    pub waiting: Vec<WaitingCard>,
    /// What would unfreeze the question's point, by card: those of which it shows for some camp.
    pub unfreeze: BTreeMap<ConcessionId, Unfreeze>,
}

/// A ranked card as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankedCard {
    /// The card.
    pub card: ConcessionId,
    /// Its place; tied cards share it.
    pub rank: Option<u32>,
    /// Whether it shares its place.
    pub tied: bool,
    /// The score.
    pub bridging: f64,
    /// Both sides could live with it.
    pub badge: bool,
    /// What holds it back.
    pub held_back_by: HeldBack,
    /// Realism over all camps that show.
    pub realism: RealismNumbers,
    /// Numbers per camp; `null` below the floor.
    pub camps: Camps,
    /// Second opinions.
    pub second_opinions: Option<SecondOpinions>,
}

/// A card that needs answers, as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingCard {
    /// The card.
    pub card: ConcessionId,
    /// How many more answers each camp must give.
    pub needs: BTreeMap<String, i64>,
    /// Realism over all camps that show.
    pub realism: RealismNumbers,
    /// Numbers per camp; `null` below the floor.
    pub camps: Camps,
}

impl Results {
    /// What was counted, as it goes into the file.
    #[must_use]
    pub fn of(counted: Counted) -> Self {
        let Counted {
            board,
            opinions,
            unfreeze,
        } = counted;
        let ranked = board.items.into_iter().map(|item| RankedCard {
            card: item.concession,
            rank: item.rank,
            tied: item.tied,
            bridging: item.bridging,
            badge: item.badge,
            held_back_by: item.held_back_by,
            realism: item.realism,
            camps: item.camps,
            second_opinions: opinions.get(&item.concession).copied(),
        });
        let waiting = board.waiting.into_iter().map(|card| WaitingCard {
            card: card.concession,
            needs: card.needs,
            realism: card.realism,
            camps: card.camps,
        });
        Self {
            voters: board.voters,
            ranked: ranked.collect(),
            waiting: waiting.collect(),
            unfreeze: unfreeze.into_iter().collect(),
        }
    }

    /// The board that was published.
    #[must_use]
    pub fn board(self) -> Board {
        let item = |card: RankedCard| {
            let RankedCard {
                card: concession,
                rank,
                tied,
                bridging,
                badge,
                held_back_by,
                realism,
                camps,
                ..
            } = card;
            Item {
                concession,
                rank,
                tied,
                bridging,
                badge,
                held_back_by,
                realism,
                camps,
            }
        };
        let waiting = |card: WaitingCard| {
            let WaitingCard {
                card: concession,
                needs,
                realism,
                camps,
            } = card;
            Waiting {
                concession,
                needs,
                realism,
                camps,
            }
        };
        Board {
            voters: self.voters,
            items: self.ranked.into_iter().map(item).collect(),
            waiting: self.waiting.into_iter().map(waiting).collect(),
        }
    }
}
