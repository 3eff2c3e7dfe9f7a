//! Would a card unfreeze a point? How far acceptance of the point would rise in each camp if the
//! card were granted.
mod paired;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{ballot::Ballot, concession::ConcessionId, framework::Camp};

pub use self::paired::{Difference, Paired, paired_difference};

/// From so many people on, a difference shows even if its interval holds 0: "no clear difference"
/// is then a finding.
pub const SHOWN_FROM: f64 = 30.0;

/// What was said twice, per card and camp: what [`unfreeze`] is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfreezing {
    cards: BTreeMap<ConcessionId, BTreeMap<String, Paired>>,
}

impl Unfreezing {
    /// What all these ballots say.
    pub fn of_all<'a>(ballots: impl IntoIterator<Item = &'a Ballot>) -> Self {
        let mut unfreezing = Self::default();
        for ballot in ballots {
            unfreezing.add(ballot, 1);
        }
        unfreezing
    }

    /// Adds one ballot, `sign` times. Both answers must be yes or no and given for the same camp,
    /// and the card dealt; the person weighs what the lighter of the two does.
    pub fn add(&mut self, ballot: &Ballot, sign: i64) {
        let Some(point) = &ballot.point else { return };
        let (Some(without), Some(camp)) = (point.accepts.said(), &point.camp) else {
            return;
        };
        for answer in ballot
            .answers
            .values()
            .filter(|answer| answer.dealt && answer.camp.as_ref() == Some(camp))
        {
            let Some(with) = answer.unfreezes.and_then(|said| said.said()) else {
                continue;
            };
            let paired = self
                .cards
                .entry(answer.concession)
                .or_default()
                .entry(camp.clone())
                .or_default();
            paired.add(
                &Paired::of(without, with, point.weight.min(answer.weight)),
                sign,
            );
        }
        if sign > 0 {
            return;
        }
        self.cards.retain(|_, camps| {
            camps.retain(|_, paired| *paired != Paired::default());
            !camps.is_empty()
        });
    }

    /// The measure of those cards of which it shows for some camp, in their order.
    #[must_use]
    pub fn of(
        &self,
        cards: &[ConcessionId],
        camps: &[Camp],
        floor: i64,
    ) -> Vec<(ConcessionId, Unfreeze)> {
        let measured = cards.iter().filter_map(|card| {
            self.cards
                .get(card)
                .map(|counters| (*card, unfreeze(counters, camps, floor)))
        });
        measured
            .filter(|(_, measure)| measure.camps.values().any(Option::is_some))
            .collect()
    }
}

/// Differences per camp: `null` where they do not show.
pub type Differences = BTreeMap<String, Option<Difference>>;

/// The unfreeze measure of one card and point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct Unfreeze {
    /// Per camp.
    pub camps: Differences,
    /// The counting camp with the lowest lower end; `null` unless every counting camp shows.
    pub least: Option<String>,
}

/// The measure of one card over the camps: a camp shows where its interval leaves out 0, or from
/// [`SHOWN_FROM`] people on, and never below `floor` people.
#[must_use]
pub fn unfreeze(counters: &BTreeMap<String, Paired>, camps: &[Camp], floor: i64) -> Unfreeze {
    #[expect(clippy::cast_precision_loss, reason = "a floor is a handful")]
    let shows = |found: &Difference| {
        found.n >= floor as f64 && (found.low > 0.0 || found.high < 0.0 || found.n >= SHOWN_FROM)
    };
    let of = |camp: &Camp| {
        counters
            .get(&camp.key)
            .and_then(|paired| paired_difference(paired.cells()))
            .filter(shows)
    };
    let found: Vec<(&Camp, Option<Difference>)> =
        camps.iter().map(|camp| (camp, of(camp))).collect();
    let counting: Option<Vec<(&Camp, Difference)>> = found
        .iter()
        .filter(|(camp, _)| camp.in_score)
        .map(|(camp, one)| one.map(|one| (*camp, one)))
        .collect();
    let least = counting
        .and_then(|all| all.into_iter().min_by(|a, b| a.1.low.total_cmp(&b.1.low)))
        .map(|(camp, _)| camp.key.clone());
    Unfreeze {
        camps: found
            .into_iter()
            .map(|(camp, one)| (camp.key.clone(), one))
            .collect(),
        least,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::camps;

    fn many(without: bool, with: bool, weight: i64, count: i64) -> Paired {
        let mut sum = Paired::default();
        sum.add(&Paired::of(without, with, weight), count);
        sum
    }

    #[test]
    fn the_least_moved_camp_says_what_the_card_unfreezes() {
        let camps = camps();
        let mut kyiv = many(false, true, 1_000, 20);
        kyiv.add(&Paired::of(true, true, 1_000), 10);
        let mut moscow = many(false, true, 1_000, 4);
        moscow.add(&Paired::of(false, false, 1_000), 8);
        let mut counters =
            BTreeMap::from([("kyiv".to_owned(), kyiv), ("moscow".to_owned(), moscow)]);
        let found = unfreeze(&counters, &camps, 5);
        assert_eq!(
            (found.least.as_deref(), found.camps["neither"]),
            (Some("moscow"), None)
        );
        // Six of whom one moved: the interval holds 0, and six are few.
        let mut few = many(false, false, 1_000, 5);
        few.add(&Paired::of(false, true, 1_000), 1);
        counters.insert("moscow".to_owned(), few);
        let found = unfreeze(&counters, &camps, 5);
        assert_eq!((found.least, found.camps["moscow"]), (None, None));
        assert!(found.camps["kyiv"].unwrap().low > 0.0);
    }

    #[test]
    fn new_accounts_weigh_a_fifth() {
        let found = paired_difference(many(false, true, 200, 10).cells()).unwrap();
        assert!((found.n - 2.0).abs() < 1e-9, "{found:?}");
    }
}
