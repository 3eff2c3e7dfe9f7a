//! Which cards to deal: a window of live cards over the queue, and a hand that goes where answers are missing.
use std::collections::{BTreeMap, BTreeSet};

use super::{
    ballot::HAND,
    bridging::interval,
    concession::ConcessionId,
    framework::Camp,
    tally::{Counter, Tally},
};

/// How many cards of a question are live at a time: few enough that each gets answers soon, enough that hands differ.
pub const LIVE: u32 = 25;

/// By camp and card, what the answers to cards dealt, still valid and not answered will weigh if they come, permille.
pub type Promised = BTreeMap<(String, ConcessionId), i64>;

/// What a dealer must know of a question.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// The cards that show, oldest first.
    pub queue: &'a [ConcessionId],
    /// Their counters.
    pub tally: &'a Tally,
    /// What is out with readers: else all who come within one minute would be dealt the same five.
    pub promised: &'a Promised,
    /// The framework's camps.
    pub camps: &'a [Camp],
    /// How many answers of weight 1000 rank a card in a camp.
    pub enough: i64,
    /// How many cards are live at a time.
    pub live: usize,
}

/// What a dealer must know of the person.
#[derive(Clone, Debug, Default)]
pub struct Seat {
    /// Their camp; without one, the answers of all camps together count as "theirs".
    pub camp: Option<String>,
    /// Dealt to them before, still valid and not answered, in the order they were dealt.
    pub dealt: Vec<ConcessionId>,
    /// Answered, dealt or not.
    pub answered: BTreeSet<ConcessionId>,
    /// Their own cards: nobody judges their own.
    pub own: BTreeSet<ConcessionId>,
}

impl Table<'_> {
    /// The live cards, oldest first.
    ///
    /// A card is *done* when every counting camp has given it enough answers. The cards not done are live first, oldest first,
    /// so a done card makes room as soon as another waits; it stays ranked and is merely no longer dealt. Room that nobody waits
    /// for goes to the done cards with the widest interval. The rule needs no memory: it follows from the queue and the tally.
    #[must_use]
    pub fn live(&self) -> Vec<ConcessionId> {
        let (done, open): (Vec<ConcessionId>, Vec<ConcessionId>) = self.queue.iter().partition(|card| self.done(**card));
        let mut done: Vec<(f64, ConcessionId)> = done.into_iter().map(|card| (self.widest(card), card)).collect();
        // Stable: equally wide ones stay oldest first.
        done.sort_by(|a, b| b.0.total_cmp(&a.0));
        let live: BTreeSet<ConcessionId> = open.into_iter().chain(done.into_iter().map(|(_, card)| card)).take(self.live).collect();
        self.queue.iter().copied().filter(|card| live.contains(card)).collect()
    }

    /// Up to five cards for a person: what they hold already; then, of the live cards, those with the fewest answers of their
    /// camp by weight, given or promised; where all have enough, the widest interval; then the oldest. Should they have judged all live ones, the
    /// queue goes on, so that a camp that came in numbers need not wait for the other.
    ///
    /// Width does not tell cards apart that still lack answers. If it did, cards that divide people could keep an older one on
    /// which they agree waiting without end. As it is, a card that enters has enough answers of a camp after at most
    /// ⌈(2·live − 1) · enough / 5⌉ hands which standing readers of that camp, new to its cards, answer in full (79 at 25 and 8):
    /// nothing younger is served before it at the same count, so at most live − 1 others finish and as many enter meanwhile.
    /// A deal that is never answered holds its card back for as long as it is valid, and no card more than another: nobody
    /// chooses what they are dealt.
    #[must_use]
    pub fn hand(&self, seat: &Seat) -> Vec<ConcessionId> {
        let may = |card: &ConcessionId| !seat.answered.contains(card) && !seat.own.contains(card);
        let held = seat.dealt.iter().copied().filter(|card| may(card) && self.queue.contains(card)).take(HAND);
        let mut hand: Vec<ConcessionId> = held.collect();
        let live = self.live();
        let waiting: Vec<ConcessionId> = self.queue.iter().copied().filter(|card| !live.contains(card)).collect();
        for cards in [live, waiting] {
            let mut cards: Vec<_> =
                cards.into_iter().filter(|card| may(card) && !hand.contains(card)).map(|card| (self.need(card, seat), card)).collect();
            cards.sort_by(|a, b| a.0.0.cmp(&b.0.0).then(b.0.1.total_cmp(&a.0.1)));
            hand.extend(cards.into_iter().map(|(_, card)| card).take(HAND - hand.len()));
        }
        hand
    }

    /// How much weight of the person's camp the card has, up to enough; and from there on how wide its interval is.
    fn need(&self, card: ConcessionId, seat: &Seat) -> (i64, f64) {
        let counter = seat.camp.as_deref().map_or_else(|| self.together(card), |camp| self.expected(card, camp));
        let enough = self.enough * 1_000;
        if counter.weight < enough { (counter.weight, 0.0) } else { (enough, width(&counter)) }
    }

    fn done(&self, card: ConcessionId) -> bool {
        self.counting().all(|camp| self.counter(card, &camp.key).weight >= self.enough * 1_000)
    }

    /// The widest interval of a counting camp.
    fn widest(&self, card: ConcessionId) -> f64 {
        self.counting().map(|camp| width(&self.counter(card, &camp.key))).fold(0.0, f64::max)
    }

    fn counting(&self) -> impl Iterator<Item = &Camp> {
        self.camps.iter().filter(|camp| camp.in_score)
    }

    fn counter(&self, card: ConcessionId, camp: &str) -> Counter {
        self.tally.counters.get(&(camp.to_owned(), card)).copied().unwrap_or_default()
    }

    /// The counter as it will be if all that is promised comes, half of it yes: the answer of which least is known.
    fn expected(&self, card: ConcessionId, camp: &str) -> Counter {
        let mut counter = self.counter(card, camp);
        let weight = self.promised.get(&(camp.to_owned(), card)).copied().unwrap_or(0);
        counter.weight += weight;
        counter.weight_yes += weight / 2;
        counter.weight_squares += weight * 1_000;
        counter
    }

    fn together(&self, card: ConcessionId) -> Counter {
        let mut sum = Counter::default();
        for camp in self.camps {
            sum.add(&self.expected(card, &camp.key), 1);
        }
        sum
    }
}

