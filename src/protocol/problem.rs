//! What went wrong, for programs and people: RFC 9457 `application/problem+json`, on REST and in
//! `nack` alike.
mod code;
mod refusal;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::code::Code;
use crate::domain::{Millis, text::Fault};

/// A problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// What went wrong.
    pub code: Code,
    /// In a few words.
    pub title: String,
    /// In a sentence.
    pub detail: String,
    /// Faults of single fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Fault>>", optional)]
    pub fields: Vec<Fault>,
    /// Whether sending the same again, with the same id, can succeed.
    pub retryable: bool,
    /// When to try again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u64>,
}

impl Problem {
    /// A problem with this code.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            title: code.status().1.into(),
            detail: detail.into(),
            fields: vec![],
            retryable: code.retryable(),
            retry_after_ms: None,
        }
    }

    /// Faults of fields.
    #[must_use]
    pub fn bad_request(fields: Vec<Fault>) -> Self {
        let detail = fields.first().map_or_else(String::new, |fault| {
            format!("{}: {}", fault.field, fault.detail)
        });
        Self {
            fields,
            ..Self::new(Code::BadRequest, detail.trim_start_matches(": "))
        }
    }

    /// A fault of one field.
    #[must_use]
    pub fn field(field: &str, code: &str, detail: &str) -> Self {
        Self::bad_request(vec![Fault::new(field, code, detail)])
    }

    /// The same words whether the thing is absent or not to be seen.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing here that you can see.")
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated, "Sign in to do this.")
    }

    /// Known not applied; may succeed in a while.
    #[must_use]
    pub fn unavailable() -> Self {
        Self {
            retry_after_ms: Some(1_000),
            ..Self::new(
                Code::Unavailable,
                "The server cannot do this now. Nothing was changed; try again.",
            )
        }
    }

    /// Slow mode: the next post may come in `wait` milliseconds.
    #[must_use]
    pub fn slow_mode(wait: u64) -> Self {
        Self {
            retry_after_ms: Some(wait),
            ..Self::new(
                Code::SlowMode,
                "Slow mode is on here. Wait a little before you post again.",
            )
        }
    }

    /// Quiet hours, which end at that time by the clock of `zone`.
    #[must_use]
    pub fn quiet(ends_at: Millis, to: &str, zone: &str, now: Millis) -> Self {
        let detail = format!(
            "These are quiet hours: posting resumes at {to} ({zone}). You can still read and judge proposals."
        );
        Self {
            retry_after_ms: u64::try_from(ends_at - now).ok(),
            ..Self::new(Code::Closed, detail)
        }
    }

    /// Too much of something; may succeed in `wait` milliseconds.
    #[must_use]
    pub fn rate_limited(wait: u64) -> Self {
        Self {
            retry_after_ms: Some(wait),
            ..Self::new(
                Code::RateLimited,
                "That was too much at once. Wait a little and try again.",
            )
        }
    }
}

impl From<Vec<Fault>> for Problem {
    fn from(faults: Vec<Fault>) -> Self {
        Self::bad_request(faults)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::bad_request(vec![fault])
    }
}
