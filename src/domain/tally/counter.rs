//! What one camp said of one card: counts of people, and sums of what their answers weigh.
use serde::{Deserialize, Serialize};

use crate::domain::ballot::{Acceptance, Answer, Realism};

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
            counter.weight_yes = if answer.acceptance == Acceptance::Yes {
                answer.weight
            } else {
                0
            };
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

    /// Sets the field of that name; unknown names are ignored, so that an older node reads what a
    /// newer one wrote.
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
