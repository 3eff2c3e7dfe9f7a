//! A decision and the appeal against it.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    account::AccountId,
    concession::ConcessionId,
    moderation::{Act, AppealState, DecisionState, Kind, Object},
    thread::ThreadId,
};

/// A decision: in the public log, to whom it concerns, and to moderators. Moderators stay unnamed.
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
    pub kind: Kind,
    /// Until when, for a suspension.
    pub until: Option<i64>,
    /// The card it was united with, for `merge`, or put under, for `move`.
    pub into: Option<ConcessionId>,
    /// The point it was put on, for `move`.
    pub point: Option<u32>,
    /// The thread it was united with, for `merge`.
    pub into_thread: Option<ThreadId>,
    /// What the new thread is called, for `split`.
    pub title: Option<String>,
    /// `moderator`, or `automated` where readers' words were counted.
    pub by: String,
    /// The number of the moderator who decided, in this framework.
    pub alias: Option<i64>,
    /// Whether a second moderator, of another viewpoint, agreed.
    pub seconded: bool,
    /// The language of the thing.
    pub language: Option<String>,
    /// What has become of it.
    pub state: DecisionState,
    /// When it was refused, taken back or reversed.
    pub ended_at: Option<i64>,
    /// The appeal against it: its words show to its author and to moderators.
    pub appeal: Option<AppealView>,
    /// Until when whom it concerns may appeal; only to them, and while there is no appeal.
    pub appeal_until: Option<i64>,
    /// Until when it can be taken back; only to moderators.
    pub undo_until: Option<i64>,
    /// Who decided; only to moderators.
    pub moderator: Option<AccountId>,
}

/// An appeal.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AppealView {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub at: i64,
    /// What became of it.
    pub state: AppealState,
    /// What its author says.
    pub statement: Option<String>,
    /// What was answered.
    pub answer: Option<String>,
    /// When.
    pub decided_at: Option<i64>,
}
