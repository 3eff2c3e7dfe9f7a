//! Two shares given by the same people: what they said without the card and with it, and Newcombe's
//! interval for the difference.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::bridging::{effective_size, wilson};

/// What one camp said twice: would you accept the point as it stands, and would you if this card
/// were granted?
///
/// Sums of weights in permille, moved by the difference one ballot makes. Only people who answered
/// both questions enter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// Both times yes.
    pub both: i64,
    /// Yes only without the card.
    pub only_without: i64,
    /// Yes only with it.
    pub only_with: i64,
    /// Neither time.
    pub neither: i64,
    /// Sum of the squares of the weights, permille².
    pub weight_squares: i64,
}

impl Paired {
    /// What one person adds.
    #[must_use]
    pub fn of(without: bool, with: bool, weight: i64) -> Self {
        let mut one = Self {
            weight_squares: weight * weight,
            ..Self::default()
        };
        match (without, with) {
            (true, true) => one.both = weight,
            (true, false) => one.only_without = weight,
            (false, true) => one.only_with = weight,
            (false, false) => one.neither = weight,
        }
        one
    }

    /// Adds `other`, `sign` times.
    pub fn add(&mut self, other: &Self, sign: i64) {
        self.both += sign * other.both;
        self.only_without += sign * other.only_without;
        self.only_with += sign * other.only_with;
        self.neither += sign * other.neither;
        self.weight_squares += sign * other.weight_squares;
    }

    /// The four cells scaled to the effective number of people, as the score does it.
    #[expect(clippy::cast_precision_loss, reason = "weights stay far below 2^53")]
    pub(super) fn cells(&self) -> [f64; 4] {
        let cells = [self.both, self.only_with, self.only_without, self.neither];
        let weight = cells.iter().sum::<i64>() as f64;
        if weight <= 0.0 {
            return [0.0; 4];
        }
        let n = effective_size(weight, self.weight_squares as f64);
        cells.map(|cell| cell as f64 / weight * n)
    }
}

/// A difference of two shares given by the same people, with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct Difference {
    /// Share with the card less the share without it, −1 to 1.
    pub difference: f64,
    /// Lower end of the 80 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How many people it is worth.
    pub n: f64,
}

/// Newcombe's interval for the difference of two shares of the same people (Newcombe 1998,
/// "Improved confidence intervals for the difference between binomial proportions based on paired
/// data", Statistics in Medicine 17:2635, method 10).
///
/// It squares and adds the distances to the Wilson limits of the two shares, less twice their
/// product times φ, the correlation of the two answers. φ is 0 if a margin is empty; if positive
/// its numerator is lessened by n/2, not below 0 (as published). `cells`: yes to both, only to the
/// first, only to the second, to neither. `None` for nobody.
#[must_use]
pub fn paired_difference(cells: [f64; 4]) -> Option<Difference> {
    let n: f64 = cells.iter().sum();
    if n <= 0.0 {
        return None;
    }
    let [both, first, second, _] = cells;
    let (p, q) = ((both + first) / n, (both + second) / n);
    let ((p_low, p_high), (q_low, q_high)) = (wilson(p, n), wilson(q, n));
    let phi = phi(cells, n);
    let distance = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
    let difference = p - q;
    let (low, high) = (
        difference - distance(p - p_low, q_high - q),
        difference + distance(p_high - p, q - q_low),
    );
    Some(Difference {
        difference,
        low: low.max(-1.0),
        high: high.min(1.0),
        n,
    })
}

fn phi([both, first, second, neither]: [f64; 4], n: f64) -> f64 {
    let margins = (both + first) * (second + neither) * (both + second) * (first + neither);
    let numerator = both * neither - first * second;
    let corrected = if numerator > 0.0 {
        (numerator - n / 2.0).max(0.0)
    } else {
        numerator
    };
    if margins <= 0.0 {
        0.0
    } else {
        corrected / margins.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Difference, difference: f64, low: f64, high: f64) {
        let close = |x: f64, y: f64| (x - y).abs() < 1e-6;
        assert!(
            close(found.difference, difference) && close(found.low, low) && close(found.high, high),
            "{found:?}"
        );
    }

    /// The table of Altman et al. 2000, "Statistics with confidence", chapter 6: 14, 5, 0 and 22 of
    /// 41. Books print it at z = 1.96; worked by hand for ours: p 0.463415 (0.366947 to 0.562701),
    /// q 0.341463 (0.254303 to 0.440836), φ 0.723276.
    #[test]
    fn the_paired_interval_agrees_with_the_worked_example() {
        near(
            paired_difference([14.0, 5.0, 0.0, 22.0]).unwrap(),
            0.121_951,
            0.049_054,
            0.192_211,
        );
        near(
            paired_difference([20.0, 4.0, 14.0, 12.0]).unwrap(),
            -0.2,
            -0.300_537,
            -0.092_161,
        );
        assert_eq!(paired_difference([0.0; 4]), None);
        // Fagerland et al. 2014 on 1, 1, 7 and 12 of 21: φ is 0.0795, corrected 0.
        assert!(phi([1.0, 1.0, 7.0, 12.0], 21.0).abs() < 1e-12);
        assert!((phi([14.0, 5.0, 0.0, 22.0], 41.0) - 0.723_276).abs() < 1e-6);
    }

    #[test]
    fn everybody_of_one_mind_both_times_has_no_difference() {
        let same = paired_difference([12.0, 0.0, 0.0, 0.0]).unwrap();
        assert!(
            same.difference.abs() < 1e-12 && same.low < 0.0 && same.high > 0.0,
            "{same:?}"
        );
    }
}
