//! Concessions: something non-territorial the giver could offer, shown as a card.
mod category;
mod terms;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::{
    category::Category,
    terms::{Terms, changes_meaning, texts},
};
use super::{
    Millis,
    account::Author,
    framework::{FrameworkId, QuestionId, Source},
    translation::Translation,
};
use crate::id::Id;

/// A card's id.
pub type ConcessionId = Id<Concession>;

/// For how many minutes a new card is neither dealt nor answered, so that its author may see what is
/// wrong with it first.
pub const SETTLE: u32 = 10;

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
    /// The last version that changed what it says.
    pub material: i64,
    /// When it was proposed.
    pub created_at: Millis,
    /// From when it is dealt and answered.
    pub opens_at: Millis,
    /// Whether its words are fixed: somebody of full weight has judged them.
    pub fixed: bool,
    /// The card it grew out of.
    pub grew_out_of: Option<ConcessionId>,
    /// The card that grew out of it and shows.
    pub successor: Option<ConcessionId>,
    /// The first card of its line; itself where it grew out of none.
    pub line: ConcessionId,
    /// When it was last edited.
    pub edited_at: Option<Millis>,
    /// The card it was united with.
    pub merged_into: Option<ConcessionId>,
    /// By people, those taken back too.
    pub translations: Vec<Translation>,
    /// Whether it came with labelled sample data.
    pub sample: bool,
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
