//! The promise that a late card catches up, tried on a debate that runs for hundreds of hands.
use super::*;

/// A small linear congruential generator (Knuth's MMIX constants): the same run every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// A debate in which hands are dealt and answered one after the other.
struct Debate {
    dice: Dice,
    camps: [Camp; 3],
    tally: Tally,
    queue: Vec<ConcessionId>,
    promised: Promised,
    /// Hands that each camp took.
    taken: BTreeMap<&'static str, u64>,
    /// How many hands of a camp were taken when a card entered the window.
    entered: BTreeMap<(&'static str, ConcessionId), u64>,
    /// The longest wait of each camp so far.
    waits: BTreeMap<&'static str, u64>,
}

impl Debate {
    fn new(seed: u64, first: usize) -> Self {
        Self {
            dice: Dice(seed),
            camps: samples::camps(),
            tally: Tally::default(),
            queue: cards(first),
            promised: Promised::new(),
            taken: BTreeMap::new(),
            entered: BTreeMap::new(),
            waits: BTreeMap::new(),
        }
    }

    fn table(&self) -> Table<'_> {
        Table {
            queue: &self.queue,
            tally: &self.tally,
            promised: &self.promised,
            camps: &self.camps,
            enough: 8,
            live: LIVE as usize,
        }
    }

    /// Somebody takes a hand and answers all of it.
    fn turn(&mut self) {
        // Kyiv's readers are four times as many as Moscow's.
        let camp = ["kyiv", "kyiv", "kyiv", "kyiv", "moscow", "neither"]
            [usize::try_from(self.dice.below(6)).unwrap()];
        for card in self.table().live() {
            for side in ["kyiv", "moscow"] {
                self.entered
                    .entry((side, card))
                    .or_insert_with(|| self.taken.get(side).copied().unwrap_or(0));
            }
        }
        let hand = self.table().hand(&Seat {
            camp: Some(camp.into()),
            ..Seat::default()
        });
        *self.taken.entry(camp).or_default() += 1;
        for card in hand {
            // A third of the cards divides people, the others do not.
            let age =
                u64::try_from(self.queue.iter().position(|one| *one == card).unwrap()).unwrap();
            let yes = age % 3 != 0 || self.dice.below(2) == 0;
            give(&mut self.tally, camp, card, yes, 1);
            if self.tally.counter(camp, card).weight == 8_000 {
                self.waited(camp, card);
            }
        }
    }

    /// Takes down how long a card has waited for a camp since it entered the window, if it did.
    fn waited(&mut self, camp: &'static str, card: ConcessionId) {
        if let Some(since) = self.entered.get(&(camp, card)) {
            let longest = self.waits.entry(camp).or_insert(0);
            *longest = (*longest).max(self.taken[camp] - since);
        }
    }
}

/// Hands of the camp each card waited from entering the window to having enough of that camp's
/// answers; the most per camp. And how many cards lack answers at the end.
fn longest_wait(
    seed: u64,
    first: usize,
    every: u64,
    hands: u64,
) -> (BTreeMap<&'static str, u64>, usize) {
    let mut debate = Debate::new(seed, first);
    for turn in 0..hands {
        if turn % every == 0 {
            debate.queue.push(Id::new());
        }
        debate.turn();
    }
    // Those still waiting have waited so long already.
    for (side, card) in debate.entered.keys().copied().collect::<Vec<_>>() {
        if debate.tally.counter(side, card).weight < 8_000 {
            debate.waited(side, card);
        }
    }
    let open = debate
        .queue
        .iter()
        .filter(|card| !debate.table().done(**card))
        .count();
    (debate.waits, open)
}

#[test]
fn a_late_card_catches_up_within_the_bound() {
    // 79 = ⌈(2·25 − 1) · 8 / 5⌉ hands of its own camp.
    for seed in 0..2 {
        // A steady stream (a card per 12 hands, two of them Moscow's: 10 answers where 8 are
        // needed), a slower one onto a queue of 60, and that queue alone.
        for (first, every) in [(0, 12), (60, 20), (60, 5_000)] {
            let (waits, open) = longest_wait(seed, first, every, 1_500);
            assert!(
                waits.values().all(|wait| *wait <= 79),
                "seed {seed}, {first} at first, one in {every}: {waits:?}"
            );
            assert!(
                open <= LIVE as usize,
                "seed {seed}, {first} at first, one in {every}: {open} cards lack answers"
            );
            println!(
                "seed {seed}, {first} at first, one in {every}: longest waits {waits:?}, {open} open at the end"
            );
        }
    }
}
