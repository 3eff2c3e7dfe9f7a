//! What it takes to change the settings: keeping order is one right, and may be limited to points;
//! policy is another.
use std::collections::BTreeSet;

use super::Pace;
use crate::domain::{Millis, permission::Action, remit::Place};

impl Pace {
    /// What it takes to make these settings of those before, and where: what keeps order, in the
    /// framework or on single points; what is policy; or both.
    #[must_use]
    pub fn needs(&self, before: &Self, now: Millis) -> Vec<(Action, Place)> {
        let order = |pace: &Self| {
            (
                pace.slow_seconds,
                pace.first_posts,
                pace.raid.filter(|raid| raid.on(now)),
            )
        };
        let policy = |pace: &Self| (pace.quiet.clone(), pace.words.clone(), pace.links.clone());
        let mut needs: Vec<_> = self
            .points_changed(before)
            .into_iter()
            .map(|point| (Action::SetPace, Place::Point(point)))
            .collect();
        if order(self) != order(before) {
            needs.push((Action::SetPace, Place::Whole));
        }
        if policy(self) != policy(before) {
            needs.push((Action::SetPolicy, Place::Whole));
        }
        // Saving what is there already takes the lesser right too, so that nobody finds out by
        // trying.
        if needs.is_empty() {
            needs.push((Action::SetPace, Place::Whole));
        }
        needs
    }

    /// The points on which slow mode or a pause is another than before.
    fn points_changed(&self, before: &Self) -> BTreeSet<u32> {
        let slow = |pace: &Self| {
            pace.slow_points
                .iter()
                .map(|slow| (slow.point, slow.seconds))
                .collect::<BTreeSet<_>>()
        };
        let paused = |pace: &Self| pace.paused_points.iter().copied().collect::<BTreeSet<_>>();
        let slow: Vec<u32> = slow(self)
            .symmetric_difference(&slow(before))
            .map(|(point, _)| *point)
            .collect();
        slow.into_iter()
            .chain(paused(self).symmetric_difference(&paused(before)).copied())
            .collect()
    }
}
