//! How sure a share is: Wilson's interval, and how many people weighted answers are worth.
use crate::domain::tally::Counter;

/// The normal quantile of the Wilson bounds: 80 % two-sided.
pub const Z: f64 = 1.2816;

/// The Wilson score interval of a share `p` of `n` (Wilson 1927; weights enter by the effective
/// sample size): (0, 1) for n = 0.
#[must_use]
pub fn wilson(p: f64, n: f64) -> (f64, f64) {
    if n <= 0.0 {
        return (0.0, 1.0);
    }
    let z2 = Z * Z;
    let centre = p + z2 / (2.0 * n);
    let spread = Z * ((p * (1.0 - p) + z2 / (4.0 * n)) / n).sqrt();
    let scale = 1.0 + z2 / n;
    (
        ((centre - spread) / scale).max(0.0),
        ((centre + spread) / scale).min(1.0),
    )
}

/// How many people answers are worth whose weights, in permille, and their squares sum to this: the
/// lesser of the sum and Kish's effective size (Kish 1965).
#[must_use]
pub fn effective_size(weight: f64, squares: f64) -> f64 {
    // Kish's effective size alone is scale-free and would let eight new accounts pass for eight
    // people.
    (weight / 1_000.0).min(weight * weight / squares)
}

/// The interval of a camp's share of yes: Wilson's over the weights, for their [`effective_size`].
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub fn interval(counter: &Counter) -> (f64, f64) {
    if counter.weight == 0 {
        return (0.0, 1.0);
    }
    let weight = counter.weight as f64;
    wilson(
        counter.weight_yes as f64 / weight,
        effective_size(weight, counter.weight_squares as f64),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_agrees_with_hand_values() {
        // 8 of 10 at z = 1.2816, worked by hand: centre 0.882125, spread 0.181726, scale 1.164250.
        let (low, high) = wilson(0.8, 10.0);
        assert!(
            (low - 0.601_588).abs() < 1e-5 && (high - 0.913_766).abs() < 1e-5,
            "{low} {high}"
        );
        assert_eq!(wilson(0.5, 0.0), (0.0, 1.0));
        assert!(wilson(1.0, 5.0).1 <= 1.0 && wilson(0.0, 5.0).0 >= 0.0);
    }
}
