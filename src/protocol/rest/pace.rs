//! Bodies about the pace of a debate, and about comments that are held.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    hold::{CommentHeldBy, Matched},
    thread::{CommentId, CommentState},
};

/// Why a comment is held, to its author and to moderators.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct HeldView {
    /// By what.
    pub by: CommentHeldBy,
    /// By which word of the list.
    pub matched: Option<Matched>,
    /// Whether it is decided about together with others.
    pub wave: bool,
    /// Since when.
    pub since: i64,
}

/// What a moderator sees of a held comment, or of a wave of them.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct HeldItem {
    /// By what.
    pub by: CommentHeldBy,
    /// By which word of the list.
    pub matched: Option<Matched>,
    /// How many comments a decision is about.
    pub comments: usize,
    /// Those that say nearly the same, were posted before, and were not held.
    pub earlier: Vec<EarlierView>,
}

/// A comment that a wave repeats.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct EarlierView {
    /// Which.
    pub id: CommentId,
    /// Whether it shows.
    pub state: CommentState,
    /// How it begins.
    pub excerpt: String,
}

/// What the pace means for the reader's next post.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PostingView {
    /// Their last post here, where slow mode is on.
    pub last_at: Option<i64>,
    /// Their last posts on points, where slow mode is on.
    pub points: Vec<PointPost>,
    /// How many of their posts a moderator still has to look at first.
    pub first_posts: i64,
    /// How long a held post usually waits, in hours.
    pub usual_hours: Option<f64>,
}

/// Somebody's last post on a point.
#[derive(Clone, Copy, Debug, Serialize, TS, ToSchema)]
pub struct PointPost {
    /// The point's number.
    pub point: u32,
    /// When.
    pub at: i64,
}
