//! The bodies of REST answers; snapshots on the socket are the same. Times are unix milliseconds.
mod accounts;
mod ballots;
mod boards;
mod cards;
mod checkpoints;
mod frameworks;
mod moderation;
mod pace;
mod points;
mod result;
mod roles;
mod rounds;
mod scope;
mod search;
mod sessions;
mod site;
mod threads;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

pub use accounts::{AccountView, MeView, MembershipView, NewAccountView, PostsView, SignedInView};
pub use ballots::{AnswerView, BallotView, DealView};
pub use boards::{OpinionItem, OpinionsView, TallyView, UnfreezeItem};
pub use cards::{CardVersionView, ConcessionView, SimilarView, TranslationView};
pub use checkpoints::{CheckpointView, CheckpointsView};
pub use frameworks::{
    FrameworkEntry, FrameworkSnapshot, FrameworkView, PauseView, QuestionView, SanctionView,
    YouView,
};
pub use moderation::{
    AgainView, AppealView, AuthorView, ConditionView, DecisionView, ItemText, ItemView,
    MadeNoticeView, NoticeOutcomeView, NoticeView, OutcomeView, PastView, PostCounts, QueueEntry,
    QueuePage, ReportView, ReportedView,
};
pub use pace::{EarlierView, HeldItem, HeldView, PointPost, PostingView};
pub use points::{PointEntry, PointRef, PointText, PointView, RevisionEntry, RevisionView};
pub use result::CommandResult;
pub use roles::{AppointmentView, CampChoice, InvitationView, InvitedView, TeamMember, TeamView};
pub use rounds::{ReceiptView, RoundCard, RoundEntry, RoundView};
pub use scope::{PublishedRule, ScopeCaseView, ScopeDraft, ScopeRulesView, ScopeTerms};
pub use search::FoundView;
pub use sessions::{NewSecondFactorView, NewTokenView, RecoveryCodesView, SessionView};
pub use site::{HostPage, SiteView};
pub use threads::{CommentView, ThreadPage, ThreadView, VersionView};

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
