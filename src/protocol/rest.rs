//! The bodies of REST answers; snapshots on the socket are the same. Times are unix milliseconds.
use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    account::{AccountId, Author},
    ballot::{Acceptance, Realism},
    bridging::{Item, Waiting},
    concession::{Category, ConcessionId, ConcessionState},
    framework::{Camp, FrameworkId, Legends, Lineage, Localized, Party, Position, QuestionId, QuestionState, Reveal, Source, Status},
    moderation::{Act, Object, Reason},
    permission::Role,
    thread::{CommentId, CommentKind, CommentState, ThreadId, ThreadState},
};

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

/// The site, its host and who asks.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SiteView {
    /// The site's name.
    pub name: String,
    /// Address of a logo on this server.
    pub logo: Option<String>,
    /// A CSS colour.
    pub colour: Option<String>,
    /// A few words of the host.
    pub intro: Option<String>,
    /// Where the host's own site is.
    pub link_back: Option<String>,
    /// `open`, `invitation` or `closed`.
    pub registration: String,
    /// Whether posting is paused in every framework.
    pub posting_paused: bool,
    /// Whether the content is labelled sample data.
    pub demo: bool,
    /// The server's version.
    pub version: String,
    /// Who asks.
    pub you: Option<AccountView>,
}

/// An account, to its owner.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// Its handle.
    pub handle: String,
    /// Its display name.
    pub display_name: Option<String>,
    /// `member` or `admin`: the role on the whole site.
    pub role: Role,
    /// The interface language chosen.
    pub locale: Option<String>,
}

/// A new account.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NewAccountView {
    /// The account.
    pub account: AccountView,
    /// Shown this once.
    pub recovery_codes: Vec<String>,
}

/// A signed-in account.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SignedInView {
    /// The account.
    pub account: AccountView,
}

/// An account and what it is where.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct MeView {
    /// The account.
    pub account: AccountView,
    /// Its memberships.
    pub memberships: Vec<MembershipView>,
}

/// What an account is in a framework.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct MembershipView {
    /// Where.
    pub framework: FrameworkId,
    /// The viewpoint; `null` is "rather not say".
    pub camp: Option<String>,
    /// The role.
    pub role: Role,
    /// When the viewpoint may change again.
    pub camp_may_change_at: i64,
}

/// A session or token.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// `browser` or `token`.
    pub kind: String,
    /// A token's name.
    pub name: Option<String>,
    /// When it began.
    pub created_at: i64,
    /// When it ends; `null`: when it is ended.
    pub expires_at: Option<i64>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A new API token.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NewTokenView {
    /// Its id, to end it.
    pub id: String,
    /// The token, shown this once: `Authorization: Bearer …`.
    pub token: String,
}

/// What an account wrote.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PostsView {
    /// Its cards, newest first, at most 100.
    pub concessions: Vec<ConcessionView>,
    /// Its comments, newest first, at most 100.
    pub comments: Vec<CommentView>,
    /// What moderators decided about its posts, newest first, at most 100.
    pub decisions: Vec<DecisionView>,
}

/// A framework in a list.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct FrameworkEntry {
    /// Its id.
    pub id: FrameworkId,
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The current revision's number.
    pub revision: u32,
    /// How many points it has.
    pub points: i64,
    /// `public` or `private`.
    pub visibility: String,
}

/// A framework as one reader sees it.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct FrameworkView {
    /// What everyone sees.
    #[serde(flatten)]
    pub shared: FrameworkSnapshot,
    /// The streams this reader may subscribe to.
    pub streams: Vec<String>,
    /// How many people are here now.
    pub here: i64,
    /// The reader.
    pub you: Option<YouView>,
}

/// A framework as everyone sees it; the snapshot of `public`.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct FrameworkSnapshot {
    /// Its id.
    pub id: FrameworkId,
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// A few sentences.
    pub summary: String,
    /// Up to when its texts were checked.
    pub as_of: String,
    /// The epoch of its streams.
    pub epoch: String,
    /// The place in `public` it was read at.
    pub seq: i64,
    /// Whether posting is paused.
    pub paused: bool,
    /// The current revision.
    pub revision: RevisionEntry,
    /// All revisions, oldest first.
    pub revisions: Vec<RevisionEntry>,
    /// The sides it speaks of.
    pub parties: Vec<Party>,
    /// Viewpoints.
    pub camps: Vec<Camp>,
    /// What the words in points mean.
    pub legends: Legends,
    /// Points of the current revision.
    pub points: Vec<PointEntry>,
    /// What is asked.
    pub questions: Vec<QuestionView>,
}

