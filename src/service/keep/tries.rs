//! Tries at secrets. Only what was really checked and was wrong counts, so that a busy server locks
//! nobody out. Strangers count per address and name; a browser that signed in before, and a
//! session, count for themselves, so that no stranger's tries lock them. A name that many strangers
//! try at becomes slow for strangers, and never closed.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::protocol::problem::Problem;

/// Wrong ones from one door before it shuts.
const WRONG: u32 = 10;
/// How long it takes until one of them is forgotten.
const WRONG_FORGOTTEN: Duration = Duration::from_secs(90);
/// Wrong ones of all strangers at one name before it becomes slow.
const SLOW: u32 = 50;
/// How long it takes until one of those is forgotten.
const SLOW_FORGOTTEN: Duration = Duration::from_secs(18);
/// How long a slow name takes before it looks at what is brought.
const SLOWED: Duration = Duration::from_secs(4);
/// How many strangers may wait for that at once: two tries a second, and a place that comes free as
/// often.
const WAITING: u32 = 8;

/// By what somebody comes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// From an address (hashed), to a name.
    Stranger(String, String),
    /// With a browser that signed in to this account before.
    Device(String),
    /// With a session.
    Session(String),
    /// All strangers at a name together.
    Name(String),
}

/// What came through one door.
struct Count {
    wrong: f64,
    at: Instant,
    under_way: u32,
}

impl Count {
    /// What is left of the wrong ones now, where one is forgotten every `each`.
    fn level(&self, each: Duration) -> f64 {
        (self.wrong - self.at.elapsed().as_secs_f64() / each.as_secs_f64()).max(0.0)
    }
}

/// The tries of this node.
#[derive(Clone)]
pub struct Tries {
    on: bool,
    counts: Arc<Mutex<HashMap<Door, Count>>>,
}

/// A try under way: dropped without a word, it costs nothing.
pub struct Try {
    tries: Tries,
    doors: Vec<Door>,
    /// How long to wait before the secret is looked at.
    pub wait: Duration,
}

const fn each(door: &Door) -> Duration {
    if matches!(door, Door::Name(_)) {
        SLOW_FORGOTTEN
    } else {
        WRONG_FORGOTTEN
    }
}

impl Tries {
    /// The counts, or none where the host lifted the limits.
    #[must_use]
    pub fn new(on: bool) -> Self {
        Self {
            on,
            counts: Arc::default(),
        }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Door, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a try.
    ///
    /// # Errors
    /// `rate_limited`, with the time after which one more may be made.
    pub fn begin(&self, door: Door) -> Result<Try, Problem> {
        let (mut doors, mut wait) = (vec![], Duration::ZERO);
        if !self.on {
            return Ok(Try {
                tries: self.clone(),
                doors,
                wait,
            });
        }
        let mut counts = self.counts();
        let own = counts.get(&door).map_or((0.0, 0), |count| {
            (count.level(WRONG_FORGOTTEN), count.under_way)
        });
        let room = f64::from(WRONG) - own.0 - f64::from(own.1);
        if room < 1.0 {
            let lacking = if own.1 > 0 {
                Duration::from_secs(1)
            } else {
                WRONG_FORGOTTEN.mul_f64(1.0 - room)
            };
            return Err(limited(lacking));
        }
        if let Door::Stranger(_, name) = &door {
            let name = Door::Name(name.clone());
            let all = counts.get(&name).map_or((0.0, 0), |count| {
                (count.level(SLOW_FORGOTTEN), count.under_way)
            });
            if all.0 >= f64::from(SLOW) {
                if all.1 >= WAITING {
                    return Err(limited(SLOWED / WAITING));
                }
                wait = SLOWED;
            }
            doors.push(name);
        }
        doors.push(door);
        for door in &doors {
            let count = counts.entry(door.clone()).or_insert_with(|| Count {
                wrong: 0.0,
                at: Instant::now(),
                under_way: 0,
            });
            count.under_way += 1;
        }
        drop(counts);
        Ok(Try {
            tries: self.clone(),
            doors,
            wait,
        })
    }

    /// Forgets doors that owe nothing.
    pub fn tidy(&self) {
        self.counts()
            .retain(|door, count| count.under_way > 0 || count.level(each(door)) > 0.0);
    }
}

fn limited(wait: Duration) -> Problem {
    metrics::counter!("demarche_rate_limited").increment(1);
    Problem::rate_limited(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1))
}

