//! Properties: whatever people do, in whatever order and over rounds, the running tally is the one
//! counted from their ballots.
use std::collections::BTreeMap;

use demarche::{
    domain::{
        ballot::{
            Acceptance, Answer, Assent, Ballot, PointAnswer, Realism, Seat, WEIGHT_NEW,
            WEIGHT_STANDING,
        },
        concession::ConcessionId,
        framework::QuestionId,
        opinions::{Positions, unfreeze::Unfreezing},
        schulze::Pairs,
        tally::{Applied, Delta, Tally},
    },
    id::Id,
};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{TestCaseError, TestRunner},
};

const PEOPLE: usize = 5;
const CARDS: usize = 4;

/// One thing somebody does.
#[derive(Clone, Debug)]
enum Deed {
    /// Casts an answer, or replaces one.
    Cast {
        card: usize,
        acceptance: Acceptance,
        realism: Option<Realism>,
        dealt: bool,
    },
    /// Says of a card already answered whether it would unfreeze the point.
    Unfreeze { card: usize, says: Option<Assent> },
    /// Says whether the point is acceptable as it stands.
    Point { accepts: Assent },
    /// Takes an answer back.
    Withdraw { card: usize },
    /// Puts accepted cards in order, some of them beside each other.
    Order { cards: Vec<usize>, beside: bool },
    /// A card's words change: what was said of them is a reaction.
    Reword { card: usize },
    /// Declares another viewpoint, or none: the first one that counts stays for the round.
    Viewpoint { camp: Option<&'static str> },
    /// The round is closed and the next one opened: everybody begins with an empty ballot.
    NextRound,
}

fn deed() -> impl Strategy<Value = Deed> {
    let acceptance = select(vec![
        Acceptance::Yes,
        Acceptance::WithChanges,
        Acceptance::No,
        Acceptance::CannotSay,
    ]);
    let realism = select(vec![
        None,
        Some(Realism::Likely),
        Some(Realism::Maybe),
        Some(Realism::Unlikely),
        Some(Realism::CannotSay),
    ]);
    prop_oneof![
        5 => (0..CARDS, acceptance, realism, prop::bool::weighted(0.8))
            .prop_map(|(card, acceptance, realism, dealt)| Deed::Cast { card, acceptance, realism, dealt }),
        2 => (0..CARDS, select(vec![None, Some(Assent::Yes), Some(Assent::No), Some(Assent::CannotSay)]))
            .prop_map(|(card, says)| Deed::Unfreeze { card, says }),
        2 => select(vec![Assent::Yes, Assent::No, Assent::CannotSay]).prop_map(|accepts| Deed::Point { accepts }),
        2 => (0..CARDS).prop_map(|card| Deed::Withdraw { card }),
        1 => (Just((0..CARDS).collect::<Vec<_>>()).prop_shuffle(), any::<bool>()).prop_map(|(cards, beside)| Deed::Order { cards, beside }),
        1 => (0..CARDS).prop_map(|card| Deed::Reword { card }),
        1 => select(vec![None, Some("kyiv"), Some("moscow"), Some("neither")]).prop_map(|camp| Deed::Viewpoint { camp }),
        1 => Just(Deed::NextRound),
    ]
}

/// A ballot after a deed, as the service makes it.
fn done(
    before: &Ballot,
    deed: &Deed,
    cards: &[ConcessionId],
    camp: Option<&str>,
    weight: i64,
) -> Ballot {
    let mut after = before.clone();
    let camp = camp.map(str::to_owned);
    match deed {
        Deed::Cast {
            card,
            acceptance,
            realism,
            dealt,
        } => {
            let concession = cards[*card];
            let answer = Answer {
                concession,
                version: 1,
                camp: camp.clone(),
                acceptance: *acceptance,
                realism: *realism,
                dealt: *dealt,
                weight,
                unfreezes: None,
            };
            after.answers.insert(concession, answer);
            if *dealt {
                after.sit(Seat::of(before.seat.as_ref(), camp.as_ref(), weight));
            }
        }
        Deed::Unfreeze { card, says } => {
            if let Some(answer) = after.answers.get_mut(&cards[*card]) {
                answer.unfreezes = *says;
            }
        }
        Deed::Point { accepts } => {
            after.point = Some(PointAnswer {
                accepts: *accepts,
                camp: camp.clone(),
                weight,
            });
            after.sit(Seat::of(before.seat.as_ref(), camp.as_ref(), weight));
        }
        Deed::Withdraw { card } => {
            after.answers.remove(&cards[*card]);
        }
        Deed::Order {
            cards: order,
            beside,
        } => {
            let mut tiers: Vec<Vec<ConcessionId>> = vec![];
            let accepted = |id: &ConcessionId| {
                before
                    .answers
                    .get(id)
                    .is_some_and(|answer| answer.acceptance == Acceptance::Yes)
            };
            for card in order.iter().map(|card| cards[*card]).filter(accepted) {
                match tiers.last_mut().filter(|_| *beside) {
                    Some(tier) => tier.push(card),
                    None => tiers.push(vec![card]),
                }
            }
            after.tiers = before.ordered(tiers).expect("accepted cards, each once");
        }
        Deed::Reword { card } => {
            if let Some(answer) = after.answers.get_mut(&cards[*card]) {
                answer.dealt = false;
            }
        }
        Deed::Viewpoint { .. } | Deed::NextRound => {}
    }
    after.tidy();
    after
}

type Between = fn(QuestionId, u32, i64, &Ballot, &Ballot) -> Delta;

/// Moves a tally deed by deed; after each it must be the recount, and nothing in it negative.
fn tally_is_recount(deeds: &[(usize, Deed)], between: Between) -> Result<(), TestCaseError> {
    let (question, cards) = (
        Id::new(),
        (0..CARDS).map(|_| Id::new()).collect::<Vec<ConcessionId>>(),
    );
    let (mut ballots, mut camps) = (
        vec![Ballot::default(); PEOPLE],
        BTreeMap::from([(0, "kyiv"), (1, "moscow"), (2, "neither")]),
    );
    let (mut tally, mut deltas, mut round, mut begun) =
        (Tally::default(), vec![], 1, Tally::default());
    for (person, deed) in deeds {
        if let Deed::NextRound = deed {
            in_order_or_not_at_all(&deltas, &begun, &tally)?;
            begun = Tally {
                at_seq: tally.at_seq,
                ..Tally::default()
            };
            (tally, round) = (begun.clone(), round + 1);
            deltas.clear();
            ballots.fill(Ballot::default());
            continue;
        }
        if let Deed::Viewpoint { camp } = deed {
            match camp {
                Some(camp) => camps.insert(*person, *camp),
                None => camps.remove(person),
            };
        }
        let weight = if person % 2 == 0 {
            WEIGHT_STANDING
        } else {
            WEIGHT_NEW
        };
        let after = done(
            &ballots[*person],
            deed,
            &cards,
            camps.get(person).copied(),
            weight,
        );
        let delta = between(question, round, tally.at_seq + 1, &ballots[*person], &after);
        ballots[*person] = after;
        prop_assert_eq!(tally.apply(&delta), Applied::Yes);
        let moved = tally.clone();
        prop_assert_eq!((tally.apply(&delta), &tally), (Applied::Old, &moved));
        let mut counted = Tally {
            at_seq: tally.at_seq,
            ..Tally::default()
        };
        ballots.iter().for_each(|ballot| counted.count(ballot, 1));
        prop_assert_eq!(&tally, &counted);
        prop_assert!(
            tally
                .counters
                .values()
                .all(|counter| counter.fields().iter().all(|(_, value)| *value >= 0))
        );
        prop_assert!(tally.voters.values().all(|count| *count > 0));
        deltas.push(delta);
    }
    in_order_or_not_at_all(&deltas, &begun, &tally)
}

/// Moves pairs and positions ballot by ballot, taking the old away before or after the new is
/// added; they must be the recount.
fn orders_are_recount(deeds: &[(usize, Deed)]) -> Result<(), TestCaseError> {
    let cards = (0..CARDS).map(|_| Id::new()).collect::<Vec<ConcessionId>>();
    let (mut ballots, mut camps) = (
        vec![Ballot::default(); PEOPLE],
        BTreeMap::from([(0, "kyiv"), (1, "moscow"), (2, "neither")]),
    );
    let (mut pairs, mut positions, mut unfreezing) = (
        Pairs::default(),
        Positions::default(),
        Unfreezing::default(),
    );
    for (turn, (person, deed)) in deeds.iter().enumerate() {
        if let Deed::NextRound = deed {
            ballots.fill(Ballot::default());
            (pairs, positions, unfreezing) = (
                Pairs::default(),
                Positions::default(),
                Unfreezing::default(),
            );
        }
        if let Deed::Viewpoint { camp: Some(camp) } = deed {
            camps.insert(*person, *camp);
        }
        let weight = if turn % 3 == 0 {
            WEIGHT_STANDING
        } else {
            WEIGHT_NEW
        };
        let after = done(
            &ballots[*person],
            deed,
            &cards,
            camps.get(person).copied(),
            weight,
        );
        let before = std::mem::replace(&mut ballots[*person], after.clone());
        let steps = if turn % 2 == 0 {
            [(&before, -1), (&after, 1)]
        } else {
            [(&after, 1), (&before, -1)]
        };
        for (ballot, sign) in steps {
            pairs.add(ballot, sign);
            positions.add(ballot, sign);
            unfreezing.add(ballot, sign);
        }
        prop_assert_eq!(&pairs, &Pairs::of(&ballots));
        prop_assert_eq!(&positions, &Positions::of(&ballots));
        prop_assert_eq!(&unfreezing, &Unfreezing::of_all(&ballots));
    }
    Ok(())
}

/// The same differences once more: in order they count the final ballots; with one missing, nothing
/// after it is taken.
fn in_order_or_not_at_all(
    deltas: &[Delta],
    begun: &Tally,
    end: &Tally,
) -> Result<(), TestCaseError> {
    let mut again = begun.clone();
    for delta in deltas {
        prop_assert_eq!(again.apply(delta), Applied::Yes);
    }
    prop_assert_eq!(&again, end);
    let mut gap = begun.clone();
    for delta in deltas.iter().skip(1) {
        prop_assert_eq!(gap.apply(delta), Applied::Gap);
    }
    prop_assert_eq!(&gap, begun);
    Ok(())
}

fn deeds() -> impl Strategy<Value = Vec<(usize, Deed)>> {
    prop::collection::vec((0..PEOPLE, deed()), 1..60)
}

proptest! {
    #[test]
    fn whatever_people_do_the_tally_is_the_recount(deeds in deeds()) {
        tally_is_recount(&deeds, Delta::between)?;
    }

    #[test]
    fn whatever_people_do_the_orders_are_the_recount(deeds in deeds()) {
        orders_are_recount(&deeds)?;
    }
}

/// The mutant: old answers are added where they should be taken away.
fn slipped(
    question: QuestionId,
    round: u32,
    at_seq: i64,
    before: &Ballot,
    after: &Ballot,
) -> Delta {
    let nothing = Ballot::default();
    let (mut delta, old) = (
        Delta::between(question, round, at_seq, &nothing, after),
        Delta::between(question, round, at_seq, &nothing, before),
    );
    delta.counters.extend(old.counters);
    delta.voters.extend(old.voters);
    delta
}

#[test]
fn a_slipped_sign_is_caught() {
    let found =
        TestRunner::deterministic().run(&deeds(), |deeds| tally_is_recount(&deeds, slipped));
    assert!(
        found.is_err(),
        "old answers were added and no case showed it"
    );
}
