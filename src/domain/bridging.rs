//! The order of cards: by the least acceptance any counting camp shows, cautiously estimated.
use std::{cmp::Ordering, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{
    concession::ConcessionId,
    framework::Camp,
    tally::{Counter, Tally},
};

/// The normal quantile of the Wilson bounds: 80 % two-sided.
pub const Z: f64 = 1.2816;
/// From this `B` on, a card carries the badge.
pub const BADGE: f64 = 0.5;

/// Numbers that a host may set.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// A camp's counts show from so many answers on.
    pub floor: i64,
    /// A card is ranked when every counting camp has so many answers (weights of 1000 permille).
    pub enough: i64,
}

/// The Wilson score interval of a share `p` of `n` (Wilson 1927; weights enter by the effective sample size): (0, 1) for n = 0.
#[must_use]
pub fn wilson(p: f64, n: f64) -> (f64, f64) {
    if n <= 0.0 {
        return (0.0, 1.0);
    }
    let z2 = Z * Z;
    let centre = p + z2 / (2.0 * n);
    let spread = Z * ((p * (1.0 - p) + z2 / (4.0 * n)) / n).sqrt();
    let scale = 1.0 + z2 / n;
    (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
}

/// The interval of a camp's share of yes: Wilson's over the weights, at the lesser of their sum and Kish's effective size (Kish 1965).
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub fn interval(counter: &Counter) -> (f64, f64) {
    if counter.weight == 0 {
        return (0.0, 1.0);
    }
    let (weight, squares) = (counter.weight as f64, counter.weight_squares as f64);
    // Kish's effective size alone is scale-free and would let eight new accounts pass for eight people.
    let n = (weight / 1_000.0).min(weight * weight / squares);
    wilson(counter.weight_yes as f64 / weight, n)
}

/// What one camp said of one card, as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct CampNumbers {
    /// Yes, with changes and no together.
    pub answered: i64,
    /// Yes.
    pub yes: i64,
    /// Only with changes.
    pub with_changes: i64,
    /// No.
    pub no: i64,
    /// Can't say.
    pub cannot_say: i64,
    /// How likely they find it.
    pub realism: RealismNumbers,
    /// Lower end of the 80 % interval of the share of yes.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// How likely people find it that the giver would do it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RealismNumbers {
    /// Likely.
    pub likely: i64,
    /// Maybe.
    pub maybe: i64,
    /// Unlikely.
    pub unlikely: i64,
}

/// The camp that accepts a card least.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct HeldBack {
    /// Its key.
    pub camp: String,
    /// Its share of yes, 0 to 1.
    pub share: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How many of it answered.
    pub answered: i64,
}

/// Numbers per camp: `null` below the floor.
pub type Camps = BTreeMap<String, Option<CampNumbers>>;

/// A card in the order.
#[derive(Clone, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct Item {
    /// The card.
    pub concession: ConcessionId,
    /// Its place from 1; cards that are tied share it. `null` where only a part of the board shows.
    pub rank: Option<u32>,
    /// Whether it shares its place.
    pub tied: bool,
    /// `B`: the least lower bound over the counting camps.
    pub bridging: f64,
    /// Both sides could live with it: `B` at or above 0.5.
    pub badge: bool,
    /// What holds it back.
    pub held_back_by: HeldBack,
    /// Realism over all camps.
    pub realism: RealismNumbers,
    /// Numbers per camp.
    pub camps: Camps,
}

/// A card that needs answers before it can be ranked.
#[derive(Clone, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct Waiting {
    /// The card.
    pub concession: ConcessionId,
    /// How many more answers each camp must give.
    pub needs: BTreeMap<String, i64>,
    /// Realism over all camps.
    pub realism: RealismNumbers,
    /// Numbers per camp.
    pub camps: Camps,
}

/// The whole order of a question and round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS, ToSchema)]
pub struct Board {
    /// People with at least one scoring answer, per camp; `null`-free: camps below the floor are absent.
    pub voters: BTreeMap<String, i64>,
    /// Ranked cards, best first.
    pub items: Vec<Item>,
    /// Cards that need answers, fewest missing first.
    pub waiting: Vec<Waiting>,
}

