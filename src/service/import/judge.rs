//! What the fields of a file mean together: what names something names what is there, and what must stand once stands once.
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    domain::{
        account::names,
        framework::{Relation, Source},
        scope::{Verdict, judge_terms},
        text::{self, Check, Fault, LANGUAGES},
    },
    service::{
        acts::comments::{self, Words},
        import::{
            document::{Document, Node},
            files::{self, AuthorFile, CardFile, CommentFile},
            put::Place,
            translations,
        },
    },
};

/// The keys of a list's entries, each of which may stand once.
fn keys(document: &mut Document<'_>, nodes: &[Node<'_>], field: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for node in nodes {
        if let Some(key) = node.get(field).map(|key| key.read::<String>().unwrap_or_else(|| key.raw.to_owned())) {
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
            let Some(name) = node.get("name").and_then(|name| name.text(language)) else { continue };
            if !seen.insert(name.trim().to_lowercase()) {
                document.fault_of(node, &format!("name.{language}"), format!("{name} stands twice."));
            }
        }
    }
}

/// What a field names must be among what is known.
fn names(document: &mut Document<'_>, node: &Node<'_>, field: &str, what: &str, known: &BTreeSet<String>) {
    let named = node.get(field).and_then(Node::read::<serde_json::Value>).filter(|value| !value.is_null());
    let named = named.map(|value| value.as_str().map_or_else(|| value.to_string(), Into::into));
    if let Some(key) = named.filter(|key| !known.contains(key)) {
        document.fault_of(node, field, format!("There is no {what} {key}."));
    }
}

/// Numbers in a list must be among what is known, each once.
fn numbers(document: &mut Document<'_>, node: &Node<'_>, field: &str, what: &str, known: &BTreeSet<String>) {
    let mut seen = BTreeSet::new();
    for item in node.list(field) {
        if !known.contains(item.raw) {
            document.fault(item, format!("{what} has no point {}.", item.raw));
        } else if !seen.insert(item.raw) {
            document.fault(item, format!("{} stands twice.", item.raw));
        }
    }
}

fn sources(document: &mut Document<'_>, node: &Node<'_>) {
    let mut seen = BTreeSet::new();
    for item in node.list("sources") {
        let Some(Source { url, outlet, date, .. }) = item.read() else { continue };
        // Two outlets, or two days, are two sources.
        if !seen.insert((url, outlet, date)) {
            document.fault(item, "This source stands twice.");
        }
    }
}

fn told(document: &mut Document<'_>, node: &Node<'_>, faults: Vec<Fault>) {
    for fault in faults {
        document.fault_of(node, &fault.field, fault.detail);
    }
}

/// A framework's file.
pub(super) fn framework(document: &mut Document<'_>, root: &Node<'_>) {
    let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if root.text("slug").is_some_and(|text| text.is_empty() || text.len() > 60 || !text.chars().all(slug)) {
        document.fault_of(root, "slug", "1 to 60 lower-case letters, digits and hyphens.");
    }
    let camps = keys(document, root.list("camps"), "key");
    shown_names(document, root.list("camps"));
    if !root.list("camps").iter().any(|camp| camp.get("in_score").is_some_and(|counts| counts.raw == "true")) {
        document.fault_of(root, "camps", "At least one camp must have in_score: true.");
    }
    let parties = keys(document, root.list("parties"), "key");
    shown_names(document, root.list("parties"));
    for party in root.list("parties") {
        names(document, party, "camp", "camp", &camps);
    }
    let mut points = vec![];
    for (at, revision) in root.list("revisions").iter().enumerate() {
        if revision.get("number").is_some_and(|number| number.raw != (at + 1).to_string()) {
            document.fault_of(revision, "number", "Revisions are numbered from 1, oldest first.");
        }
        points.push(keys(document, revision.list("points"), "number"));
        for point in revision.list("points") {
            sources(document, point);
            // A page shows one statement of each party.
            keys(document, point.list("positions"), "party");
            for position in point.list("positions") {
                names(document, position, "party", "party", &parties);
                sources(document, position);
            }
        }
    }
    let last = points.pop().unwrap_or_default();
    lineage(document, root, &points.pop().unwrap_or_default(), &last);
    keys(document, root.list("questions"), "key");
    for question in root.list("questions") {
        names(document, question, "point", "point in the last revision of the number", &last);
        names(document, question, "giver", "party", &parties);
    }
}

fn lineage(document: &mut Document<'_>, root: &Node<'_>, before: &BTreeSet<String>, after: &BTreeSet<String>) {
    let mut seen = BTreeSet::new();
    for entry in root.list("lineage") {
        let said = ["relation", "from", "to"].map(|field| entry.get(field).and_then(Node::read::<serde_json::Value>).map(|value| value.to_string()));
        if !seen.insert(said) {
            document.fault(entry, "This stands twice.");
        }
        numbers(document, entry, "from", "The revision before the last", before);
        numbers(document, entry, "to", "The last revision", after);
        let Some(relation) = entry.get("relation").and_then(Node::read::<Relation>) else { continue };
        for (field, none) in [("from", relation == Relation::New), ("to", relation == Relation::Dropped)] {
            if entry.get(field).is_some() && entry.list(field).is_empty() != none {
                document.fault_of(entry, field, if none { "Must be empty for this relation." } else { "Must name a point for this relation." });
            }
        }
    }
}

