//! The middle of some times, and where it may as well lie.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{HOUR, Millis, bridging::Z};

/// The middle of some times and where it may as well lie, in hours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct Median {
    /// The median.
    pub hours: f64,
    /// Lower end of its 80 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Of how many times.
    pub of: i64,
}

/// The median and its interval from the order statistics: the ends are the values at ranks `n/2 ±
/// z·√n/2` (Hahn and Meeker 1991, section 5.2.1, normal approximation); of few times they are the
/// least and the greatest.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks lie between 0 and n"
)]
pub(super) fn median(mut times: Vec<Millis>) -> Option<Median> {
    times.sort_unstable();
    let n = times.len();
    let hours = |millis: Millis| millis as f64 / HOUR as f64;
    let (first, last) = (times.first()?, times.last()?);
    let middle = f64::midpoint(hours(times[(n - 1) / 2]), hours(times[n / 2]));
    let (half, reach) = (n as f64 / 2.0, Z * (n as f64).sqrt() / 2.0);
    let low = times
        .get((half - reach).floor().max(0.0) as usize)
        .unwrap_or(first);
    let high = times.get((half + reach).ceil() as usize).unwrap_or(last);
    Some(Median {
        hours: middle,
        low: hours(*low),
        high: hours(*high),
        of: i64::try_from(n).unwrap_or(i64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_median_holds_it_and_narrows() {
        let of = |n: i64| median((1..=n).map(|hour| hour * HOUR).collect()).unwrap();
        assert_eq!(
            of(1),
            Median {
                hours: 1.0,
                low: 1.0,
                high: 1.0,
                of: 1
            }
        );
        let hundred = of(100);
        assert!((hundred.hours - 50.5).abs() < 1e-9);
        // 50 -+ 1.2816 * 5: ranks 43 and 57, counted from 0.
        assert_eq!((hundred.low, hundred.high), (44.0, 58.0));
        assert_eq!(median(vec![]), None);
    }
}
