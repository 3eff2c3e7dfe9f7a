//! Lists that are read by pages: where one goes on, as a cursor that the client hands back.
use std::fmt::Display;

use crate::{domain::Millis, protocol::problem::Problem, service::Outcome};

/// Reads a cursor.
pub fn place_of(cursor: &str) -> Outcome<(Millis, String)> {
    let parts = cursor
        .split_once('_')
        .and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parts.ok_or_else(|| Problem::field("after", "invalid", "Not a cursor of this list.").into())
}

/// Where a page of a list begins whose newest come first.
pub fn before(after: Option<&str>) -> Outcome<(Millis, String)> {
    after.map_or_else(|| Ok((Millis::MAX, String::new())), place_of)
}

/// Where a page of a list begins whose oldest come first.
pub fn behind(after: Option<&str>) -> Outcome<(Millis, String)> {
    after.map_or_else(|| Ok((Millis::MIN, String::new())), place_of)
}

/// The cursor of the page after these, where they fill theirs.
pub fn next<T, D: Display>(
    things: &[T],
    most: i64,
    place: impl Fn(&T) -> (Millis, D),
) -> Option<String> {
    let full = i64::try_from(things.len()).is_ok_and(|count| count >= most);
    let (at, id) = things.last().filter(|_| full).map(place)?;
    Some(format!("{at}_{id}"))
}
