//! Reports and decisions: what a moderator may do to what, and what becomes of it.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{concession::ConcessionState, permission::Action, thread::CommentState, thread::ThreadState};
use crate::id::Id;

/// Anything that can be reported or decided about.
pub enum Thing {}

/// The id of a thing; its kind stands beside it.
pub type ThingId = Id<Thing>;

/// The kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A comment.
    Comment,
    /// A thread.
    Thread,
    /// A card.
    Concession,
    /// A person.
    Account,
    /// A framework.
    Framework,
    /// All of them: its id is [`SITE`].
    Site,
}

/// The id of the one site there is.
pub const SITE: Uuid = Uuid::nil();

/// Which thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
#[ts(rename = "ObjectRef")]
#[schema(as = ObjectRef)]
pub struct Object {
    /// Of what kind.
    pub kind: Kind,
    /// Its id.
    pub id: ThingId,
}

/// Why something is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it; the rules page explains them to readers")]
pub enum Reason {
    Insult,
    Hate,
    Threat,
    Doxxing,
    Positions,
    PrisonersOrChildren,
    SuicideRisk,
    Illegal,
    Spam,
    OffTopic,
    Territorial,
    Duplicate,
    Other,
}

impl Reason {
    /// How soon a moderator should look: urgent kinds may cost a life.
    #[must_use]
    pub const fn weight(self) -> i64 {
        match self {
            Self::Doxxing | Self::Positions | Self::PrisonersOrChildren | Self::SuicideRisk | Self::Threat => 100,
            Self::Hate | Self::Illegal => 20,
            Self::Insult | Self::Territorial => 5,
            Self::Spam | Self::OffTopic | Self::Duplicate | Self::Other => 1,
        }
    }
}

/// What a moderator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Take from view.
    Hide,
    /// Put back.
    Restore,
    /// Stop a thread.
    Lock,
    /// Let it go on.
    Unlock,
    /// Bar an account from writing and answering in this framework.
    Ban,
    /// End a ban.
    Lift,
    /// Stop posting in the framework, or everywhere.
    Pause,
    /// Let posting go on.
    Resume,
    /// Unite a card with another that says the same.
    Merge,
    /// Look and leave as it is: closes the reports. What the pace holds is let go.
    Approve,
    /// Confirm that a card is not about land: it is ranked.
    ConfirmScope,
    /// Hold a card as possibly about land, until somebody confirms it.
    Hold,
}

impl Act {
    /// The permission it needs when it is done to a thing of `kind`.
    #[must_use]
    pub const fn needs(self, kind: Kind) -> Action {
        match self {
            Self::Hide | Self::Restore | Self::Lock | Self::Unlock | Self::Merge | Self::Approve | Self::ConfirmScope | Self::Hold => {
                Action::Moderate
            }
            Self::Ban | Self::Lift => Action::Sanction,
            Self::Pause | Self::Resume if matches!(kind, Kind::Site) => Action::PauseSite,
            Self::Pause | Self::Resume => Action::Pause,
        }
    }

    /// Whether it can be done to a thing of `kind`.
    #[must_use]
    pub const fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Hide | Self::Restore => matches!(kind, Kind::Comment | Kind::Thread | Kind::Concession),
            Self::Lock | Self::Unlock => matches!(kind, Kind::Thread),
            Self::Merge | Self::ConfirmScope | Self::Hold => matches!(kind, Kind::Concession),
            Self::Ban | Self::Lift => matches!(kind, Kind::Account),
            Self::Pause | Self::Resume => matches!(kind, Kind::Framework | Kind::Site),
            Self::Approve => !matches!(kind, Kind::Framework),
        }
    }

    /// The state a comment has afterwards, `None` where the act does not apply to it as it is.
    #[must_use]
    pub fn comment(self, now: CommentState) -> Option<CommentState> {
        match (self, now) {
            (Self::Hide, CommentState::Visible | CommentState::Held) => Some(CommentState::Hidden),
            (Self::Restore, CommentState::Hidden | CommentState::Held) | (Self::Approve, CommentState::Held) => Some(CommentState::Visible),
            _ => None,
        }
    }

    /// The state a card has afterwards.
    #[must_use]
    pub fn concession(self, now: ConcessionState) -> Option<ConcessionState> {
        match (self, now) {
            (Self::Hide, ConcessionState::Ranked | ConcessionState::Provisional | ConcessionState::Merged | ConcessionState::Held) => {
                Some(ConcessionState::Hidden)
            }
            (Self::Restore, ConcessionState::Hidden | ConcessionState::Held)
            | (Self::ConfirmScope, ConcessionState::Provisional | ConcessionState::Held) => Some(ConcessionState::Ranked),
            (Self::Hold, ConcessionState::Ranked | ConcessionState::Provisional) => Some(ConcessionState::Held),
            _ => None,
        }
    }

    /// The state a thread has afterwards; `before` is the one it had when it was hidden.
    #[must_use]
    pub fn thread(self, now: ThreadState, before: ThreadState) -> Option<ThreadState> {
        match (self, now) {
            (Self::Hide, ThreadState::Open | ThreadState::Locked) => Some(ThreadState::Hidden),
            (Self::Lock, ThreadState::Open) => Some(ThreadState::Locked),
            (Self::Restore, ThreadState::Hidden) => Some(before),
            (Self::Unlock, ThreadState::Locked) => Some(ThreadState::Open),
            _ => None,
        }
    }
}

/// The published rules a decision may name; the rules page explains them.
pub const RULES: [&str; 9] = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9"];