/// The board of `cards` under a tally.
#[must_use]
pub fn board(tally: &Tally, cards: &[ConcessionId], camps: &[Camp], rules: Rules) -> Board {
    let mut scored = Vec::new();
    let mut waiting = Vec::new();
    for card in cards {
        let of = |camp: &Camp| tally.counters.get(&(camp.key.clone(), *card)).copied().unwrap_or_default();
        let counters: Vec<(&Camp, Counter)> = camps.iter().map(|camp| (camp, of(camp))).collect();
        let needs = needs(&counters, rules.enough);
        let (numbers, realism) = (numbers(&counters, rules.floor), realism(&counters, rules.floor));
        if needs.is_empty() {
            scored.push(score(*card, &counters, numbers, realism));
        } else {
            waiting.push(Waiting { concession: *card, needs, realism, camps: numbers });
        }
    }
    waiting.sort_by_key(|card| (card.needs.values().sum::<i64>(), card.concession));
    let voters = tally.voters.iter().filter(|(_, count)| **count >= rules.floor);
    Board { voters: voters.map(|(camp, count)| (camp.clone(), *count)).collect(), items: ranked(scored), waiting }
}

fn needs(counters: &[(&Camp, Counter)], enough: i64) -> BTreeMap<String, i64> {
    let missing = |counter: &Counter| enough - counter.weight / 1_000;
    counters
        .iter()
        .filter(|(camp, counter)| camp.in_score && missing(counter) > 0)
        .map(|(camp, counter)| (camp.key.clone(), missing(counter)))
        .collect()
}

fn numbers(counters: &[(&Camp, Counter)], floor: i64) -> Camps {
    let one = |counter: &Counter| {
        let (low, high) = interval(counter);
        let Counter { yes, with_changes, no, cannot_say, likely, maybe, unlikely, .. } = *counter;
        let realism = RealismNumbers { likely, maybe, unlikely };
        CampNumbers { answered: counter.answered(), yes, with_changes, no, cannot_say, realism, low, high }
    };
    counters.iter().map(|(camp, counter)| (camp.key.clone(), (counter.answered() >= floor.max(1)).then(|| one(counter)))).collect()
}

fn realism(counters: &[(&Camp, Counter)], floor: i64) -> RealismNumbers {
    let mut sum = RealismNumbers::default();
    // A camp below the floor stays out here too: the difference to the others would tell its answers.
    for (_, counter) in counters.iter().filter(|(_, counter)| counter.answered() >= floor.max(1)) {
        sum.likely += counter.likely;
        sum.maybe += counter.maybe;
        sum.unlikely += counter.unlikely;
    }
    sum
}

/// An item and the geometric mean of its lower bounds, by which equal minimums are told apart.
fn score(card: ConcessionId, counters: &[(&Camp, Counter)], camps: Camps, realism: RealismNumbers) -> (Item, f64) {
    let counting: Vec<_> = counters.iter().filter(|(camp, _)| camp.in_score).map(|(camp, counter)| (camp, counter, interval(counter))).collect();
    let (camp, counter, (low, high)) = counting.iter().min_by(|a, b| a.2.0.total_cmp(&b.2.0)).expect("an import without a counting camp is refused");
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    let share = if counter.weight == 0 { 0.0 } else { counter.weight_yes as f64 / counter.weight as f64 };
    let held_back_by = HeldBack { camp: camp.key.clone(), share, low: *low, high: *high, answered: counter.answered() };
    #[expect(clippy::cast_precision_loss, reason = "a handful of camps")]
    let mean = counting.iter().map(|(_, _, (low, _))| low).product::<f64>().powf(1.0 / counting.len() as f64);
    let item = Item { concession: card, rank: None, tied: false, bridging: *low, badge: *low >= BADGE, held_back_by, realism, camps };
    (item, mean)
}

