//! What a command brought about.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{
    AnswerView, BallotView, CommentView, ConcessionView, DealView, DecisionView, InvitationView,
    MembershipView, QuestionView, QueueEntry, TeamMember, ThreadView,
};

/// What a command brought about; `{}` where there is nothing to say.
#[derive(Clone, Debug, Default, Serialize, TS, ToSchema)]
pub struct CommandResult {
    /// The membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub membership: Option<MembershipView>,
    /// The thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub thread: Option<ThreadView>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub comment: Option<CommentView>,
    /// The card.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub concession: Option<ConcessionView>,
    /// What the gate says of the card that was proposed or edited; offsets are into its fields as
    /// they are now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scope: Option<crate::domain::scope::Judgement>,
    /// The cards dealt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hand: Option<DealView>,
    /// The answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub answer: Option<AnswerView>,
    /// The ballot.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ballot: Option<BallotView>,
    /// The decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub decision: Option<DecisionView>,
    /// The decisions, where several were made at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<DecisionView>>")]
    pub decisions: Vec<DecisionView>,
    /// The thing taken up from the queue, or let go.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub queued: Option<QueueEntry>,
    /// The report's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub report: Option<String>,
    /// The question whose round moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub question: Option<QuestionView>,
    /// The settings of the pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pace: Option<crate::domain::pace::Pace>,
    /// The link that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub invitation: Option<InvitationView>,
    /// Whose role changed, and what it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub team: Option<TeamMember>,
    /// How far one has read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub read_seq: Option<i64>,
}
