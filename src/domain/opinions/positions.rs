//! Borda's count, scaled to the length of a ballot: where each card stands on the ballots that
//! judged it beside others.
use std::collections::BTreeMap;

use crate::domain::{ballot::Ballot, concession::ConcessionId, framework::Camp, schulze::placings};

/// One whole in the unit of a position: points are integers, so that any order of adding gives the
/// same.
pub const POINT: i64 = 1_000_000;

/// Sums of normalised positions per camp and card, moved by the difference one ballot makes.
///
/// On a ballot with m scoring answers, m ≥ 2, a card stands at `(below + beside/2) / (m − 1)`: the
/// share of the other cards it is put above, half of those it stands beside. That is Borda's count
/// (Borda 1784) with equal cards sharing the mean of their places (Gärdenfors 1973), scaled to the
/// ballot's length so that a long ballot says no more of a card than a short one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    /// (weight × position in [`POINT`]s, weight) by camp and card; those at zero are absent.
    sums: BTreeMap<(String, ConcessionId), (i64, i64)>,
}

impl Positions {
    /// The positions of all these ballots.
    pub fn of<'a>(ballots: impl IntoIterator<Item = &'a Ballot>) -> Self {
        let mut positions = Self::default();
        for ballot in ballots {
            positions.add(ballot, 1);
        }
        positions
    }

    /// Adds one ballot, `sign` times.
    pub fn add(&mut self, ballot: &Ballot, sign: i64) {
        let places = placings(ballot);
        let count = |holds: &dyn Fn(usize) -> bool| {
            i64::try_from(places.iter().filter(|other| holds(other.tier)).count())
                .unwrap_or(i64::MAX)
        };
        let others = count(&|_| true) - 1;
        if others < 1 {
            return;
        }
        for place in &places {
            let (below, beside) = (
                count(&|tier| tier > place.tier),
                count(&|tier| tier == place.tier) - 1,
            );
            let position = (2 * below + beside) * POINT / (2 * others);
            let key = (place.camp.to_owned(), place.card);
            let sum = self.sums.entry(key.clone()).or_default();
            *sum = (
                sum.0 + sign * place.weight * position,
                sum.1 + sign * place.weight,
            );
            if *sum == (0, 0) {
                self.sums.remove(&key);
            }
        }
    }

    /// The mean position of a card over the answers of these camps.
    #[expect(
        clippy::cast_precision_loss,
        reason = "10^6 points × 10^3 permille × 10^6 people stay below 2^53"
    )]
    pub(super) fn mean(&self, card: ConcessionId, camps: &[&Camp]) -> Option<f64> {
        let sums = camps
            .iter()
            .filter_map(|camp| self.sums.get(&(camp.key.clone(), card)));
        let (points, weight) = sums.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (weight > 0).then(|| points as f64 / (weight as f64 * POINT as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ballot::Acceptance, samples::ballot},
        id::Id,
    };

    #[test]
    fn positions_by_difference_are_the_recount() {
        let (a, b): (ConcessionId, ConcessionId) = (Id::new(), Id::new());
        let before = ballot(
            "kyiv",
            1_000,
            &[(a, Acceptance::Yes), (b, Acceptance::Yes)],
            vec![],
        );
        let after = Ballot {
            tiers: vec![vec![b]],
            ..before.clone()
        };
        let mut moved = Positions::of([&before]);
        moved.add(&before, -1);
        moved.add(&after, 1);
        assert_eq!(moved, Positions::of([&after]));
        moved.add(&after, -1);
        assert_eq!(moved, Positions::default());
    }
}
