//! The only reader of time. Nodes that share a database go by its clock: this machine's own decides
//! nothing then.
#![expect(clippy::disallowed_methods, reason = "this is the reader of time")]

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// An answer that took longer says too little about the time.
const TRIP: Duration = Duration::from_secs(1);

/// Time in unix milliseconds: as the database told it last and the machine has counted on since, or
/// else this machine's own. Tests move it forward with [`Clock::advance`].
#[derive(Clone, Default, Debug)]
pub struct Clock(Arc<Faces>);

#[derive(Default, Debug)]
struct Faces {
    ahead: AtomicI64,
    /// By how much this machine's own clock is wrong, for tests.
    wrong: i64,
    // A std mutex: held for a look.
    told: Mutex<Option<(Instant, i64)>>,
}

impl Clock {
    /// One on a machine whose own clock is wrong by so much, for tests.
    #[must_use]
    pub fn wrong_by(millis: i64) -> Self {
        Self(Arc::new(Faces {
            wrong: millis,
            ..Faces::default()
        }))
    }

    /// Now, in unix milliseconds.
    ///
    /// # Panics
    /// If the machine's clock stands before 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.told().unwrap_or_else(|| self.machine()) + self.0.ahead.load(Relaxed)
    }

    /// The time the database told within a transaction; [`Clock::now`] where it told none.
    #[must_use]
    pub fn at(&self, told: Option<i64>) -> i64 {
        told.map_or_else(|| self.now(), |told| told + self.0.ahead.load(Relaxed))
    }

    /// Goes by the database's clock from now on, which showed `told` within the last `trip`. After
    /// too long a way the answer says little, and what was told before stands.
    pub fn heed(&self, told: i64, trip: Duration) {
        let mut kept = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        if trip < TRIP || kept.is_none() {
            // Somewhere on the way: in the middle it is wrong by half the way at most.
            *kept = Some((Instant::now(), told + whole(trip / 2)));
        }
    }

    /// By how many milliseconds this machine's own clock is ahead of the one that counts; negative
    /// where it is behind.
    #[must_use]
    pub fn off(&self) -> i64 {
        self.told().map_or(0, |told| self.machine() - told)
    }

    fn told(&self) -> Option<i64> {
        let told = *self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.map(|(at, millis)| millis + whole(at.elapsed()))
    }

    fn machine(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("the machine's clock stands after 1970");
        whole(since) + self.0.wrong
    }

    /// Moves this clock, and every clone of it, forward by `millis`.
    pub fn advance(&self, millis: i64) {
        self.0.ahead.fetch_add(millis, Relaxed);
    }
}

fn whole(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).expect("the year is below 292 million")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_told_counts_whatever_the_machine_shows() {
        let clock = Clock::wrong_by(600_000);
        assert_eq!(clock.off(), 0, "there is nothing to compare with yet");
        let right = Clock::default().now();
        clock.heed(right, Duration::from_millis(20));
        assert!(
            (right + 10..right + 60_000).contains(&clock.now()),
            "{} after {right}",
            clock.now()
        );
        assert!(
            (540_000..=600_000).contains(&clock.off()),
            "{}",
            clock.off()
        );
        clock.advance(5_000);
        assert_eq!(clock.at(Some(7)), 5_007, "a test's time counts on top");
        assert!(clock.at(None) >= right + 5_010);
    }
}
