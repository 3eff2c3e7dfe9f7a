//! The page about the architecture names files and functions, and the recipes for contributors name
//! files: each must stand where the page says.
use std::fs;

use super::arrows::Crate;
use crate::harness::project;

/// What stands between backquotes on a page.
fn quoted(page: &str) -> Vec<&str> {
    // Blocks of code are pictures, not names.
    let prose = page.split("```").step_by(2);
    prose
        .flat_map(|text| text.split('`').skip(1).step_by(2))
        .collect()
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Whether a file of this name stands in one of the places that the pages count from.
fn is_there(name: &str) -> bool {
    ["", "src", "frontend", "frontend/src", "frontend/src/lib"]
        .iter()
        .any(|place| project().join(place).join(name).exists())
}

/// A name that a page may give without its folder: some file of the web app is called so.
fn is_called_so(name: &str) -> bool {
    let mut folders = vec![
        project().join("frontend/src"),
        project().join("frontend/scripts"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.file_name().to_string_lossy() == name {
                return true;
            }
        }
    }
    false
}

#[test]
fn what_the_page_about_the_architecture_names_is_there() {
    let house = Crate::read(&project().join("src"));
    let page = fs::read_to_string(project().join("docs/architecture.md")).unwrap();
    let (mut wrong, mut files, mut functions) = (vec![], 0, 0);
    for name in quoted(&page) {
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        let plain = !name.contains([' ', '*', '…', '<', '{', '(']);
        if plain && ends(&[".rs", ".ts", ".svelte", ".mjs", ".css"]) {
            files += 1;
            let there = if name.contains('/') || name.ends_with(".rs") {
                is_there(name)
            } else {
                is_called_so(name) || is_there(name)
            };
            if !there {
                wrong.push(name);
            }
        } else if name.contains("::") && name.split("::").all(is_word) {
            functions += 1;
            if !house.has(&name.split("::").collect::<Vec<_>>()) {
                wrong.push(name);
            }
        }
    }
    assert!(wrong.is_empty(), "not there, or not so: {wrong:?}");
    assert!(
        files > 20 && functions > 40,
        "the page names {files} files and {functions} functions"
    );
}

#[test]
fn the_files_that_the_recipes_name_are_there() {
    let page = fs::read_to_string(project().join("CONTRIBUTING.md")).unwrap();
    let is_file = |name: &&str| {
        let ends = [".rs", ".ts", ".svelte", ".mjs"];
        !name.contains([' ', '*']) && ends.iter().any(|end| name.ends_with(end))
    };
    let files: Vec<&str> = quoted(&page)
        .into_iter()
        .filter(is_file)
        .filter(|name| name.contains('/'))
        .collect();
    assert!(files.len() > 40, "the page names {} files", files.len());
    let wrong: Vec<_> = files.iter().filter(|name| !is_there(name)).collect();
    assert!(wrong.is_empty(), "not there: {wrong:?}");
}
