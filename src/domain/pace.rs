//! What slows a framework's debate down: slow mode, paused points, first posts, raid mode, quiet hours, and the policy on words
//! and links. One document with a version; everybody may read what is applied.
pub mod links;
pub mod quiet;
pub mod wave;
pub mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::{
    links::{LinkEffect, LinkRule},
    quiet::Quiet,
    words::{WordEffect, WordRule},
};
use super::{
    Millis,
    permission::{Action, Role},
    remit::Place,
    text::{self, Check},
};

/// Seconds between two posts of one account: shorter is no brake, longer is a pause.
pub const SLOW: std::ops::RangeInclusive<u32> = 10..=86_400;
/// The most first posts that are looked at.
pub const FIRST_POSTS: u32 = 5;
/// Points with a setting of their own: more than any framework has.
const POINTS: usize = 64;
/// Entries of the word list.
const WORD_RULES: usize = 100;
/// Entries of the link policy.
const LINK_RULES: usize = 200;
/// How far ahead the end of raid mode may lie: a month.
const LONGEST_RAID: Millis = 31 * super::DAY;

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
    /// How many comments of an account without standing a moderator looks at before its posts show at once.
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

/// Slow mode on one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlowPoint {
    /// The point's number.
    pub point: u32,
    /// Seconds between two posts of one account, 10 to 86,400.
    pub seconds: u32,
}

/// Raid mode: no viewpoint is joined, and what new accounts post is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Raid {
    /// Since when, in unix milliseconds.
    pub since: i64,
    /// What the person who switched it on is here; never who.
    pub by: Role,
    /// When it ends by itself; `null`: when somebody ends it.
    pub ends_at: Option<i64>,
}

impl Raid {
    /// Whether it is on.
    #[must_use]
    pub fn on(&self, now: Millis) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

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

/// Raid mode as somebody wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RaidOrder {
    /// When it ends by itself, in unix milliseconds, within 31 days; `null` or absent: when somebody ends it.
    #[serde(default)]
    pub ends_at: Option<i64>,
}

impl PaceOrder {
    /// The settings that this makes of those before, with every fault added to `check`.
    #[must_use]
    pub fn onto(self, before: &Pace, by: Role, now: Millis, check: &mut Check) -> Pace {
        let Self { slow_seconds, slow_points, paused_points, first_posts, raid, quiet, words, links, .. } = self;
        let bounds = |seconds: u32| SLOW.contains(&seconds);
        check.ensure(slow_seconds.is_none_or(bounds), "slow_seconds", "invalid", "10 to 86,400 seconds.");
        check.ensure(slow_points.iter().all(|slow| bounds(slow.seconds)), "slow_points", "invalid", "10 to 86,400 seconds.");
        let named: BTreeSet<u32> = slow_points.iter().map(|slow| slow.point).collect();
        check.ensure(named.len() == slow_points.len() && named.len() <= POINTS, "slow_points", "invalid", "Each point once, at most 64.");
        let paused: BTreeSet<u32> = paused_points.into_iter().collect();
        check.ensure(paused.len() <= POINTS, "paused_points", "too_many", "At most 64 points.");
        check.ensure(first_posts <= FIRST_POSTS, "first_posts", "invalid", "0 to 5.");
        check.ensure(words.len() <= WORD_RULES, "words", "too_many", "At most 100 entries.");
        check.ensure(links.len() <= LINK_RULES, "links", "too_many", "At most 200 entries.");
        Pace {
            version: before.version + 1,
            slow_seconds,
            slow_points,
            paused_points: paused.into_iter().collect(),
            first_posts,
            raid: raid.and_then(|raid| raid.onto(before.raid, by, now, check)),
            quiet: quiet.map(|quiet| quiet.checked(check)),
            words: words.into_iter().enumerate().map(|(at, rule)| rule.checked(at, check)).collect(),
            links: links.into_iter().enumerate().map(|(at, rule)| rule.checked(at, check)).collect(),
        }
    }
}

impl RaidOrder {
    /// Raid mode from now on, or as it has been on: since when and by whom stays while it goes on.
    fn onto(self, before: Option<Raid>, by: Role, now: Millis, check: &mut Check) -> Option<Raid> {
        let before = before.filter(|raid| raid.on(now));
        if before.is_none_or(|raid| raid.ends_at != self.ends_at) {
            let ahead = self.ends_at.is_none_or(|end| (now..=now + LONGEST_RAID).contains(&end));
            check.ensure(ahead, "raid.ends_at", "invalid", "Ahead, and within 31 days.");
        }
        Some(Raid { ends_at: self.ends_at, ..before.unwrap_or(Raid { since: now, by, ends_at: None }) })
    }
}

