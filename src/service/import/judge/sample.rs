//! A sample's file: who its people are, what they wrote, and what its readers answered.
use std::collections::{BTreeMap, BTreeSet};

use super::{keys, names, told};
use crate::{
    domain::{
        account,
        text::{self, Check},
    },
    service::{
        acts::comments::{self, Words},
        import::{
            document::{Document, Node},
            files::{self, AuthorFile, CommentFile},
            put::Target,
        },
    },
};

/// What a sample's threads and answers may name.
struct Known<'a> {
    target: &'a Target,
    camps: BTreeSet<String>,
    authors: BTreeSet<String>,
    /// How many readers each camp has.
    readers: BTreeMap<String, usize>,
    /// The cards of the file itself.
    cards: BTreeSet<String>,
}

/// The people, threads and answers of a sample; its cards are judged as others are.
pub fn sample(document: &mut Document<'_>, root: &Node<'_>, target: &Target) {
    let camps = target
        .framework
        .camps
        .iter()
        .map(|camp| camp.key.clone())
        .collect();
    let authors = authors(document, root, &camps);
    let readers = readers(document, root, &camps);
    let cards = cards(document, root, &authors);
    let known = Known {
        target,
        camps,
        authors,
        readers,
        cards,
    };
    threads(document, root, &known);
    answers(document, root, &known);
    point_answers(document, root, &known);
}

/// The people who write; their keys.
fn authors(
    document: &mut Document<'_>,
    root: &Node<'_>,
    camps: &BTreeSet<String>,
) -> BTreeSet<String> {
    let authors = keys(document, root.list("authors"), "key");
    let mut skeletons = BTreeSet::new();
    for node in root.list("authors") {
        names(document, node, "camp", "camp", camps);
        let Some(author) = node.read::<AuthorFile>() else {
            continue;
        };
        let mut check = Check::default();
        let (_, skeleton) = account::names::handle(&mut check, &author.handle, true);
        account::names::display_name(&mut check, author.display_name.as_deref());
        check.ensure(
            skeletons.insert(skeleton),
            "handle",
            "taken",
            "This name, or one that looks like it, stands twice.",
        );
        told(document, node, check.finish().err().unwrap_or_default());
    }
    authors
}

/// How many readers each camp brings.
fn readers(
    document: &mut Document<'_>,
    root: &Node<'_>,
    camps: &BTreeSet<String>,
) -> BTreeMap<String, usize> {
    let mut readers = BTreeMap::new();
    for (camp, count) in root.get("readers").map(Node::fields).unwrap_or_default() {
        readers.insert(camp.clone(), count.read::<usize>().unwrap_or_default());
        if !camps.contains(camp) {
            document.fault(count, format!("There is no camp {camp}."));
        }
    }
    readers
}

/// The cards, each by one of the people; their keys.
fn cards(
    document: &mut Document<'_>,
    root: &Node<'_>,
    authors: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut cards = BTreeSet::new();
    for node in root.list("cards") {
        cards.extend(node.text("key"));
        if node.get("author").is_none() {
            document.fault_of(node, "author", "A card of a sample has an author.");
        }
        names(document, node, "author", "author", authors);
    }
    cards
}

/// What the camps answer to cards, each card once.
fn answers(document: &mut Document<'_>, root: &Node<'_>, known: &Known<'_>) {
    let mut answered = BTreeSet::new();
    for node in root.list("answers") {
        let Some(camp) = of_readers(document, node, known) else {
            continue;
        };
        let Some(card) = node.text("card") else {
            continue;
        };
        let name = files::card_name(node.text("from").as_deref(), &card);
        if !known.cards.contains(&name) && !known.target.shipped.contains_key(&name) {
            document.fault_of(node, "card", format!("There is no card {name}."));
        }
        if !answered.insert((name, camp)) {
            document.fault(node, "The answers of this camp to this card stand twice.");
        }
    }
}

/// What the camps say of the questions' points, of each once.
fn point_answers(document: &mut Document<'_>, root: &Node<'_>, known: &Known<'_>) {
    let questions = known.target.questions.keys().cloned().collect();
    let mut answered = BTreeSet::new();
    for node in root.list("point_answers") {
        names(document, node, "question", "question", &questions);
        let Some(camp) = of_readers(document, node, known) else {
            continue;
        };
        if !answered.insert((node.text("question").unwrap_or_default(), camp)) {
            document.fault(
                node,
                "What this camp says of this question's point stands twice.",
            );
        }
    }
}

/// The camp of answers, which has as many readers.
fn of_readers(document: &mut Document<'_>, node: &Node<'_>, known: &Known<'_>) -> Option<String> {
    names(document, node, "camp", "camp", &known.camps);
    let camp = node.text("camp")?;
    if node.list("given").len() > known.readers.get(&camp).copied().unwrap_or_default() {
        document.fault_of(
            node,
            "given",
            format!("There are fewer readers of {camp} than answers."),
        );
    }
    Some(camp)
}

/// The threads: where each stands, and what is said in it.
fn threads(document: &mut Document<'_>, root: &Node<'_>, known: &Known<'_>) {
    keys(document, root.list("threads"), "key");
    let points: BTreeSet<String> = known
        .target
        .points
        .iter()
        .map(ToString::to_string)
        .collect();
    let mut seen = BTreeSet::new();
    for thread in root.list("threads") {
        names(
            document,
            thread,
            "point",
            "point in the last revision of the number",
            &points,
        );
        names(document, thread, "card", "card", &known.cards);
        names(document, thread, "author", "author", &known.authors);
        let given = |field: &str| thread.get(field).is_some_and(|node| node.raw != "null");
        if given("point") == given("card") {
            document.fault(thread, "A thread belongs to a point or to a proposal.");
        }
        if let Some(title) = thread.text("title") {
            let mut check = Check::default();
            check.line("title", &title, text::TITLE);
            told(document, thread, check.finish().err().unwrap_or_default());
        }
        comments(document, thread, &known.authors, &mut seen);
    }
}

/// The comments of a thread, whose keys stand nowhere else in the file.
fn comments(
    document: &mut Document<'_>,
    thread: &Node<'_>,
    authors: &BTreeSet<String>,
    seen: &mut BTreeSet<String>,
) {
    let mut here = BTreeSet::new();
    for (at, node) in thread.list("comments").iter().enumerate() {
        names(document, node, "author", "author", authors);
        names(
            document,
            node,
            "parent",
            "earlier comment in this thread of the key",
            &here,
        );
        if at == 0
            && node
                .text("author")
                .is_some_and(|author| Some(author) != thread.text("author"))
        {
            document.fault_of(
                node,
                "author",
                "The first comment is by the thread's author.",
            );
        }
        let Some(comment) = node.read::<CommentFile>() else {
            continue;
        };
        if !seen.insert(comment.key.clone()) {
            document.fault_of(node, "key", format!("{} stands twice.", comment.key));
        }
        here.insert(comment.key);
        let mut check = Check::default();
        comments::checked(
            &mut check,
            &Words {
                body: comment.body,
                kind: comment.kind,
                language: Some(comment.language),
            },
        );
        told(document, node, check.finish().err().unwrap_or_default());
    }
}
