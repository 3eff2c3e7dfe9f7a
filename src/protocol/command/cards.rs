//! The bodies of commands that write cards.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::super::strict;
use crate::domain::{
    concession::{Category, ConcessionId, Terms},
    framework::QuestionId,
};

/// A new card.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeConcession {
    /// The question it answers.
    pub question: QuestionId,
    /// 1 to 160 graphemes.
    pub title: String,
    /// What exactly would be done: Markdown, 1 to 1,200 graphemes.
    pub body: String,
    /// What the giver would get, at most 400 graphemes.
    #[serde(default)]
    #[ts(optional)]
    pub in_return: Option<String>,
    /// Who would check, 1 to 400 graphemes.
    pub verifier: String,
    /// By when or on what event, at most 400 graphemes.
    #[serde(default)]
    #[ts(optional)]
    pub trigger: Option<String>,
    /// Keys of parties, at most 8.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub receivers: Vec<String>,
    /// Its field.
    #[serde(default)]
    #[ts(optional)]
    pub category: Option<Category>,
    /// Numbers of points it bears on, at most 12.
    #[serde(default)]
    #[ts(as = "Option<Vec<u32>>", optional)]
    pub points: Vec<u32>,
    /// en, uk, ru or und.
    #[serde(default)]
    #[ts(optional)]
    pub language: Option<String>,
    /// The author states that it changes nothing about land; must be true.
    pub not_about_land: bool,
    /// One's own card of the same question that it grew out of: what one has learned since goes
    /// into a new card, which nobody has judged.
    #[serde(default)]
    #[ts(optional)]
    pub grew_out_of: Option<ConcessionId>,
}

/// A card's new terms.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditConcession {
    /// Which card.
    pub concession: ConcessionId,
    /// The version that was edited.
    #[serde(deserialize_with = "strict::natural")]
    pub version: i64,
    /// As in a proposal.
    pub title: String,
    /// As in a proposal.
    pub body: String,
    /// As in a proposal.
    #[serde(default)]
    #[ts(optional)]
    pub in_return: Option<String>,
    /// As in a proposal.
    pub verifier: String,
    /// As in a proposal.
    #[serde(default)]
    #[ts(optional)]
    pub trigger: Option<String>,
}

/// A card in another language.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TranslateConcession {
    /// Which card.
    pub concession: ConcessionId,
    /// Its version that was translated.
    #[serde(deserialize_with = "strict::natural")]
    pub version: i64,
    /// en, uk or ru; not the card's own.
    pub language: String,
    /// As in a proposal.
    pub title: String,
    /// As in a proposal.
    pub body: String,
    /// As in a proposal; only where the card has it.
    #[serde(default)]
    #[ts(optional)]
    pub in_return: Option<String>,
    /// As in a proposal; the original shows where it is left out.
    #[serde(default)]
    #[ts(optional)]
    pub verifier: Option<String>,
    /// As in a proposal; only where the card has it.
    #[serde(default)]
    #[ts(optional)]
    pub trigger: Option<String>,
}

impl ProposeConcession {
    /// The terms as they stand.
    #[must_use]
    pub fn terms(self) -> Terms {
        let Self {
            title,
            body,
            in_return,
            verifier,
            trigger,
            receivers,
            category,
            points,
            language,
            ..
        } = self;
        Terms {
            title,
            body,
            in_return,
            verifier,
            trigger,
            receivers,
            category,
            points,
            language: language.unwrap_or_else(|| "und".into()),
        }
    }
}
