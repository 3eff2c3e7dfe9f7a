//! The contents that digests are over, made from rows. What the tables keep no history of, such as
//! the state an object had then, is one of a few words: each is tried, the present one first.
mod card;
mod discussion;

use serde_json::{Value, json};

pub use self::{
    card::{card, card_now, translation},
    discussion::{comment, comment_now, thread, thread_now},
};
use super::tables::{Appeal, Appointment, Decision, Notice, Question, Report, Round};

const DECISION_STATES: [&str; 5] = ["pending", "done", "refused", "undone", "overturned"];

/// The present word, then the others.
fn words<'a>(now: &'a str, all: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    std::iter::once(now).chain(all.iter().copied().filter(move |word| *word != now))
}

/// A decision's state.
pub fn decision(row: &Decision, fits: impl Fn(&Value) -> bool) -> Option<String> {
    let Decision {
        kind,
        object,
        action,
        rule,
        facts,
        until,
        automated,
        target,
        point,
        into_thread,
        title,
        at,
        ..
    } = row;
    let value = |state: &str| {
        let mut value = json!({ "kind": kind, "object": object, "action": action, "rule": rule, "facts": facts, "until": until,
            "automated": automated, "target": target, "point": point, "title": title, "state": state, "at": at });
        if let Some(thread) = into_thread {
            value["into_thread"] = thread.as_str().into();
        }
        value
    };
    words(&row.state, &DECISION_STATES)
        .find(|state| fits(&value(state)))
        .map(Into::into)
}

/// An appeal: as it was made, and as it was answered.
pub fn appeal(row: &Appeal) -> [Value; 2] {
    let Appeal {
        decision,
        statement,
        at,
        state,
        answer,
        decided_at,
        ..
    } = row;
    [
        json!({ "decision": decision, "statement": statement, "at": at }),
        json!({ "decision": decision, "state": state, "answer": answer, "decided_at": decided_at }),
    ]
}

pub fn appointment(row: &Appointment) -> Value {
    let Appointment {
        alias,
        was,
        role,
        at,
        ..
    } = row;
    json!({ "alias": alias, "was": was, "role": role, "at": at })
}

pub fn notice(row: &Notice) -> Value {
    let Notice {
        kind,
        object,
        reason,
        statement,
        contact,
        at,
        ..
    } = row;
    json!({ "kind": kind, "object": object, "reason": reason, "statement": statement, "contact": contact, "at": at })
}

pub fn report(row: &Report) -> Value {
    let Report {
        kind,
        object,
        reason,
        note,
        at,
        ..
    } = row;
    json!({ "kind": kind, "object": object, "reason": reason, "note": note, "at": at })
}

pub fn open_round(row: &Question) -> Value {
    let Question {
        state,
        round,
        reveal,
        opened_at,
        closes_at,
        ..
    } = row;
    json!({ "state": state, "round": round, "reveal": reveal, "opened_at": opened_at, "closes_at": closes_at })
}

pub fn closed_round(row: &Round) -> Value {
    let Round {
        round,
        opened_at,
        closed_at,
        ballots,
        root,
        leaves,
        result,
        ..
    } = row;
    json!({ "state": "closed", "round": round, "opened_at": opened_at, "closed_at": closed_at, "ballots": ballots, "root": root,
        "leaves": leaves, "result": result })
}
