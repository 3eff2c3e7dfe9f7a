//! The record of what matters for security, as its own target in the log: `demarche::security`.
//! Neither handles nor addresses stand in it: both are keyed hashes, and the key turns with the
//! day, so that a day's events hang together and no longer story.
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    domain::{DAY, Millis, account::AccountId, hex::hex, permission::Role},
    protocol::{command::Command, problem::Code},
    service::{Failure, Outcome},
};

/// The target of every event.
pub const TARGET: &str = "demarche::security";

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is explained in docs/security.md")]
pub enum Event {
    Registered,
    SignedIn,
    SignInFailed,
    SignInLimited,
    ProofFailed,
    PasswordChanged,
    PasswordReset,
    ResetLinkMade,
    RecoveryCodesRenewed,
    SecondFactorAdded,
    SecondFactorRemoved,
    SecondFactorReset,
    TokenMade,
    SessionsEnded,
    AccountErased,
    RightRefused,
    AdminActed,
}

impl Event {
    /// As in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignInLimited => "sign_in_limited",
            Self::ProofFailed => "proof_failed",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::ResetLinkMade => "reset_link_made",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::SecondFactorAdded => "second_factor_added",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::SecondFactorReset => "second_factor_reset",
            Self::TokenMade => "token_made",
            Self::SessionsEnded => "sessions_ended",
            Self::AccountErased => "account_erased",
            Self::RightRefused => "right_refused",
            Self::AdminActed => "admin_acted",
        }
    }
}

/// Whom an event is about.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// An account.
    Account(AccountId),
    /// A name that was typed, and is nobody's.
    Name(&'a str),
    /// Somebody who is not signed in.
    Nobody,
}

/// Keys the hashes of the record.
pub struct Record(Hmac<Sha256>);

impl Record {
    /// By the site's key for it.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length"))
    }

    /// What stands in the log for an account, a name or an address on a day.
    #[must_use]
    pub fn pseudonym(&self, kind: &str, of: &str, now: Millis) -> String {
        let mac = self
            .0
            .clone()
            .chain_update(format!("{}\n{kind}\n{of}", now / DAY));
        hex(&mac.finalize().into_bytes()[..8])
    }

    /// Notes an event: by whom, from where (a hash of the address, or nothing), and what it was
    /// about, in words of the program.
    pub fn note(&self, event: Event, who: Who<'_>, place: Option<&str>, what: &str, now: Millis) {
        let who = match who {
            Who::Account(id) => self.pseudonym("account", &id.to_string(), now),
            Who::Name(name) => self.pseudonym("name", name, now),
            Who::Nobody => String::new(),
        };
        let place = place
            .map(|place| self.pseudonym("place", place, now))
            .unwrap_or_default();
        tracing::info!(target: "demarche::security", event = event.word(), who, place, what);
    }
}

/// Notes what became of a command, where it was refused for want of a right or is an act of an
/// office.
pub(crate) fn noted<T>(
    record: &Record,
    account: AccountId,
    role: Role,
    command: &Command,
    result: &Outcome<T>,
    now: Millis,
) {
    let event = match result {
        Err(Failure::Problem(problem)) if problem.code == Code::Forbidden => Event::RightRefused,
        Ok(_)
            if role == Role::Admin
                || command
                    .needs()
                    .iter()
                    .any(|action| action.rule().least >= Role::Owner) =>
        {
            Event::AdminActed
        }
        _ => return,
    };
    let word = serde_json::to_value(command).ok().and_then(|body| {
        body.as_object()
            .and_then(|body| body.keys().next().cloned())
    });
    record.note(
        event,
        Who::Account(account),
        None,
        &word.unwrap_or_default(),
        now,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_says_nothing_and_lasts_a_day() {
        let record = Record::new("key");
        let first = record.pseudonym("name", "olena", 0);
        assert_eq!(first, record.pseudonym("name", "olena", DAY - 1));
        assert_ne!(first, record.pseudonym("name", "olena", DAY));
        assert_ne!(first, record.pseudonym("place", "olena", 0));
        assert_ne!(first, Record::new("other").pseudonym("name", "olena", 0));
    }
}