/// A revision in a list.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct RevisionEntry {
    /// Ordinal, oldest first, from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published_on: String,
}

/// A point in a list.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PointEntry {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its field.
    pub category: String,
    /// How settled it is.
    pub status: Status,
    /// By whom.
    pub status_by: String,
    /// Our paraphrase, not a quotation.
    pub summary: String,
    /// Threads that show.
    pub threads: i64,
    /// Comments that show.
    pub comments: i64,
}

/// A question.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct QuestionView {
    /// Its id.
    pub id: QuestionId,
    /// A stable name.
    pub key: String,
    /// The prompt.
    pub prompt: Localized,
    /// The party that would give.
    pub giver: String,
    /// The point it should unfreeze.
    pub point: u32,
    /// Whether it takes answers.
    pub state: QuestionState,
    /// The current round, from 1.
    pub round: u32,
    /// When the board shows.
    pub reveal: Reveal,
    /// Live cards.
    pub cards: i64,
}

/// The reader in a framework.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct YouView {
    /// Role here.
    pub role: Role,
    /// Viewpoint.
    pub camp: Option<String>,
    /// Whether a viewpoint (or "rather not say") was chosen.
    pub joined: bool,
    /// Answers given, by question id.
    pub answered: BTreeMap<String, i64>,
    /// Whether a sanction is in force, and until when (`null`: until lifted).
    pub sanction: Option<SanctionView>,
}

/// A sanction in force.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SanctionView {
    /// Until when; `null`: until lifted.
    pub until: Option<i64>,
}

/// A revision's points and what became of them.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct RevisionView {
    /// Ordinal, from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published_on: String,
    /// Up to when its texts were checked.
    pub as_of: String,
    /// Where it comes from.
    pub introduction: String,
    /// Its points.
    pub points: Vec<PointText>,
    /// How points of the revision before became these.
    pub lineage: Vec<Lineage>,
}

/// The text of a point of any revision.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PointText {
    /// Its number.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its field.
    pub category: String,
    /// How settled it is.
    pub status: Status,
    /// By whom.
    pub status_by: String,
    /// Our paraphrase, not a quotation.
    pub summary: String,
}

/// A point in full.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PointView {
    /// As in lists.
    #[serde(flatten)]
    pub entry: PointEntry,
    /// What a reader should know besides.
    pub notes: Option<String>,
    /// How well the text was seen: a key of the legend.
    pub verification: String,
    /// What parties were reported to say.
    pub positions: Vec<Position>,
    /// Where the text comes from.
    pub sources: Vec<Source>,
    /// Where it came from.
    pub lineage: Vec<Lineage>,
    /// How far the reader has read, a place in `public`.
    pub read_seq: Option<i64>,
    /// When that was.
    pub read_at: Option<i64>,
    /// People here now.
    pub here: i64,
    /// The framework's epoch.
    pub epoch: String,
    /// The place in `public` it was read at.
    pub seq: i64,
}

/// Which point, by id's stand-in and number.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PointRef {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: u32,
}

/// A discussion.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ThreadView {
    /// Its id.
    pub id: ThreadId,
    /// The framework it belongs to.
    pub framework: FrameworkId,
    /// The point it stands on.
    pub point: Option<PointRef>,
    /// The card it stands under.
    pub concession: Option<ConcessionId>,
    /// Its title; empty where it may not be seen.
    pub title: String,
    /// Whether it takes comments and shows.
    pub state: ThreadState,
    /// Counts edits.
    pub version: i64,
    /// Who opened it.
    pub author: Option<Author>,
    /// Comments that show.
    pub comments: i64,
    /// When the last one was posted.
    pub last_at: i64,
    /// When it was opened.
    pub created_at: i64,
}

/// A thread with a page of its comments, oldest first.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ThreadPage {
    /// The thread.
    pub thread: ThreadView,
    /// Its comments.
    pub comments: List<CommentView>,
    /// The framework's epoch.
    pub epoch: String,
    /// The place in `public` it was read at.
    pub seq: i64,
}

