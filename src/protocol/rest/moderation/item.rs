//! A thing in front of a moderator, whole: its texts, what was said and decided about it, and whose
//! it is.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{ConditionView, DecisionView, QueueEntry};
use crate::{
    domain::{
        account::AccountId,
        again::How,
        moderation::{Act, DecisionState, Object, Reason},
        permission::Role,
        thread::ThreadId,
    },
    protocol::rest::{CommentView, ConcessionView, HeldItem, SanctionView, scope::ScopeCaseView},
};

/// A text a thing has, or had.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ItemText {
    /// Which version.
    pub version: i64,
    /// A card's title.
    pub title: Option<String>,
    /// As it was typed.
    pub body: String,
    /// Since when; 0 where nobody noted it.
    pub at: i64,
}

/// A report, to moderators: not whose.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ReportedView {
    /// Why.
    pub reason: Reason,
    /// What they wrote.
    pub note: Option<String>,
    /// When.
    pub at: i64,
}

/// A notice by somebody without an account, to moderators.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NoticeView {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: Reason,
    /// What is wrong.
    pub statement: String,
    /// How to reach them.
    pub contact: Option<String>,
    /// When.
    pub at: i64,
}

/// A place where the words of a thing stand again.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AgainView {
    /// Where.
    pub object: Object,
    /// How.
    pub how: How,
    /// The words there, shortened.
    pub excerpt: String,
    /// Since when.
    pub at: i64,
    /// What this moderator may do to it, for a decision about both.
    pub condition: ConditionView,
}

/// How much somebody wrote in a framework.
#[derive(Clone, Copy, Debug, Serialize, TS, ToSchema)]
pub struct PostCounts {
    /// Comments that show.
    pub comments: i64,
    /// Comments that moderators took from view.
    pub taken: i64,
    /// Cards.
    pub concessions: i64,
}

impl From<(i64, i64, i64)> for PostCounts {
    fn from((comments, taken, concessions): (i64, i64, i64)) -> Self {
        Self {
            comments,
            taken,
            concessions,
        }
    }
}

/// A decision about somebody, in short.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PastView {
    /// Its id.
    pub id: String,
    /// What was done.
    pub action: Act,
    /// The rule.
    pub rule: String,
    /// What has become of it.
    pub state: DecisionState,
    /// When.
    pub at: i64,
}

/// Whose a thing is, to moderators: never their viewpoint.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AuthorView {
    /// The account.
    pub id: AccountId,
    /// Its handle.
    pub handle: String,
    /// Its name.
    pub display_name: Option<String>,
    /// Since when it exists.
    pub since: i64,
    /// Whether its answers weigh in full.
    pub standing: bool,
    /// What it is here.
    pub role: Role,
    /// The limit it is under.
    pub sanction: Option<SanctionView>,
    /// What it wrote here.
    pub posts: PostCounts,
    /// What was decided about it here, newest first, at most 50.
    pub past: Vec<PastView>,
    /// What this moderator may do to the account.
    pub condition: ConditionView,
}

/// A thing in front of a moderator, whole. Each look is noted.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ItemView {
    /// Which.
    pub object: Object,
    /// How it stands in the queue; `null` where it does not wait.
    pub waiting: Option<QueueEntry>,
    /// The thread to look at.
    pub thread: Option<ThreadId>,
    /// On or under which point.
    pub point: Option<u32>,
    /// Everything it ever said, oldest first.
    pub texts: Vec<ItemText>,
    /// The comment, whole.
    pub comment: Option<CommentView>,
    /// The card, whole.
    pub concession: Option<ConcessionView>,
    /// Open reports, newest first, at most 200.
    pub reports: Vec<ReportedView>,
    /// Open notices, newest first, at most 200.
    pub notices: Vec<NoticeView>,
    /// What was decided about it, newest first, at most 50, with what waits for a second moderator.
    pub decisions: Vec<DecisionView>,
    /// Whose it is.
    pub author: Option<AuthorView>,
    /// How a card stands with the scope rule.
    pub scope: Option<ScopeCaseView>,
    /// What holds a comment, and the wave it is in.
    pub held: Option<HeldItem>,
    /// Whether removing a card and banning take a second moderator here.
    pub second_wanted: bool,
    /// Where its words stand again and show, the newest first, at most 20.
    pub again: Vec<AgainView>,
    /// How many times moderators opened it before.
    pub looks: i64,
    /// What this moderator may do to it.
    pub condition: ConditionView,
}