impl Pace {
    /// What it takes to make these settings of those before, and where: what keeps order, in the framework or on single points;
    /// what is policy; or both.
    #[must_use]
    pub fn needs(&self, before: &Self, now: Millis) -> Vec<(Action, Place)> {
        let order = |pace: &Self| (pace.slow_seconds, pace.first_posts, pace.raid.filter(|raid| raid.on(now)));
        let policy = |pace: &Self| (pace.quiet.clone(), pace.words.clone(), pace.links.clone());
        let mut needs: Vec<_> = self.points_changed(before).into_iter().map(|point| (Action::SetPace, Place::Point(point))).collect();
        if order(self) != order(before) {
            needs.push((Action::SetPace, Place::Whole));
        }
        if policy(self) != policy(before) {
            needs.push((Action::SetPolicy, Place::Whole));
        }
        // Saving what is there already takes the lesser right too, so that nobody finds out by trying.
        if needs.is_empty() {
            needs.push((Action::SetPace, Place::Whole));
        }
        needs
    }

    /// The points on which slow mode or a pause is another than before.
    fn points_changed(&self, before: &Self) -> BTreeSet<u32> {
        let slow = |pace: &Self| pace.slow_points.iter().map(|slow| (slow.point, slow.seconds)).collect::<BTreeSet<_>>();
        let paused = |pace: &Self| pace.paused_points.iter().copied().collect::<BTreeSet<_>>();
        let slow: Vec<u32> = slow(self).symmetric_difference(&slow(before)).map(|(point, _)| *point).collect();
        slow.into_iter().chain(paused(self).symmetric_difference(&paused(before)).copied()).collect()
    }

    /// Whether raid mode is on.
    #[must_use]
    pub fn raided(&self, now: Millis) -> bool {
        self.raid.is_some_and(|raid| raid.on(now))
    }

    /// When the quiet hours that it is in end.
    #[must_use]
    pub fn quiet_until(&self, now: Millis) -> Option<Millis> {
        self.quiet.as_ref()?.window(now).filter(|window| window.starts_at <= now).map(|window| window.ends_at)
    }

    /// Whether posting on a point is paused.
    #[must_use]
    pub fn pauses(&self, point: Option<u32>) -> bool {
        point.is_some_and(|point| self.paused_points.contains(&point))
    }

    /// Whether slow mode is on somewhere.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.slow_seconds.is_some() || !self.slow_points.is_empty()
    }

    /// The longest wait that slow mode asks for anywhere, in milliseconds.
    #[must_use]
    pub fn longest_wait(&self) -> Millis {
        let points = self.slow_points.iter().map(|slow| slow.seconds);
        points.chain(self.slow_seconds).max().map_or(0, |seconds| Millis::from(seconds) * 1_000)
    }

    /// How long an account still has to wait before it posts at a place: `here` is its last post in the framework, `there` its
    /// last at the point. `None`: not at all.
    #[must_use]
    pub fn wait(&self, point: Option<u32>, here: Option<Millis>, there: Option<Millis>, now: Millis) -> Option<Millis> {
        let slow = point.and_then(|point| self.slow_points.iter().find(|slow| slow.point == point)).map(|slow| slow.seconds);
        let left = |seconds: Option<u32>, last: Option<Millis>| Some(last? + Millis::from(seconds?) * 1_000 - now);
        left(self.slow_seconds, here).max(left(slow, there)).filter(|wait| *wait > 0)
    }
}

/// What a rule's own text may be at most, in graphemes.
pub(crate) const WHY: usize = 200;

