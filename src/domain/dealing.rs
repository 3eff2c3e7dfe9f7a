//! Which cards to deal: a window of live cards over the queue, and a hand that goes where answers
//! are missing.
use std::collections::{BTreeMap, BTreeSet};

use super::{
    ballot::HAND,
    bridging::{enough_of_each, interval},
    concession::ConcessionId,
    framework::Camp,
    tally::{Counter, Tally},
};

/// How many cards of a question are live at a time: few enough that each gets answers soon, enough
/// that hands differ.
pub const LIVE: u32 = 25;

/// By camp and card, what the answers to cards dealt, still valid and not answered will weigh if
/// they come, permille.
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
    /// A card is *done* when every counting camp has given it enough answers. The cards not done
    /// are live first, oldest first, so a done card makes room as soon as another waits; it stays
    /// ranked and is merely no longer dealt. Room that nobody waits for goes to the done cards with
    /// the widest interval. The rule needs no memory: it follows from the queue and the tally.
    #[must_use]
    pub fn live(&self) -> Vec<ConcessionId> {
        let (done, open): (Vec<ConcessionId>, Vec<ConcessionId>) =
            self.queue.iter().partition(|card| self.done(**card));
        let mut done: Vec<(f64, ConcessionId)> = done
            .into_iter()
            .map(|card| (self.widest(card), card))
            .collect();
        // Stable: equally wide ones stay oldest first.
        done.sort_by(|a, b| b.0.total_cmp(&a.0));
        let live: BTreeSet<ConcessionId> = open
            .into_iter()
            .chain(done.into_iter().map(|(_, card)| card))
            .take(self.live)
            .collect();
        self.queue
            .iter()
            .copied()
            .filter(|card| live.contains(card))
            .collect()
    }

    /// Up to five cards for a person: what they hold already; then, of the live cards, those with
    /// the fewest answers of their camp by weight, given or promised; where all have enough, the
    /// widest interval; then the oldest. Should they have judged all live ones, the queue goes on,
    /// so that a camp that came in numbers need not wait for the other.
    ///
    /// Width does not tell cards apart that still lack answers. If it did, cards that divide people
    /// could keep an older one on which they agree waiting without end. As it is, a card that
    /// enters has enough answers of a camp after at most ⌈(2·live − 1) · enough / 5⌉ hands which
    /// standing readers of that camp, new to its cards, answer in full (79 at 25 and 8): nothing
    /// younger is served before it at the same count, so at most live − 1 others finish and as many
    /// enter meanwhile. A deal that is never answered holds its card back for as long as it is
    /// valid, and no card more than another: nobody chooses what they are dealt.
    #[must_use]
    pub fn hand(&self, seat: &Seat) -> Vec<ConcessionId> {
        let may = |card: &ConcessionId| !seat.answered.contains(card) && !seat.own.contains(card);
        let held = seat
            .dealt
            .iter()
            .copied()
            .filter(|card| may(card) && self.queue.contains(card))
            .take(HAND);
        let mut hand: Vec<ConcessionId> = held.collect();
        let live = self.live();
        let waiting: Vec<ConcessionId> = self
            .queue
            .iter()
            .copied()
            .filter(|card| !live.contains(card))
            .collect();
        for cards in [live, waiting] {
            let mut cards: Vec<_> = cards
                .into_iter()
                .filter(|card| may(card) && !hand.contains(card))
                .map(|card| (self.need(card, seat), card))
                .collect();
            cards.sort_by(|a, b| a.0.0.cmp(&b.0.0).then(b.0.1.total_cmp(&a.0.1)));
            hand.extend(
                cards
                    .into_iter()
                    .map(|(_, card)| card)
                    .take(HAND - hand.len()),
            );
        }
        hand
    }

    /// How much weight of the person's camp the card has, up to enough; and from there on how wide
    /// its interval is.
    fn need(&self, card: ConcessionId, seat: &Seat) -> (i64, f64) {
        let counter = seat
            .camp
            .as_deref()
            .map_or_else(|| self.together(card), |camp| self.expected(card, camp));
        let enough = self.enough * 1_000;
        if counter.weight < enough {
            (counter.weight, 0.0)
        } else {
            (enough, width(&counter))
        }
    }

    fn done(&self, card: ConcessionId) -> bool {
        enough_of_each(self.camps, self.enough, |camp| {
            self.tally.counter(camp, card).weight
        })
    }

    /// The widest interval of a counting camp.
    fn widest(&self, card: ConcessionId) -> f64 {
        self.counting()
            .map(|camp| width(&self.tally.counter(&camp.key, card)))
            .fold(0.0, f64::max)
    }

    fn counting(&self) -> impl Iterator<Item = &Camp> {
        self.camps.iter().filter(|camp| camp.in_score)
    }

    /// The counter as it will be if all that is promised comes, half of it yes: the answer of which
    /// least is known.
    fn expected(&self, card: ConcessionId, camp: &str) -> Counter {
        let mut counter = self.tally.counter(camp, card);
        let weight = self
            .promised
            .get(&(camp.to_owned(), card))
            .copied()
            .unwrap_or(0);
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
mod tests;
