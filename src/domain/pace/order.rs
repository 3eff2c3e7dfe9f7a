//! What slows a debate down as somebody wants it: the whole document, checked and laid onto what
//! was set before.
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{LinkRule, Pace, Quiet, RaidOrder, SLOW, SlowPoint, WordRule};
use crate::domain::{Millis, permission::Role, text::Check};

/// The most first posts that are looked at.
pub const FIRST_POSTS: u32 = 5;
/// Points with a setting of their own: more than any framework has.
const POINTS: usize = 64;
/// Entries of the word list.
const WORD_RULES: usize = 100;
/// Entries of the link policy.
const LINK_RULES: usize = 200;

/// The settings as somebody wants them: the whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaceOrder {
    /// The version that was changed.
    pub version: i64,
    /// Seconds between two posts, 10 to 86,400; `null` or absent: as fast as one likes.
    #[serde(default)]
    pub slow_seconds: Option<u32>,
    /// As above, on single points.
    pub slow_points: Vec<SlowPoint>,
    /// Points on which posting is paused.
    pub paused_points: Vec<u32>,
    /// 0 to 5.
    pub first_posts: u32,
    /// Raid mode; `null` or absent: off.
    #[serde(default)]
    pub raid: Option<RaidOrder>,
    /// Quiet hours; `null` or absent: none.
    #[serde(default)]
    pub quiet: Option<Quiet>,
    /// At most 100 entries.
    pub words: Vec<WordRule>,
    /// At most 200 entries.
    pub links: Vec<LinkRule>,
}

impl PaceOrder {
    /// The settings that this makes of those before, with every fault added to `check`.
    #[must_use]
    pub fn onto(self, before: &Pace, by: Role, now: Millis, check: &mut Check) -> Pace {
        let paused: BTreeSet<u32> = self.paused_points.iter().copied().collect();
        self.bounded(check);
        let Self {
            slow_seconds,
            slow_points,
            first_posts,
            raid,
            quiet,
            words,
            links,
            ..
        } = self;
        Pace {
            version: before.version + 1,
            slow_seconds,
            slow_points,
            paused_points: paused.into_iter().collect(),
            first_posts,
            raid: raid.and_then(|raid| raid.onto(before.raid, by, now, check)),
            quiet: quiet.map(|quiet| quiet.checked(check)),
            words: words
                .into_iter()
                .enumerate()
                .map(|(at, rule)| rule.checked(at, check))
                .collect(),
            links: links
                .into_iter()
                .enumerate()
                .map(|(at, rule)| rule.checked(at, check))
                .collect(),
        }
    }

    /// Adds what of it is out of bounds.
    fn bounded(&self, check: &mut Check) {
        let Self {
            slow_seconds,
            slow_points,
            paused_points,
            first_posts,
            words,
            links,
            ..
        } = self;
        let bounds = |seconds: u32| SLOW.contains(&seconds);
        check.ensure(
            slow_seconds.is_none_or(bounds),
            "slow_seconds",
            "invalid",
            "10 to 86,400 seconds.",
        );
        check.ensure(
            slow_points.iter().all(|slow| bounds(slow.seconds)),
            "slow_points",
            "invalid",
            "10 to 86,400 seconds.",
        );
        let named: BTreeSet<u32> = slow_points.iter().map(|slow| slow.point).collect();
        check.ensure(
            named.len() == slow_points.len() && named.len() <= POINTS,
            "slow_points",
            "invalid",
            "Each point once, at most 64.",
        );
        let paused: BTreeSet<&u32> = paused_points.iter().collect();
        check.ensure(
            paused.len() <= POINTS,
            "paused_points",
            "too_many",
            "At most 64 points.",
        );
        check.ensure(
            *first_posts <= FIRST_POSTS,
            "first_posts",
            "invalid",
            "0 to 5.",
        );
        check.ensure(
            words.len() <= WORD_RULES,
            "words",
            "too_many",
            "At most 100 entries.",
        );
        check.ensure(
            links.len() <= LINK_RULES,
            "links",
            "too_many",
            "At most 200 entries.",
        );
    }
}
