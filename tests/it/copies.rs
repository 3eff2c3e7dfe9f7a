//! Backups, restores and copies: whole or not there, under a new epoch, and never in the way of the
//! next try.
use std::{fs, path::Path, time::Duration};

use demarche::id::below;
use serde_json::{Value, json};

use crate::{
    harness::{
        Person,
        process::{Place, Process, demarche, said},
    },
    migrations::{Base, Columns, Export, left_by, migrations},
};

/// How often a command is killed; `make faults` asks for more. Each time takes a database of its
/// own, so a tenth of what a server stands.
fn kills() -> usize {
    std::env::var("DEMARCHE_KILLS").map_or(20, |count| {
        count.parse().expect("DEMARCHE_KILLS is a number")
    }) / 10
}

/// Where a site is kept.
#[derive(Clone, Copy)]
enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// An empty place; `None`, said aloud, where there is no PostgreSQL and none is required.
    async fn empty(self) -> Option<Place> {
        match self {
            Self::Sqlite => Some(Place::empty()),
            Self::Postgres => Place::empty_postgres().await,
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Sqlite => Self::Postgres,
            Self::Postgres => Self::Sqlite,
        }
    }
}

/// A place in which people wrote and answered.
async fn lived_in(place: Place) -> Place {
    let framework = crate::harness::project().join("tests/data/framework.json");
    assert!(said(demarche(&place, "import").arg(framework)).await.0);
    let mut server = Process::start(&place, &[]).await;
    let mut alice = Person::new(server.url.clone(), None);
    alice.token = alice
        .post(
            "/accounts",
            json!({ "handle": "alice", "password": "correct horse" }),
        )
        .await
        .cookie;
    alice
        .post(
            "/frameworks/test/membership",
            json!({ "camp": "kyiv", "consent": true }),
        )
        .await;
    let (thread, _) = alice.thread(1, "Перший").await;
    for number in 0..30 {
        let body = json!({ "body": format!("{number} {}", "ї".repeat(900)), "kind": "remark" });
        assert_eq!(
            alice
                .post(&format!("/threads/{thread}/comments"), body)
                .await
                .status,
            201
        );
    }
    let question = alice.get("/frameworks/test").await.body["questions"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let made = alice
        .post(
            &format!("/questions/{question}/concessions"),
            crate::harness::proposal("Ships sail"),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    server.kill().await;
    place
}

/// The epoch of the tests' framework, where the place can be opened as a site.
async fn epoch(place: &Place) -> Option<String> {
    if place.url().is_none() && !place.folder.path().join("demarche.db").exists() {
        return None;
    }
    let mut base = Base::open(place).await;
    let columns = base.columns().await;
    let marked = columns.contains_key("demarche_unfinished");
    let mut epochs = vec![];
    if columns.contains_key("framework") && !marked {
        let wanted = Columns::from([("framework".into(), vec!["epoch".into()])]);
        epochs = base.export(&wanted).await.remove("framework").unwrap();
    }
    base.close().await;
    epochs.pop().and_then(|mut row| row.pop().unwrap())
}

/// Whether something was begun in a place and not ended.
async fn unfinished(place: &Place) -> bool {
    if place.url().is_none() {
        return place.folder.path().join(".demarche.db.unfinished").exists();
    }
    let mut base = Base::open(place).await;
    let marked = base.columns().await.contains_key("demarche_unfinished");
    base.close().await;
    marked
}

/// Starts a command and kills it after some time; whether it had ended well before.
async fn killed(mut command: tokio::process::Command, millis: u64) -> bool {
    let mut child = command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    match tokio::time::timeout(Duration::from_millis(millis), child.wait()).await {
        Ok(status) => status.unwrap().success(),
        Err(_) => {
            child.kill().await.unwrap();
            false
        }
    }
}

/// How long an undisturbed command takes, in milliseconds.
async fn takes(mut command: tokio::process::Command) -> u64 {
    let begun = std::time::Instant::now();
    let (done, said) = said(&mut command).await;
    assert!(done, "{said}");
    begun.elapsed().as_millis() as u64
}

/// Fills places again and again, is killed at it, and tries once more.
async fn outlives_kills(kind: Kind, old: &str, fill: impl Fn(&Place) -> tokio::process::Command) {
    let Some(first) = kind.empty().await else {
        return;
    };
    let whole = takes(fill(&first)).await;
    for _ in 0..kills() {
        let Some(place) = kind.empty().await else {
            return;
        };
        killed(fill(&place), below(whole + whole / 4)).await;
        if let Some(epoch) = epoch(&place).await {
            assert_ne!(epoch, old, "a place that can be opened has its old epoch");
            continue;
        }
        if unfinished(&place).await {
            let (opened, words) = said(&mut demarche(&place, "recount")).await;
            assert!(!opened && words.contains("has not ended"), "{words}");
        }
        let (done, words) = said(&mut fill(&place)).await;
        assert!(done, "what a killed try left stops the next one: {words}");
        assert_ne!(epoch(&place).await.as_deref(), Some(old));
        let left: Vec<_> = fs::read_dir(place.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert!(
            left.iter()
                .all(|name| !name.to_string_lossy().contains("unfinished")),
            "{left:?}"
        );
    }
}

async fn backed_up(place: &Place, file: &Path) {
    let (done, words) = said(demarche(place, "backup").arg(file)).await;
    assert!(done, "{words}");
}

async fn killed_restores(kind: Kind) {
    let Some(place) = kind.empty().await else {
        return;
    };
    let place = lived_in(place).await;
    let file = place.folder.path().join("copy");
    backed_up(&place, &file).await;
    let old = epoch(&place).await.unwrap();
    outlives_kills(kind, &old, |place| {
        let mut command = demarche(place, "restore");
        command.arg(&file);
        command
    })
    .await;
}

async fn killed_backups(kind: Kind) {
    let Some(place) = kind.empty().await else {
        return;
    };
    let place = lived_in(place).await;
    let folder = tempfile::TempDir::new().unwrap();
    let command = |name: &str| {
        let mut command = demarche(&place, "backup");
        command.arg(folder.path().join(name));
        command
    };
    let whole = takes(command("first")).await;
    for number in 0..kills() {
        let name = format!("copy{number}");
        killed(command(&name), below(whole + whole / 4)).await;
        let file = folder.path().join(&name);
        if !file.exists() {
            let (done, words) = said(&mut command(&name)).await;
            assert!(done, "{words}");
        }
        let Some(target) = kind.empty().await else {
            return;
        };
        let (done, words) = said(demarche(&target, "restore").arg(&file)).await;
        assert!(
            done,
            "a file under the name of a backup is no whole one: {words}"
        );
    }
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), kills() + 1, "{left:?}");
}

async fn foreign_files(kind: Kind) {
    let Some(place) = kind.empty().await else {
        return;
    };
    let place = lived_in(place).await;
    let good = place.folder.path().join("good");
    backed_up(&place, &good).await;
    let bytes = fs::read(&good).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let foreign = folder.path().join("foreign");
    if let Some(url) = place.url() {
        let Some(other) = kind.empty().await else {
            return;
        };
        let mut base = Base::open(&other).await;
        base.run("CREATE TABLE account (id TEXT PRIMARY KEY); CREATE TABLE framework (id TEXT PRIMARY KEY)".into()).await;
        base.close().await;
        let dump = std::process::Command::new("pg_dump")
            .args(["-Fc", "-f"])
            .arg(&foreign)
            .arg(other.url().unwrap())
            .status();
        assert!(dump.unwrap().success() && !url.is_empty());
    } else {
        let other = Place::empty();
        let mut base = Base::open(&other).await;
        base.run("CREATE TABLE account (id TEXT PRIMARY KEY); CREATE TABLE framework (id TEXT PRIMARY KEY)".into()).await;
        base.close().await;
        fs::copy(other.folder.path().join("demarche.db"), &foreign).unwrap();
    }
    let newer = folder.path().join("newer");
    let Some(later) = kind.empty().await else {
        return;
    };
    assert!(said(demarche(&later, "restore").arg(&good)).await.0);
    let mut base = Base::open(&later).await;
    base.run("UPDATE site SET value = '9999' WHERE key = 'least_migration'".into())
        .await;
    base.close().await;
    match later.url() {
        Some(url) => assert!(
            std::process::Command::new("pg_dump")
                .args(["-Fc", "-f"])
                .arg(&newer)
                .arg(url)
                .status()
                .unwrap()
                .success()
        ),
        None => fs::copy(later.folder.path().join("demarche.db"), &newer)
            .map(|_| ())
            .unwrap(),
    }
    // Half of what these say stands in the other file.
    let beside = if place.url().is_some() {
        vec![]
    } else {
        vec![("logged", "logged-wal"), ("undone", "undone-journal")]
    };
    for (_, other) in &beside {
        fs::write(folder.path().join(other), "a part").unwrap();
    }
    let Some(target) = kind.empty().await else {
        return;
    };
    let half = bytes.len() / 2;
    let holed = [
        &bytes[..half],
        &vec![0x5a; 8_192.min(half)][..],
        &bytes[half + 8_192.min(half)..],
    ]
    .concat();
    let wrong = vec![
        ("empty", vec![]),
        ("words", b"no database".to_vec()),
        ("half", bytes[..half].to_vec()),
        ("short", bytes[..bytes.len() - 1_000].to_vec()),
        ("holed", holed),
        ("foreign", fs::read(&foreign).unwrap()),
        ("newer", fs::read(&newer).unwrap()),
    ];
    for (name, bytes) in wrong
        .into_iter()
        .chain(beside.into_iter().map(|(name, _)| (name, bytes.clone())))
    {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let (done, words) = said(demarche(&target, "restore").arg(&file)).await;
        assert!(
            !done && words.contains(name) && !words.contains("restored"),
            "{name}: {words}"
        );
        assert_eq!(epoch(&target).await, None, "{name} left something behind");
    }
    let (done, words) = said(demarche(&target, "restore").arg(folder.path())).await;
    assert!(!done && words.contains("no such file"), "a folder: {words}");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&good, &link).unwrap();
    let (done, words) = said(demarche(&target, "restore").arg(&link)).await;
    assert!(done, "{words}");
    let (done, words) = said(demarche(&target, "restore").arg(&good)).await;
    assert!(!done, "a site was written over: {words}");
}

