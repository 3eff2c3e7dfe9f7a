//! Stable words for what went wrong, each with its HTTP status and title.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

/// Stable words for what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is explained in docs/protocol.md and by its title below"
)]
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
        matches!(
            self,
            Self::RateLimited
                | Self::SlowMode
                | Self::Overloaded
                | Self::Unavailable
                | Self::UnknownOutcome
        )
    }
}
