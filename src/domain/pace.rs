//! What slows a framework's debate down: slow mode, paused points, first posts, raid mode, quiet
//! hours, and the policy on words and links. One document with a version; everybody may read what
//! is applied.
pub mod links;
mod needs;
mod order;
pub mod quiet;
mod raid;
mod slow;
pub mod wave;
pub mod words;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::{
    links::{LinkEffect, LinkRule},
    order::{FIRST_POSTS, PaceOrder},
    quiet::Quiet,
    raid::{Raid, RaidOrder},
    slow::{SLOW, SlowPoint},
    words::{WordEffect, WordRule},
};
use super::{
    Millis,
    text::{self, Check},
};

/// The settings, as they are kept and published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct Pace {
    /// Counts changes; 0 where nobody has set anything.
    pub version: i64,
    /// Seconds between two posts of one account anywhere in the framework.
    pub slow_seconds: Option<u32>,
    /// Seconds between two posts of one account on single points.
    pub slow_points: Vec<SlowPoint>,
    /// Points on which posting is paused, by number.
    pub paused_points: Vec<u32>,
    /// How many comments of an account without standing a moderator looks at before its posts show
    /// at once.
    pub first_posts: u32,
    /// Raid mode, where it was switched on; it may have ended by itself ([`Raid::on`]).
    pub raid: Option<Raid>,
    /// When posting is paused by the clock.
    pub quiet: Option<Quiet>,
    /// Words that hold or refuse a text.
    pub words: Vec<WordRule>,
    /// Domains that are blocked or labelled.
    pub links: Vec<LinkRule>,
}

impl Pace {
    /// Whether raid mode is on.
    #[must_use]
    pub fn raided(&self, now: Millis) -> bool {
        self.raid.is_some_and(|raid| raid.on(now))
    }

    /// When the quiet hours that it is in end.
    #[must_use]
    pub fn quiet_until(&self, now: Millis) -> Option<Millis> {
        self.quiet
            .as_ref()?
            .window(now)
            .filter(|window| window.starts_at <= now)
            .map(|window| window.ends_at)
    }

    /// Whether posting on a point is paused.
    #[must_use]
    pub fn pauses(&self, point: Option<u32>) -> bool {
        point.is_some_and(|point| self.paused_points.contains(&point))
    }
}

/// What a rule's own text may be at most, in graphemes.
pub const WHY: usize = 200;

/// The reason of a rule, cleaned.
fn why(check: &mut Check, field: &str, raw: &str) -> String {
    let mut own = Check::default();
    let line = own.line("why", raw, WHY);
    check.ensure(
        own.finish().is_ok(),
        field,
        "invalid",
        "Say why in 1 to 200 characters: the author reads it.",
    );
    text::clean(&line)
}

#[cfg(test)]
mod tests;
