//! What is true for the moment: presence, running tallies, hints between nodes. The database stays
//! the truth; all of this may vanish at any time and is rebuilt.
mod fields;
mod hint;
mod local;
mod redis;

pub use hint::Hint;
pub use local::Local;
pub use redis::Redis;
use tokio::sync::broadcast;

use crate::domain::{
    Millis,
    framework::{FrameworkId, QuestionId},
    presence::Here,
    tally::{Applied, Delta, Release, Tally},
};

/// A question's round: the key of a tally.
pub type RoundKey = (QuestionId, u32);

/// How far a tally has come, in ballot changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What is shown.
    pub released: i64,
    /// What is counted.
    pub running: i64,
}

/// The live state went away; the caller falls back to the database.
#[derive(Debug, thiserror::Error)]
#[error("the live state is away: {0}")]
pub struct Away(pub String);

/// The live state.
#[derive(Clone)]
pub enum Live {
    /// In this process.
    Local(Local),
    /// Shared by nodes.
    Redis(Redis),
}

impl Live {
    /// Tells every node, this one included, without waiting. A lost hint is found by the sweep.
    pub fn publish(&self, hint: Hint) {
        match self {
            Self::Local(local) => local.publish(hint),
            Self::Redis(redis) => redis.publish(hint),
        }
    }

    /// Whether what nodes share does not answer just now.
    #[must_use]
    pub fn is_away(&self) -> bool {
        match self {
            Self::Local(_) => false,
            Self::Redis(redis) => redis.is_away(),
        }
    }

    /// Hints from now on.
    #[must_use]
    pub fn hints(&self) -> broadcast::Receiver<Hint> {
        match self {
            Self::Local(local) => local.hints(),
            Self::Redis(redis) => redis.hints(),
        }
    }

    /// Moves a tally by one ballot's change. `None`: there is none to move.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn move_tally(
        &self,
        delta: &Delta,
        release: Release,
        now: Millis,
    ) -> Result<Option<Applied>, Away> {
        match self {
            Self::Local(local) => Ok(local.move_tally(delta, release, now)),
            Self::Redis(redis) => redis.move_tally(delta, release, now).await,
        }
    }

    /// Releases what is due by time, and says how far the tally has come; `None` where there is
    /// none.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn release_due(
        &self,
        key: RoundKey,
        release: Release,
        now: Millis,
    ) -> Result<Option<Standing>, Away> {
        match self {
            Self::Local(local) => Ok(local.release_due(key, release, now)),
            Self::Redis(redis) => redis.release_due(key, release, now).await,
        }
    }

    /// The released tally, and the place the running one stands at; `None` where there is none.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn tally(&self, key: RoundKey) -> Result<Option<(Tally, i64)>, Away> {
        match self {
            Self::Local(local) => Ok(local.tally(key)),
            Self::Redis(redis) => redis.tally(key).await,
        }
    }

    /// The tally as counted so far, to compare with a recount: never shown.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn running_tally(&self, key: RoundKey) -> Result<Option<Tally>, Away> {
        match self {
            Self::Local(local) => Ok(local.running_tally(key)),
            Self::Redis(redis) => redis.running_tally(key).await,
        }
    }

    /// Forgets a tally that contradicts its ballots, also one that claims a later place.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn forget_tally(&self, key: RoundKey) -> Result<(), Away> {
        match self {
            Self::Local(local) => local.forget_tally(key),
            Self::Redis(redis) => redis.forget_tally(key).await?,
        }
        Ok(())
    }

    /// Sets a tally as recounted, unless a later one stands; released at once.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn load_tally(&self, key: RoundKey, tally: Tally, now: Millis) -> Result<(), Away> {
        match self {
            Self::Local(local) => local.load_tally(key, tally, now),
            Self::Redis(redis) => redis.load_tally(key, &tally, now).await?,
        }
        Ok(())
    }

    /// Says who is here, for this node.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn say_here(
        &self,
        node: &str,
        framework: FrameworkId,
        here: Here,
        now: Millis,
    ) -> Result<(), Away> {
        match self {
            Self::Local(local) => local.say_here(node, framework, here, now),
            Self::Redis(redis) => redis.say_here(node, framework, here, now).await?,
        }
        Ok(())
    }

    /// Who is here, over all nodes.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn here(&self, framework: FrameworkId, now: Millis) -> Result<Here, Away> {
        match self {
            Self::Local(local) => Ok(local.here(framework, now)),
            Self::Redis(redis) => redis.here(framework, now).await,
        }
    }

    /// Forgets everything, as a restart of the live state would: for the conformance tests.
    ///
    /// # Errors
    /// When the live state is away.
    pub async fn flush(&self) -> Result<(), Away> {
        match self {
            Self::Local(local) => local.flush(),
            Self::Redis(redis) => redis.flush().await?,
        }
        Ok(())
    }
}
