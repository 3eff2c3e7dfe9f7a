//! The map of OWASP ASVS in docs/security.md: it leaves out nothing of levels 1 and 2, and what it
//! names is there.
use std::{collections::BTreeMap, fs};

use crate::{harness::project, shape::rust_files};

/// The requirements of levels 1 and 2 of OWASP ASVS 5.0.0, by section. V10 (OAuth) and V17 (WebRTC)
/// are about what is not here.
const REQUIRED: &[(&str, &[u8])] = &[
    ("1.1", &[1, 2]),
    ("1.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("1.3", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("1.4", &[1, 2, 3]),
    ("1.5", &[1, 2]),
    ("2.1", &[1, 2, 3]),
    ("2.2", &[1, 2, 3]),
    ("2.3", &[1, 2, 3, 4]),
    ("2.4", &[1]),
    ("3.2", &[1, 2]),
    ("3.3", &[1, 2, 3, 4]),
    ("3.4", &[1, 2, 3, 4, 5, 6]),
    ("3.5", &[1, 2, 3, 4, 5]),
    ("3.7", &[1, 2]),
    ("4.1", &[1, 2, 3]),
    ("4.2", &[1]),
    ("4.3", &[1, 2]),
    ("4.4", &[1, 2, 3, 4]),
    ("5.1", &[1]),
    ("5.2", &[1, 2, 3]),
    ("5.3", &[1, 2]),
    ("5.4", &[1, 2, 3]),
    ("6.1", &[1, 2, 3]),
    ("6.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("6.3", &[1, 2, 3, 4]),
    ("6.4", &[1, 2, 3, 4]),
    ("6.5", &[1, 2, 3, 4, 5]),
    ("6.6", &[1, 2, 3]),
    ("6.8", &[1, 2, 3, 4]),
    ("7.1", &[1, 2, 3]),
    ("7.2", &[1, 2, 3, 4]),
    ("7.3", &[1, 2]),
    ("7.4", &[1, 2, 3, 4, 5]),
    ("7.5", &[1, 2]),
    ("7.6", &[1, 2]),
    ("8.1", &[1, 2]),
    ("8.2", &[1, 2, 3]),
    ("8.3", &[1]),
    ("8.4", &[1]),
    ("9.1", &[1, 2, 3]),
    ("9.2", &[1, 2, 3, 4]),
    ("11.1", &[1, 2]),
    ("11.2", &[1, 2, 3]),
    ("11.3", &[1, 2, 3]),
    ("11.4", &[1, 2, 3, 4]),
    ("11.5", &[1]),
    ("11.6", &[1]),
    ("12.1", &[1, 2, 3]),
    ("12.2", &[1, 2]),
    ("12.3", &[1, 2, 3, 4]),
    ("13.1", &[1]),
    ("13.2", &[1, 2, 3, 4, 5]),
    ("13.3", &[1, 2]),
    ("13.4", &[1, 2, 3, 4, 5]),
    ("14.1", &[1, 2]),
    ("14.2", &[1, 2, 3, 4]),
    ("14.3", &[1, 2, 3]),
    ("15.1", &[1, 2, 3]),
    ("15.2", &[1, 2, 3]),
    ("15.3", &[1, 2, 3, 4, 5, 6, 7]),
    ("16.1", &[1]),
    ("16.2", &[1, 2, 3, 4, 5]),
    ("16.3", &[1, 2, 3, 4]),
    ("16.4", &[1, 2, 3]),
    ("16.5", &[1, 2, 3]),
];

fn page() -> String {
    fs::read_to_string(project().join("docs/security.md")).unwrap()
}

/// The rows of the map: what stands in the first column, and the whole.
fn rows(page: &str) -> Vec<(&str, &str)> {
    let map = &page[page.find("## OWASP ASVS").expect("the page has the map")..];
    let lines = map
        .lines()
        .filter_map(|line| Some((line.strip_prefix("| ")?.split_once(" | ")?.0, line)));
    lines
        .filter(|(ids, _)| ids.starts_with(|c: char| c.is_ascii_digit()))
        .collect()
}

/// The ids of a first column: `1.2.6 to 1.2.8, 1.3.8`.
fn ids(column: &str) -> Vec<(String, u8)> {
    let one = |id: &str| -> (String, u8) {
        let (section, number) = id
            .trim()
            .rsplit_once('.')
            .unwrap_or_else(|| panic!("{column}: {id}"));
        (
            section.to_owned(),
            number.parse().unwrap_or_else(|_| panic!("{column}: {id}")),
        )
    };
    let part = |part: &str| match part.split_once(" to ") {
        Some((first, last)) => {
            let ((section, first), (other, last)) = (one(first), one(last));
            assert_eq!(section, other, "{column}");
            (first..=last)
                .map(|number| (section.clone(), number))
                .collect()
        }
        None => vec![one(part)],
    };
    column.split(", ").flat_map(part).collect()
}

#[test]
fn the_map_of_asvs_has_every_id_of_levels_one_and_two_once_and_no_other() {
    let page = page();
    let mut told = BTreeMap::<(String, u8), usize>::new();
    for (column, _) in rows(&page) {
        for id in ids(column) {
            *told.entry(id).or_default() += 1;
        }
    }
    let required = REQUIRED.iter().flat_map(|(section, numbers)| {
        numbers
            .iter()
            .map(|number| (String::from(*section), *number))
    });
    let missing: Vec<_> = required.filter(|id| told.remove(id) != Some(1)).collect();
    assert!(missing.is_empty(), "missing, or there twice: {missing:?}");
    assert!(told.is_empty(), "of no or a higher level: {told:?}");
}

#[test]
fn every_test_that_the_map_of_asvs_names_is_there() {
    let page = page();
    let sources: String = ["src", "tests/it"]
        .iter()
        .flat_map(|folder| rust_files(&project().join(folder)))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut named = 0;
    for (_, row) in rows(&page) {
        for name in row
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| name.contains('_') && !name.contains(['.', '/', ' ']))
        {
            let there = [format!("fn {name}("), format!("mod {name} {{")]
                .iter()
                .any(|test| sources.contains(test));
            assert!(there, "{name} is no test: {row}");
            named += 1;
        }
    }
    assert!(named > 100, "the map names tests: {named}");
}

#[test]
fn every_key_that_the_site_keeps_stands_in_the_table_of_keys() {
    let page = page();
    let table = page
        .split("### Keys")
        .nth(1)
        .and_then(|rest| rest.split("\n### ").next())
        .expect("the page has the table");
    let started = fs::read_to_string(project().join("src/service/node.rs")).unwrap();
    let kept: Vec<&str> = started
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|word| word.ends_with("_key"))
        .collect();
    assert!(kept.len() >= 4, "{kept:?}");
    for key in kept.into_iter().chain(["chain.key"]) {
        assert!(table.contains(&format!("`{key}`")), "{key}");
    }
}
