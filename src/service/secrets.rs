//! Passwords and tokens. argon2id runs off the reactor behind a bounded queue: 19 MiB and some 30 ms each.
use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::ledger::hex;
use crate::protocol::problem::{Code, Problem};

/// Memory in KiB, passes, lanes: OWASP's first choice for argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// How many hashes run at once; more would only wait for the same cores.
const RUNNING: usize = 2;
/// How many may wait before others are refused at once.
const WAITING: usize = 64;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Hasher {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Checked where there is no such account, so that both take as long.
    dummy: Arc<str>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

fn argon2() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory, passes, lanes, None).expect("the cost is within argon2's limits"))
}

fn hash_now(password: &str) -> String {
    argon2().hash_password(password.as_bytes()).expect("argon2 hashes every password of a bounded length").to_string()
}

impl Hasher {
    /// A hasher with its dummy hash made.
    #[must_use]
    pub fn new() -> Self {
        let (running, waiting) = (Arc::new(Semaphore::new(RUNNING)), Arc::new(Semaphore::new(WAITING)));
        Self { running, waiting, dummy: hash_now("nobody").into() }
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// `overloaded` when too many wait.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.run(move || hash_now(&password)).await
    }

    /// Whether the password fits; with no hash, the same work and `false`. The second: the hash should be renewed.
    ///
    /// # Errors
    /// `overloaded` when too many wait.
    pub async fn fits(&self, password: String, hash: Option<String>) -> Result<(bool, bool), Problem> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        self.run(move || {
            let Ok(parsed) = PasswordHash::new(&hash) else { return (false, false) };
            let fits = argon2().verify_password(password.as_bytes(), &parsed).is_ok() && known;
            let (memory, passes, lanes) = COST;
            let stale = !hash.contains(&format!("$m={memory},t={passes},p={lanes}$"));
            (fits, fits && stale)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let overloaded = |_| Problem { retry_after_ms: Some(2_000), ..Problem::new(Code::Overloaded, "Too many people are signing in just now.") };
        let _place = self.waiting.clone().try_acquire_owned().map_err(|_| overloaded(()))?;
        let _turn = self.running.acquire().await.map_err(|_| overloaded(()))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Problem::unavailable())
    }
}

/// The hash under which a token, link or code is kept: they are long and random, so a fast hash is enough.
#[must_use]
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_hash_alone_and_old_costs_are_renewed() {
        let hasher = Hasher::new();
        let hash = hasher.hash("correct horse".into()).await.unwrap();
        assert_eq!(hasher.fits("correct horse".into(), Some(hash.clone())).await.unwrap(), (true, false));
        assert_eq!(hasher.fits("battery staple".into(), Some(hash)).await.unwrap(), (false, false));
        assert_eq!(hasher.fits("nobody".into(), None).await.unwrap(), (false, false));
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        let old = cheap.hash_password(b"correct horse").unwrap().to_string();
        assert_eq!(hasher.fits("correct horse".into(), Some(old)).await.unwrap(), (true, true));
    }
}