/// Every value of every table as text that both databases write alike, without the epochs.
async fn dump(place: &Place) -> (Export, Vec<Option<String>>) {
    let mut base = Base::open(place).await;
    let mut columns = base.columns().await;
    columns.retain(|table, _| !table.starts_with("search_words") && !table.starts_with("sqlite_"));
    // The number SQLite gives its rows is its own.
    columns
        .get_mut("search_entry")
        .unwrap()
        .retain(|column| column != "place");
    columns
        .values_mut()
        .for_each(|columns| columns.sort_unstable());
    let mut export = base.export(&columns).await;
    base.close().await;
    let at = columns["framework"]
        .iter()
        .position(|column| column == "epoch")
        .unwrap();
    let epochs = export
        .get_mut("framework")
        .unwrap()
        .iter_mut()
        .map(|row| row[at].take())
        .collect();
    // What SQLite keeps as 0 and 1.
    let texts: String = migrations()
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let words: Vec<&str> = texts.split_whitespace().collect();
    let truths: Vec<&str> = words
        .windows(2)
        .filter(|pair| pair[1].trim_end_matches(',') == "BOOLEAN")
        .map(|pair| pair[0])
        .collect();
    for (table, rows) in &mut export {
        for row in rows.iter_mut() {
            for (column, value) in columns[table].iter().zip(row) {
                if truths.contains(&column.as_str()) {
                    *value = value.take().map(|value| match value.as_str() {
                        "1" | "true" => "true".into(),
                        _ => "false".into(),
                    });
                }
            }
        }
        rows.sort_unstable();
    }
    (export, epochs)
}

