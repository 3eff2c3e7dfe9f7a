//! Who is preferred to whom: what ballots say of each two cards, by camp, and how strongly all
//! camps together support it.
use std::collections::BTreeMap;

use super::{Rank, schulze};
use crate::domain::{
    ballot::{Acceptance, Answer, Ballot},
    concession::ConcessionId,
};

/// One whole in the unit of [`Pairs::support`]. Shares are rounded to billionths so that equal ones
/// are equal on every machine and in every language; among fewer than 10⁸ voters one vote moves a
/// share by more than that.
pub const UNIT: i64 = 1_000_000_000;

/// Where one scoring answer stands on its ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placing<'a> {
    /// The card.
    pub card: ConcessionId,
    /// The camp frozen into the answer.
    pub camp: &'a str,
    /// The weight frozen into it, permille.
    pub weight: i64,
    /// 0 is best: the tiers, then accepted but not placed, then (below the no-deal line) with
    /// changes, then no.
    pub tier: usize,
}

/// The placings of all answers that score; what cannot be said, was not dealt or has no camp is
/// absent.
#[must_use]
pub fn placings<'a>(ballot: &'a Ballot) -> Vec<Placing<'a>> {
    let placed: BTreeMap<ConcessionId, usize> = ballot
        .tiers
        .iter()
        .enumerate()
        .flat_map(|(tier, cards)| cards.iter().map(move |card| (*card, tier)))
        .collect();
    let unplaced = ballot.tiers.len();
    let tier = |answer: &Answer| match answer.acceptance {
        Acceptance::Yes => placed.get(&answer.concession).copied().unwrap_or(unplaced),
        Acceptance::WithChanges => unplaced + 1,
        Acceptance::No | Acceptance::CannotSay => unplaced + 2,
    };
    let place = |answer: &'a Answer| {
        let Answer {
            concession,
            camp,
            weight,
            ..
        } = answer;
        camp.as_deref().map(|camp| Placing {
            card: *concession,
            camp,
            weight: *weight,
            tier: tier(answer),
        })
    };
    ballot
        .answers
        .values()
        .filter(|answer| answer.scores())
        .filter_map(place)
        .collect()
}

/// Who is preferred to whom: weights per camp and ordered pair, moved by the difference one ballot
/// makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// By camp, then by (preferred, other): permille. Those at zero are absent.
    camps: BTreeMap<String, BTreeMap<(ConcessionId, ConcessionId), i64>>,
}

