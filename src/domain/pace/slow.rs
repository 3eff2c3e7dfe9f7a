//! Slow mode: the wait between two posts of one account, in the framework and on single points.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Pace;
use crate::domain::Millis;

/// Seconds between two posts of one account: shorter is no brake, longer is a pause.
pub const SLOW: std::ops::RangeInclusive<u32> = 10..=86_400;

/// Slow mode on one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlowPoint {
    /// The point's number.
    pub point: u32,
    /// Seconds between two posts of one account, 10 to 86,400.
    pub seconds: u32,
}

impl Pace {
    /// Whether slow mode is on somewhere.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.slow_seconds.is_some() || !self.slow_points.is_empty()
    }

    /// The longest wait that slow mode asks for anywhere, in milliseconds.
    #[must_use]
    pub fn longest_wait(&self) -> Millis {
        let points = self.slow_points.iter().map(|slow| slow.seconds);
        points
            .chain(self.slow_seconds)
            .max()
            .map_or(0, |seconds| Millis::from(seconds) * 1_000)
    }

    /// How long an account still has to wait before it posts at a place: `here` is its last post in
    /// the framework, `there` its last at the point. `None`: not at all.
    #[must_use]
    pub fn wait(
        &self,
        point: Option<u32>,
        here: Option<Millis>,
        there: Option<Millis>,
        now: Millis,
    ) -> Option<Millis> {
        let slow = point
            .and_then(|point| self.slow_points.iter().find(|slow| slow.point == point))
            .map(|slow| slow.seconds);
        let left = |seconds: Option<u32>, last: Option<Millis>| {
            Some(last? + Millis::from(seconds?) * 1_000 - now)
        };
        left(self.slow_seconds, here)
            .max(left(slow, there))
            .filter(|wait| *wait > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_mode_waits_for_the_longer_of_framework_and_point() {
        let pace = Pace {
            slow_seconds: Some(60),
            slow_points: vec![SlowPoint {
                point: 7,
                seconds: 300,
            }],
            ..Pace::default()
        };
        assert_eq!(pace.wait(None, None, None, 0), None);
        assert_eq!(pace.wait(None, Some(0), None, 59_999), Some(1));
        assert_eq!(pace.wait(None, Some(0), None, 60_000), None);
        assert_eq!(pace.wait(Some(7), Some(0), Some(0), 60_000), Some(240_000));
        assert_eq!(pace.wait(Some(8), Some(0), Some(0), 60_000), None);
        assert_eq!(Pace::default().wait(Some(7), Some(0), Some(0), 1), None);
        assert_eq!(
            (pace.longest_wait(), Pace::default().longest_wait()),
            (300_000, 0)
        );
    }
}