fn address(place: &Place) -> String {
    place
        .url()
        .unwrap_or_else(|| format!("sqlite:{}", place.folder.path().display()))
}

fn copying(from: &Place, to: &Place) -> tokio::process::Command {
    let mut command = demarche(from, "copy");
    command.arg("--to").arg(address(to));
    command
}

/// Copies rows that use every column from one kind of place to the other.
async fn copies_equal(kind: Kind) {
    let (Some(from), Some(to)) = (kind.other().empty().await, kind.empty().await) else {
        return;
    };
    left_by(migrations().len(), &from).await.close().await;
    from.store().await.close().await;
    let (done, words) = said(&mut copying(&from, &to)).await;
    assert!(done, "{words}");
    let ((one, old), (other, new)) = (dump(&from).await, dump(&to).await);
    for (table, rows) in &one {
        assert!(
            rows.len() > 1 || table == "search_entry",
            "{table} has {} rows",
            rows.len()
        );
        assert_eq!(rows, &other[table], "{table}");
    }
    assert_eq!(one.len(), other.len());
    assert!(
        !old.is_empty()
            && old
                .iter()
                .zip(&new)
                .all(|(old, new)| old != new && new.is_some()),
        "{old:?} {new:?}"
    );
    let (done, words) = said(&mut copying(&from, &to)).await;
    assert!(
        !done && words.contains("--to"),
        "a site was written over: {words}"
    );
}

