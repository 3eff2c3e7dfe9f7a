//! Second opinions beside the order: what other ways of counting would say of the same ballots.
//! They never move the order.
mod positions;
pub mod unfreeze;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    ballot::Ballot,
    bridging::{self, Board, Rules},
    concession::ConcessionId,
    framework::Camp,
    opinions::unfreeze::{Unfreeze, Unfreezing},
    schulze::{Pairs, Rank},
    tally::{Counter, Tally},
};

pub use self::positions::{POINT, Positions};

/// What other ways of counting say of one ranked card.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct SecondOpinions {
    /// Approval: the share of yes by weight over all camps that show, 0 to 1.
    pub approval: f64,
    /// Group-informed consensus over the camps that count, 0 to 1.
    pub consensus: f64,
    /// Mean position among the cards a person judged, 1 best and 0 last; `null` if nobody judged
    /// another card too.
    pub borda: Option<f64>,
    /// Place in the camp-balanced Schulze order of the ranked cards.
    pub schulze: Rank,
}

/// Everything that is summed over the ballots of a question, one by one.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// Counters.
    pub tally: Tally,
    pairs: Pairs,
    positions: Positions,
    unfreezing: Unfreezing,
}

impl Sums {
    /// Adds a ballot.
    pub fn add(&mut self, ballot: &Ballot) {
        self.tally.count(ballot, 1);
        self.pairs.add(ballot, 1);
        self.positions.add(ballot, 1);
        self.unfreezing.add(ballot, 1);
    }

    /// The board of the cards that show, the second opinions of its ranked ones, and what
    /// unfreezes.
    #[must_use]
    pub fn results(&self, cards: &[ConcessionId], camps: &[Camp], rules: Rules) -> Counted {
        let board = bridging::board(&self.tally, cards, camps, rules);
        let ranked: Vec<ConcessionId> = board.items.iter().map(|item| item.concession).collect();
        let opinions = opinions(
            &self.tally,
            &self.pairs,
            &self.positions,
            &ranked,
            camps,
            rules,
        );
        Counted {
            board,
            opinions,
            unfreeze: self.unfreezing.of(cards, camps, rules.floor),
        }
    }
}

/// What [`Sums`] come to.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The board.
    pub board: Board,
    /// Second opinions of the ranked cards.
    pub opinions: BTreeMap<ConcessionId, SecondOpinions>,
    /// What unfreezes the question's point.
    pub unfreeze: Vec<(ConcessionId, Unfreeze)>,
}

/// The second opinions of `cards`, which should be the ranked ones: the Schulze order is the order
/// of these alone.
///
/// A camp whose answers to a card are below the floor stays out of its approval and Borda, as it
/// does of realism: the pooled number would tell its answers. Consensus and Schulze take the camps
/// with `in_score`, which on a ranked card are above it.
#[must_use]
pub fn opinions(
    tally: &Tally,
    pairs: &Pairs,
    positions: &Positions,
    cards: &[ConcessionId],
    camps: &[Camp],
    rules: Rules,
) -> BTreeMap<ConcessionId, SecondOpinions> {
    let counting: Vec<&str> = camps
        .iter()
        .filter(|camp| camp.in_score)
        .map(|camp| camp.key.as_str())
        .collect();
    let order = pairs.order(cards, &counting);
    let one = |(card, schulze): (&ConcessionId, Rank)| {
        let shown: Vec<&Camp> = camps
            .iter()
            .filter(|camp| tally.counter(&camp.key, *card).answered() >= rules.floor.max(1))
            .collect();
        let opinions = SecondOpinions {
            approval: approval(shown.iter().map(|camp| tally.counter(&camp.key, *card))),
            consensus: counting
                .iter()
                .map(|camp| consensus(&tally.counter(camp, *card)))
                .product(),
            borda: positions.mean(*card, &shown),
            schulze,
        };
        (*card, opinions)
    };
    cards.iter().zip(order).map(one).collect()
}

/// The share of yes by weight; 0 for no answers (Brams and Fishburn 1978, as a share because not
/// everybody is dealt every card).
#[expect(clippy::cast_precision_loss, reason = "weights stay far below 2^53")]
fn approval(counters: impl Iterator<Item = Counter>) -> f64 {
    let (yes, all) = counters.fold((0, 0), |sum, counter| {
        (sum.0 + counter.weight_yes, sum.1 + counter.weight)
    });
    if all == 0 {
        0.0
    } else {
        yes as f64 / all as f64
    }
}

/// One camp's factor of Polis' group-informed consensus, `(a + 1) / (n + 2)` (Small et al. 2021,
/// "Polis: scaling deliberation by mapping high dimensional opinion spaces"), with a and n in
/// people of weight 1000.
#[expect(clippy::cast_precision_loss, reason = "weights stay far below 2^53")]
fn consensus(counter: &Counter) -> f64 {
    (counter.weight_yes as f64 / 1_000.0 + 1.0) / (counter.weight as f64 / 1_000.0 + 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ballot::Acceptance,
            samples::{ballot, camps},
        },
        id::Id,
    };

    #[test]
    fn numbers_are_those_worked_by_hand() {
        use Acceptance::{No, WithChanges, Yes};
        let (a, b, c): (ConcessionId, ConcessionId, ConcessionId) =
            (Id::new(), Id::new(), Id::new());
        let ballots = [
            // Positions: a 1, b ½, c 0.
            ballot(
                "kyiv",
                1_000,
                &[(a, Yes), (b, Yes), (c, No)],
                vec![vec![a], vec![b]],
            ),
            // a and b beside each other: ¾ each, c 0.
            ballot(
                "kyiv",
                1_000,
                &[(a, Yes), (b, Yes), (c, WithChanges)],
                vec![],
            ),
            // b 1, a 0, at a fifth of the weight.
            ballot("moscow", 200, &[(a, No), (b, Yes)], vec![]),
            // One answer alone has no position.
            ballot("moscow", 1_000, &[(a, Yes)], vec![]),
            ballot("neither", 1_000, &[(a, No), (c, Yes)], vec![]),
        ];
        let mut tally = Tally::default();
        ballots.iter().for_each(|ballot| tally.count(ballot, 1));
        let of = |floor| {
            opinions(
                &tally,
                &Pairs::of(&ballots),
                &Positions::of(&ballots),
                &[a, b, c],
                &camps(),
                Rules { floor, enough: 1 },
            )
        };
        let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-9, "{x} {y}");
        let all = of(1);
        near(all[&a].approval, 3.0 / 4.2);
        near(all[&a].consensus, 3.0 / 4.0 * (2.0 / 3.2));
        near(all[&a].borda.unwrap(), 1.75 / 3.2);
        near(all[&b].consensus, 3.0 / 4.0 * (1.2 / 2.2));
        near(all[&b].borda.unwrap(), (0.5 + 0.75 + 0.2) / 2.2);
        near(all[&c].borda.unwrap(), 1.0 / 3.0);
        // d[a,b] = ((1.5/2) + (0.5/1.2)) / 2 > ½, and both beat c.
        assert_eq!([a, b, c].map(|card| all[&card].schulze.rank), [1, 2, 3]);
        // At a floor of 2, only Kyiv's two and Moscow's two answers to a show.
        near(of(2)[&a].approval, 3.0 / 3.2);
        near(of(2)[&b].approval, 1.0);
    }
}
