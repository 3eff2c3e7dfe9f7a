//! The bodies of REST answers; snapshots on the socket are the same. Times are unix milliseconds.
mod accounts;
mod cards;
mod checkpoints;
mod frameworks;
mod moderation;
mod pace;
mod roles;
mod rounds;
mod scope;
mod search;
mod threads;

pub use accounts::{
    AccountView, HostPage, MeView, MembershipView, NewAccountView, NewSecondFactorView, NewTokenView, PostsView, RecoveryCodesView, SessionView,
    SignedInView, SiteView,
};
pub use cards::{
    AnswerView, BallotView, CardVersionView, ConcessionView, DealView, OpinionItem, OpinionsView, SimilarView, TallyView, TranslationView,
    UnfreezeItem,
};
pub use checkpoints::{CheckpointView, CheckpointsView};
pub use frameworks::{
    FrameworkEntry, FrameworkSnapshot, FrameworkView, PauseView, PointEntry, PointRef, PointText, PointView, QuestionView, RevisionEntry,
    RevisionView, SanctionView, YouView,
};
pub use moderation::{
    AgainView, AppealView, AuthorView, ConditionView, DecisionView, ItemText, ItemView, MadeNoticeView, NoticeOutcomeView, NoticeView, OutcomeView,
    PastView, PostCounts, QueueEntry, QueuePage, ReportView, ReportedView,
};
pub use pace::{EarlierView, HeldItem, HeldView, PointPost, PostingView};
pub use roles::{AppointmentView, CampChoice, InvitationView, InvitedView, TeamMember, TeamView};
pub use rounds::{ReceiptView, RoundCard, RoundEntry, RoundView};
pub use scope::{PublishedRule, ScopeCaseView, ScopeDraft, ScopeRulesView, ScopeTerms};
pub use search::FoundView;
use serde::Serialize;
pub use threads::{CommentView, ThreadPage, ThreadView, VersionView};
use ts_rs::TS;
use utoipa::ToSchema;

/// One page of a list, stitched to the streams by `epoch` and `seq`.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// What to ask for next as `after`; `null` at the end.
    pub next: Option<String>,
    /// The framework's epoch.
    pub epoch: String,
    /// The place in the public stream the page was read at.
    pub seq: i64,
}

/// A list that no stream continues.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct List<T> {
    /// The entries.
    pub items: Vec<T>,
    /// What to ask for next as `after`; `null` at the end.
    pub next: Option<String>,
}

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
    /// What the gate says of the card that was proposed or edited; offsets are into its fields as they are now.
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
