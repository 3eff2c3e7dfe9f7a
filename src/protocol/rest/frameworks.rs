//! Bodies about frameworks, their questions, and the reader in them.
use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PointEntry, PostingView, RevisionEntry};
use crate::domain::{
    framework::{Camp, FrameworkId, Legends, Localized, Party, QuestionId, QuestionState, Reveal},
    pace::{Pace, quiet::QuietWindow},
    permission::Role,
};

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
    /// The quiet hours that it is, or the next ones.
    pub quiet_window: Option<QuietWindow>,
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
    /// Whether and by what posting is paused.
    #[serde(flatten)]
    pub pause: PauseView,
    /// What slows the debate down: all that is applied is public.
    pub pace: Pace,
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

/// Whether and by what posting is paused; reading and answering go on.
#[derive(Clone, Copy, Debug, Serialize, TS, ToSchema)]
pub struct PauseView {
    /// Whether posting is paused, by either.
    pub paused: bool,
    /// Whether this framework is paused.
    pub paused_here: bool,
    /// Whether the whole site is paused.
    pub paused_site: bool,
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
    /// When the present round was opened, where that is known.
    pub opened_at: Option<i64>,
    /// When the clock closes it; `null`: when somebody does.
    pub closes_at: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<i64>,
}

/// The reader in a framework.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct YouView {
    /// Role here, as it is in force.
    pub role: Role,
    /// Whether a role given to the reader waits until their account has a second factor.
    pub second_factor_missing: bool,
    /// The role that waits.
    pub waiting_role: Option<Role>,
    /// Viewpoint.
    pub camp: Option<String>,
    /// The points one's decisions are limited to; `null`: all.
    pub points: Option<Vec<u32>>,
    /// The languages they are limited to; `null`: all.
    pub languages: Option<Vec<String>>,
    /// Whether the account is a standing one: its answers weigh in full, and it may confirm what is
    /// not about land.
    pub standing: bool,
    /// Whether a viewpoint (or "rather not say") was chosen.
    pub joined: bool,
    /// Answers given, by question id.
    pub answered: BTreeMap<String, i64>,
    /// Whether a sanction is in force, and until when (`null`: until lifted).
    pub sanction: Option<SanctionView>,
    /// What the pace means for the reader's next post; `null` where it means nothing.
    pub posting: Option<PostingView>,
}

/// A sanction in force.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SanctionView {
    /// Until when; `null`: until lifted.
    pub until: Option<i64>,
}