impl Try {
    /// It was wrong.
    pub fn wrong(self) {
        for door in &self.doors {
            if let Some(count) = self.tries.counts().get_mut(door) {
                *count = Count {
                    wrong: count.level(each(door)) + 1.0,
                    at: Instant::now(),
                    under_way: count.under_way,
                };
            }
        }
    }

    /// It was right: what was wrong before at the same door is forgotten. What others did to the
    /// name is not.
    pub fn right(self) {
        for door in self
            .doors
            .iter()
            .filter(|door| !matches!(door, Door::Name(_)))
        {
            if let Some(count) = self.tries.counts().get_mut(door) {
                count.wrong = 0.0;
            }
        }
    }
}

impl Drop for Try {
    fn drop(&mut self) {
        let mut counts = self.tries.counts();
        for door in &self.doors {
            if let Some(count) = counts.get_mut(door) {
                count.under_way -= 1;
                if count.under_way == 0 && count.wrong == 0.0 {
                    counts.remove(door);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(place: &str) -> Door {
        Door::Stranger(place.into(), "olena".into())
    }

    #[test]
    fn only_what_was_checked_and_wrong_counts() {
        let tries = Tries::new(true);
        for _ in 0..100 {
            drop(tries.begin(stranger("a")).unwrap());
        }
        assert!(tries.counts().is_empty());
        for _ in 0..10 {
            tries.begin(stranger("a")).unwrap().wrong();
        }
        let wait = tries
            .begin(stranger("a"))
            .err()
            .unwrap()
            .retry_after_ms
            .unwrap();
        assert!((80_000..=90_000).contains(&wait), "{wait}");
        assert!(
            tries.begin(stranger("b")).is_ok(),
            "another address is another door"
        );
        assert!(tries.begin(Door::Device("d".into())).is_ok());
    }

    #[test]
    fn tries_under_way_are_no_way_around_the_limit() {
        let tries = Tries::new(true);
        let under_way: Vec<_> = (0..10)
            .map(|_| tries.begin(stranger("a")).unwrap())
            .collect();
        assert!(tries.begin(stranger("a")).is_err());
        drop(under_way);
        assert!(tries.begin(stranger("a")).is_ok());
    }

    #[test]
    fn a_right_one_forgets_the_wrong_ones_of_its_door() {
        let tries = Tries::new(true);
        for _ in 0..9 {
            tries.begin(stranger("a")).unwrap().wrong();
        }
        tries.begin(stranger("a")).unwrap().right();
        for _ in 0..10 {
            tries.begin(stranger("a")).unwrap().wrong();
        }
    }

    #[test]
    fn a_name_that_many_try_at_becomes_slow_and_stays_open() {
        let tries = Tries::new(true);
        for place in 0..6 {
            for _ in 0..9 {
                tries.begin(stranger(&place.to_string())).unwrap().wrong();
            }
        }
        let slowed = tries.begin(stranger("new")).unwrap();
        assert_eq!(slowed.wait, SLOWED);
        let others: Vec<_> = (0..7)
            .map(|n| tries.begin(stranger(&format!("other-{n}"))).unwrap())
            .collect();
        let wait = tries
            .begin(stranger("late"))
            .err()
            .unwrap()
            .retry_after_ms
            .unwrap();
        assert!(wait <= 500, "a place comes free soon: {wait}");
        drop(others);
        assert!(tries.begin(stranger("late")).is_ok());
        assert_eq!(
            tries.begin(Door::Device("d".into())).unwrap().wait,
            Duration::ZERO,
            "a known browser is not slowed"
        );
    }
}