impl Pairs {
    /// The pairs of all these ballots.
    pub fn of<'a>(ballots: impl IntoIterator<Item = &'a Ballot>) -> Self {
        let mut pairs = Self::default();
        for ballot in ballots {
            pairs.add(ballot, 1);
        }
        pairs
    }

    /// Adds one ballot, `sign` times: O(k²) for k scoring answers, whatever the number of ballots.
    ///
    /// A pair counts if both answers score and were given for the same camp; it weighs what the
    /// lighter of the two does. Cards on one tier add nothing to either side.
    pub fn add(&mut self, ballot: &Ballot, sign: i64) {
        let placings = placings(ballot);
        for (index, one) in placings.iter().enumerate() {
            for other in placings[index + 1..]
                .iter()
                .filter(|other| other.camp == one.camp && other.tier != one.tier)
            {
                let pair = if one.tier < other.tier {
                    (one.card, other.card)
                } else {
                    (other.card, one.card)
                };
                self.move_pair(one.camp, pair, sign * one.weight.min(other.weight));
            }
        }
    }

    fn move_pair(&mut self, camp: &str, pair: (ConcessionId, ConcessionId), by: i64) {
        let pairs = self.camps.entry(camp.to_owned()).or_default();
        let weight = pairs.entry(pair).or_default();
        *weight += by;
        if *weight == 0 {
            pairs.remove(&pair);
        }
        if pairs.is_empty() {
            self.camps.remove(camp);
        }
    }

    /// The weight of those of a camp who prefer `one` to `other`, permille.
    #[must_use]
    pub fn preferring(&self, camp: &str, one: ConcessionId, other: ConcessionId) -> i64 {
        self.camps
            .get(camp)
            .and_then(|pairs| pairs.get(&(one, other)))
            .copied()
            .unwrap_or(0)
    }

    /// `d[x][y]` in [`UNIT`]s: the mean over `camps` of `(n(x>y) + ½) / (n(x>y) + n(y>x) + 1)`,
    /// with n in people of weight 1000.
    ///
    /// The half is Jeffreys' prior count on either side, so that a camp which has not compared two
    /// cards says ½, not nothing. `d[x][y] + d[y][x]` is one whole. The diagonal is 0.
    #[must_use]
    pub fn support(&self, cards: &[ConcessionId], camps: &[&str]) -> Vec<Vec<i64>> {
        let mut support = vec![vec![0; cards.len()]; cards.len()];
        for x in 0..cards.len() {
            for y in (0..cards.len()).filter(|y| cards[x] < cards[*y]) {
                support[x][y] = self.balanced(cards[x], cards[y], camps);
                support[y][x] = UNIT - support[x][y];
            }
        }
        support
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "weights stay far below 2^53, the result within 0 to 10^9"
    )]
    fn balanced(&self, one: ConcessionId, other: ConcessionId, camps: &[&str]) -> i64 {
        let share = |camp: &&str| {
            let (won, lost) = (
                self.preferring(camp, one, other),
                self.preferring(camp, other, one),
            );
            (won + 500) as f64 / (won + lost + 1_000) as f64
        };
        let mean = camps.iter().map(share).sum::<f64>() / camps.len().max(1) as f64;
        (mean * UNIT as f64 + 0.5).floor() as i64
    }

    /// The place of each of `cards` in the camp-balanced order.
    #[must_use]
    pub fn order(&self, cards: &[ConcessionId], camps: &[&str]) -> Vec<Rank> {
        schulze(&self.support(cards, camps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ballot::WEIGHT_NEW, samples},
        id::Id,
    };
    use std::collections::BTreeSet;

    fn ballot(camp: &str, weight: i64, tiers: &[&[ConcessionId]], no: &[ConcessionId]) -> Ballot {
        let yes = tiers
            .iter()
            .flat_map(|tier| tier.iter())
            .map(|card| (*card, Acceptance::Yes));
        let said: Vec<_> = yes
            .chain(no.iter().map(|card| (*card, Acceptance::No)))
            .collect();
        samples::ballot(
            camp,
            weight,
            &said,
            tiers.iter().map(|tier| tier.to_vec()).collect(),
        )
    }

    #[test]
    fn sixty_of_one_camp_do_not_outvote_ten_of_the_other() {
        let (a, b, c): (ConcessionId, ConcessionId, ConcessionId) =
            (Id::new(), Id::new(), Id::new());
        // Kyiv's 60: 50 put A before C, 10 C before A, none accepts B. Moscow's 10: C, then B, not
        // A. Pooled, A would win.
        let mut ballots = vec![ballot("kyiv", 1_000, &[&[a], &[c]], &[b]); 50];
        ballots.extend(vec![ballot("kyiv", 1_000, &[&[c], &[a]], &[b]); 10]);
        ballots.extend(vec![ballot("moscow", 1_000, &[&[c], &[b]], &[a]); 10]);
        let pairs = Pairs::of(&ballots);
        // C over A: (10.5/61 + 10.5/11) / 2 by hand.
        let support = pairs.support(&[a, c], &["kyiv", "moscow"]);
        assert_eq!((support[1][0], support[0][1]), (563_338_301, 436_661_699));
        let order = pairs.order(&[a, b, c], &["kyiv", "moscow"]);
        assert_eq!(
            order.iter().map(|place| place.rank).collect::<Vec<_>>(),
            [2, 3, 1]
        );
    }

    #[test]
    fn a_pair_counts_only_if_both_answers_score_for_one_camp() {
        let (a, b): (ConcessionId, ConcessionId) = (Id::new(), Id::new());
        let fair = ballot("kyiv", 1_000, &[&[a]], &[b]);
        let spoil = |change: fn(&mut Answer)| {
            let mut spoilt = fair.clone();
            change(spoilt.answers.get_mut(&b).unwrap());
            Pairs::of([&spoilt])
        };
        assert_eq!(Pairs::of([&fair]).preferring("kyiv", a, b), 1_000);
        assert_eq!(spoil(|answer| answer.dealt = false), Pairs::default());
        assert_eq!(
            spoil(|answer| answer.acceptance = Acceptance::CannotSay),
            Pairs::default()
        );
        assert_eq!(
            spoil(|answer| answer.camp = Some("moscow".into())),
            Pairs::default()
        );
        assert_eq!(
            spoil(|answer| answer.weight = WEIGHT_NEW).preferring("kyiv", a, b),
            WEIGHT_NEW
        );
    }

    #[test]
    fn unplaced_cards_stand_last_among_the_accepted_and_above_the_line() {
        let cards: Vec<ConcessionId> = (0..4).map(|_| Id::new()).collect();
        let mut ballot = ballot("kyiv", 1_000, &[&[cards[2]], &[cards[0]]], &[cards[3]]);
        ballot.tiers.pop();
        ballot.answers.insert(
            cards[1],
            Answer {
                concession: cards[1],
                acceptance: Acceptance::WithChanges,
                ..ballot.answers[&cards[0]].clone()
            },
        );
        let tiers: BTreeSet<_> = placings(&ballot)
            .iter()
            .map(|place| (place.tier, place.card))
            .collect();
        assert_eq!(
            tiers,
            [(0, cards[2]), (1, cards[0]), (2, cards[1]), (3, cards[3])].into()
        );
    }

    #[test]
    fn a_reorder_by_difference_is_the_recount() {
        let cards: Vec<ConcessionId> = (0..5).map(|_| Id::new()).collect();
        let before = ballot("kyiv", 1_000, &[&cards[..2], &[cards[3]]], &[cards[4]]);
        let after = Ballot {
            tiers: vec![vec![cards[3]], vec![cards[1]]],
            ..before.clone()
        };
        let others = [
            ballot("moscow", 1_000, &[&[cards[4]]], &cards[..2]),
            ballot("kyiv", 200, &[&[cards[4], cards[3]]], &[]),
        ];
        let mut moved = Pairs::of(others.iter().chain([&before]));
        moved.add(&before, -1);
        moved.add(&after, 1);
        assert_eq!(moved, Pairs::of(others.iter().chain([&after])));
        for gone in others.iter().chain([&after]) {
            moved.add(gone, -1);
        }
        assert_eq!(moved, Pairs::default());
    }
}