/// A comment; what the reader may not see is `null`.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct CommentView {
    /// Its id.
    pub id: CommentId,
    /// Its thread.
    pub thread: ThreadId,
    /// The comment it replies to.
    pub parent: Option<CommentId>,
    /// Who wrote it.
    pub author: Option<Author>,
    /// What it does.
    pub kind: CommentKind,
    /// Markdown.
    pub body: Option<String>,
    /// Sanitised HTML.
    pub html: Option<String>,
    /// en, uk, ru or und.
    pub language: String,
    /// Whether it shows.
    pub state: CommentState,
    /// Counts edits.
    pub version: i64,
    /// When it was posted.
    pub created_at: i64,
    /// When it was edited.
    pub edited_at: Option<i64>,
    /// Direct replies that show.
    pub replies: i64,
}

/// An earlier text of a comment.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct VersionView {
    /// Which.
    pub version: i64,
    /// Markdown.
    pub body: String,
    /// Sanitised HTML.
    pub html: String,
    /// When it was written.
    pub at: i64,
}

/// A card; what the reader may not see is `null` or empty.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ConcessionView {
    /// Its id.
    pub id: ConcessionId,
    /// The question it answers.
    pub question: QuestionId,
    /// In one line.
    pub title: Option<String>,
    /// What would be done.
    pub body: Option<String>,
    /// Sanitised HTML of the body.
    pub html: Option<String>,
    /// What the giver would get.
    pub in_return: Option<String>,
    /// Who would check.
    pub verifier: Option<String>,
    /// By when or on what event.
    pub trigger: Option<String>,
    /// Keys of parties.
    pub receivers: Vec<String>,
    /// Its field.
    pub category: Option<Category>,
    /// Points it bears on.
    pub points: Vec<u32>,
    /// Where the idea was reported.
    pub sources: Vec<Source>,
    /// Who proposed it.
    pub author: Option<Author>,
    /// Whether it shows and ranks.
    pub state: ConcessionState,
    /// Counts edits.
    pub version: i64,
    /// When it was proposed.
    pub created_at: i64,
    /// en, uk, ru or und.
    pub language: String,
    /// Whether it is labelled sample data.
    pub sample: bool,
}

/// Cards to judge.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct DealView {
    /// A signed token of this hand, for visitors without an account.
    pub deal: String,
    /// At most 5.
    pub cards: Vec<ConcessionView>,
    /// Until when they can be answered.
    pub expires_at: i64,
}

/// One's own answer.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AnswerView {
    /// The card.
    pub concession: ConcessionId,
    /// The version that was judged.
    pub version: i64,
    /// Acceptance.
    pub acceptance: Acceptance,
    /// Realism.
    pub realism: Option<Realism>,
    /// Whether it was dealt: only then it scores.
    pub dealt: bool,
}

/// One's own ballot.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct BallotView {
    /// The viewpoint now.
    pub camp: Option<String>,
    /// The round.
    pub round: u32,
    /// Answers.
    pub answers: Vec<AnswerView>,
    /// The order.
    pub tiers: Vec<Vec<ConcessionId>>,
}

/// A question's board, as much as the reader may see.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct TallyView {
    /// The question.
    pub question: QuestionId,
    /// The round.
    pub round: u32,
    /// How many ballot changes it holds.
    pub at_seq: i64,
    /// The framework's epoch.
    pub epoch: String,
    /// Whether nothing shows yet.
    pub hidden: bool,
    /// Why: `answer_first` or `until_close`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// Whether all cards show, not only those the reader answered.
    pub complete: bool,
    /// People per camp with at least one scoring answer; camps below the floor are absent.
    pub voters: BTreeMap<String, i64>,
    /// Ranked cards.
    pub items: Vec<Item>,
    /// Cards that need answers.
    pub waiting: Vec<Waiting>,
}

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
    /// Always `moderator`.
    pub by: String,
}

/// A reported thing.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct QueueItem {
    /// The first report's id.
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
}

/// A host's page.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct HostPage {
    /// rules, privacy, contact or about.
    pub key: String,
    /// The language it is in.
    pub locale: String,
    /// Its title.
    pub title: String,
    /// Sanitised HTML.
    pub html: String,
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
    /// The report's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub report: Option<String>,
    /// How far one has read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub read_seq: Option<i64>,
}
