//! The body of a moderator's decision.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::super::strict;
use crate::domain::{
    concession::ConcessionId,
    moderation::{Act, Object},
    thread::ThreadId,
};

/// A moderator's decision.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// About what.
    pub object: Object,
    /// About what else, for the same reason: all of it or nothing, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Object>>")]
    pub also: Vec<Object>,
    /// What is done.
    pub action: Act,
    /// The published rule it rests on.
    pub rule: String,
    /// The facts, told to the author and in the public log; 1 to 1,000 graphemes.
    pub facts: String,
    /// How long a suspension lasts: 1 to 8,760, for `suspend` alone.
    #[serde(default)]
    #[ts(optional)]
    pub duration_hours: Option<u32>,
    /// The card to unite one with, for `merge` of a card; the card to put a thread under, for
    /// `move`.
    #[serde(default)]
    #[ts(optional)]
    pub into: Option<ConcessionId>,
    /// The thread to unite one with, for `merge` of a thread: on the same point, or under the same
    /// card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub into_thread: Option<ThreadId>,
    /// The point to put a thread on, for `move`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub point: Option<u32>,
    /// What the new thread is called, for `split`; 1 to 160 graphemes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub title: Option<String>,
    /// The fingerprints of what was looked at, of `object` and then of each in `also`: what says
    /// something else, or was decided about, since then is not decided about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub seen: Vec<String>,
    /// The version of the comment, thread or card that was looked at: one edited since is not
    /// decided about.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "strict::natural_or_none"
    )]
    #[ts(optional)]
    pub version: Option<i64>,
}