/// Copies a site that lives, which then verifies and counts as before.
async fn copies_live(kind: Kind) {
    let (Some(from), Some(to)) = (kind.other().empty().await, kind.empty().await) else {
        return;
    };
    let from = lived_in(from).await;
    let mut server = Process::start(&from, &[]).await;
    if from.url().is_none() {
        let (done, words) = said(&mut copying(&from, &to)).await;
        assert!(!done && words.contains("stop it first"), "{words}");
    }
    server.kill().await;
    let (done, words) = said(&mut copying(&from, &to)).await;
    assert!(done, "{words}");
    let verified = async |place: &Place| {
        let (done, words) = said(demarche(place, "verify").arg("--json")).await;
        assert!(done, "{words}");
        let mut report: Value = serde_json::from_str(&words).unwrap();
        for framework in report["frameworks"].as_array_mut().unwrap() {
            framework["epoch"].take();
        }
        report
    };
    assert_eq!(
        verified(&from).await["frameworks"][0]["slug"],
        verified(&to).await["frameworks"][0]["slug"]
    );
    let counted = async |place: &Place| said(&mut demarche(place, "recount")).await;
    assert_eq!(counted(&from).await, counted(&to).await);
    let mut server = Process::start(&to, &[]).await;
    let mut reader = Person::new(server.url.clone(), None);
    let session = reader
        .post(
            "/session",
            json!({ "handle": "alice", "password": "correct horse" }),
        )
        .await;
    assert_eq!(session.status, 201, "{}", session.body);
    reader.token = session.cookie;
    assert_eq!(
        reader
            .get("/search?q=%D0%BF%D0%B5%D1%80%D1%88%D0%B8%D0%B9")
            .await
            .body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let (thread, _) = reader.thread(2, "Друга тема").await;
    assert!(!thread.is_empty());
    server.kill().await;
}

async fn killed_copies(kind: Kind) {
    let Some(from) = kind.other().empty().await else {
        return;
    };
    let from = lived_in(from).await;
    let old = epoch(&from).await.unwrap();
    outlives_kills(kind, &old, |place| copying(&from, place)).await;
}

/// Makes the two tests of a sentence: into SQLite, and into PostgreSQL.
macro_rules! both_kinds {
    ($($name:ident: $test:ident;)+) => {
        $(mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn embedded() {
                $test(Kind::Sqlite).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $test(Kind::Postgres).await;
            }
        })+
    };
}

both_kinds! {
    what_is_no_copy_of_a_site_is_refused_and_leaves_nothing: foreign_files;
    a_copy_holds_every_value_of_every_table_and_new_epochs: copies_equal;
    a_copied_site_verifies_counts_and_goes_on: copies_live;
}

/// `make faults` runs these at length.
mod faults {
    use super::*;

    both_kinds! {
        a_killed_restore_is_no_site_and_the_next_one_succeeds: killed_restores;
        a_killed_backup_leaves_nothing_under_its_name: killed_backups;
        a_killed_copy_is_no_site_and_the_next_one_succeeds: killed_copies;
    }
}
