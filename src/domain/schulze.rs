//! The camp-balanced Schulze order: who beats whom over widest paths, from partial ballots with
//! ties.
mod pairs;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::pairs::{Pairs, Placing, UNIT, placings};

/// A place in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Rank {
    /// From 1: one more than the number of cards that beat it.
    pub rank: u32,
    /// Whether another card has the same place.
    pub tied: bool,
}

/// The places under Schulze's method with winning votes, O(k³): `support[x][y]` is how strongly x
/// is preferred to y.
///
/// Only pairs won (`support[x][y] > support[y][x]`) are links; a path is as strong as its weakest
/// link; x beats y if its strongest path to y is stronger than the one back (Schulze 2011, "A new
/// monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
/// election method").
///
/// That relation is transitive, but "neither beats the other" is not. So the place is one more than
/// the number of cards that beat this one: no card stands level with or above one that beats it.
#[must_use]
pub fn schulze(support: &[Vec<i64>]) -> Vec<Rank> {
    let widest = widest_paths(support);
    let all = 0..support.len();
    let beaten_by = |y: usize| {
        all.clone()
            .filter(|x| widest[*x][y] > widest[y][*x])
            .count()
    };
    let ranks: Vec<usize> = all.clone().map(|y| beaten_by(y) + 1).collect();
    let tied = |rank: usize| ranks.iter().filter(|other| **other == rank).count() > 1;
    let rank = |rank: &usize| Rank {
        rank: u32::try_from(*rank).expect("a question has fewer than 2^32 cards"),
        tied: tied(*rank),
    };
    ranks.iter().map(rank).collect()
}

/// Floyd and Warshall's closure with minimum along and maximum over paths.
fn widest_paths(support: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let cards = support.len();
    let link = |x: usize, y: usize| {
        if support[x][y] > support[y][x] {
            support[x][y]
        } else {
            0
        }
    };
    let mut widest: Vec<Vec<i64>> = (0..cards)
        .map(|x| (0..cards).map(|y| link(x, y)).collect())
        .collect();
    for middle in 0..cards {
        let onward = widest[middle].clone();
        for row in &mut widest {
            let first = row[middle];
            for (direct, second) in row.iter_mut().zip(&onward) {
                *direct = (*direct).max(first.min(*second));
            }
        }
    }
    widest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranks of the letters A, B, … under ballots like `5 A>CB` (five people; C and B beside each
    /// other; D is not named).
    fn ranks(letters: usize, ballots: &str) -> Vec<u32> {
        let mut support = vec![vec![0; letters]; letters];
        for line in ballots.split(';') {
            let (count, order) = line.trim().split_once(' ').unwrap();
            let tiers: Vec<Vec<usize>> = order
                .split('>')
                .map(|tier| {
                    tier.bytes()
                        .map(|letter| usize::from(letter - b'A'))
                        .collect()
                })
                .collect();
            for (place, tier) in tiers.iter().enumerate() {
                for (x, y) in tier
                    .iter()
                    .flat_map(|x| tiers[place + 1..].iter().flatten().map(move |y| (*x, *y)))
                {
                    support[x][y] += count.parse::<i64>().unwrap();
                }
            }
        }
        schulze(&support).iter().map(|place| place.rank).collect()
    }

    #[test]
    fn published_examples_come_out_as_published() {
        // Schulze 2011, example with 45 voters: E > A > C > B > D.
        let five = "5 A>C>B>E>D; 5 A>D>E>C>B; 8 B>E>D>A>C; 3 C>A>B>E>D; 7 C>A>E>B>D; 2 C>B>A>D>E; 7 D>C>E>B>A; 8 E>B>A>D>C";
        assert_eq!(ranks(5, five), [2, 4, 3, 5, 1]);
        // The one with 30 voters: D > A > C > B.
        let four = "5 A>C>B>D; 2 A>C>D>B; 3 A>D>C>B; 4 B>A>C>D; 3 C>B>D>A; 3 C>D>B>A; 1 D>A>C>B; 5 D>B>A>C; 4 D>C>B>A";
        assert_eq!(ranks(4, four), [2, 4, 3, 1]);
        // The one with 21 voters (example 1): D > A > C > B.
        assert_eq!(
            ranks(4, "8 A>C>D>B; 2 B>A>D>C; 4 C>D>B>A; 4 D>B>A>C; 3 D>C>B>A"),
            [2, 4, 3, 1]
        );
    }

    #[test]
    fn what_neither_beats_shares_a_place() {
        // Schulze's example with 9 voters: only B > C and D > A follow; B and D are both potential
        // winners.
        let support = "3 A>B>C>D; 2 D>A>B>C; 2 D>B>C>A; 2 C>B>D>A";
        assert_eq!(ranks(4, support), [2, 1, 2, 1]);
        assert_eq!(
            schulze(&[vec![0, 2], vec![2, 0]]),
            [Rank {
                rank: 1,
                tied: true
            }; 2]
        );
        assert!(schulze(&[]).is_empty());
    }

    #[test]
    fn ballots_with_ties_and_gaps_count_what_they_say() {
        // Tideman's real election A77: 213 ballots, many with two candidates beside each other; 3 >
        // 1 > 2.
        let a77 =
            "39 C>AB; 38 A>C>B; 36 C>A>B; 29 C>B>A; 28 A>B>C; 15 B>A>C; 14 A>BC; 9 B>C>A; 5 B>AC";
        assert_eq!(ranks(3, a77), [2, 3, 1]);
        // By hand: A:B 1:0, A:C 3:2, B:C 5:0.
        assert_eq!(ranks(3, "3 AB>C; 2 C>A; 2 B>C; 1 A>B"), [1, 2, 3]);
    }
}
