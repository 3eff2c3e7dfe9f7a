//! The only reader of time.
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// Wall-clock time in unix milliseconds; tests move it forward with [`Clock::advance`].
#[derive(Clone, Default, Debug)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// Now, in unix milliseconds.
    ///
    /// # Panics
    /// If the machine's clock stands before 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the machine's clock stands after 1970");
        i64::try_from(since.as_millis()).expect("the year is below 292 million") + self.ahead.load(Ordering::Relaxed)
    }

    /// Moves this clock, and every clone of it, forward by `millis`.
    pub fn advance(&self, millis: i64) {
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }
}
