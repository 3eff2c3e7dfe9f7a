//! Holds of comments: what makes one wait for a moderator. Its author is always told which it is.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Millis, thread::CommentId};

/// What holds a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentHeldBy {
    /// It is among the first of its author.
    FirstPosts,
    /// Raid mode is on, and its author is new.
    Raid,
    /// A word of the list stands in it.
    Words,
    /// Several new accounts posted nearly the same.
    Wave,
}

impl CommentHeldBy {
    /// As on the wire and in the metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FirstPosts => "first_posts",
            Self::Raid => "raid",
            Self::Words => "words",
            Self::Wave => "wave",
        }
    }
}

/// The entry of the word list that holds a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[ts(rename = "MatchedWord")]
#[schema(as = MatchedWord)]
pub struct Matched {
    /// The word, as the list has it.
    pub word: String,
    /// Why it is there.
    pub why: String,
}

/// Why and since when a comment is held.
#[derive(Clone, Debug)]
pub struct CommentHold {
    /// By what.
    pub by: CommentHeldBy,
    /// By which word.
    pub matched: Option<Matched>,
    /// The wave it belongs to: the id of the first comment that was held in it.
    pub wave: Option<CommentId>,
    /// For the first of a wave: those that say the same and had been posted before, which show.
    pub earlier: Vec<CommentId>,
    /// Whether nobody but its author and moderators has ever seen it.
    pub unseen: bool,
    /// Since when.
    pub since: Millis,
}

/// What becomes of a text that somebody posts.
#[derive(Clone, Debug)]
pub enum Admission {
    /// It shows at once.
    Show,
    /// It waits for a moderator.
    Hold(CommentHold),
}
