//! The shape of the house: who may use whom, how long files may grow, that every test runs on both
//! backends.
use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::harness::project;

mod arrows;
mod names;
use arrows::{Crate, largest_circle};

/// The Rust files under a folder.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The room a file is in, and the rooms it names by `crate::…`.
fn uses(path: &Path, text: &str) -> (String, Vec<String>) {
    let inside = path.strip_prefix(project().join("src")).unwrap();
    let room = inside
        .iter()
        .next()
        .unwrap()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned();
    let mut named = vec![];
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            // `use crate::{a::…, b::{…}}`: the names at the first depth.
            let (mut depth, mut word) = (0, String::new());
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => named.push(std::mem::take(&mut word)),
                    c if depth == 0 && !c.is_whitespace() => word.push(c),
                    _ => {}
                }
            }
            named.push(word);
        } else {
            named.push(
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    let room_of = |name: String| name.split("::").next().unwrap_or_default().to_owned();
    (
        room,
        named
            .into_iter()
            .map(room_of)
            .filter(|name| !name.is_empty())
            .collect(),
    )
}

fn allowed(room: &str) -> &'static [&'static str] {
    match room {
        "main" | "lib" => &["cli"],
        "cli" => &[
            "server", "service", "store", "http", "domain", "protocol", "clock", "id", "settings",
            "verify",
        ],
        "server" => &[
            "http", "socket", "service", "store", "live", "domain", "clock", "id", "settings",
        ],
        "http" | "socket" => &[
            "service", "protocol", "domain", "http", "clock", "id", "settings",
        ],
        "service" => &[
            "store", "live", "protocol", "domain", "clock", "id", "settings",
        ],
        "store" | "live" | "protocol" => &["domain", "clock", "id", "settings"],
        "domain" => &["id"],
        "settings" => &["service"],
        _ => &[],
    }
}

#[test]
fn rooms_use_only_the_rooms_they_may() {
    for path in rust_files(&project().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let (room, named) = uses(&path, &text);
        for other in named {
            let fits = other == room || allowed(&room).contains(&other.as_str());
            // The one macro of the crate is named by its path.
            assert!(
                fits || other == "db",
                "{} may not use crate::{other}",
                path.display()
            );
        }
        let only = |word: &str, homes: &[&str]| {
            let named = text.contains(&format!("{word}::"));
            let home = homes
                .iter()
                .any(|home| path.to_string_lossy().contains(home));
            assert!(
                !named || home,
                "only {homes:?} name {word}: {}",
                path.display()
            );
        };
        // What verifies reads past what writes.
        only("sqlx", &["src/store/", "src/verify/"]);
        only("redis", &["src/live/"]);
        only("SystemTime", &["src/clock.rs"]);
    }
}

#[test]
fn files_stay_livable() {
    let mut lengths = vec![];
    for path in rust_files(&project().join("src")) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 400, "{} has {lines} lines", path.display());
        lengths.push(lines);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 160, "the median file has {median} lines");
}

/// The functions of a formatted file, each with its lines from its name to its last brace.
fn functions(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let begins = |line: &str| {
        let words = line.trim_start().split('(').next().unwrap_or_default();
        words.split(' ').any(|word| word == "fn") && !words.starts_with("//")
    };
    let mut found = vec![];
    for (first, line) in lines.iter().enumerate().filter(|(_, line)| begins(line)) {
        let ends = |other: &&str| {
            indent(other) == indent(line) && (other.trim() == "}" || other.ends_with(';'))
        };
        let length = match lines[first..].iter().position(ends) {
            Some(last) if !line.ends_with("{}") => last + 1,
            _ => 1,
        };
        found.push(lines[first..first + length].to_vec());
    }
    found
}

/// How many lines of a function stand in the longest `match` of its first depth.
fn matched(function: &[&str]) -> usize {
    let indent = function[0].len() - function[0].trim_start().len() + 4;
    let (mut since, mut longest) = (None, 0);
    for (at, line) in function.iter().enumerate() {
        let here = line.len() - line.trim_start().len() == indent;
        if here && line.contains("match ") && line.ends_with('{') {
            since = Some(at);
        } else if here && line.trim_start().starts_with('}') {
            longest = longest.max(since.take().map_or(0, |since| at - since));
        }
    }
    longest
}

#[test]
fn functions_stay_short() {
    let mut seen = 0;
    for path in rust_files(&project().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        for function in functions(&text) {
            seen += 1;
            // A flat list of arms is read like a table.
            let lines = function.len() - matched(&function);
            assert!(
                lines <= 60,
                "{lines} lines in {}: {}",
                path.display(),
                function[0].trim()
            );
        }
    }
    assert!(seen > 2_000, "functions are found: {seen}");
}

/// The floors of the services, from the ground up: what stands on one names what stands there or
/// below.
const FLOORS: [&[&str]; 11] = [
    &["failure", "options", "caller", "keep"],
    &["node"],
    &["sight"],
    &["reads", "boards"],
    &["content", "gate", "sheet", "work"],
    &["acts"],
    &["way_in"],
    &["way_out"],
    &["services"],
    &["people", "import"],
    &["start"],
];

#[test]
fn services_stand_on_floors() {
    let house = Crate::read(&project().join("src"));
    let arrows = house.arrows("service");
    let floor = |module: &[String]| {
        FLOORS.iter().position(|rooms| {
            module
                .get(1)
                .is_some_and(|room| rooms.contains(&room.as_str()))
        })
    };
    for (module, named) in &arrows {
        for other in named {
            let (here, there) = (floor(module), floor(other));
            assert!(
                here >= there,
                "{} may not name {}",
                module.join("::"),
                other.join("::")
            );
        }
        assert!(
            floor(module).is_some() || module.len() == 1,
            "{} has no floor",
            module.join("::")
        );
    }
    assert!(
        arrows
            .values()
            .map(std::collections::BTreeSet::len)
            .sum::<usize>()
            > 200,
        "arrows are found"
    );
    let circle = largest_circle(&arrows);
    assert!(
        circle.len() <= 13,
        "{} files name each other in a circle: {circle:?}",
        circle.len()
    );
    let strangers = house.strangers("service");
    assert!(
        strangers.is_empty(),
        "methods stand with their type: {strangers:?}"
    );
}

#[test]
fn acts_are_apart_from_reads() {
    let text = |file: &PathBuf| fs::read_to_string(file).unwrap();
    for file in rust_files(&project().join("src/service/acts")) {
        assert!(
            !text(&file).contains("Services") && !text(&file).contains("Node"),
            "{} acts within its transaction",
            file.display()
        );
    }
    for file in rust_files(&project().join("src/service/reads")) {
        assert!(
            !text(&file).contains("Work<"),
            "{} changes nothing",
            file.display()
        );
    }
}

#[test]
fn no_folder_is_a_heap() {
    let services = project().join("src/service");
    let mut folders: Vec<PathBuf> = rust_files(&project().join("src"))
        .iter()
        .filter_map(|file| file.parent().map(Path::to_owned))
        .collect();
    folders.sort();
    for folder in folders.chunk_by(|one, other| one == other) {
        let most = if folder[0].starts_with(&services) {
            20
        } else {
            35
        };
        assert!(
            folder.len() <= most,
            "{} has {} files",
            folder[0].display(),
            folder.len()
        );
    }
}
