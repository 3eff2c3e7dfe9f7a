//! Which cards a hand holds, which are live, and that many who come at once get different ones.
mod catching_up;

use super::*;
use crate::{
    domain::{ballot::Acceptance, samples},
    id::Id,
};

fn cards(count: usize) -> Vec<ConcessionId> {
    (0..count).map(|_| Id::new()).collect()
}

fn give(tally: &mut Tally, camp: &str, card: ConcessionId, yes: bool, times: i64) {
    let acceptance = if yes { Acceptance::Yes } else { Acceptance::No };
    let answer = samples::answer(camp, 1_000, card, acceptance);
    tally
        .counters
        .entry((camp.into(), card))
        .or_default()
        .add(&Counter::of(&answer), times);
}

fn kyiv() -> Seat {
    Seat {
        camp: Some("kyiv".into()),
        ..Seat::default()
    }
}

#[test]
fn a_hand_holds_what_one_has_then_what_lacks_answers_then_the_widest_then_the_oldest() {
    let (queue, camps, mut tally) = (cards(8), samples::camps(), Tally::default());
    for (card, yes, no) in [
        (0, 8, 0),
        (1, 4, 4),
        (2, 7, 0),
        (3, 3, 0),
        (4, 3, 0),
        (5, 12, 12),
        (6, 1, 0),
    ] {
        give(&mut tally, "kyiv", queue[card], true, yes);
        give(&mut tally, "kyiv", queue[card], false, no);
    }
    let table = Table {
        queue: &queue,
        tally: &tally,
        promised: &Promised::new(),
        camps: &camps,
        enough: 8,
        live: 25,
    };
    let hand = |seat: Seat| {
        table
            .hand(&seat)
            .iter()
            .map(|card| queue.iter().position(|one| one == card).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(hand(kyiv()), [7, 6, 3, 4, 2]);
    assert_eq!(
        hand(Seat {
            dealt: vec![queue[5], Id::new()],
            ..kyiv()
        }),
        [5, 7, 6, 3, 4]
    );
    let answered = [2, 3, 6].map(|card| queue[card]).into();
    // With enough answers, four to four is less certain than twelve to twelve, and that than eight
    // to none.
    assert_eq!(
        hand(Seat {
            answered,
            own: [queue[7]].into(),
            ..kyiv()
        }),
        [4, 1, 5, 0]
    );
    assert_eq!(
        hand(Seat {
            camp: Some("moscow".into()),
            ..Seat::default()
        }),
        [0, 1, 2, 3, 4]
    );
}

#[test]
fn a_done_card_makes_room_only_when_another_waits() {
    let (queue, camps, mut tally) = (cards(4), samples::camps(), Tally::default());
    for camp in ["kyiv", "moscow"] {
        give(&mut tally, camp, queue[0], true, 8);
    }
    give(&mut tally, "kyiv", queue[1], true, 80);
    let promised = Promised::new();
    let table = |queue| Table {
        queue,
        tally: &tally,
        promised: &promised,
        camps: &camps,
        enough: 8,
        live: 3,
    };
    assert_eq!(table(&queue[..3]).live(), queue[..3]);
    assert_eq!(table(&queue).live(), queue[1..]);
    // Somebody who has judged all live cards goes on with the queue.
    let seat = Seat {
        answered: queue[1..].iter().copied().collect(),
        ..kyiv()
    };
    assert_eq!(table(&queue).hand(&seat), queue[..1]);
}

#[test]
fn many_who_are_dealt_at_once_get_different_cards() {
    let (queue, camps, tally, mut promised) = (
        cards(25),
        samples::camps(),
        Tally::default(),
        Promised::new(),
    );
    for _ in 0..100 {
        let table = Table {
            queue: &queue,
            tally: &tally,
            promised: &promised,
            camps: &camps,
            enough: 8,
            live: LIVE as usize,
        };
        for card in table.hand(&kyiv()) {
            *promised.entry(("kyiv".into(), card)).or_default() += 1_000;
        }
    }
    let counts: Vec<i64> = queue
        .iter()
        .map(|card| promised[&("kyiv".into(), *card)])
        .collect();
    // 100 hands of 5 over 25 cards: 20 each.
    assert!(counts.iter().all(|count| *count == 20_000), "{counts:?}");
    let table = Table {
        queue: &queue,
        tally: &tally,
        promised: &promised,
        camps: &camps,
        enough: 8,
        live: LIVE as usize,
    };
    assert_eq!(
        table.live(),
        queue,
        "a promise is no answer: nothing is done"
    );
}
