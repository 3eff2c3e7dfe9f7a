//! How much of what its account may a token may.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// How much of what its account may an API token may; each may what those before it may. A
/// browser's session may everything.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read what the account may read without a role.
    Read,
    /// Take part: write, answer, report.
    Write,
    /// What the account's role allows.
    Moderate,
}

impl Scope {
    /// The scope of this word; of one that is not known (a later version's) the least.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        serde_json::from_value(word.into()).unwrap_or(Self::Read)
    }
}
