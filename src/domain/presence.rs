//! Who is here now: whole state per node boot with an end, never a sum of comings and goings.
use std::collections::BTreeMap;

use super::Millis;

/// How long a node's word holds, in milliseconds: a crashed node's people vanish within this time.
pub const LIFE: Millis = 45_000;

/// What one node says of one framework.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Here {
    /// People connected, each counted once per node.
    pub count: i64,
    /// Of them, per point number.
    pub points: BTreeMap<u32, i64>,
}

/// The sum of what the nodes say, leaving out what was said before `now - LIFE`.
#[must_use]
pub fn sum<'a>(said: impl IntoIterator<Item = (Millis, &'a Here)>, now: Millis) -> Here {
    let mut total = Here::default();
    for (_, here) in said.into_iter().filter(|(at, _)| *at > now - LIFE) {
        total.count += here.count;
        for (point, count) in &here.points {
            *total.points.entry(*point).or_default() += count;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_node_is_forgotten() {
        let here = |count| Here {
            count,
            points: BTreeMap::from([(5, count)]),
        };
        let (fresh, stale) = (here(3), here(40));
        assert_eq!(sum([(100_000, &fresh), (10_000, &stale)], 100_000), fresh);
    }
}
