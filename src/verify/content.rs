//! The contents that digests are over, made from rows. What the tables keep no history of, such as the state an object had
//! then, is one of a few words: each is tried, the present one first.
use serde_json::{Value, json};

use super::tables::{Card, CardText, Comment, CommentText, Decision, Question, Report, Round, Thread, Translation};

const COMMENT_STATES: [&str; 5] = ["visible", "hidden", "deleted", "held", "removed"];
const COMMENT_KINDS: [&str; 5] = ["remark", "support", "objection", "question", "evidence"];
const THREAD_STATES: [&str; 3] = ["open", "locked", "hidden"];
const CARD_STATES: [&str; 7] = ["provisional", "ranked", "held", "withdrawn", "merged", "hidden", "removed"];
const TRANSLATION_STATES: [&str; 3] = ["proposed", "reviewed", "withdrawn"];

/// The present word, then the others.
fn words<'a>(now: &'a str, all: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    std::iter::once(now).chain(all.iter().copied().filter(move |word| *word != now))
}

/// A comment's state, where its text at a version was vouched for.
pub fn comment(row: &Comment, text: Option<&CommentText>, fits: impl Fn(&Value) -> bool) -> Option<String> {
    let Comment { thread, parent, language, created_at, edited_at, .. } = row;
    let (body, html, at, kinds): (_, _, _, &[&str]) = match text {
        Some(text) => (&text.body, &text.html, text.at, &COMMENT_KINDS),
        None => (&row.body, &row.html, edited_at.unwrap_or(*created_at), &[]),
    };
    for state in words(&row.state, &COMMENT_STATES) {
        for kind in words(&row.kind, kinds) {
            let value = json!({ "thread": thread, "parent": parent, "kind": kind, "body": body, "html": html, "language": language,
                "state": state, "created_at": created_at, "at": at });
            if fits(&value) {
                return Some(state.into());
            }
        }
    }
    None
}

/// A thread's state.
pub fn thread(row: &Thread, fits: impl Fn(&Value) -> bool) -> Option<String> {
    let Thread { point, concession, title, created_at, .. } = row;
    let value = |state: &str| json!({ "point": point, "concession": concession, "title": title, "state": state, "created_at": created_at });
    words(&row.state, &THREAD_STATES).find(|state| fits(&value(state))).map(Into::into)
}

/// A card's state, and what else of it moves.
pub fn card(row: &Card, text: Option<&CardText>, version: i64, fits: impl Fn(&Value) -> bool) -> Option<String> {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (receivers, points, sources) = (parsed(&row.receivers), parsed(&row.points), parsed(&row.sources));
    let Card { question, category, language, sample, created_at, .. } = row;
    let (title, body, html, in_return, verifier, deadline, at) = match text {
        Some(CardText { title, body, html, in_return, verifier, deadline, at, .. }) => (title, body, html, in_return, verifier, deadline, *at),
        None => (&row.title, &row.body, &row.html, &row.in_return, &row.verifier, &row.deadline, row.edited_at.unwrap_or(*created_at)),
    };
    let mut value = json!({ "question": question, "title": title, "body": body, "html": html, "in_return": in_return, "verifier": verifier,
        "deadline": deadline, "receivers": receivers, "category": category, "points": points, "sources": sources, "language": language,
        "sample": sample, "created_at": created_at, "at": at });
    let materials: Vec<i64> = std::iter::once(row.material).chain((1..=version).rev()).filter(|material| *material <= version).collect();
    let merges: &[&Option<String>] = if row.merged_into.is_some() { &[&row.merged_into, &None] } else { &[&None] };
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
    format!("{state}, the same since version {material}, united with {}", merged.unwrap_or("none"))
}

/// A translation's state.
pub fn translation(row: &Translation, fits: impl Fn(&Value) -> bool) -> Option<String> {
    let Translation { id, language, version, title, body, html, in_return, verifier, deadline, at, .. } = row;
    let value = |state: &str| {
        json!({ "translation": id, "language": language, "version": version, "title": title, "body": body, "html": html,
            "in_return": in_return, "verifier": verifier, "deadline": deadline, "state": state, "at": at })
    };
    words(&row.state, &TRANSLATION_STATES).find(|state| fits(&value(state))).map(Into::into)
}

pub fn decision(row: &Decision) -> Value {
    let Decision { kind, object, action, rule, facts, until, automated, target, at, .. } = row;
    json!({ "kind": kind, "object": object, "action": action, "rule": rule, "facts": facts, "until": until, "automated": automated,
        "target": target, "at": at })
}

pub fn report(row: &Report) -> Value {
    let Report { kind, object, reason, note, at, .. } = row;
    json!({ "kind": kind, "object": object, "reason": reason, "note": note, "at": at })
}

pub fn open_round(row: &Question) -> Value {
    let Question { state, round, reveal, opened_at, closes_at, .. } = row;
    json!({ "state": state, "round": round, "reveal": reveal, "opened_at": opened_at, "closes_at": closes_at })
}

pub fn closed_round(row: &Round) -> Value {
    let Round { round, opened_at, closed_at, ballots, root, leaves, result, .. } = row;
    json!({ "state": "closed", "round": round, "opened_at": opened_at, "closed_at": closed_at, "ballots": ballots, "root": root,
        "leaves": leaves, "result": result })
}
