//! Passwords and tokens. argon2id runs off the reactor behind a fair and bounded line: 19 MiB and
//! some 30 ms each.
use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use sha2::{Digest, Sha256};

use crate::{
    domain::{account::password::prepared, hex::hex},
    protocol::problem::{Code, Problem},
    service::keep::turns::{Lane, Turns},
};

/// Memory in KiB, passes, lanes: OWASP's first choice for argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Checked where there is no such account, so that both take as long.
static DUMMY: LazyLock<String> = LazyLock::new(|| hash_now("nobody"));

/// Hashes and checks passwords.
#[derive(Clone, Default)]
pub struct Hasher {
    turns: Turns,
}

fn argon2() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(memory, passes, lanes, None).expect("the cost is within argon2's limits"),
    )
}

fn hash_now(password: &str) -> String {
    argon2()
        .hash_password(password.as_bytes())
        .expect("argon2 hashes every password of a bounded length")
        .to_string()
}

impl Hasher {
    /// A hasher with what it needs made: the first to ask for an account that is not there would
    /// wait for it.
    #[must_use]
    pub fn new() -> Self {
        LazyLock::force(&DUMMY);
        Self::default()
    }

    /// The PHC string of a password, prepared.
    ///
    /// # Errors
    /// `overloaded` when too many wait.
    pub async fn hash(&self, lane: &Lane, password: &str) -> Result<String, Problem> {
        let password = prepared(password);
        self.run(lane, move || hash_now(&password)).await
    }

    /// Whether the password fits; with no hash, the same work and `false`. The second: the hash
    /// should be renewed, for its cost, or because it was made of the password as it was typed.
    ///
    /// # Errors
    /// `overloaded` when too many wait.
    pub async fn fits(
        &self,
        lane: &Lane,
        typed: String,
        hash: Option<String>,
    ) -> Result<(bool, bool), Problem> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY.clone());
        self.run(lane, move || {
            let Ok(parsed) = PasswordHash::new(&hash) else {
                return (false, false);
            };
            let fits = |password: &str| {
                argon2()
                    .verify_password(password.as_bytes(), &parsed)
                    .is_ok()
            };
            let password = prepared(&typed);
            let fits_now = fits(&password);
            // Whether this is asked depends on what was typed alone, and so tells nothing about the
            // account.
            let fitted = typed != password && fits(&typed);
            let (memory, passes, lanes) = COST;
            let stale = !fits_now || !hash.contains(&format!("$m={memory},t={passes},p={lanes}$"));
            let fits = known && (fits_now || fitted);
            (fits, fits && stale)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        lane: &Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let overloaded = || Problem {
            retry_after_ms: Some(2_000),
            ..Problem::new(Code::Overloaded, "Too many people are signing in just now.")
        };
        let turn = self.turns.take(lane).await.ok_or_else(overloaded)?;
        // The turn lasts as long as the work, also where whoever asked has gone away.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| Problem::unavailable())
    }
}

/// The hash under which a token, link or code is kept: they are long and random, so a fast hash is
/// enough.
#[must_use]
pub fn token_hash(token: &str) -> String {
    hex(Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_hash_alone_and_old_costs_are_renewed() {
        let (hasher, lane) = (Hasher::new(), Lane::own("test"));
        let hash = hasher.hash(&lane, "correct horse").await.unwrap();
        assert_eq!(
            hasher
                .fits(&lane, "correct horse".into(), Some(hash.clone()))
                .await
                .unwrap(),
            (true, false)
        );
        assert_eq!(
            hasher
                .fits(&lane, "battery staple".into(), Some(hash))
                .await
                .unwrap(),
            (false, false)
        );
        assert_eq!(
            hasher.fits(&lane, "nobody".into(), None).await.unwrap(),
            (false, false)
        );
        let cheap = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8, 1, 1, None).unwrap(),
        );
        let old = cheap.hash_password(b"correct horse").unwrap().to_string();
        assert_eq!(
            hasher
                .fits(&lane, "correct horse".into(), Some(old))
                .await
                .unwrap(),
            (true, true)
        );
    }

    #[tokio::test]
    async fn one_password_typed_in_two_ways_fits_and_a_hash_of_the_bytes_is_renewed() {
        let (hasher, lane) = (Hasher::new(), Lane::own("test"));
        let (composed, parted) = ("їжачок у тумані", "і\u{308}жачок\u{a0}у тумані");
        let hash = hasher.hash(&lane, parted).await.unwrap();
        for typed in [composed, parted] {
            assert_eq!(
                hasher
                    .fits(&lane, typed.into(), Some(hash.clone()))
                    .await
                    .unwrap(),
                (true, false),
                "{typed}"
            );
        }
        let old = hash_now(parted);
        assert_eq!(
            hasher
                .fits(&lane, parted.into(), Some(old.clone()))
                .await
                .unwrap(),
            (true, true)
        );
        assert_eq!(
            hasher
                .fits(&lane, composed.into(), Some(old))
                .await
                .unwrap(),
            (false, false)
        );
    }
}
