//! Bodies about reports and decisions.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{HeldItem, ScopeCaseView};
use crate::domain::{
    account::AccountId,
    concession::ConcessionId,
    moderation::{Act, Object, Reason},
    thread::ThreadId,
};

/// A decision, in the public log and to the author: moderators stay unnamed.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct DecisionView {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub at: i64,
    /// What was done.
    pub action: Act,
    /// The rule it rests on.
    pub rule: String,
    /// The facts.
    pub facts: String,
    /// About what; an account's id is left out of the public log.
    pub object: Option<Object>,
    /// The kind of the object.
    pub kind: crate::domain::moderation::Kind,
    /// Until when, for a ban with an end.
    pub until: Option<i64>,
    /// The card it was united with, for `merge`.
    pub into: Option<ConcessionId>,
    /// `moderator`, or `automated` where readers' words were counted.
    pub by: String,
}

/// A reported thing.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct QueueItem {
    /// The first report's id; of a card that only waits for the scope rule, the card's.
    pub id: String,
    /// What was reported.
    pub object: Object,
    /// Its words, or a name.
    pub excerpt: String,
    /// How many people reported it.
    pub reports: i64,
    /// The sum of the reasons' weights.
    pub score: i64,
    /// The reasons.
    pub because: Vec<Reason>,
    /// What reporters wrote.
    pub notes: Vec<String>,
    /// The first report's time.
    pub opened_at: i64,
    /// The author's account, to decide about.
    pub author: Option<AccountId>,
    /// The thread or card to look at.
    pub thread: Option<ThreadId>,
    /// How a card that is held or provisional stands with the scope rule.
    pub scope: Option<ScopeCaseView>,
    /// What is held, where it is a comment that waits.
    pub held: Option<HeldItem>,
}
