//! Concessions: something non-territorial the giver could offer, shown as a card.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{
    Millis,
    account::Author,
    framework::{FrameworkId, QuestionId, Source},
    text::{self, Check},
};
use crate::id::Id;

/// A card's id.
pub type ConcessionId = Id<Concession>;

/// A card.
#[derive(Clone, Debug)]
pub struct Concession {
    /// Its id.
    pub id: ConcessionId,
    /// The framework it belongs to.
    pub framework: FrameworkId,
    /// The question it answers.
    pub question: QuestionId,
    /// Who proposed it.
    pub author: Author,
    /// What it says.
    pub terms: Terms,
    /// Where the idea was reported, for starter cards.
    pub sources: Vec<Source>,
    /// The body as shown: sanitised when written.
    pub html: String,
    /// Whether it shows and ranks.
    pub state: ConcessionState,
    /// Counts edits, from 1; answers name the version they judged.
    pub version: i64,
    /// When it was proposed.
    pub created_at: Millis,
    /// Whether it came with labelled sample data.
    pub sample: bool,
}

/// What a card says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// In one line.
    pub title: String,
    /// What exactly would be done.
    pub body: String,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: String,
    /// By when, or on what event.
    pub trigger: Option<String>,
    /// Which parties receive it.
    pub receivers: Vec<String>,
    /// Its field.
    pub category: Option<Category>,
    /// Points it bears on, by number in the current revision.
    pub points: Vec<u32>,
    /// `en`, `uk`, `ru` or `und`.
    pub language: String,
}

impl Terms {
    /// The terms cleaned, with every fault of every field added to `check`.
    #[must_use]
    pub fn checked(self, check: &mut Check) -> Self {
        check.ensure(self.receivers.len() <= 8, "receivers", "too_many", "At most 8 receivers.");
        check.ensure(self.points.len() <= 12, "points", "too_many", "At most 12 points.");
        Self {
            title: check.line("title", &self.title, text::TITLE),
            body: check.prose("body", &self.body, text::CARD_BODY),
            in_return: check.optional("in_return", self.in_return.as_deref(), text::CARD_FIELD),
            verifier: check.line("verifier", &self.verifier, text::CARD_FIELD),
            trigger: check.optional("trigger", self.trigger.as_deref(), text::CARD_FIELD),
            language: text::language(check, Some(&self.language)),
            ..self
        }
    }
}

/// Whether a card shows and ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConcessionState {
    /// Waits for a person's look.
    Held,
    /// Shows, does not rank yet.
    Provisional,
    /// Shows and ranks.
    Ranked,
    /// Its author took it back.
    Withdrawn,
    /// United with another.
    Merged,
    /// A moderator took it from view.
    Hidden,
    /// A moderator removed it.
    Removed,
}

impl ConcessionState {
    /// Whether everyone may read it.
    #[must_use]
    pub fn shows(self) -> bool {
        matches!(self, Self::Provisional | Self::Ranked | Self::Merged)
    }

    /// Whether it is dealt, answered and counted.
    #[must_use]
    pub fn ranks(self) -> bool {
        matches!(self, Self::Ranked)
    }
}

/// The fields concessions fall into; none of them is territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub enum Category {
    /// Guarantees, triggers, ratification.
    #[serde(rename = "SEC-GUA")]
    SecGua,
    /// Force size, arms.
    #[serde(rename = "SEC-FOR")]
    SecFor,
    /// Ceasefire, monitoring.
    #[serde(rename = "SEC-MON")]
    SecMon,
    /// Non-aggression in law.
    #[serde(rename = "SEC-NAG")]
    SecNag,
    /// Strike and cyber moratoria.
    #[serde(rename = "SEC-HYB")]
    SecHyb,
    /// Plant operation (not ownership of land).
    #[serde(rename = "NUC-ZNPP")]
    NucZnpp,
    /// Non-nuclear status, arms control.
    #[serde(rename = "NUC-NPT")]
    NucNpt,
    /// Sanctions relief with snapback.
    #[serde(rename = "ECO-SAN")]
    EcoSan,
    /// Reconstruction, frozen assets.
    #[serde(rename = "ECO-REC")]
    EcoRec,
    /// Trade, EU access, transit.
    #[serde(rename = "ECO-TRD")]
    EcoTrd,
    /// Rivers, sea, ports, aviation.
    #[serde(rename = "NAV")]
    Nav,
    /// Prisoners, civilians, children.
    #[serde(rename = "HUM-DET")]
    HumDet,
    /// Access, demining, family contact.
    #[serde(rename = "HUM-ACC")]
    HumAcc,
    /// Language, faith, education, heritage.
    #[serde(rename = "RGT")]
    Rgt,
    /// Elections, alliances.
    #[serde(rename = "POL")]
    Pol,
    /// Accountability, arbitration.
    #[serde(rename = "JUS")]
    Jus,
    /// Dams, water.
    #[serde(rename = "ENV")]
    Env,
    /// Legal force, sequencing.
    #[serde(rename = "IMP")]
    Imp,
    /// Formats, normalisation.
    #[serde(rename = "DIP")]
    Dip,
}
