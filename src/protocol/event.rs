//! What happened, as a stream tells it: pointers are stored, these bodies are made from the current
//! objects.
mod counters;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::counters::{
    ConcessionCounters, Counters, PointCounters, QuestionCounters, ThreadCounters,
};
use super::rest::{
    AppointmentView, CommentView, ConcessionView, DecisionView, MembershipView, PauseView,
    QuestionView, QueueEntry, ThreadView,
};
use crate::domain::{
    framework::{FrameworkId, QuestionId},
    pace::Pace,
    stream::EventKind,
    word::Word,
};

/// One change of a stream.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct Event {
    /// Whose.
    pub framework: FrameworkId,
    /// `public`, `moderators` or `account/<id>`.
    pub stream: String,
    /// Positions of another epoch are void.
    pub epoch: String,
    /// Its place, without gaps, from 1.
    pub seq: i64,
    /// What happened. A node of a later version may have written a kind that this one does not
    /// know: its object is `{ id }`.
    #[ts(as = "EventKind")]
    #[schema(value_type = EventKind)]
    pub kind: Word<EventKind>,
    /// The object as it is now, and counters.
    pub data: EventData,
}

/// What a change carries.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct EventData {
    /// The object as the audience may see it.
    pub object: EventObject,
    /// Absolute counts after the change.
    pub counters: Counters,
}

/// The object of a change, told apart by the event's kind.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
#[serde(untagged)]
pub enum EventObject {
    /// Of `comment_…`.
    Comment(Box<CommentView>),
    /// Of `concession_…`.
    Concession(Box<ConcessionView>),
    /// Of `thread_…`.
    Thread(Box<ThreadView>),
    /// Of `framework_changed`.
    Framework {
        /// Whose.
        id: FrameworkId,
        /// Whether and by what posting is paused.
        #[serde(flatten)]
        pause: PauseView,
        /// What slows the debate down.
        pace: Box<Pace>,
    },
    /// Of `queue_changed`, while the thing waits.
    Queued(Box<QueueEntry>),
    /// Of `decision_made`, `appeal_changed` and `notice`.
    Decision(Box<DecisionView>),
    /// Of `question_changed`.
    Question(Box<QuestionView>),
    /// Of `membership_changed`.
    Membership(MembershipView),
    /// Of `team_changed`.
    Appointment(Box<AppointmentView>),
    /// Of `ballot_changed`: read the ballot again.
    Ballot {
        /// Which question's.
        question: QuestionId,
    },
    /// Of `report_made` and `point_changed` (a point's number), of `queue_changed` once the thing
    /// waits no more, and of what is gone.
    Pointer {
        /// Its id.
        id: String,
    },
}
