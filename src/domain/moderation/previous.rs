//! What stood before a decision: kept with it, so that it can be taken back exactly.
use serde::{Deserialize, Serialize};

use crate::domain::{
    Millis,
    concession::{ConcessionId, ConcessionState},
    lane::HeldBy,
    thread::{CommentId, CommentState, ThreadId, ThreadState},
};

/// A limit on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sanction {
    /// Until when; `None`: until lifted.
    pub until: Option<Millis>,
    /// The decision it rests on.
    pub decision: String,
}

/// What a decision changed, as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Previous {
    /// Nothing was changed: a warning, or a look that found nothing.
    Nothing,
    /// A comment's state.
    Comment {
        /// Which it was.
        state: CommentState,
    },
    /// That these comments were held in one wave.
    Wave {
        /// Those that a decision was about.
        comments: Vec<CommentId>,
    },
    /// A card's state, and what held it.
    Card {
        /// Which it was.
        state: ConcessionState,
        /// What held it.
        held_by: Option<HeldBy>,
    },
    /// A thread's state.
    Thread {
        /// Which it was.
        state: ThreadState,
    },
    /// Where a thread stood.
    Place {
        /// On this point…
        point: Option<u32>,
        /// …or under this card.
        concession: Option<ConcessionId>,
    },
    /// Where a branch grew.
    Branch {
        /// In which thread.
        thread: ThreadId,
        /// Under which comment.
        parent: Option<CommentId>,
        /// The thread it became.
        became: ThreadId,
    },
    /// A card that was closed as one that says the same as another; the word is of a version that
    /// moved ballots.
    Ballots {
        /// The state of the card that went.
        state: ConcessionState,
    },
    /// The limit an account was under.
    Account {
        /// If it was.
        sanction: Option<Sanction>,
    },
    /// Whether posting was paused.
    Pause {
        /// If it was.
        paused: bool,
    },
}
