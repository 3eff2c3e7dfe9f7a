//! The contents that digests are over, made from rows. What the tables keep no history of, such as the state an object had
//! then, is one of a few words: each is tried, the present one first.
use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    moves::{Moves, Place, Stood},
    tables::{Appeal, Appointment, Card, CardText, Comment, CommentText, Decision, Notice, Question, Report, Round, Thread, Translation},
};

const COMMENT_STATES: [&str; 5] = ["visible", "hidden", "deleted", "held", "removed"];
const COMMENT_KINDS: [&str; 5] = ["remark", "support", "objection", "question", "evidence"];
const THREAD_STATES: [&str; 4] = ["open", "locked", "hidden", "held"];
const CARD_STATES: [&str; 7] = ["provisional", "ranked", "held", "withdrawn", "merged", "hidden", "removed"];
const DECISION_STATES: [&str; 5] = ["pending", "done", "refused", "undone", "overturned"];
const TRANSLATION_STATES: [&str; 3] = ["proposed", "reviewed", "withdrawn"];

/// The present word, then the others.
fn words<'a>(now: &'a str, all: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    std::iter::once(now).chain(all.iter().copied().filter(move |word| *word != now))
}

/// A comment's state, where its text at a version was vouched for.
pub fn comment(row: &Comment, text: Option<&CommentText>, moves: &Moves, fits: impl Fn(&Value) -> bool) -> Option<String> {
    let Comment { language, created_at, edited_at, .. } = row;
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

/// Where a comment may have stood before: a branch that became a thread stood elsewhere, its root under something else, and what is
/// in a thread that was united with another was in that other one.
fn stood(row: &Comment, moves: &Moves) -> HashSet<(String, Option<String>)> {
    let present = (row.thread.clone(), row.parent.clone());
    let mut stood = HashSet::from([present]);
    for Place { thread, became, root, parent } in &moves.places {
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
    for thread in moves.united.iter().flat_map(|(thread, others)| std::iter::once(thread).chain(others)) {
        stood.extend(parents.iter().map(|parent| (thread.clone(), parent.clone())));
    }
    stood
}

/// What moves of a comment, in one word.
pub fn comment_now(state: &str, thread: &str, parent: Option<&str>) -> String {
    format!("{state} in {thread}, under {}", parent.unwrap_or("none"))
}

/// A thread's state, and where it stood.
pub fn thread(row: &Thread, moved: &[Stood], united: &[String], fits: impl Fn(&Value) -> bool) -> Option<String> {
    let Thread { title, created_at, .. } = row;
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
                return Some(thread_now("hidden", *point, concession.as_deref(), Some(other)));
            }
        }
    }
    None
}

/// What moves of a thread, in one word.
pub fn thread_now(state: &str, point: Option<i64>, card: Option<&str>, other: Option<&str>) -> String {
    let united = other.filter(|_| state == "hidden").map(|other| format!(", united with {other}")).unwrap_or_default();
    format!("{state} on {}{}{united}", point.map(|point| point.to_string()).unwrap_or_default(), card.unwrap_or_default())
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

/// A decision's state.
pub fn decision(row: &Decision, fits: impl Fn(&Value) -> bool) -> Option<String> {
    let Decision { kind, object, action, rule, facts, until, automated, target, point, into_thread, title, at, .. } = row;
    let value = |state: &str| {
        let mut value = json!({ "kind": kind, "object": object, "action": action, "rule": rule, "facts": facts, "until": until,
            "automated": automated, "target": target, "point": point, "title": title, "state": state, "at": at });
        if let Some(thread) = into_thread {
            value["into_thread"] = thread.as_str().into();
        }
        value
    };
    words(&row.state, &DECISION_STATES).find(|state| fits(&value(state))).map(Into::into)
}

/// An appeal: as it was made, and as it was answered.
pub fn appeal(row: &Appeal) -> [Value; 2] {
    let Appeal { decision, statement, at, state, answer, decided_at, .. } = row;
    [
        json!({ "decision": decision, "statement": statement, "at": at }),
        json!({ "decision": decision, "state": state, "answer": answer, "decided_at": decided_at }),
    ]
}

pub fn appointment(row: &Appointment) -> Value {
    let Appointment { alias, was, role, at, .. } = row;
    json!({ "alias": alias, "was": was, "role": role, "at": at })
}

pub fn notice(row: &Notice) -> Value {
    let Notice { kind, object, reason, statement, contact, at, .. } = row;
    json!({ "kind": kind, "object": object, "reason": reason, "statement": statement, "contact": contact, "at": at })
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
