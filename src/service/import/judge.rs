//! What the fields of a file mean together: what names something names what is there, and what must
//! stand once stands once.
mod framework;
mod sample;

use std::collections::BTreeSet;

pub(super) use self::{framework::framework, sample::sample};
use crate::{
    domain::{
        framework::Source,
        scope::{Verdict, judge_terms},
        text::{Check, Fault, LANGUAGES},
    },
    service::import::{
        document::{Document, Node},
        files::CardFile,
        put::{Target, terms},
        translations,
    },
};

/// The keys of a list's entries, each of which may stand once.
fn keys(document: &mut Document<'_>, nodes: &[Node<'_>], field: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for node in nodes {
        if let Some(key) = node
            .get(field)
            .map(|key| key.read::<String>().unwrap_or_else(|| key.raw.to_owned()))
        {
            if seen.contains(&key) {
                document.fault_of(node, field, format!("{key} stands twice."));
            }
            seen.insert(key);
        }
    }
    seen
}

/// The names readers see of a list's entries, each of which may stand once.
fn shown_names(document: &mut Document<'_>, nodes: &[Node<'_>]) {
    for language in LANGUAGES {
        let mut seen = BTreeSet::new();
        for node in nodes {
            let Some(name) = node.get("name").and_then(|name| name.text(language)) else {
                continue;
            };
            if !seen.insert(name.trim().to_lowercase()) {
                document.fault_of(
                    node,
                    &format!("name.{language}"),
                    format!("{name} stands twice."),
                );
            }
        }
    }
}

/// What a field names must be among what is known.
fn names(
    document: &mut Document<'_>,
    node: &Node<'_>,
    field: &str,
    what: &str,
    known: &BTreeSet<String>,
) {
    let named = node
        .get(field)
        .and_then(Node::read::<serde_json::Value>)
        .filter(|value| !value.is_null());
    let named = named.map(|value| value.as_str().map_or_else(|| value.to_string(), Into::into));
    if let Some(key) = named.filter(|key| !known.contains(key)) {
        document.fault_of(node, field, format!("There is no {what} {key}."));
    }
}

/// Numbers in a list must be among what is known, each once.
fn numbers(
    document: &mut Document<'_>,
    node: &Node<'_>,
    field: &str,
    what: &str,
    known: &BTreeSet<String>,
) {
    let mut seen = BTreeSet::new();
    for item in node.list(field) {
        if !known.contains(item.raw) {
            document.fault(item, format!("{what} has no point {}.", item.raw));
        } else if !seen.insert(item.raw) {
            document.fault(item, format!("{} stands twice.", item.raw));
        }
    }
}

/// Each source of a thing may stand once.
fn sources(document: &mut Document<'_>, node: &Node<'_>) {
    let mut seen = BTreeSet::new();
    for item in node.list("sources") {
        let Some(Source {
            url, outlet, date, ..
        }) = item.read()
        else {
            continue;
        };
        // Two outlets, or two days, are two sources.
        if !seen.insert((url, outlet, date)) {
            document.fault(item, "This source stands twice.");
        }
    }
}

/// Remembers faults that the rules found in a thing.
fn told(document: &mut Document<'_>, node: &Node<'_>, faults: Vec<Fault>) {
    for fault in faults {
        document.fault_of(node, &fault.field, fault.detail);
    }
}

/// The cards of a file, for a debate that is there.
pub(super) fn cards(document: &mut Document<'_>, root: &Node<'_>, target: &Target) {
    keys(document, root.list("cards"), "key");
    let questions: BTreeSet<String> = target.questions.keys().cloned().collect();
    for node in root.list("cards") {
        names(document, node, "question", "question", &questions);
        sources(document, node);
        let Some(card) = node.read::<CardFile>() else {
            continue;
        };
        let mut check = Check::default();
        let party = |key: &String| {
            target
                .framework
                .parties
                .iter()
                .any(|party| party.key == *key)
        };
        check.ensure(
            card.receivers.iter().all(party),
            "receivers",
            "invalid",
            "Keys of this framework's parties only.",
        );
        check.ensure(
            card.points
                .iter()
                .all(|number| target.points.contains(number)),
            "points",
            "invalid",
            "Numbers of the last revision only.",
        );
        let terms = terms(&card).checked(&mut check);
        told(document, node, check.finish().err().unwrap_or_default());
        let judged = judge_terms(&terms);
        if judged.verdict == Verdict::Stop {
            let field = judged
                .matches
                .first()
                .map_or("body", |found| found.field.as_str());
            document.fault_of(
                node,
                field,
                "This reads as giving away land or sovereignty: such a card does not stand here.",
            );
        }
        told(document, node, translations::faults(&card, judged.verdict));
    }
}
