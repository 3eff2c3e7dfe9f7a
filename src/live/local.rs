//! The live state of a single process.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::broadcast;

use super::{
    RoundKey, Standing,
    hint::{HINTS, Hint},
};
use crate::domain::{
    Millis,
    framework::FrameworkId,
    presence::{self, Here},
    tally::{Applied, Delta, Release, Tally},
};

/// Live state in memory.
#[derive(Clone)]
pub struct Local {
    // A std mutex: nothing waits while it is held.
    state: Arc<Mutex<State>>,
    hints: broadcast::Sender<Hint>,
    /// Drops one hint in so many, to exercise the way gaps are found; 0 drops none.
    drop_one_in: u64,
}

#[derive(Default)]
struct State {
    tallies: HashMap<RoundKey, Running>,
    here: HashMap<(FrameworkId, String), (Millis, Here)>,
}

struct Running {
    now: Tally,
    released: Tally,
    changed: i64,
    released_at: Millis,
}

impl Running {
    fn release_if_due(&mut self, release: Release, now: Millis) -> bool {
        let due = release.due(self.changed, now - self.released_at);
        if due {
            self.released = self.now.clone();
            self.changed = 0;
            self.released_at = now;
        }
        due
    }
}

impl Local {
    /// Live state that loses one hint in `drop_one_in` (0: none), for tests of what finds lost
    /// ones.
    #[must_use]
    pub fn new(drop_one_in: u64) -> Self {
        Self {
            state: Arc::default(),
            hints: broadcast::Sender::new(HINTS),
            drop_one_in,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it was held leaves counters that a recount mends.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn publish(&self, hint: Hint) {
        if self.drop_one_in == 0 || crate::id::below(self.drop_one_in) != 0 {
            // Nobody listening is no fault.
            let _ = self.hints.send(hint);
        }
    }

    pub(super) fn hints(&self) -> broadcast::Receiver<Hint> {
        self.hints.subscribe()
    }

    pub(super) fn move_tally(
        &self,
        delta: &Delta,
        release: Release,
        now: Millis,
    ) -> Option<Applied> {
        let mut state = self.state();
        let running = state.tallies.get_mut(&(delta.question, delta.round))?;
        let applied = running.now.apply(delta);
        if applied == Applied::Yes {
            running.changed += 1;
            if running.release_if_due(release, now) {
                drop(state);
                self.publish(Hint::Tally(delta.question));
            }
        }
        Some(applied)
    }

    pub(super) fn release_due(
        &self,
        key: RoundKey,
        release: Release,
        now: Millis,
    ) -> Option<Standing> {
        let mut state = self.state();
        let running = state.tallies.get_mut(&key)?;
        let moved = running.release_if_due(release, now);
        let standing = Standing {
            released: running.released.at_seq,
            running: running.now.at_seq,
        };
        drop(state);
        if moved {
            self.publish(Hint::Tally(key.0));
        }
        Some(standing)
    }

    pub(super) fn tally(&self, key: RoundKey) -> Option<(Tally, i64)> {
        self.state()
            .tallies
            .get(&key)
            .map(|running| (running.released.clone(), running.now.at_seq))
    }

    pub(super) fn running_tally(&self, key: RoundKey) -> Option<Tally> {
        self.state()
            .tallies
            .get(&key)
            .map(|running| running.now.clone())
    }

    pub(super) fn forget_tally(&self, key: RoundKey) {
        self.state().tallies.remove(&key);
    }

    pub(super) fn load_tally(&self, key: RoundKey, tally: Tally, now: Millis) {
        let mut state = self.state();
        if state
            .tallies
            .get(&key)
            .is_some_and(|running| running.now.at_seq > tally.at_seq)
        {
            return;
        }
        let running = Running {
            now: tally.clone(),
            released: tally,
            changed: 0,
            released_at: now,
        };
        state.tallies.insert(key, running);
        drop(state);
        self.publish(Hint::Tally(key.0));
    }

    pub(super) fn say_here(&self, node: &str, framework: FrameworkId, here: Here, now: Millis) {
        self.state()
            .here
            .insert((framework, node.to_owned()), (now, here));
    }

    pub(super) fn here(&self, framework: FrameworkId, now: Millis) -> Here {
        let state = self.state();
        let said = state
            .here
            .iter()
            .filter(|((said, _), _)| *said == framework);
        presence::sum(said.map(|(_, (at, here))| (*at, here)), now)
    }

    pub(super) fn flush(&self) {
        *self.state() = State::default();
    }
}
