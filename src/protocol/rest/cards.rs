//! Bodies about cards.
use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    account::Author,
    concession::{Category, ConcessionId, ConcessionState},
    framework::{QuestionId, Source},
    translation::TranslationId,
};

/// A card; what the reader may not see is `null` or empty.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ConcessionView {
    /// Its id.
    pub id: ConcessionId,
    /// The question it answers.
    pub question: QuestionId,
    /// In one line.
    pub title: Option<String>,
    /// What would be done.
    pub body: Option<String>,
    /// Sanitised HTML of the body.
    pub html: Option<String>,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: Option<String>,
    /// By when or on what event.
    pub trigger: Option<String>,
    /// Keys of parties.
    pub receivers: Vec<String>,
    /// Its field.
    pub category: Option<Category>,
    /// Points it bears on.
    pub points: Vec<u32>,
    /// Where the idea was reported.
    pub sources: Vec<Source>,
    /// Who proposed it.
    pub author: Option<Author>,
    /// Whether it shows and ranks.
    pub state: ConcessionState,
    /// Counts edits.
    pub version: i64,
    /// When it was proposed.
    pub created_at: i64,
    /// From when it is dealt and answered.
    pub opens_at: i64,
    /// Whether its words are fixed, since people have judged them; only its author is told.
    pub fixed: bool,
    /// The card it grew out of.
    pub grew_out_of: Option<ConcessionId>,
    /// The card that grew out of it and shows.
    pub successor: Option<ConcessionId>,
    /// en, uk, ru or und.
    pub language: String,
    /// Whether it is labelled sample data.
    pub sample: bool,
    /// The last version that changed what it says: only it and those since can be judged.
    pub material: i64,
    /// The card it was united with.
    pub merged_into: Option<ConcessionId>,
    /// By language: the one translation of each that is shown.
    pub translations: BTreeMap<String, TranslationView>,
    /// By language: the latest of each that waits for a review beside the one that is shown.
    pub waiting_translations: BTreeMap<String, TranslationView>,
}

/// A card in another language; what is `null` shows as in the original.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct TranslationView {
    /// Its id, to review it.
    pub id: TranslationId,
    /// In one line.
    pub title: String,
    /// What would be done.
    pub body: String,
    /// Sanitised HTML of the body.
    pub html: String,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: Option<String>,
    /// By when or on what event.
    pub trigger: Option<String>,
    /// Who translated.
    pub by: Author,
    /// Whether it came with imported cards.
    pub imported: bool,
    /// Whether people of two viewpoints found it true.
    pub reviewed: bool,
    /// The card's version that it translates.
    pub of_version: i64,
    /// Whether the card has said something else since.
    pub stale: bool,
}

/// A text of a card.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct CardVersionView {
    /// Which.
    pub version: i64,
    /// In one line.
    pub title: String,
    /// What would be done.
    pub body: String,
    /// Sanitised HTML of the body.
    pub html: String,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: String,
    /// By when or on what event.
    pub trigger: Option<String>,
    /// When it was written.
    pub at: i64,
}

/// A card that a text is like.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SimilarView {
    /// The card.
    pub concession: ConcessionView,
    /// How like, up to 1.
    pub score: f64,
}
