//! What waits for moderators, as the queue lists it.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    account::AccountId,
    moderation::{Act, Because, Object},
};

/// A thing that waits, as the queue lists it: without whose it is.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct QueueEntry {
    /// Which.
    pub object: Object,
    /// Its words, as far as moderators see them.
    pub excerpt: Option<String>,
    /// On or under which point.
    pub point: Option<u32>,
    /// In which language.
    pub language: Option<String>,
    /// How soon somebody should look: the sum of what the reasons add.
    pub score: i64,
    /// The reasons, the heaviest first.
    pub because: Vec<Because>,
    /// Since when.
    pub opened_at: i64,
    /// Which moderator looks at it.
    pub claimed_by: Option<AccountId>,
    /// Until when it is theirs.
    pub claimed_until: Option<i64>,
    /// What can be done to it as it stands.
    pub condition: ConditionView,
}

/// How a thing stands in front of whoever decides about it.
#[derive(Clone, Debug, Default, Serialize, TS, ToSchema)]
pub struct ConditionView {
    /// What can be done to it; where one moderator is told, what they may do.
    pub acts: Vec<Act>,
    /// Of its words, its state and what was decided about it last: a decision names it in `seen`.
    pub fingerprint: String,
}

/// A part of the queue, most urgent first.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct QueuePage {
    /// The things.
    pub items: Vec<QueueEntry>,
    /// What to ask for next as `after`; `null` at the end.
    pub next: Option<String>,
    /// How many wait in the framework, whatever the filter.
    pub waiting: i64,
    /// Whether removing a card and banning take a second moderator here.
    pub second_wanted: bool,
}
