//! Bodies about searching.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    account::Author,
    concession::ConcessionId,
    framework::{FrameworkId, QuestionId},
    search::Findable,
    thread::ThreadId,
};

/// Something that was found.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct FoundView {
    /// What it is.
    pub kind: Findable,
    /// Its id.
    pub id: String,
    /// The framework it stands in.
    pub framework: FrameworkId,
    /// That framework's name in addresses.
    pub slug: String,
    /// The title: its own, a card's in the language in which it was found, or that of a comment's
    /// thread; empty for one that has none.
    pub title: String,
    /// A piece of it, as plain text.
    pub snippet: String,
    /// Where the words stand in the snippet: start and end, in UTF-16 code units.
    pub matches: Vec<(u32, u32)>,
    /// A comment's thread, or the thread itself.
    pub thread: Option<ThreadId>,
    /// The point it is about, by number.
    pub point: Option<u32>,
    /// The card it is, or is about.
    pub concession: Option<ConcessionId>,
    /// The question of a card.
    pub question: Option<QuestionId>,
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub created_at: i64,
}
