//! Discussions on a point or under a card.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{
    Millis, account::Author, concession::ConcessionId, framework::FrameworkId, hold::CommentHold,
    permission::State,
};
use crate::id::Id;

/// The title under which a card's thread of notes is opened; what it is known by is a column of its
/// own.
pub const NOTES: &str = "What would have to change";

/// How deep replies may nest in the store; the interface shows [`DEPTH_SHOWN`].
pub const DEPTH_STORED: i64 = 64;
/// How deep replies are indented.
pub const DEPTH_SHOWN: i64 = 12;

/// A thread's id.
pub type ThreadId = Id<Thread>;
/// A comment's id.
pub type CommentId = Id<Comment>;

/// A discussion.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Its id.
    pub id: ThreadId,
    /// The framework it belongs to.
    pub framework: FrameworkId,
    /// The point it stands on, by number in the current revision.
    pub point: Option<u32>,
    /// The card it stands under.
    pub concession: Option<ConcessionId>,
    /// Its title.
    pub title: String,
    /// Whether it takes comments and shows.
    pub state: ThreadState,
    /// Counts edits, from 1.
    pub version: i64,
    /// Who opened it.
    pub author: Author,
    /// Comments that show.
    pub comments: i64,
    /// When the last comment was posted.
    pub last_at: Millis,
    /// When it was opened.
    pub created_at: Millis,
    /// The thread it was united with; [`Thread::united`] says whether it is so now.
    pub merged_into: Option<ThreadId>,
}

impl Thread {
    /// The thread in which its comments are, where a moderator united it with another.
    #[must_use]
    pub fn united(&self) -> Option<ThreadId> {
        // A version that does not know of it may have put the thread back.
        self.merged_into
            .filter(|_| self.state == ThreadState::Hidden)
    }
}

/// Whether a thread takes comments and shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThreadState {
    /// Takes comments.
    Open,
    /// Shows, takes none.
    Locked,
    /// Shows to moderators alone.
    Hidden,
    /// Waits for a moderator with its first comment; shows to its author and to moderators.
    Held,
}

/// A comment or reply.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The framework it belongs to.
    pub framework: FrameworkId,
    /// Its thread.
    pub thread: ThreadId,
    /// The comment it replies to.
    pub parent: Option<CommentId>,
    /// How deep it nests, from 0.
    pub depth: i64,
    /// Who wrote it.
    pub author: Author,
    /// What it does in the argument.
    pub kind: CommentKind,
    /// As typed: Markdown.
    pub body: String,
    /// As shown: sanitised when written.
    pub html: String,
    /// `en`, `uk`, `ru` or `und`.
    pub language: String,
    /// Whether it shows.
    pub state: CommentState,
    /// Counts edits, from 1.
    pub version: i64,
    /// When it was posted.
    pub created_at: Millis,
    /// When it was last edited.
    pub edited_at: Option<Millis>,
    /// Direct replies that show.
    pub replies: i64,
    /// Why it waits for a moderator, or once did.
    pub hold: Option<CommentHold>,
}

impl Comment {
    /// What decides who sees it, in a thread that is (not) `hidden`.
    #[must_use]
    pub fn sight_state(&self, hidden: bool) -> State {
        let unseen = self.hold.as_ref().is_some_and(|hold| hold.unseen)
            && self.state != CommentState::Visible;
        if unseen {
            State::Unseen(hidden)
        } else {
            State::Comment(self.state, hidden)
        }
    }
}

/// What a comment does in the argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentKind {
    /// Says something.
    Remark,
    /// Speaks for.
    Support,
    /// Speaks against.
    Objection,
    /// Asks.
    Question,
    /// Brings a fact.
    Evidence,
}

/// Whether a comment shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentState {
    /// To everyone.
    Visible,
    /// Waits for a moderator.
    Held,
    /// A moderator took it from view.
    Hidden,
    /// A moderator removed it.
    Removed,
    /// Its author took it back.
    Deleted,
}
