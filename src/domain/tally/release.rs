//! When a moved tally is shown, so that timing does not unmask a vote.
use crate::domain::Millis;

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
    pub const BATCHED: Self = Self {
        ballots: 5,
        after: 10_000,
        at_least: 2,
    };
    /// The demo's: every ballot.
    pub const EACH: Self = Self {
        ballots: 1,
        after: 10_000,
        at_least: 1,
    };

    /// Whether a tally with `changed` ballots since the last release, `age` milliseconds ago, is
    /// due.
    #[must_use]
    pub fn due(&self, changed: i64, age: Millis) -> bool {
        changed >= self.ballots || (changed >= self.at_least && age >= self.after)
    }
}
