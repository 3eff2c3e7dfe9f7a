//! Why something is reported, and the published rule that such a report speaks of.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Why something is reported.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the words say it; the rules page explains them to readers"
)]
pub enum Reason {
    Insult,
    Hate,
    Threat,
    Doxxing,
    Positions,
    PrisonersOrChildren,
    SuicideRisk,
    Illegal,
    Spam,
    OffTopic,
    Territorial,
    Duplicate,
    Other,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 13] = [
        Self::Insult,
        Self::Hate,
        Self::Threat,
        Self::Doxxing,
        Self::Positions,
        Self::PrisonersOrChildren,
        Self::SuicideRisk,
        Self::Illegal,
        Self::Spam,
        Self::OffTopic,
        Self::Territorial,
        Self::Duplicate,
        Self::Other,
    ];

    /// Whether a life may hang on it: such reports stand on top, and take the thing from view until
    /// a moderator has looked.
    #[must_use]
    pub const fn urgent(self) -> bool {
        matches!(
            self,
            Self::Doxxing
                | Self::Positions
                | Self::PrisonersOrChildren
                | Self::SuicideRisk
                | Self::Threat
        )
    }

    /// The published rule that such a report speaks of.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Insult => "R1",
            Self::Hate | Self::Threat => "R2",
            Self::Doxxing => "R3",
            Self::Positions => "R4",
            Self::PrisonersOrChildren => "R5",
            Self::OffTopic | Self::Other => "R6",
            Self::Spam | Self::Duplicate => "R7",
            Self::Territorial => "R8",
            Self::Illegal => "R9",
            Self::SuicideRisk => "R10",
        }
    }
}

/// The published rules a decision may name; the rules page explains them.
pub const RULES: [&str; 10] = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10"];