/// The cards of a file, for a place that is there.
pub(super) fn cards(document: &mut Document<'_>, root: &Node<'_>, place: &Place) {
    keys(document, root.list("cards"), "key");
    let questions: BTreeSet<String> = place.questions.keys().cloned().collect();
    for node in root.list("cards") {
        names(document, node, "question", "question", &questions);
        sources(document, node);
        let Some(card) = node.read::<CardFile>() else { continue };
        let mut check = Check::default();
        let party = |key: &String| place.framework.parties.iter().any(|party| party.key == *key);
        check.ensure(card.receivers.iter().all(party), "receivers", "invalid", "Keys of this framework's parties only.");
        check.ensure(card.points.iter().all(|number| place.points.contains(number)), "points", "invalid", "Numbers of the last revision only.");
        let terms = crate::service::import::put::terms(&card).checked(&mut check);
        told(document, node, check.finish().err().unwrap_or_default());
        let judged = judge_terms(&terms);
        if judged.verdict == Verdict::Stop {
            let field = judged.matches.first().map_or("body", |found| found.field.as_str());
            document.fault_of(node, field, "This reads as giving away land or sovereignty: such a card does not stand here.");
        }
        told(document, node, translations::faults(&card, judged.verdict));
    }
}

/// The people, threads and answers of a sample; its cards are judged as others are.
pub(super) fn sample(document: &mut Document<'_>, root: &Node<'_>, place: &Place) {
    let camps: BTreeSet<String> = place.framework.camps.iter().map(|camp| camp.key.clone()).collect();
    let authors = keys(document, root.list("authors"), "key");
    let mut skeletons = BTreeSet::new();
    for node in root.list("authors") {
        names(document, node, "camp", "camp", &camps);
        let Some(author) = node.read::<AuthorFile>() else { continue };
        let mut check = Check::default();
        let (_, skeleton) = names::handle(&mut check, &author.handle, true);
        names::display_name(&mut check, author.display_name.as_deref());
        check.ensure(skeletons.insert(skeleton), "handle", "taken", "This name, or one that looks like it, stands twice.");
        told(document, node, check.finish().err().unwrap_or_default());
    }
    let mut readers = BTreeMap::new();
    for (camp, count) in root.get("readers").map(Node::fields).unwrap_or_default() {
        readers.insert(camp.clone(), count.read::<usize>().unwrap_or_default());
        if !camps.contains(camp) {
            document.fault(count, format!("There is no camp {camp}."));
        }
    }
    let mut cards = BTreeSet::new();
    for node in root.list("cards") {
        cards.extend(node.text("key"));
        if node.get("author").is_none() {
            document.fault_of(node, "author", "A card of a sample has an author.");
        }
        names(document, node, "author", "author", &authors);
    }
    threads(document, root, place, (&authors, &cards));
    let mut answered = BTreeSet::new();
    for node in root.list("answers") {
        let Some(camp) = of_readers(document, node, &camps, &readers) else { continue };
        let Some(card) = node.text("card") else { continue };
        let name = files::card_name(node.text("from").as_deref(), &card);
        if !cards.contains(&name) && !place.shipped.contains_key(&name) {
            document.fault_of(node, "card", format!("There is no card {name}."));
        }
        if !answered.insert((name, camp)) {
            document.fault(node, "The answers of this camp to this card stand twice.");
        }
    }
    let questions = place.questions.keys().cloned().collect();
    for node in root.list("point_answers") {
        names(document, node, "question", "question", &questions);
        let Some(camp) = of_readers(document, node, &camps, &readers) else { continue };
        if !answered.insert((format!("question {}", node.text("question").unwrap_or_default()), camp)) {
            document.fault(node, "What this camp says of this question's point stands twice.");
        }
    }
}

/// The camp of answers, which has as many readers.
fn of_readers(document: &mut Document<'_>, node: &Node<'_>, camps: &BTreeSet<String>, readers: &BTreeMap<String, usize>) -> Option<String> {
    names(document, node, "camp", "camp", camps);
    let camp = node.text("camp")?;
    if node.list("given").len() > readers.get(&camp).copied().unwrap_or_default() {
        document.fault_of(node, "given", format!("There are fewer readers of {camp} than answers."));
    }
    Some(camp)
}

fn threads(document: &mut Document<'_>, root: &Node<'_>, place: &Place, (authors, cards): (&BTreeSet<String>, &BTreeSet<String>)) {
    keys(document, root.list("threads"), "key");
    let points: BTreeSet<String> = place.points.iter().map(ToString::to_string).collect();
    let mut comments = BTreeSet::new();
    for thread in root.list("threads") {
        names(document, thread, "point", "point in the last revision of the number", &points);
        names(document, thread, "card", "card", cards);
        names(document, thread, "author", "author", authors);
        let given = |field: &str| thread.get(field).is_some_and(|node| node.raw != "null");
        if given("point") == given("card") {
            document.fault(thread, "A thread belongs to a point or to a proposal.");
        }
        if let Some(title) = thread.text("title") {
            let mut check = Check::default();
            check.line("title", &title, text::TITLE);
            told(document, thread, check.finish().err().unwrap_or_default());
        }
        let mut here = BTreeSet::new();
        for (at, node) in thread.list("comments").iter().enumerate() {
            names(document, node, "author", "author", authors);
            names(document, node, "parent", "earlier comment in this thread of the key", &here);
            if at == 0 && node.text("author").is_some_and(|author| Some(author) != thread.text("author")) {
                document.fault_of(node, "author", "The first comment is by the thread's author.");
            }
            let Some(comment) = node.read::<CommentFile>() else { continue };
            if !comments.insert(comment.key.clone()) {
                document.fault_of(node, "key", format!("{} stands twice.", comment.key));
            }
            here.insert(comment.key);
            let mut check = Check::default();
            comments::checked(&mut check, &Words { body: comment.body, kind: comment.kind, language: Some(comment.language) });
            told(document, node, check.finish().err().unwrap_or_default());
        }
    }
}
