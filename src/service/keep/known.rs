//! What the doors know without asking the database again: sessions for a second, and in which
//! framework things stand, which never changes. The writer checks every session anew inside its
//! transaction, so no write rests on this.
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;

use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId, moderation::ThingId},
    id::Id,
    service::caller::Caller,
};

/// How long a session is believed without a look: a revocation bites on every node within so long,
/// even with all hints lost.
const BELIEVED: Duration = Duration::from_secs(1);
/// How many sessions are kept: about 300 bytes each.
const SESSIONS: usize = 20_000;
/// How many places of things are kept: about 100 bytes each.
const PLACES: usize = 100_000;

#[derive(Clone)]
struct Held {
    caller: Caller,
    expires_at: Option<Millis>,
    read: Instant,
}

/// What this node remembers.
pub struct Known {
    sessions: Cache<String, Held>,
    places: Cache<ThingId, FrameworkId>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            sessions: Cache::new(SESSIONS),
            places: Cache::new(PLACES),
        }
    }
}

impl Known {
    /// Whose the token with this hash is, if that was read a moment ago.
    pub(crate) fn caller(&self, hash: &str, now: Millis) -> Option<Caller> {
        let held = self.sessions.get(hash)?;
        let fresh =
            held.read.elapsed() < BELIEVED && held.expires_at.is_none_or(|until| until > now);
        fresh.then_some(held.caller)
    }

    pub(crate) fn keep_caller(&self, hash: String, caller: Caller, expires_at: Option<Millis>) {
        self.sessions.insert(
            hash,
            Held {
                caller,
                expires_at,
                read: Instant::now(),
            },
        );
    }

    /// Forgets an account's sessions: some of them may have ended.
    pub(crate) fn forget(&self, account: AccountId) {
        self.sessions
            .retain(|_, held| held.caller.account != account);
    }

    /// In which framework a thing stands, if that is known. Ids are unique over all kinds.
    pub(crate) fn place<T>(&self, id: Id<T>) -> Option<FrameworkId> {
        self.places.get(&id.cast())
    }

    /// Keeps where a thing stands: only one that was found, as a client may name any id.
    pub(crate) fn keep_place<T>(&self, id: Id<T>, framework: FrameworkId) {
        self.places.insert(id.cast(), framework);
    }
}
