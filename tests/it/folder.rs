//! The data folder: private, one server at a time; and a head that was set back is told.
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use serde_json::json;
use sqlx::{Connection, Executor};

use crate::harness::{
    Node, Person, World, both,
    process::{Place, Process, demarche, refused, said},
    settings,
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_and_everything_in_it_is_private_once_a_server_has_started() {
    let place = Place::embedded().await;
    let folder = place.folder.path();
    fs::write(folder.join("demo-accounts.txt"), "secret").unwrap();
    for (path, open) in [
        (folder.join("demarche.db"), 0o646),
        (folder.join("demo-accounts.txt"), 0o644),
        (folder.to_owned(), 0o757),
    ] {
        fs::set_permissions(path, fs::Permissions::from_mode(open)).unwrap();
    }
    let mut server = Process::start(&place, &[]).await;
    assert_eq!(mode(folder), 0o700);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    assert!(
        folder.join("demarche.db-wal").exists(),
        "the log is among them"
    );
    server.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_all_share_is_refused() {
    let (code, said) = refused(Path::new("/tmp"), None).await;
    assert!(
        code != Some(0) && said.contains("DEMARCHE_DATA_DIR") && said.contains("all share"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_is_refused_and_other_commands_go_on_beside_the_first() {
    let place = Place::embedded().await;
    let mut server = Process::start(&place, &[]).await;
    let (code, words) = refused(place.folder.path(), None).await;
    assert!(
        code != Some(0) && words.contains("uses this folder already"),
        "{words}"
    );
    let copy = place.folder.path().join("copy.db");
    let framework = crate::harness::project().join("tests/data/framework.json");
    for (verb, arguments) in [
        ("backup", vec![copy.to_str().unwrap()]),
        ("admin", vec!["create", "editor"]),
        ("import", vec![framework.to_str().unwrap()]),
        ("verify", vec![]),
        ("recount", vec![]),
        ("reindex", vec![]),
    ] {
        let mut command = demarche(&place, verb);
        let (done, words) = said(command.args(arguments)).await;
        assert!(done, "{verb}: {words}");
    }
    // However it ends, the next one starts.
    server.kill().await;
    server.restart().await;
    server.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_under_which_another_file_was_put_says_so_and_acknowledges_nothing() {
    let place = Place::embedded().await;
    let mut server = Process::start(&place, &[]).await;
    let mut alice = Person::new(server.url.clone(), None);
    alice.token = alice
        .post(
            "/accounts",
            json!({ "handle": "alice", "password": "correct horse" }),
        )
        .await
        .cookie;
    let (thread, _) = alice.thread(1, "Before").await;
    // A backup of this moment is brought back elsewhere, and put where the server has its file.
    let (copy, other) = (place.folder.path().join("copy"), Place::empty());
    for (place, verb) in [(&place, "backup"), (&other, "restore")] {
        let (done, words) = said(demarche(place, verb).arg(&copy)).await;
        assert!(done, "{words}");
    }
    let post = async || {
        alice
            .post(
                &format!("/threads/{thread}/comments"),
                json!({ "body": "After", "kind": "remark" }),
            )
            .await
    };
    assert_eq!(post().await.status, 201);
    fs::rename(
        other.folder.path().join("demarche.db"),
        place.folder.path().join("demarche.db"),
    )
    .unwrap();
    assert_eq!(post().await.problem().0, "unavailable");
    let answer = alice.get("//readyz").await;
    assert!(
        answer.status == 503 && answer.body.as_str().unwrap().contains("is not the file"),
        "{answer:?}"
    );
    server.kill().await;
    server.restart().await;
    assert_eq!(post().await.status, 201);
    server.kill().await;
}

/// One statement past the product.
async fn execute(world: &World, statement: &'static str) {
    match world.url() {
        Some(url) => sqlx::PgConnection::connect(&url)
            .await
            .unwrap()
            .execute(statement)
            .await
            .map(|_| ()),
        None => {
            let file = format!("sqlite://{}", world.folder().join("demarche.db").display());
            sqlx::SqliteConnection::connect(&file)
                .await
                .unwrap()
                .execute(statement)
                .await
                .map(|_| ())
        }
    }
    .unwrap();
}

both! {
    a_head_that_was_set_back_is_told_in_readyz,
}

async fn a_head_that_was_set_back_is_told_in_readyz(world: World) {
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "One").await;
    let post = json!({ "body": "Two", "kind": "remark" });
    assert_eq!(
        alice
            .post(&format!("/threads/{thread}/comments"), post)
            .await
            .status,
        201
    );
    let folder = world.folder().to_string_lossy().into_owned();
    let url = world.url();
    let again = async || {
        let mut arguments = vec!["--data-dir", &folder];
        arguments.extend(url.iter().flat_map(|url| ["--database-url", url.as_str()]));
        let node = Node::start(settings(&arguments), world.clock.clone()).await;
        let answer = Person::new(node.url.clone(), None).get("//readyz").await;
        node.services.stop.cancel();
        (
            answer.status,
            answer.body.as_str().unwrap_or_default().to_owned(),
        )
    };
    assert_eq!(again().await.0, 200);
    execute(&world, "UPDATE stream SET seq = 1 WHERE name = 'public'").await;
    let (status, why) = again().await;
    assert_eq!(status, 503);
    assert!(
        why.contains("stream public of framework test stands at 1")
            && why.contains("restore a whole backup"),
        "{why}"
    );
    execute(&world, "DELETE FROM stream WHERE name = 'public'").await;
    let (status, why) = again().await;
    assert!(status == 503 && why.contains("stands at 0"), "{why}");
}
