//! Bodies about the scope rule.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    concession::ConcessionState,
    hold::Matched,
    lane::HeldBy,
    scope::{Judgement, Rule},
};

/// What the gate reads, as far as it is typed; nothing of it is kept.
#[derive(Clone, Debug, Default, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeDraft {
    /// As in a proposal.
    #[serde(default)]
    #[ts(optional)]
    pub title: Option<String>,
    /// As in a proposal.
    #[serde(default)]
    #[ts(optional)]
    pub body: Option<String>,
    /// As in a proposal.
    #[serde(default)]
    #[ts(optional)]
    pub in_return: Option<String>,
    /// As in a proposal.
    #[serde(default)]
    #[ts(optional)]
    pub verifier: Option<String>,
    /// As in a proposal.
    #[serde(default)]
    #[ts(optional)]
    pub trigger: Option<String>,
}

/// The published rule and the rules the gate reads by.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ScopeRulesView {
    /// The rule, word for word.
    pub rule: PublishedRule,
    /// What the gate looks for.
    pub rules: Vec<Rule>,
}

/// A text in the languages of the interface.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PublishedRule {
    /// In English; this text decides.
    pub en: String,
    /// In Ukrainian.
    pub uk: String,
    /// In Russian.
    pub ru: String,
}

/// The fields of a card that the gate reads.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ScopeTerms {
    /// Title.
    pub title: String,
    /// Body.
    pub body: String,
    /// In return.
    pub in_return: Option<String>,
    /// Verifier.
    pub verifier: String,
    /// Trigger.
    pub trigger: Option<String>,
}

/// How a card stands with the scope rule.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ScopeCaseView {
    /// Where it is.
    pub state: ConcessionState,
    /// The version this is about.
    pub version: i64,
    /// By what it is held.
    pub held_by: Option<HeldBy>,
    /// Since when it is held.
    pub held_at: Option<i64>,
    /// Since when it waits for a person's look; `null`: its author has not asked.
    pub queued_at: Option<i64>,
    /// The word of the list that holds it, to its author and moderators.
    pub matched: Option<Matched>,
    /// What the gate says of it today, to its author and moderators; offsets are into `terms`.
    pub scope: Option<Judgement>,
    /// What it says, to its author and moderators.
    pub terms: Option<ScopeTerms>,
    /// Whether the reader may say if it is about land.
    pub may_confirm: bool,
    /// What the reader said of this version: whether it is about land.
    pub said: Option<bool>,
    /// How long the provisional lane usually takes, in hours.
    pub usual_hours: Option<f64>,
}
