//! Bodies about threads and comments.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{HeldView, List, PointRef};
use crate::domain::{
    account::Author,
    concession::ConcessionId,
    framework::FrameworkId,
    thread::{CommentId, CommentKind, CommentState, ThreadId, ThreadState},
};

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
    /// The thread in which its comments are, where a moderator united it with another.
    pub merged_into: Option<ThreadId>,
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
    /// Why it waits for a moderator, to its author and to moderators; `null` where it does not.
    pub held: Option<HeldView>,
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
