//! Cards and their translations as they were when a change vouched for them.
use serde_json::{Value, json};

use super::words;
use crate::verify::tables::{Card, CardText, Translation};

const CARD_STATES: [&str; 7] = [
    "provisional",
    "ranked",
    "held",
    "withdrawn",
    "merged",
    "hidden",
    "removed",
];
const TRANSLATION_STATES: [&str; 3] = ["proposed", "reviewed", "withdrawn"];

/// What a card said at a version, and what of it never changes.
fn said(row: &Card, text: Option<&CardText>) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (receivers, points, sources) = (
        parsed(&row.receivers),
        parsed(&row.points),
        parsed(&row.sources),
    );
    let Card {
        question,
        category,
        language,
        sample,
        created_at,
        ..
    } = row;
    let (title, body, html, in_return, verifier, deadline, at) = match text {
        Some(CardText {
            title,
            body,
            html,
            in_return,
            verifier,
            deadline,
            at,
            ..
        }) => (title, body, html, in_return, verifier, deadline, *at),
        None => (
            &row.title,
            &row.body,
            &row.html,
            &row.in_return,
            &row.verifier,
            &row.deadline,
            row.edited_at.unwrap_or(*created_at),
        ),
    };
    let mut value = json!({ "question": question, "title": title, "body": body, "html": html, "in_return": in_return, "verifier": verifier,
        "deadline": deadline, "receivers": receivers, "category": category, "points": points, "sources": sources, "language": language,
        "sample": sample, "created_at": created_at, "at": at });
    if let Some(card) = &row.grew_out_of {
        value["grew_out_of"] = json!(card);
    }
    value
}

/// A card's state, and what else of it moves.
pub fn card(
    row: &Card,
    text: Option<&CardText>,
    version: i64,
    fits: impl Fn(&Value) -> bool,
) -> Option<String> {
    let mut value = said(row, text);
    let materials: Vec<i64> = std::iter::once(row.material)
        .chain((1..=version).rev())
        .filter(|material| *material <= version)
        .collect();
    let merges: &[&Option<String>] = if row.merged_into.is_some() {
        &[&row.merged_into, &None]
    } else {
        &[&None]
    };
    for state in words(&row.state, &CARD_STATES) {
        for material in &materials {
            for merged in merges {
                value["state"] = state.into();
                value["material"] = (*material).into();
                value["merged_into"] = json!(merged);
                if fits(&value) {
                    return Some(card_now(state, *material, merged.as_deref()));
                }
            }
        }
    }
    None
}

/// What moves of a card, in one word.
pub fn card_now(state: &str, material: i64, merged: Option<&str>) -> String {
    format!(
        "{state}, the same since version {material}, united with {}",
        merged.unwrap_or("none")
    )
}

/// A translation's state.
pub fn translation(row: &Translation, fits: impl Fn(&Value) -> bool) -> Option<String> {
    let Translation {
        id,
        language,
        version,
        title,
        body,
        html,
        in_return,
        verifier,
        deadline,
        at,
        ..
    } = row;
    let value = |state: &str| {
        json!({ "translation": id, "language": language, "version": version, "title": title, "body": body, "html": html,
            "in_return": in_return, "verifier": verifier, "deadline": deadline, "state": state, "at": at })
    };
    words(&row.state, &TRANSLATION_STATES)
        .find(|state| fits(&value(state)))
        .map(Into::into)
}
