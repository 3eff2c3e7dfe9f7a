//! Which columns hold words and documents, as the source of `store/` says, and which words they may
//! hold.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::{harness::project, shape::rust_files};

/// The columns that the rows of `store/` read as words, or as documents: what stands behind the one
/// decoding door.
fn read_as(types: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in rust_files(&project().join("src/store")) {
        let text = fs::read_to_string(path).unwrap();
        for line in text.lines() {
            let line = line.trim();
            let field = ["pub ", "pub(super) ", "pub(crate) "]
                .iter()
                .find_map(|seen| line.strip_prefix(seen))
                .unwrap_or(line);
            let Some((name, of)) = field.split_once(": ") else {
                continue;
            };
            let of = of.trim_start_matches("Option<");
            if name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                && types.iter().any(|one| of.starts_with(&format!("{one}<")))
            {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

pub fn words() -> BTreeSet<String> {
    let mut words = read_as(&["Word"]);
    // Read by a query of its own.
    words.insert("restores_to".into());
    words
}

pub fn documents() -> BTreeSet<String> {
    read_as(&["Doc", "Docs"])
}

#[test]
fn every_column_that_holds_words_or_documents_is_read_through_the_one_door() {
    // The sample rows of the migrations hold every column: what looks like JSON there must be known
    // as a document.
    let documents = documents();
    let known: BTreeSet<&str> = [
        "kind",
        "state",
        "role",
        "action",
        "reason",
        "held_by",
        "step",
        "acceptance",
        "status",
        "was",
        "posts",
    ]
    .into();
    assert!(
        known.iter().all(|word| words().contains(*word)),
        "{:?}",
        words()
    );
    for path in rust_files(&project().join("src/store")) {
        let text = fs::read_to_string(&path).unwrap();
        if !path.ends_with("words.rs")
            && !path.ends_with("lenient.rs")
            && !path.ends_with("export.rs")
        {
            assert!(
                !text.contains("serde_json::from_"),
                "{}: JSON of a column is read by `Doc` or `Docs`",
                path.display()
            );
        }
    }
    for name in [
        "parties",
        "camps",
        "legends",
        "pace",
        "lineage",
        "positions",
        "sources",
        "prompt",
        "because",
        "remit",
        "previous",
        "result",
        "tiers",
    ] {
        assert!(documents.contains(name), "{name}: {documents:?}");
    }
}

/// The words of each enum that stands in a column, from the source.
fn words_by_type() -> BTreeMap<String, String> {
    let files = ["src/domain", "src/store"]
        .iter()
        .flat_map(|folder| rust_files(&project().join(folder)));
    let texts: Vec<String> = files
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let stored = texts
        .iter()
        .flat_map(|text| text.split("Word<").skip(1))
        .filter_map(|rest| rest.split_once('>'))
        .map(|(name, _)| name);
    let stored: BTreeSet<&str> = stored
        .filter(|name| name.len() > 1 && name.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    let snake = |variant: &str| {
        let parts = variant.char_indices().map(|(at, c)| {
            if at > 0 && c.is_ascii_uppercase() {
                format!("_{c}")
            } else {
                c.to_string()
            }
        });
        parts.collect::<String>().to_lowercase()
    };
    let words = |name: &str| -> Vec<String> {
        let body = texts
            .iter()
            .find_map(|text| {
                text.split_once(&format!("pub enum {name} {{\n"))?
                    .1
                    .split_once("\n}")
            })
            .map(|(body, _)| body);
        let lines = body
            .unwrap_or_else(|| panic!("{name} is an enum of domain/ or store/"))
            .lines();
        lines
            .filter_map(|line| line.trim().strip_suffix(','))
            .filter(|word| word.chars().all(char::is_alphanumeric))
            .map(snake)
            .collect()
    };
    stored
        .into_iter()
        .map(|name| (name.to_owned(), words(name).join(" ")))
        .collect()
}

#[test]
fn no_word_is_added_to_a_column_that_nodes_of_the_version_before_read() {
    let kept = fs::read_to_string(project().join("tests/data/words.txt")).unwrap();
    let now: String = words_by_type()
        .iter()
        .map(|(name, words)| format!("{name}: {words}\n"))
        .collect();
    assert_eq!(
        kept, now,
        "a new word belongs into a new column: see \"Adding a migration\" in CONTRIBUTING.md. Only a new column's type may be added here"
    );
}
