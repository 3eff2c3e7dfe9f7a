//! The pages of words say each thing once: a merge that keeps both sides of a paragraph fails here.
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use crate::harness::project;

/// How much of two paragraphs' beginnings has to be the same for them to be one paragraph twice, in
/// letters and digits.
const ALIKE: usize = 40;

fn pages() -> Vec<PathBuf> {
    let folders = ["", "docs", "docs/recount", "pages"].map(|folder| project().join(folder));
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap().flatten())
        .map(|entry| entry.path());
    let mut pages: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// A paragraph, a list's entry or a table's row, with its line and the heading above it.
struct Part {
    line: usize,
    heading: String,
    text: String,
}

fn parts(page: &str) -> Vec<Part> {
    let (mut fenced, mut heading, mut parts) = (false, String::new(), vec![]);
    for (number, line) in page.lines().enumerate() {
        if line.starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        if line.starts_with('#') {
            line.clone_into(&mut heading);
        } else if !line.trim().is_empty() && !line.starts_with("|--") {
            parts.push(Part {
                line: number + 1,
                heading: heading.clone(),
                text: line.trim().to_owned(),
            });
        }
    }
    parts
}

/// What a paragraph begins with, without marks and case.
fn beginning(text: &str) -> Option<String> {
    let begins: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(ALIKE)
        .collect();
    (begins.chars().count() == ALIKE).then_some(begins)
}

/// The words in bold that a paragraph or an entry begins with.
fn lead(text: &str) -> Option<String> {
    let marked = text.strip_prefix("* ").or_else(|| text.strip_prefix("- "));
    let numbered = text
        .split_once(". ")
        .filter(|(number, _)| number.chars().all(|c| c.is_ascii_digit()))
        .map(|(_, rest)| rest);
    let text = marked.or(numbered).unwrap_or(text);
    let (lead, _) = text.strip_prefix("**")?.split_once("**")?;
    Some(lead.trim_end_matches(['.', ':']).to_lowercase())
}

/// What stands twice on a page.
fn doubled(page: &str) -> Vec<String> {
    let (mut begun, mut led, mut rows, mut found) =
        (HashMap::new(), HashMap::new(), HashMap::new(), vec![]);
    for Part {
        line,
        heading,
        text,
    } in parts(page)
    {
        let mut once = |earlier: Option<usize>, what: &str| {
            if let Some(earlier) = earlier {
                found.push(format!(
                    "line {line} repeats {what} of line {earlier}: {text:.60}"
                ));
            }
        };
        if text.starts_with('|') {
            // The heads of tables repeat; a row under one heading does not.
            let head = page
                .lines()
                .nth(line)
                .is_some_and(|next| next.starts_with("|--"));
            once(
                rows.insert((heading, text.clone()), line).filter(|_| !head),
                "a row",
            );
            continue;
        }
        once(
            beginning(&text).and_then(|begins| begun.insert(begins, line)),
            "the beginning",
        );
        once(
            lead(&text).and_then(|lead| led.insert((heading, lead), line)),
            "the lead word",
        );
    }
    found
}

#[test]
fn no_paragraph_stands_twice_on_a_page() {
    for path in pages() {
        let found = doubled(&fs::read_to_string(&path).unwrap());
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
}

#[test]
fn a_paragraph_that_a_merge_left_twice_is_found() {
    let page = "# A page\n\n* **Revocation.** A socket looks again when a ban says so.\n* **Revocation.** A signed-in socket looks again, and every 60 s.\n";
    assert_eq!(doubled(page).len(), 1);
    let page = "For these limits an account is standing after seven days.\n\n## Another\n\nFor these limits an account is standing after seven, or when made.\n";
    assert_eq!(doubled(page).len(), 1);
    assert!(doubled("# One\n\n**Words.** Some.\n\n# Two\n\n**Words.** Others.\n").is_empty());
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        for link in page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.contains("://") || link.starts_with('/') || link.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                path.clone()
            } else {
                path.parent().unwrap().join(file)
            };
            assert!(target.exists(), "{}: {link} leads nowhere", path.display());
            assert!(
                anchor.is_empty() || has_heading(&target, anchor),
                "{}: {link} names no heading",
                path.display()
            );
        }
    }
}

/// Whether a page has a heading whose address, as the code hosts make it, is this.
fn has_heading(page: &Path, anchor: &str) -> bool {
    let address = |heading: &str| -> String {
        let kept = heading
            .trim_start_matches('#')
            .trim()
            .chars()
            .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c));
        kept.flat_map(char::to_lowercase)
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    };
    fs::read_to_string(page)
        .unwrap()
        .lines()
        .filter(|line| line.starts_with('#'))
        .any(|heading| address(heading) == anchor)
}
