//! What the digests of changes are over: values made of stored columns alone, so that whoever has
//! the tables can make them again. `docs/chain.md` tells each, and `verify` reads them without this
//! code.
use serde::Serialize;
use serde_json::{Value, json, to_value};
use sha2::{Digest, Sha256};

use crate::{
    domain::{
        concession::{Concession, Terms},
        framework::Question,
        hex::hex,
        pace::Pace,
        thread::{Comment, Thread, ThreadId},
        translation::Translation,
    },
    store::{Appeal, Appointment, Decision, PublicNotice, Report, RoundRow},
};

/// A comment at one of its versions.
pub(super) fn comment(comment: &Comment) -> Value {
    let Comment {
        thread,
        parent,
        kind,
        body,
        html,
        language,
        state,
        created_at,
        edited_at,
        ..
    } = comment;
    let at = edited_at.unwrap_or(*created_at);
    json!({ "thread": thread, "parent": parent, "kind": kind, "body": body, "html": html, "language": language, "state": state,
        "created_at": created_at, "at": at })
}

/// A thread in a state.
pub(super) fn thread(thread: &Thread) -> Value {
    let Thread {
        point,
        concession,
        title,
        state,
        created_at,
        ..
    } = thread;
    let value = json!({ "point": point, "concession": concession, "title": title, "state": state, "created_at": created_at });
    with(value, "merged_into", thread.united())
}

/// A value with a field that not every object of its kind has.
fn with(mut value: Value, field: &str, id: Option<ThreadId>) -> Value {
    if let Some(id) = id {
        value[field] = json!(id);
    }
    value
}

/// A card at one of its versions, without its translations.
pub(super) fn card(card: &Concession) -> Value {
    let Concession {
        question,
        terms,
        sources,
        html,
        state,
        material,
        created_at,
        edited_at,
        merged_into,
        sample,
        grew_out_of,
        ..
    } = card;
    let Terms {
        title,
        body,
        in_return,
        verifier,
        trigger,
        receivers,
        category,
        points,
        language,
    } = terms;
    let at = edited_at.unwrap_or(*created_at);
    let mut value = json!({ "question": question, "title": title, "body": body, "html": html, "in_return": in_return, "verifier": verifier,
        "deadline": trigger, "receivers": receivers, "category": category, "points": points, "sources": sources,
        "language": language, "state": state, "material": material, "merged_into": merged_into, "sample": sample,
        "created_at": created_at, "at": at });
    // Left out where there is none, as before there were any.
    if let Some(card) = grew_out_of {
        value["grew_out_of"] = json!(card);
    }
    value
}

/// One translation of a card, in a state.
pub(super) fn translation(translation: &Translation) -> Value {
    let Translation {
        id,
        language,
        version,
        title,
        body,
        html,
        in_return,
        verifier,
        trigger,
        state,
        at,
        ..
    } = translation;
    json!({ "translation": id, "language": language, "version": version, "title": title, "body": body, "html": html,
        "in_return": in_return, "verifier": verifier, "deadline": trigger, "state": state, "at": at })
}

/// A decision in a state, without the people in it but for an account it is about.
pub(super) fn decision(decision: &Decision) -> Value {
    let Decision {
        object,
        action,
        rule,
        facts,
        until,
        automated,
        target,
        point,
        title,
        state,
        at,
        ..
    } = decision;
    let value = json!({ "kind": object.kind(), "object": object.id(), "action": action, "rule": rule, "facts": facts, "until": until,
        "automated": automated, "target": target, "point": point, "title": title, "state": state, "at": at });
    with(value, "into_thread", decision.into_thread)
}

/// An appeal when it is made.
pub(super) fn appeal(appeal: &Appeal) -> Value {
    let Appeal {
        decision,
        statement,
        at,
        ..
    } = appeal;
    json!({ "decision": decision, "statement": statement, "at": at })
}

/// What was answered to an appeal. Its words are no part of it: they may go with their author.
pub(super) fn answered_appeal(appeal: &Appeal) -> Value {
    let Appeal {
        decision,
        state,
        answer,
        decided_at,
        ..
    } = appeal;
    json!({ "decision": decision, "state": state, "answer": answer, "decided_at": decided_at })
}

/// A notice by somebody without an account.
pub(super) fn notice(notice: &PublicNotice) -> Value {
    let PublicNotice {
        object,
        reason,
        statement,
        contact,
        at,
        ..
    } = notice;
    json!({ "kind": object.kind(), "object": object.id(), "reason": reason, "statement": statement, "contact": contact, "at": at })
}

/// A report, without who sent it.
pub(super) fn report(report: &Report) -> Value {
    let Report {
        object,
        reason,
        note,
        at,
        ..
    } = report;
    json!({ "kind": object.kind(), "object": object.id(), "reason": reason, "note": note, "at": at })
}

/// An open round of a question.
pub(super) fn open_round(question: &Question) -> Value {
    let Question {
        state,
        round,
        reveal,
        opened_at,
        closes_at,
        ..
    } = question;
    json!({ "state": state, "round": round, "reveal": reveal, "opened_at": opened_at, "closes_at": closes_at })
}

/// A round that was closed, with what was published of it: its texts as they are stored, by their
/// SHA-256.
pub(super) fn closed_round(row: &RoundRow, leaves: &str) -> Value {
    let RoundRow {
        round,
        opened_at,
        closed_at,
        ballots,
        root,
        frozen,
        ..
    } = row;
    let result = serde_json::to_string(frozen).expect("what is frozen is JSON");
    let sum = |text: &str| hex(Sha256::digest(text));
    json!({ "state": "closed", "round": round, "opened_at": opened_at, "closed_at": closed_at, "ballots": ballots, "root": root,
        "leaves": sum(leaves), "result": sum(&result) })
}

/// Whether posting is paused in a framework.
pub(super) fn paused(paused: bool) -> Value {
    json!({ "paused": paused })
}

/// What slows a framework's debate down: the whole document.
pub(super) fn pace(pace: &Pace) -> Value {
    json!({ "pace": pace })
}

/// That a role was given, changed or taken, by alias.
pub(super) fn appointment(appointment: &Appointment) -> Value {
    let Appointment {
        alias,
        was,
        role,
        at,
        ..
    } = appointment;
    json!({ "alias": alias, "was": was, "role": role, "at": at })
}

/// Whether anyone may read a framework.
pub(super) fn public(public: bool) -> Value {
    json!({ "public": public })
}

/// Whether posting is paused everywhere.
pub(super) fn site_paused(paused: bool) -> Value {
    json!({ "site_paused": paused })
}

/// A ballot as its owner sees it. Nobody can make it again once it has changed: the commitments of
/// the round vouch for ballots.
pub(super) fn ballot(
    answers: &impl Serialize,
    tiers: &impl Serialize,
    accepts: &impl Serialize,
) -> Value {
    let value = |part: Result<Value, serde_json::Error>| part.expect("a ballot is JSON");
    json!({ "answers": value(to_value(answers)), "tiers": value(to_value(tiers)), "accepts": value(to_value(accepts)) })
}
