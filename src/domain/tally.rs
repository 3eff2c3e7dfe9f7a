//! Counters per camp and card, moved by the difference one ballot makes; always recountable from the ballots.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Millis,
    ballot::{Acceptance, Answer, Ballot, Realism},
    concession::ConcessionId,
    framework::QuestionId,
};

/// What one camp said of one card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// People who said yes.
    pub yes: i64,
    /// Only with changes.
    pub with_changes: i64,
    /// No.
    pub no: i64,
    /// Can't say: shown, enters no score.
    pub cannot_say: i64,
    /// The giver would likely do it.
    pub likely: i64,
    /// Maybe.
    pub maybe: i64,
    /// Unlikely.
    pub unlikely: i64,
    /// Sum of the weights of *yes*, permille.
    pub weight_yes: i64,
    /// Sum of the weights of all that score, permille.
    pub weight: i64,
    /// Sum of their squares, permille².
    pub weight_squares: i64,
}

impl Counter {
    /// What one dealt answer adds.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        let mut counter = Self::default();
        match answer.acceptance {
            Acceptance::Yes => counter.yes = 1,
            Acceptance::WithChanges => counter.with_changes = 1,
            Acceptance::No => counter.no = 1,
            Acceptance::CannotSay => counter.cannot_say = 1,
        }
        match answer.realism {
            Some(Realism::Likely) => counter.likely = 1,
            Some(Realism::Maybe) => counter.maybe = 1,
            Some(Realism::Unlikely) => counter.unlikely = 1,
            Some(Realism::CannotSay) | None => {}
        }
        if answer.scores() {
            counter.weight = answer.weight;
            counter.weight_squares = answer.weight * answer.weight;
            counter.weight_yes = if answer.acceptance == Acceptance::Yes { answer.weight } else { 0 };
        }
        counter
    }

    /// The fields by name, in a fixed order: how a counter is kept outside.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, i64); 10] {
        [
            ("yes", self.yes),
            ("with_changes", self.with_changes),
            ("no", self.no),
            ("cannot_say", self.cannot_say),
            ("likely", self.likely),
            ("maybe", self.maybe),
            ("unlikely", self.unlikely),
            ("weight_yes", self.weight_yes),
            ("weight", self.weight),
            ("weight_squares", self.weight_squares),
        ]
    }

    /// Sets the field of that name; unknown names are ignored, so that an older node reads what a newer one wrote.
    pub fn set(&mut self, name: &str, value: i64) {
        match name {
            "yes" => self.yes = value,
            "with_changes" => self.with_changes = value,
            "no" => self.no = value,
            "cannot_say" => self.cannot_say = value,
            "likely" => self.likely = value,
            "maybe" => self.maybe = value,
            "unlikely" => self.unlikely = value,
            "weight_yes" => self.weight_yes = value,
            "weight" => self.weight = value,
            "weight_squares" => self.weight_squares = value,
            _ => {}
        }
    }

    /// Adds `other`, `sign` times.
    pub fn add(&mut self, other: &Self, sign: i64) {
        let other = other.fields();
        for ((name, mine), (_, theirs)) in self.fields().into_iter().zip(other) {
            self.set(name, mine + sign * theirs);
        }
    }

    /// People whose answers score.
    #[must_use]
    pub fn answered(&self) -> i64 {
        self.yes + self.with_changes + self.no
    }
}

/// All counters of a question and round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The ballot change it stands at.
    pub at_seq: i64,
    /// People with at least one scoring answer, per camp.
    pub voters: BTreeMap<String, i64>,
    /// Counters by camp and card; those at zero are absent.
    pub counters: BTreeMap<(String, ConcessionId), Counter>,
}

/// The difference one change of one ballot makes.
#[derive(Clone, Debug)]
pub struct Delta {
    /// Of which question.
    pub question: QuestionId,
    /// Of which round.
    pub round: u32,
    /// The place of this change among the question's ballot changes, from 1.
    pub at_seq: i64,
    /// What to add to which counter.
    pub counters: Vec<(String, ConcessionId, Counter)>,
    /// What to add to which camp's voters.
    pub voters: Vec<(String, i64)>,
}

impl Delta {
    /// What changing `before` into `after` adds: old answers subtracted, new ones added, in one step.
    #[must_use]
    pub fn between(question: QuestionId, round: u32, at_seq: i64, before: &Ballot, after: &Ballot) -> Self {
        let mut change = Tally::default();
        change.count(before, -1);
        change.count(after, 1);
        Self {
            question,
            round,
            at_seq,
            counters: change.counters.into_iter().map(|((camp, card), counter)| (camp, card, counter)).collect(),
            voters: change.voters.into_iter().collect(),
        }
    }
}

/// What became of a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was the next one.
    Yes,
    /// It was in already.
    Old,
    /// Some before it are missing.
    Gap,
}

impl Tally {
    /// Adds one ballot, `sign` times.
    pub fn count(&mut self, ballot: &Ballot, sign: i64) {
        let mut camps: Vec<&str> = Vec::new();
        for answer in ballot.answers.values().filter(|answer| answer.dealt) {
            let Some(camp) = &answer.camp else { continue };
            self.add(camp, answer.concession, &Counter::of(answer), sign);
            if answer.scores() && !camps.contains(&camp.as_str()) {
                camps.push(camp);
            }
        }
        for camp in camps {
            self.add_voters(camp, sign);
        }
    }

    /// Moves the tally by one ballot's change, if it is the next one.
    pub fn apply(&mut self, delta: &Delta) -> Applied {
        if delta.at_seq <= self.at_seq {
            return Applied::Old;
        }
        if delta.at_seq > self.at_seq + 1 {
            return Applied::Gap;
        }
        for (camp, card, counter) in &delta.counters {
            self.add(camp, *card, counter, 1);
        }
        for (camp, count) in &delta.voters {
            self.add_voters(camp, *count);
        }
        self.at_seq = delta.at_seq;
        Applied::Yes
    }

    fn add(&mut self, camp: &str, card: ConcessionId, counter: &Counter, sign: i64) {
        let key = (camp.to_owned(), card);
        let entry = self.counters.entry(key.clone()).or_default();
        entry.add(counter, sign);
        if *entry == Counter::default() {
            self.counters.remove(&key);
        }
    }

    fn add_voters(&mut self, camp: &str, count: i64) {
        let voters = self.voters.entry(camp.to_owned()).or_default();
        *voters += count;
        if *voters == 0 {
            self.voters.remove(camp);
        }
    }
}

/// When a moved tally is shown, so that timing does not unmask a vote.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// At once from so many changed ballots on.
    pub ballots: i64,
    /// After so long…
    pub after: Millis,
    /// …if at least so many changed.
    pub at_least: i64,
}

impl Release {
    /// The default: 5 changed ballots, or 10 s with at least 2.
    pub const BATCHED: Self = Self { ballots: 5, after: 10_000, at_least: 2 };
    /// The demo's: every ballot.
    pub const EACH: Self = Self { ballots: 1, after: 10_000, at_least: 1 };

    /// Whether a tally with `changed` ballots since the last release, `age` milliseconds ago, is due.
    #[must_use]
    pub fn due(&self, changed: i64, age: Millis) -> bool {
        changed >= self.ballots || (changed >= self.at_least && age >= self.after)
    }
}
