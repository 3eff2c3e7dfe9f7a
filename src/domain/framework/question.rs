//! The question that cards answer, and when its board shows.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{FrameworkId, Localized};
use crate::{domain::Millis, id::Id};

/// A question's id.
pub type QuestionId = Id<Question>;

/// The prompt that concessions answer.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The framework it belongs to.
    pub framework: FrameworkId,
    /// A stable name for imports.
    pub key: String,
    /// The party that would give.
    pub giver: String,
    /// The point it should unfreeze, by number in the current revision.
    pub point: u32,
    /// The prompt.
    pub prompt: Localized,
    /// Whether answers are taken.
    pub state: QuestionState,
    /// The current round, from 1.
    pub round: u32,
    /// When the board shows.
    pub reveal: Reveal,
    /// Live cards: ranked, provisional.
    pub cards: i64,
    /// How many ballots this question has had changed, over all rounds; the order of tallies.
    pub ballot_seq: i64,
    /// When the present round was opened; unknown where an older version opened it.
    pub opened_at: Option<Millis>,
    /// When the clock closes it; `None`: when somebody does.
    pub closes_at: Option<Millis>,
    /// When it was closed.
    pub closed_at: Option<Millis>,
}

/// Whether a question takes answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionState {
    /// It does.
    Open,
    /// It no longer does.
    Closed,
}

/// When a question's board shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reveal {
    /// Each card after one has answered it, the whole board after one complete hand.
    AfterAnswer,
    /// Always.
    Live,
    /// When the round closes.
    AtClose,
}
