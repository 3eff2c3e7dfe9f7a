//! A folder that cannot be used is said at the start; a disk that is full stops writing and nothing
//! else, and loses nothing.
use std::{collections::BTreeSet, fs};

use serde_json::json;

use crate::harness::{
    Person,
    process::{Place, Process, refused},
};

/// No file may grow beyond this, as on a disk that is full: in blocks of `ulimit`, half a KiB or
/// one by the shell.
const BLOCKS: &str = "3000";
/// More comments than fit, by far.
const ENOUGH: usize = 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_cannot_be_used_is_named_in_one_line() {
    let place = Place::empty();
    let folder = place.folder.path();
    fs::write(folder.join("file"), "").unwrap();
    fs::create_dir_all(folder.join("taken/demarche.db")).unwrap();
    fs::create_dir(folder.join("garbage")).unwrap();
    fs::write(folder.join("garbage/demarche.db"), [0x5a; 8192]).unwrap();
    let inside = |name: &str| folder.join(name);
    // Nobody may make files in the last two, not even root.
    let others = ["/proc/self", "/proc/demarche"].map(Into::into);
    for data in [
        inside("file"),
        inside("file/below"),
        inside("taken"),
        inside("garbage"),
    ]
    .into_iter()
    .chain(others)
    {
        let (code, said) = refused(&data, None).await;
        assert_ne!(code, Some(0), "{}", data.display());
        let names = said.contains("DEMARCHE_DATA_DIR") && said.contains(data.to_str().unwrap());
        assert!(
            names && said.trim_end().lines().count() == 1,
            "{}: {said}",
            data.display()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_at_the_start_is_named_in_one_line() {
    let place = Place::embedded().await;
    // First there is no room for the tables, then none for the first write.
    for (folder, blocks) in [
        (place.folder.path().join("new"), "1"),
        (place.folder.path().into(), "1"),
    ] {
        let (code, said) = refused(&folder, Some(blocks)).await;
        assert_ne!(code, Some(0), "{said}");
        assert!(
            said.contains("DEMARCHE_DATA_DIR") && said.trim_end().lines().count() == 1,
            "{said}"
        );
    }
    Process::start(&place, &[]).await.kill().await;
}

/// The bodies of a thread's comments.
async fn bodies(reader: &Person, thread: &str) -> BTreeSet<String> {
    let (mut all, mut path) = (BTreeSet::new(), format!("/threads/{thread}"));
    loop {
        let page = reader.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        for comment in page.body["comments"]["items"].as_array().unwrap() {
            assert!(
                all.insert(comment["body"].as_str().unwrap().to_owned()),
                "a comment stands twice"
            );
        }
        let Some(next) = page.body["comments"]["next"].as_str() else {
            return all;
        };
        path = format!("/threads/{thread}?after={next}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_serves_reads_and_loses_nothing() {
    let place = Place::embedded().await;
    let mut server = Process::within(&place, BLOCKS).await;
    let mut alice = Person::new(server.url.clone(), None);
    alice.token = alice
        .post(
            "/accounts",
            json!({ "handle": "alice", "password": "correct horse" }),
        )
        .await
        .cookie;
    let framework = alice.get("/frameworks/test").await.body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let (thread, _) = alice.thread(1, "first").await;
    let (mut acknowledged, mut refusals) = (BTreeSet::from(["first".to_owned()]), 0);
    let post = async |body: &str| {
        alice
            .post(
                &format!("/threads/{thread}/comments"),
                json!({ "body": body, "kind": "remark" }),
            )
            .await
    };
    for number in 0..ENOUGH {
        let body = format!("{number} {}", "й".repeat(1_000));
        let answer = post(&body).await;
        if answer.status == 201 {
            acknowledged.insert(body);
            continue;
        }
        assert_eq!(
            (answer.status, answer.problem().0),
            (503, "unavailable"),
            "{}",
            answer.body
        );
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(answer.body["retryable"], true);
        refusals += 1;
        if refusals == 10 {
            break;
        }
    }
    assert_eq!(refusals, 10, "{ENOUGH} comments fitted");
    let mut socket = alice.socket().await;
    let nack = socket.command(&framework, json!({ "type": "post_comment", "thread": thread, "body": "й".repeat(1_000), "kind": "remark" })).await;
    assert_eq!(
        (&nack["type"], &nack["problem"]["code"]),
        (&json!("nack"), &json!("unavailable"))
    );

    // What is written outside a framework is refused alike, if there is no room for it.
    let account = alice
        .post(
            "/accounts",
            json!({ "handle": "boris", "password": "correct horse" }),
        )
        .await;
    assert!(
        account.status == 201 || account.problem().0 == "unavailable",
        "{}",
        account.body
    );

    // Reading goes on, and shows what was acknowledged and nothing else.
    assert_eq!(bodies(&alice, &thread).await, acknowledged);
    assert_eq!(
        socket.follow(&framework, "public", None).await["seq"],
        i64::try_from(acknowledged.len()).unwrap() + 1
    );
    let ready = reqwest::get(format!("{}/readyz", server.url))
        .await
        .unwrap();
    assert_eq!(ready.status(), 200);

    // Room comes back: so does writing, without a restart.
    server.give_room().await;
    assert_eq!(post("there is room").await.status, 201);
    acknowledged.insert("there is room".into());
    server.kill().await;

    let server = Process::start(&place, &[]).await;
    let reader = Person::new(server.url.clone(), None);
    assert_eq!(bodies(&reader, &thread).await, acknowledged);
}