/// The reason of a rule, cleaned.
fn why(check: &mut Check, field: &str, raw: &str) -> String {
    let mut own = Check::default();
    let line = own.line("why", raw, WHY);
    check.ensure(own.finish().is_ok(), field, "invalid", "Say why in 1 to 200 characters: the author reads it.");
    text::clean(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(before: &Pace) -> PaceOrder {
        let Pace { version, slow_seconds, slow_points, paused_points, first_posts, raid, quiet, words, links } = before.clone();
        let raid = raid.map(|raid| RaidOrder { ends_at: raid.ends_at });
        PaceOrder { version, slow_seconds, slow_points, paused_points, first_posts, raid, quiet, words, links }
    }

    fn made(order: PaceOrder, before: &Pace, now: Millis) -> Result<Pace, Vec<crate::domain::text::Fault>> {
        let mut check = Check::default();
        let pace = order.onto(before, Role::Moderator, now, &mut check);
        check.finish().map(|()| pace)
    }

    #[test]
    fn slow_mode_waits_for_the_longer_of_framework_and_point() {
        let pace = Pace { slow_seconds: Some(60), slow_points: vec![SlowPoint { point: 7, seconds: 300 }], ..Pace::default() };
        assert_eq!(pace.wait(None, None, None, 0), None);
        assert_eq!(pace.wait(None, Some(0), None, 59_999), Some(1));
        assert_eq!(pace.wait(None, Some(0), None, 60_000), None);
        assert_eq!(pace.wait(Some(7), Some(0), Some(0), 60_000), Some(240_000));
        assert_eq!(pace.wait(Some(8), Some(0), Some(0), 60_000), None);
        assert_eq!(Pace::default().wait(Some(7), Some(0), Some(0), 1), None);
        assert_eq!((pace.longest_wait(), Pace::default().longest_wait()), (300_000, 0));
    }

    #[test]
    fn raid_mode_keeps_since_when_while_it_goes_on_and_ends_by_itself() {
        let raid = |ends_at| Some(RaidOrder { ends_at });
        let on = made(PaceOrder { raid: raid(Some(5_000)), ..order(&Pace::default()) }, &Pace::default(), 1_000).unwrap();
        assert_eq!(on.raid, Some(Raid { since: 1_000, by: Role::Moderator, ends_at: Some(5_000) }));
        assert!(on.raided(4_999) && !on.raided(5_000));
        assert_eq!(made(order(&on), &on, 2_000).unwrap().raid, on.raid);
        let longer = made(PaceOrder { raid: raid(None), ..order(&on) }, &on, 2_000).unwrap();
        assert_eq!(longer.raid, Some(Raid { since: 1_000, by: Role::Moderator, ends_at: None }));
        let again = made(PaceOrder { raid: raid(Some(9_000)), ..order(&on) }, &on, 6_000).unwrap();
        assert_eq!(again.raid.map(|raid| raid.since), Some(6_000));
        assert_eq!(made(order(&on), &on, 6_000).unwrap_err()[0].field, "raid.ends_at");
    }

    #[test]
    fn order_takes_one_right_and_policy_another() {
        let before = Pace::default();
        let slow = made(PaceOrder { slow_seconds: Some(60), ..order(&before) }, &before, 0).unwrap();
        let (order_of_all, policy) = ((Action::SetPace, Place::Whole), (Action::SetPolicy, Place::Whole));
        assert_eq!(slow.needs(&before, 0), std::slice::from_ref(&order_of_all));
        let quiet = Quiet { from: "22:00".into(), to: "07:00".into(), zone: "Europe/Kyiv".into() };
        let night = made(PaceOrder { quiet: Some(quiet.clone()), ..order(&before) }, &before, 0).unwrap();
        assert_eq!(night.needs(&before, 0), std::slice::from_ref(&policy));
        let both = made(PaceOrder { quiet: Some(quiet), ..order(&slow) }, &slow, 0).unwrap();
        assert_eq!(both.needs(&before, 0), [order_of_all.clone(), policy]);
        assert_eq!(made(order(&before), &before, 0).unwrap().needs(&before, 0), [order_of_all]);
    }

    #[test]
    fn what_is_set_on_points_takes_the_right_there_alone() {
        let before = Pace { slow_points: vec![SlowPoint { point: 1, seconds: 60 }], paused_points: vec![2], ..Pace::default() };
        let wanted = PaceOrder { slow_points: vec![SlowPoint { point: 1, seconds: 90 }], paused_points: vec![2, 4], ..order(&before) };
        let points = [1, 4].map(|point| (Action::SetPace, Place::Point(point)));
        assert_eq!(made(wanted, &before, 0).unwrap().needs(&before, 0), points);
    }

    #[test]
    fn every_bound_names_its_field() {
        let before = Pace::default();
        let fault = |change: &dyn Fn(&mut PaceOrder)| {
            let mut order = order(&before);
            change(&mut order);
            made(order, &before, 0).unwrap_err()[0].field.clone()
        };
        assert_eq!(fault(&|order| order.slow_seconds = Some(9)), "slow_seconds");
        assert_eq!(fault(&|order| order.slow_points = vec![SlowPoint { point: 1, seconds: 86_401 }]), "slow_points");
        assert_eq!(fault(&|order| order.slow_points = vec![SlowPoint { point: 1, seconds: 60 }; 2]), "slow_points");
        assert_eq!(fault(&|order| order.paused_points = (0..65).collect()), "paused_points");
        assert_eq!(fault(&|order| order.first_posts = 6), "first_posts");
        assert_eq!(fault(&|order| order.raid = Some(RaidOrder { ends_at: Some(LONGEST_RAID + 1) })), "raid.ends_at");
    }

    #[test]
    fn a_document_of_an_older_version_reads_as_nothing_set() {
        assert_eq!(serde_json::from_str::<Pace>("{}").unwrap(), Pace::default());
    }
}
