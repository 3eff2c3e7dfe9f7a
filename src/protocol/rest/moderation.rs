//! Bodies about reports, the queue, decisions and appeals.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{CommentView, ConcessionView, HeldItem, SanctionView, scope::ScopeCaseView};
use crate::domain::{
    account::AccountId,
    again::How,
    concession::ConcessionId,
    moderation::{Act, AppealState, Because, DecisionState, Kind, Object, Reason},
    permission::Role,
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
        Self { comments, taken, concessions }
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

/// What became of a report or notice.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct OutcomeView {
    /// What was done; null where nobody decided.
    pub action: Option<Act>,
    /// The rule.
    pub rule: Option<String>,
    /// What has become of that.
    pub state: Option<DecisionState>,
    /// Whether nobody decided, since its author took the thing back.
    pub taken_back: bool,
    /// When.
    pub at: i64,
}

/// A report, to whom made it.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ReportView {
    /// Its id.
    pub id: String,
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// What one wrote.
    pub note: Option<String>,
    /// When.
    pub at: i64,
    /// What became of it; `null` while it waits.
    pub outcome: Option<OutcomeView>,
}

/// A notice that was taken.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct MadeNoticeView {
    /// Its id.
    pub id: String,
    /// With this one can ask what became of it; it is shown once.
    pub code: String,
}

/// What became of a notice.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NoticeOutcomeView {
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// When.
    pub at: i64,
    /// What became of it; `null` while it waits.
    pub outcome: Option<OutcomeView>,
}
