//! The order of cards: by the least acceptance any counting camp shows, cautiously estimated.
mod board;
mod wilson;

use std::{cmp::Ordering, collections::BTreeMap};

pub use self::{
    board::{Board, CampNumbers, Camps, HeldBack, Item, RealismNumbers, Waiting},
    wilson::{Z, effective_size, interval, wilson},
};
use super::{
    concession::ConcessionId,
    framework::Camp,
    tally::{Counter, Tally},
};

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

/// Whether every counting camp has given enough answers, by what each camp's weigh, permille.
#[must_use]
pub fn enough_of_each(camps: &[Camp], enough: i64, weight: impl Fn(&str) -> i64) -> bool {
    let mut counting = camps.iter().filter(|camp| camp.in_score);
    counting.all(|camp| weight(&camp.key) >= enough * 1_000)
}

/// The board of `cards` under a tally.
#[must_use]
pub fn board(tally: &Tally, cards: &[ConcessionId], camps: &[Camp], rules: Rules) -> Board {
    let mut scored = Vec::new();
    let mut waiting = Vec::new();
    for card in cards {
        let counters: Vec<(&Camp, Counter)> = camps
            .iter()
            .map(|camp| (camp, tally.counter(&camp.key, *card)))
            .collect();
        let needs = needs(&counters, rules.enough);
        let (numbers, realism) = (
            numbers(&counters, rules.floor),
            realism(&counters, rules.floor),
        );
        if needs.is_empty() {
            scored.push(score(*card, &counters, numbers, realism));
        } else {
            waiting.push(Waiting {
                concession: *card,
                needs,
                realism,
                camps: numbers,
            });
        }
    }
    waiting.sort_by_key(|card| (card.needs.values().sum::<i64>(), card.concession));
    let voters = tally
        .voters
        .iter()
        .filter(|(_, count)| **count >= rules.floor);
    Board {
        voters: voters.map(|(camp, count)| (camp.clone(), *count)).collect(),
        items: ranked(scored),
        waiting,
    }
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
        let Counter {
            yes,
            with_changes,
            no,
            cannot_say,
            likely,
            maybe,
            unlikely,
            ..
        } = *counter;
        let realism = RealismNumbers {
            likely,
            maybe,
            unlikely,
        };
        CampNumbers {
            answered: counter.answered(),
            yes,
            with_changes,
            no,
            cannot_say,
            realism,
            low,
            high,
        }
    };
    counters
        .iter()
        .map(|(camp, counter)| {
            (
                camp.key.clone(),
                (counter.answered() >= floor.max(1)).then(|| one(counter)),
            )
        })
        .collect()
}

fn realism(counters: &[(&Camp, Counter)], floor: i64) -> RealismNumbers {
    let mut sum = RealismNumbers::default();
    // A camp below the floor stays out here too: the difference to the others would tell its
    // answers.
    for (_, counter) in counters
        .iter()
        .filter(|(_, counter)| counter.answered() >= floor.max(1))
    {
        sum.likely += counter.likely;
        sum.maybe += counter.maybe;
        sum.unlikely += counter.unlikely;
    }
    sum
}

/// An item and the geometric mean of its lower bounds, by which equal minimums are told apart.
fn score(
    card: ConcessionId,
    counters: &[(&Camp, Counter)],
    camps: Camps,
    realism: RealismNumbers,
) -> (Item, f64) {
    let counting: Vec<_> = counters
        .iter()
        .filter(|(camp, _)| camp.in_score)
        .map(|(camp, counter)| (camp, counter, interval(counter)))
        .collect();
    let (camp, counter, (low, high)) = counting
        .iter()
        .min_by(|a, b| a.2.0.total_cmp(&b.2.0))
        .expect("an import without a counting camp is refused");
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    let share = if counter.weight == 0 {
        0.0
    } else {
        counter.weight_yes as f64 / counter.weight as f64
    };
    let held_back_by = HeldBack {
        camp: camp.key.clone(),
        share,
        low: *low,
        high: *high,
        answered: counter.answered(),
    };
    #[expect(clippy::cast_precision_loss, reason = "a handful of camps")]
    let mean = counting
        .iter()
        .map(|(_, _, (low, _))| low)
        .product::<f64>()
        .powf(1.0 / counting.len() as f64);
    let item = Item {
        concession: card,
        rank: None,
        tied: false,
        bridging: *low,
        badge: *low >= BADGE,
        held_back_by,
        realism,
        camps,
    };
    (item, mean)
}

fn ranked(mut scored: Vec<(Item, f64)>) -> Vec<Item> {
    let order = |a: &(Item, f64), b: &(Item, f64)| {
        b.0.bridging
            .total_cmp(&a.0.bridging)
            .then(b.1.total_cmp(&a.1))
    };
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

    use crate::{
        domain::samples::{camp, camps},
        id::Id,
    };

    fn counter(yes: i64, no: i64, weight: i64) -> Counter {
        let n = yes + no;
        Counter {
            yes,
            no,
            weight_yes: yes * weight,
            weight: n * weight,
            weight_squares: n * weight * weight,
            ..Counter::default()
        }
    }

    #[test]
    fn what_one_side_loves_stays_below_what_both_can_live_with() {
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
        let board = board(
            &tally,
            &[loved, bridging, unknown],
            &camps(),
            Rules {
                floor: 5,
                enough: 8,
            },
        );
        assert_eq!(
            board
                .items
                .iter()
                .map(|item| item.concession)
                .collect::<Vec<_>>(),
            [bridging, loved]
        );
        assert_eq!(board.items[1].held_back_by.camp, "moscow");
        assert_eq!(
            board.waiting[0].needs,
            BTreeMap::from([("moscow".into(), 8)])
        );
        assert_eq!(board.waiting[0].camps["moscow"], None);
    }

    #[test]
    fn eight_new_accounts_do_not_pass_for_eight_people() {
        let (new, standing) = (
            interval(&counter(8, 0, 200)),
            interval(&counter(8, 0, 1_000)),
        );
        assert!(new.0 < 0.55 && standing.0 > 0.8, "{new:?} {standing:?}");
    }

    #[test]
    fn equal_cards_are_shown_as_tied() {
        let camps = [camp("kyiv", true)];
        let cards = [Id::new(), Id::new(), Id::new()];
        let mut tally = Tally::default();
        for (card, yes) in cards.iter().zip([9, 9, 1]) {
            tally
                .counters
                .insert(("kyiv".into(), *card), counter(yes, 1, 1_000));
        }
        let items = board(
            &tally,
            &cards,
            &camps,
            Rules {
                floor: 1,
                enough: 1,
            },
        )
        .items;
        assert_eq!(
            items
                .iter()
                .map(|item| (item.rank.unwrap(), item.tied))
                .collect::<Vec<_>>(),
            [(1, true), (1, true), (3, false)]
        );
    }
}
