//! Absolute counts after a change, so that a client need not add up.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{concession::ConcessionId, framework::QuestionId, thread::ThreadId};

/// Counts that a change moved; absent where it moved none.
#[derive(Clone, Debug, Default, Serialize, TS, ToSchema)]
pub struct Counters {
    /// The point's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub point: Option<PointCounters>,
    /// The thread's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub thread: Option<ThreadCounters>,
    /// The question's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub question: Option<QuestionCounters>,
    /// The card's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub concession: Option<ConcessionCounters>,
    /// How many things wait for moderators; on their stream alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub waiting: Option<i64>,
}

/// What shows on a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct PointCounters {
    /// Its number.
    pub number: u32,
    /// Threads.
    pub threads: i64,
    /// Comments in them.
    pub comments: i64,
}

/// What shows in a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct ThreadCounters {
    /// Its id.
    pub id: ThreadId,
    /// Comments.
    pub comments: i64,
    /// The last one's time.
    pub last_at: i64,
}

/// What shows under a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct QuestionCounters {
    /// Its id.
    pub id: QuestionId,
    /// Live cards.
    pub cards: i64,
}

/// What shows under a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct ConcessionCounters {
    /// Its id.
    pub id: ConcessionId,
    /// Comments in its threads.
    pub comments: i64,
}
