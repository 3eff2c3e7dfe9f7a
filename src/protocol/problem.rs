//! What went wrong, for programs and people: RFC 9457 `application/problem+json`, on REST and in `nack` alike.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{Millis, permission::Refusal, text::Fault};

/// Stable words for what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is explained in docs/protocol.md and by its title below")]
pub enum Code {
    BadRequest,
    UnknownCommand,
    Unauthenticated,
    SecondFactorRequired,
    Forbidden,
    NotFound,
    Conflict,
    IdReuse,
    Closed,
    TooLarge,
    UpgradeRequired,
    RateLimited,
    SlowMode,
    Overloaded,
    Unavailable,
    UnknownOutcome,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::BadRequest,
        Self::UnknownCommand,
        Self::Unauthenticated,
        Self::SecondFactorRequired,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::IdReuse,
        Self::Closed,
        Self::TooLarge,
        Self::UpgradeRequired,
        Self::RateLimited,
        Self::SlowMode,
        Self::Overloaded,
        Self::Unavailable,
        Self::UnknownOutcome,
    ];

    /// The HTTP status and the title.
    #[must_use]
    pub const fn status(self) -> (u16, &'static str) {
        match self {
            Self::BadRequest => (400, "The request is not valid"),
            Self::UnknownCommand => (400, "This command does not exist"),
            Self::Unauthenticated => (401, "Sign in first"),
            Self::SecondFactorRequired => (401, "A second factor is needed"),
            Self::Forbidden => (403, "Not allowed"),
            Self::NotFound => (404, "Not found"),
            Self::Conflict => (409, "Changed by somebody else"),
            Self::IdReuse => (409, "This id was used for something else"),
            Self::Closed => (409, "Closed"),
            Self::TooLarge => (413, "Too large"),
            Self::UpgradeRequired => (426, "A WebSocket is expected"),
            Self::RateLimited => (429, "Too many requests"),
            Self::SlowMode => (429, "Slow mode"),
            Self::Overloaded => (503, "Overloaded"),
            Self::Unavailable => (503, "Unavailable"),
            Self::UnknownOutcome => (504, "Outcome unknown"),
        }
    }

    /// Whether sending the same again, with the same id, can succeed.
    #[must_use]
    pub const fn retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::SlowMode | Self::Overloaded | Self::Unavailable | Self::UnknownOutcome)
    }
}

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
        Self { code, title: code.status().1.into(), detail: detail.into(), fields: vec![], retryable: code.retryable(), retry_after_ms: None }
    }

    /// Faults of fields.
    #[must_use]
    pub fn bad_request(fields: Vec<Fault>) -> Self {
        let detail = fields.first().map_or_else(String::new, |fault| format!("{}: {}", fault.field, fault.detail));
        Self { fields, ..Self::new(Code::BadRequest, detail.trim_start_matches(": ")) }
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
        Self { retry_after_ms: Some(1_000), ..Self::new(Code::Unavailable, "The server cannot do this now. Nothing was changed; try again.") }
    }

    /// Slow mode: the next post may come in `wait` milliseconds.
    #[must_use]
    pub fn slow_mode(wait: u64) -> Self {
        Self { retry_after_ms: Some(wait), ..Self::new(Code::SlowMode, "Slow mode is on here. Wait a little before you post again.") }
    }

    /// Quiet hours, which end at that time by the clock of `zone`.
    #[must_use]
    pub fn quiet(ends_at: Millis, to: &str, zone: &str, now: Millis) -> Self {
        let detail = format!("These are quiet hours: posting resumes at {to} ({zone}). You can still read and judge proposals.");
        Self { retry_after_ms: u64::try_from(ends_at - now).ok(), ..Self::new(Code::Closed, detail) }
    }

    /// Too much of something; may succeed in `wait` milliseconds.
    #[must_use]
    pub fn rate_limited(wait: u64) -> Self {
        Self { retry_after_ms: Some(wait), ..Self::new(Code::RateLimited, "That was too much at once. Wait a little and try again.") }
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

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unauthenticated => Self::unauthenticated(),
            Refusal::JoinFirst => Self::new(Code::Forbidden, "Choose a viewpoint first, or say that you would rather not say."),
            Refusal::Forbidden => Self::new(Code::Forbidden, "Your role does not allow this."),
            Refusal::SecondFactorMissing => {
                Self::new(Code::Forbidden, "Your role takes effect once your account has a second factor. Set one up on the account page.")
            }
            Refusal::Sanctioned(until) => Self::new(Code::Forbidden, sanctioned(until)),
            Refusal::Paused => Self::new(Code::Closed, "Posting is paused here. You can still read and judge proposals."),
            Refusal::OutsideScope => Self::new(Code::Forbidden, "This token does not allow that. Make one with a wider scope."),
            Refusal::OutsideRemit => Self::new(Code::Forbidden, "This is outside the points or languages that you moderate."),
        }
    }
}

fn sanctioned(until: Option<Millis>) -> String {
    let time = until.and_then(|until| jiff::Timestamp::from_millisecond(until).ok());
    time.map_or_else(
        || "A moderator has barred your account here.".into(),
        |until| format!("A moderator has barred your account here until {until:.0}."),
    )
}
