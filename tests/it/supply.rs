//! What is built into the program: licences, crates and sources, by the lists in deny.toml, for the
//! platform the tests run on.
use std::{fs, process::Command};

use serde_json::Value;

use crate::harness::project;

/// The strings of a list in deny.toml.
fn list(name: &str) -> Vec<String> {
    let text = fs::read_to_string(project().join("deny.toml")).unwrap();
    let begun = text
        .split_once(&format!("\n{name} = ["))
        .unwrap_or_else(|| panic!("{name} in deny.toml"))
        .1;
    begun
        .split_once(']')
        .unwrap()
        .0
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Whether an SPDX expression holds when just these licences are taken. An exception only adds
/// rights, and `/` is how it was written before SPDX.
fn allows(allowed: &[String], expression: &str) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any(allowed, &mut words)
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(allowed: &[String], words: &mut Words<'_>) -> bool {
    let mut holds = all(allowed, words);
    while words.next_if_eq(&"OR").is_some() {
        holds |= all(allowed, words);
    }
    holds
}

fn all(allowed: &[String], words: &mut Words<'_>) -> bool {
    let mut holds = one(allowed, words);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(allowed, words);
    }
    holds
}

fn one(allowed: &[String], words: &mut Words<'_>) -> bool {
    let word = words.next().expect("a licence");
    if word == "(" {
        let holds = any(allowed, words);
        assert_eq!(words.next(), Some(")"));
        return holds;
    }
    if words.next_if_eq(&"WITH").is_some() {
        words.next();
    }
    allowed.iter().any(|licence| licence == word)
}

#[test]
fn an_expression_holds_by_the_licences_that_are_allowed() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for (expression, holds) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("(GPL-3.0 AND MIT) OR BSD", false),
        ("GPL-3.0 OR MIT AND BSD", false),
        ("MIT WITH some-exception OR GPL-3.0", true),
    ] {
        assert_eq!(allows(&allowed, expression), holds, "{expression}");
    }
}

#[test]
fn what_is_built_in_has_a_licence_and_a_source_that_are_allowed() {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap();
    let arguments = [
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        host,
    ];
    let asked = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(project())
        .output()
        .unwrap();
    assert!(
        asked.status.success(),
        "{}",
        String::from_utf8_lossy(&asked.stderr)
    );
    let metadata: Value = serde_json::from_slice(&asked.stdout).unwrap();
    let (licences, registries, denied) = (list("allow"), list("allow-registry"), list("deny"));
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 200, "{}", packages.len());
    for package in packages {
        let (name, licence) = (
            package["name"].as_str().unwrap(),
            package["license"].as_str().unwrap_or_default(),
        );
        assert!(
            !licence.is_empty() && allows(&licences, licence),
            "{name}: {licence:?}"
        );
        assert!(
            !denied.iter().any(|other| other == name),
            "{name} is denied"
        );
        let Some(source) = package["source"].as_str() else {
            assert_eq!(name, "demarche", "everything else comes from a registry");
            continue;
        };
        assert!(
            registries
                .iter()
                .any(|registry| source == format!("registry+{registry}")),
            "{name}: {source}"
        );
    }
}