fn width(counter: &Counter) -> f64 {
    let (low, high) = interval(counter);
    high - low
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        domain::{
            ballot::{Acceptance, Answer},
            framework::Localized,
        },
        id::Id,
    };

    fn camps() -> [Camp; 3] {
        let camp = |key: &str, in_score| Camp { key: key.into(), name: Localized { en: key.into(), uk: key.into(), ru: key.into() }, in_score };
        [camp("kyiv", true), camp("moscow", true), camp("neither", false)]
    }

    fn cards(count: usize) -> Vec<ConcessionId> {
        (0..count).map(|_| Id::new()).collect()
    }

    fn give(tally: &mut Tally, camp: &str, card: ConcessionId, yes: bool, times: i64) {
        let acceptance = if yes { Acceptance::Yes } else { Acceptance::No };
        let answer =
            Answer { concession: card, version: 1, camp: Some(camp.into()), acceptance, realism: None, dealt: true, weight: 1_000, unfreezes: None };
        tally.counters.entry((camp.into(), card)).or_default().add(&Counter::of(&answer), times);
    }

    fn kyiv() -> Seat {
        Seat { camp: Some("kyiv".into()), ..Seat::default() }
    }

    #[test]
    fn a_hand_holds_what_one_has_then_what_lacks_answers_then_the_widest_then_the_oldest() {
        let (queue, camps, mut tally) = (cards(8), camps(), Tally::default());
        for (card, yes, no) in [(0, 8, 0), (1, 4, 4), (2, 7, 0), (3, 3, 0), (4, 3, 0), (5, 12, 12), (6, 1, 0)] {
            give(&mut tally, "kyiv", queue[card], true, yes);
            give(&mut tally, "kyiv", queue[card], false, no);
        }
        let table = Table { queue: &queue, tally: &tally, promised: &Promised::new(), camps: &camps, enough: 8, live: 25 };
        let hand = |seat: Seat| table.hand(&seat).iter().map(|card| queue.iter().position(|one| one == card).unwrap()).collect::<Vec<_>>();
        assert_eq!(hand(kyiv()), [7, 6, 3, 4, 2]);
        assert_eq!(hand(Seat { dealt: vec![queue[5], Id::new()], ..kyiv() }), [5, 7, 6, 3, 4]);
        let answered = [2, 3, 6].map(|card| queue[card]).into();
        // With enough answers, four to four is less certain than twelve to twelve, and that than eight to none.
        assert_eq!(hand(Seat { answered, own: [queue[7]].into(), ..kyiv() }), [4, 1, 5, 0]);
        assert_eq!(hand(Seat { camp: Some("moscow".into()), ..Seat::default() }), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_done_card_makes_room_only_when_another_waits() {
        let (queue, camps, mut tally) = (cards(4), camps(), Tally::default());
        for camp in ["kyiv", "moscow"] {
            give(&mut tally, camp, queue[0], true, 8);
        }
        give(&mut tally, "kyiv", queue[1], true, 80);
        let promised = Promised::new();
        let table = |queue| Table { queue, tally: &tally, promised: &promised, camps: &camps, enough: 8, live: 3 };
        assert_eq!(table(&queue[..3]).live(), queue[..3]);
        assert_eq!(table(&queue).live(), queue[1..]);
        // Somebody who has judged all live cards goes on with the queue.
        let seat = Seat { answered: queue[1..].iter().copied().collect(), ..kyiv() };
        assert_eq!(table(&queue).hand(&seat), queue[..1]);
    }

    #[test]
    fn many_who_are_dealt_at_once_get_different_cards() {
        let (queue, camps, tally, mut promised) = (cards(25), camps(), Tally::default(), Promised::new());
        for _ in 0..100 {
            let table = Table { queue: &queue, tally: &tally, promised: &promised, camps: &camps, enough: 8, live: LIVE as usize };
            for card in table.hand(&kyiv()) {
                *promised.entry(("kyiv".into(), card)).or_default() += 1_000;
            }
        }
        let counts: Vec<i64> = queue.iter().map(|card| promised[&("kyiv".into(), *card)]).collect();
        // 100 hands of 5 over 25 cards: 20 each.
        assert!(counts.iter().all(|count| *count == 20_000), "{counts:?}");
        let table = Table { queue: &queue, tally: &tally, promised: &promised, camps: &camps, enough: 8, live: LIVE as usize };
        assert_eq!(table.live(), queue, "a promise is no answer: nothing is done");
    }

    /// A small linear congruential generator (Knuth's MMIX constants): the same run every time.
    struct Dice(u64);
    impl Dice {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % bound
        }
    }

    /// Hands of the camp each card waited from entering the window to having enough of that camp's answers; the most per camp.
    fn longest_wait(seed: u64, first: usize, every: u64, hands: u64) -> (BTreeMap<&'static str, u64>, usize) {
        let (mut dice, camps, mut tally, mut queue) = (Dice(seed), camps(), Tally::default(), cards(first));
        let mut taken: BTreeMap<&str, u64> = BTreeMap::new();
        let (mut entered, mut waits) = (BTreeMap::new(), BTreeMap::new());
        for turn in 0..hands {
            if turn % every == 0 {
                queue.push(Id::new());
            }
            // Kyiv's readers are four times as many as Moscow's.
            let camp = ["kyiv", "kyiv", "kyiv", "kyiv", "moscow", "neither"][usize::try_from(dice.below(6)).unwrap()];
            let table = Table { queue: &queue, tally: &tally, promised: &Promised::new(), camps: &camps, enough: 8, live: LIVE as usize };
            for card in table.live() {
                for side in ["kyiv", "moscow"] {
                    entered.entry((side, card)).or_insert_with(|| taken.get(side).copied().unwrap_or(0));
                }
            }
            let hand = table.hand(&Seat { camp: Some(camp.into()), ..Seat::default() });
            *taken.entry(camp).or_default() += 1;
            for card in hand {
                // A third of the cards divides people, the others do not.
                let age = u64::try_from(queue.iter().position(|one| *one == card).unwrap()).unwrap();
                let yes = age % 3 != 0 || dice.below(2) == 0;
                give(&mut tally, camp, card, yes, 1);
                if tally.counters[&(camp.to_owned(), card)].weight == 8_000
                    && let Some(since) = entered.get(&(camp, card))
                {
                    let longest: &mut u64 = waits.entry(camp).or_insert(0);
                    *longest = (*longest).max(taken[camp] - since);
                }
            }
        }
        let table = Table { queue: &queue, tally: &tally, promised: &Promised::new(), camps: &camps, enough: 8, live: LIVE as usize };
        // Those still waiting have waited so long already.
        for ((side, card), since) in &entered {
            if table.counter(*card, side).weight < 8_000 {
                let longest = waits.entry(side).or_insert(0);
                *longest = (*longest).max(taken[side] - since);
            }
        }
        (waits, queue.iter().filter(|card| !table.done(**card)).count())
    }

    #[test]
    fn a_late_card_catches_up_within_the_bound() {
        // 79 = ⌈(2·25 − 1) · 8 / 5⌉ hands of its own camp.
        for seed in 0..2 {
            // A steady stream (a card per 12 hands, two of them Moscow's: 10 answers where 8 are needed), a slower one onto a queue of
            // 60, and that queue alone.
            for (first, every) in [(0, 12), (60, 20), (60, 5_000)] {
                let (waits, open) = longest_wait(seed, first, every, 1_500);
                assert!(waits.values().all(|wait| *wait <= 79), "seed {seed}, {first} at first, one in {every}: {waits:?}");
                assert!(open <= LIVE as usize, "seed {seed}, {first} at first, one in {every}: {open} cards lack answers");
                println!("seed {seed}, {first} at first, one in {every}: longest waits {waits:?}, {open} open at the end");
            }
        }
    }
}
