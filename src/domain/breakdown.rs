//! Public counts broken down by viewpoint and language: who has a row of their own, and how sure a
//! share is.
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{account::AccountId, bridging::wilson};

/// The row of authors without a viewpoint, and of viewpoints with fewer authors than the floor.
pub const OTHER: &str = "other";

/// A share with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct Share {
    /// How many.
    pub count: i64,
    /// Out of how many.
    pub of: i64,
    /// Lower end of the 80 % Wilson interval of the share.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Share {
    /// A share and its interval; (0, 1) out of none.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    #[must_use]
    pub fn new(count: i64, of: i64) -> Self {
        let (low, high) = if of == 0 {
            (0.0, 1.0)
        } else {
            wilson(count as f64 / of as f64, of as f64)
        };
        Self {
            count,
            of,
            low,
            high,
        }
    }
}

/// The viewpoints that have a row of their own: those with at least `floor` people among these, and
/// only beside another one, or a row alone would tell the viewpoint of each.
pub(super) fn viewpoints<'a>(
    people: impl IntoIterator<Item = (Option<&'a str>, Option<AccountId>)>,
    floor: i64,
) -> BTreeSet<&'a str> {
    let mut camps: BTreeMap<&str, BTreeSet<AccountId>> = BTreeMap::new();
    for (camp, person) in people {
        if let (Some(camp), Some(person)) = (camp, person) {
            camps.entry(camp).or_default().insert(person);
        }
    }
    camps.retain(|_, people| i64::try_from(people.len()).is_ok_and(|count| count >= floor));
    if camps.len() < 2 {
        BTreeSet::new()
    } else {
        camps.into_keys().collect()
    }
}

/// Things by what their rows are called, in that order; those without a row of their own last, as
/// [`OTHER`].
pub(super) fn grouped<T>(
    things: &[T],
    key: impl Fn(&T) -> Option<String>,
) -> Vec<(String, Vec<&T>)> {
    let mut groups: BTreeMap<String, Vec<&T>> = BTreeMap::new();
    for thing in things {
        groups
            .entry(key(thing).unwrap_or_else(|| OTHER.into()))
            .or_default()
            .push(thing);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(key, _)| key == OTHER);
    groups
}
