//! The three formats, as they stand in a file; docs/operating.md explains their fields.
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::{
    ballot::{Acceptance, Assent, Realism},
    concession::Category,
    framework::{Camp, Legends, Lineage, Localized, Party, Reveal, Revision, Source},
    thread::CommentKind,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameworkFile {
    #[serde(rename = "format")]
    pub _format: String,
    pub slug: String,
    pub title: String,
    pub summary: String,
    #[serde(rename = "language")]
    pub _language: String,
    pub as_of: String,
    pub parties: Vec<Party>,
    pub camps: Vec<Camp>,
    pub legends: Legends,
    pub revisions: Vec<Revision>,
    #[serde(default)]
    pub lineage: Vec<Lineage>,
    pub questions: Vec<QuestionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionFile {
    pub key: String,
    pub giver: String,
    pub point: u32,
    pub prompt: Localized,
    #[serde(default)]
    pub reveal: Option<Reveal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CardsFile {
    #[serde(rename = "format")]
    pub _format: String,
    pub framework: String,
    pub label: String,
    pub cards: Vec<CardFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CardFile {
    pub key: String,
    pub question: String,
    #[serde(default)]
    pub author: Option<String>,
    pub title: String,
    pub body: String,
    #[serde(default)]
    pub in_return: Option<String>,
    pub verifier: String,
    #[serde(default)]
    pub trigger: Option<String>,
    #[serde(default)]
    pub receivers: Vec<String>,
    #[serde(default)]
    pub category: Option<Category>,
    #[serde(default)]
    pub points: Vec<u32>,
    pub language: String,
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Whether it stands in the provisional lane, to show it; of sample cards alone.
    #[serde(default)]
    pub provisional: bool,
    #[serde(default)]
    pub translations: BTreeMap<String, TranslationFile>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TranslationFile {
    pub title: String,
    pub body: String,
    #[serde(default)]
    pub in_return: Option<String>,
    #[serde(default)]
    pub verifier: Option<String>,
    #[serde(default)]
    pub trigger: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleFile {
    #[serde(rename = "format")]
    pub _format: String,
    pub framework: String,
    #[serde(rename = "disclaimer")]
    pub _disclaimer: String,
    #[serde(rename = "label")]
    pub _label: String,
    pub authors: Vec<AuthorFile>,
    pub readers: BTreeMap<String, usize>,
    pub cards: Vec<CardFile>,
    pub threads: Vec<ThreadFile>,
    pub answers: Vec<AnswersFile>,
    #[serde(default)]
    pub point_answers: Vec<PointAnswersFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorFile {
    pub key: String,
    pub handle: String,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub camp: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThreadFile {
    #[serde(rename = "key")]
    pub _key: String,
    #[serde(default)]
    pub point: Option<u32>,
    #[serde(default)]
    pub card: Option<String>,
    pub title: String,
    pub author: String,
    pub comments: Vec<CommentFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommentFile {
    pub key: String,
    #[serde(default)]
    pub parent: Option<String>,
    pub author: String,
    pub kind: CommentKind,
    pub body: String,
    pub language: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswersFile {
    pub card: String,
    /// The label of the cards that were imported before, where it is one of those.
    #[serde(default)]
    pub from: Option<String>,
    pub camp: String,
    pub given: Vec<GivenFile>,
}

impl AnswersFile {
    /// What its card is known by: a card of the sample by its key, another one with its label in
    /// front.
    pub fn name(&self) -> String {
        card_name(self.from.as_deref(), &self.card)
    }
}

/// What a card is known by among the answers.
pub(super) fn card_name(label: Option<&str>, key: &str) -> String {
    label.map_or_else(|| key.to_owned(), |label| format!("{label}/{key}"))
}

/// One answer: acceptance, realism, and whether one would accept the point then.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(super) enum GivenFile {
    Two(Acceptance, Option<Realism>),
    Three(Acceptance, Option<Realism>, Option<Assent>),
}

impl GivenFile {
    /// Its three parts.
    pub fn parts(self) -> (Acceptance, Option<Realism>, Option<Assent>) {
        match self {
            Self::Two(acceptance, realism) => (acceptance, realism, None),
            Self::Three(acceptance, realism, unfreezes) => (acceptance, realism, unfreezes),
        }
    }
}

/// What readers of a camp say of the point of a question as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PointAnswersFile {
    pub question: String,
    pub camp: String,
    pub given: Vec<Assent>,
}
