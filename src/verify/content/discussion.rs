//! Comments and threads as they were when a change vouched for them.
use std::collections::HashSet;

use serde_json::{Value, json};

use super::words;
use crate::verify::{
    moves::{Branch, Moves, Stood},
    tables::{Comment, CommentText, Thread},
};

const COMMENT_STATES: [&str; 5] = ["visible", "hidden", "deleted", "held", "removed"];
const COMMENT_KINDS: [&str; 5] = ["remark", "support", "objection", "question", "evidence"];
const THREAD_STATES: [&str; 4] = ["open", "locked", "hidden", "held"];

/// A comment's state, where its text at a version was vouched for.
pub fn comment(
    row: &Comment,
    text: Option<&CommentText>,
    moves: &Moves,
    fits: impl Fn(&Value) -> bool,
) -> Option<String> {
    let Comment {
        language,
        created_at,
        edited_at,
        ..
    } = row;
    let (body, html, at, kinds): (_, _, _, &[&str]) = match text {
        Some(text) => (&text.body, &text.html, text.at, &COMMENT_KINDS),
        None => (&row.body, &row.html, edited_at.unwrap_or(*created_at), &[]),
    };
    let at_place = |(thread, parent): &(String, Option<String>)| {
        for state in words(&row.state, &COMMENT_STATES) {
            for kind in words(&row.kind, kinds) {
                let value = json!({ "thread": thread, "parent": parent, "kind": kind, "body": body, "html": html, "language": language,
                    "state": state, "created_at": created_at, "at": at });
                if fits(&value) {
                    return Some(comment_now(state, thread, parent.as_deref()));
                }
            }
        }
        None
    };
    let present = (row.thread.clone(), row.parent.clone());
    at_place(&present).or_else(|| stood(row, moves).iter().find_map(at_place))
}

/// Where a comment may have stood before: a branch that became a thread stood elsewhere, its root
/// under something else, and what is in a thread that was united with another was in that other
/// one.
fn stood(row: &Comment, moves: &Moves) -> HashSet<(String, Option<String>)> {
    let present = (row.thread.clone(), row.parent.clone());
    let mut stood = HashSet::from([present]);
    for Branch {
        thread,
        became,
        root,
        parent,
    } in &moves.branches
    {
        for at in [thread, became] {
            let above = if *root != row.id {
                &row.parent
            } else if at == became {
                &None
            } else {
                parent
            };
            stood.insert((at.clone(), above.clone()));
        }
    }
    let parents: HashSet<_> = stood.iter().map(|(_, parent)| parent.clone()).collect();
    for thread in moves
        .united
        .iter()
        .flat_map(|(thread, others)| std::iter::once(thread).chain(others))
    {
        stood.extend(
            parents
                .iter()
                .map(|parent| (thread.clone(), parent.clone())),
        );
    }
    stood
}

/// What moves of a comment, in one word.
pub fn comment_now(state: &str, thread: &str, parent: Option<&str>) -> String {
    format!("{state} in {thread}, under {}", parent.unwrap_or("none"))
}

/// A thread's state, and where it stood.
pub fn thread(
    row: &Thread,
    moved: &[Stood],
    united: &[String],
    fits: impl Fn(&Value) -> bool,
) -> Option<String> {
    let Thread {
        title, created_at, ..
    } = row;
    let others: Vec<&String> = row.merged_into.iter().chain(united).collect();
    let present = (row.point, row.concession.clone());
    for (point, concession) in std::iter::once(&present).chain(moved) {
        let mut value = json!({ "point": point, "concession": concession, "title": title, "created_at": created_at });
        for state in words(&row.state, &THREAD_STATES) {
            value["state"] = state.into();
            if fits(&value) {
                return Some(thread_now(state, *point, concession.as_deref(), None));
            }
        }
        for other in &others {
            let mut united = value.clone();
            (united["state"], united["merged_into"]) = ("hidden".into(), json!(other));
            if fits(&united) {
                return Some(thread_now(
                    "hidden",
                    *point,
                    concession.as_deref(),
                    Some(other),
                ));
            }
        }
    }
    None
}

/// What moves of a thread, in one word.
pub fn thread_now(
    state: &str,
    point: Option<i64>,
    card: Option<&str>,
    other: Option<&str>,
) -> String {
    let united = other
        .filter(|_| state == "hidden")
        .map(|other| format!(", united with {other}"))
        .unwrap_or_default();
    format!(
        "{state} on {}{}{united}",
        point.map(|point| point.to_string()).unwrap_or_default(),
        card.unwrap_or_default()
    )
}