fn ranked(mut scored: Vec<(Item, f64)>) -> Vec<Item> {
    let order = |a: &(Item, f64), b: &(Item, f64)| b.0.bridging.total_cmp(&a.0.bridging).then(b.1.total_cmp(&a.1));
    scored.sort_by(|a, b| order(a, b).then(a.0.concession.cmp(&b.0.concession)));
    let mut rank = 0;
    for place in 0..scored.len() {
        let tied = place > 0 && order(&scored[place - 1], &scored[place]) == Ordering::Equal;
        if tied {
            scored[place - 1].0.tied = true;
        } else {
            rank = u32::try_from(place + 1).expect("a question has fewer than 2^32 cards");
        }
        scored[place].0.tied = tied;
        scored[place].0.rank = Some(rank);
    }
    scored.into_iter().map(|(item, _)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::framework::Localized;
    use crate::id::Id;

    fn camp(key: &str, in_score: bool) -> Camp {
        let name = || key.to_owned();
        Camp { key: key.into(), name: Localized { en: name(), uk: name(), ru: name() }, in_score }
    }

    fn counter(yes: i64, no: i64, weight: i64) -> Counter {
        let n = yes + no;
        Counter { yes, no, weight_yes: yes * weight, weight: n * weight, weight_squares: n * weight * weight, ..Counter::default() }
    }

    #[test]
    fn wilson_agrees_with_hand_values() {
        // 8 of 10 at z = 1.2816, worked by hand: centre 0.882125, spread 0.181726, scale 1.164250.
        let (low, high) = wilson(0.8, 10.0);
        assert!((low - 0.601_588).abs() < 1e-5 && (high - 0.913_766).abs() < 1e-5, "{low} {high}");
        assert_eq!(wilson(0.5, 0.0), (0.0, 1.0));
        assert!(wilson(1.0, 5.0).1 <= 1.0 && wilson(0.0, 5.0).0 >= 0.0);
    }

    #[test]
    fn what_one_side_loves_stays_below_what_both_can_live_with() {
        let camps = [camp("kyiv", true), camp("moscow", true), camp("neither", false)];
        let (loved, bridging, unknown) = (Id::new(), Id::new(), Id::new());
        let mut tally = Tally::default();
        for (key, card, value) in [
            ("kyiv", loved, counter(60, 0, 1_000)),
            ("moscow", loved, counter(1, 19, 1_000)),
            ("kyiv", bridging, counter(40, 20, 1_000)),
            ("moscow", bridging, counter(14, 6, 1_000)),
            ("kyiv", unknown, counter(12, 0, 1_000)),
        ] {
            tally.counters.insert((key.into(), card), value);
        }
        let board = board(&tally, &[loved, bridging, unknown], &camps, Rules { floor: 5, enough: 8 });
        assert_eq!(board.items.iter().map(|item| item.concession).collect::<Vec<_>>(), [bridging, loved]);
        assert_eq!(board.items[1].held_back_by.camp, "moscow");
        assert_eq!(board.waiting[0].needs, BTreeMap::from([("moscow".into(), 8)]));
        assert_eq!(board.waiting[0].camps["moscow"], None);
    }

    #[test]
    fn eight_new_accounts_do_not_pass_for_eight_people() {
        let (new, standing) = (interval(&counter(8, 0, 200)), interval(&counter(8, 0, 1_000)));
        assert!(new.0 < 0.55 && standing.0 > 0.8, "{new:?} {standing:?}");
    }

    #[test]
    fn equal_cards_are_shown_as_tied() {
        let camps = [camp("kyiv", true)];
        let cards = [Id::new(), Id::new(), Id::new()];
        let mut tally = Tally::default();
        for (card, yes) in cards.iter().zip([9, 9, 1]) {
            tally.counters.insert(("kyiv".into(), *card), counter(yes, 1, 1_000));
        }
        let items = board(&tally, &cards, &camps, Rules { floor: 1, enough: 1 }).items;
        assert_eq!(items.iter().map(|item| (item.rank.unwrap(), item.tied)).collect::<Vec<_>>(), [(1, true), (1, true), (3, false)]);
    }
}
