//! A framework's file: its parties and viewpoints, its revisions, how they belong together, and its
//! questions.
use std::collections::BTreeSet;

use super::{keys, names, numbers, shown_names, sources};
use crate::{
    domain::framework::Relation,
    service::import::document::{Document, Node},
};

/// A framework's file.
pub fn framework(document: &mut Document<'_>, root: &Node<'_>) {
    let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if root
        .text("slug")
        .is_some_and(|text| text.is_empty() || text.len() > 60 || !text.chars().all(slug))
    {
        document.fault_of(
            root,
            "slug",
            "1 to 60 lower-case letters, digits and hyphens.",
        );
    }
    let camps = keys(document, root.list("camps"), "key");
    shown_names(document, root.list("camps"));
    if !root.list("camps").iter().any(|camp| {
        camp.get("in_score")
            .is_some_and(|counts| counts.raw == "true")
    }) {
        document.fault_of(root, "camps", "At least one camp must have in_score: true.");
    }
    let parties = keys(document, root.list("parties"), "key");
    shown_names(document, root.list("parties"));
    for party in root.list("parties") {
        names(document, party, "camp", "camp", &camps);
    }
    let mut points = revisions(document, root, &parties);
    let last = points.pop().unwrap_or_default();
    lineage(document, root, &points.pop().unwrap_or_default(), &last);
    keys(document, root.list("questions"), "key");
    for question in root.list("questions") {
        names(
            document,
            question,
            "point",
            "point in the last revision of the number",
            &last,
        );
        names(document, question, "giver", "party", &parties);
    }
}

/// The revisions in order; the numbers of each one's points.
fn revisions(
    document: &mut Document<'_>,
    root: &Node<'_>,
    parties: &BTreeSet<String>,
) -> Vec<BTreeSet<String>> {
    let mut points = vec![];
    for (at, revision) in root.list("revisions").iter().enumerate() {
        if revision
            .get("number")
            .is_some_and(|number| number.raw != (at + 1).to_string())
        {
            document.fault_of(
                revision,
                "number",
                "Revisions are numbered from 1, oldest first.",
            );
        }
        points.push(keys(document, revision.list("points"), "number"));
        for point in revision.list("points") {
            sources(document, point);
            // A page shows one statement of each party.
            keys(document, point.list("positions"), "party");
            for position in point.list("positions") {
                names(document, position, "party", "party", parties);
                sources(document, position);
            }
        }
    }
    points
}

/// How the points of the last two revisions belong together.
fn lineage(
    document: &mut Document<'_>,
    root: &Node<'_>,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) {
    let mut seen = BTreeSet::new();
    for entry in root.list("lineage") {
        let said = ["relation", "from", "to"].map(|field| {
            entry
                .get(field)
                .and_then(Node::read::<serde_json::Value>)
                .map(|value| value.to_string())
        });
        if !seen.insert(said) {
            document.fault(entry, "This stands twice.");
        }
        numbers(
            document,
            entry,
            "from",
            "The revision before the last",
            before,
        );
        numbers(document, entry, "to", "The last revision", after);
        let Some(relation) = entry.get("relation").and_then(Node::read::<Relation>) else {
            continue;
        };
        for (field, none) in [
            ("from", relation == Relation::New),
            ("to", relation == Relation::Dropped),
        ] {
            if entry.get(field).is_some() && entry.list(field).is_empty() != none {
                document.fault_of(
                    entry,
                    field,
                    if none {
                        "Must be empty for this relation."
                    } else {
                        "Must name a point for this relation."
                    },
                );
            }
        }
    }
}
