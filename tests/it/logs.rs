//! The log never holds what people write, however much of it is asked for.
use std::fs;

use serde_json::json;

use crate::harness::{
    Person, Socket,
    process::{Place, Process},
};

/// A server whose log goes to a file, with everything that anything in it would say.
async fn traced(place: &Place) -> Process {
    let file = place.folder.path().join("log");
    let shell = r#"file=$1; shift; DEMARCHE_LOG=trace exec "$@" 2>"$file""#;
    Process::wrapped(
        place,
        ["sh", "-c", shell, "sh", &file.to_string_lossy()]
            .map(str::to_owned)
            .to_vec(),
        &[],
    )
    .await
}

async fn is_silent_about_texts(place: Place) {
    let mut server = traced(&place).await;
    let visitor = Person::new(server.url.clone(), None);
    let secret = "canary-of-a-password";
    let made = visitor
        .post(
            "/accounts",
            json!({ "handle": "alice", "password": secret }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let alice = Person {
        token: made.cookie.clone(),
        ..visitor.clone()
    };
    assert_eq!(
        alice
            .post(
                "/frameworks/test/membership",
                json!({ "camp": "kyiv", "consent": true })
            )
            .await
            .status,
        200
    );
    let text = "A canary-in-a-text *with* [a link](https://example.org/canary-in-a-link) & <b>canary-in-a-tag</b>";
    let (thread, _) = alice.thread(1, text).await;
    alice.comment(&thread, text).await;
    let framework = alice.get("/frameworks/test").await.body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut socket = Socket::open(&server.url, alice.token.as_deref()).await;
    socket.follow(&framework, "public", None).await;
    let comment =
        json!({ "type": "post_comment", "thread": thread, "body": text, "kind": "remark" });
    socket.send(json!({ "type": "command", "id": "0199f0a2-0000-7000-8000-000000000001", "framework": framework, "command": comment })).await;
    socket.until(|frame| frame["type"] == "ack").await;
    // What is refused is not told either.
    socket.send(json!({ "type": "command", "id": "0199f0a2-0000-7000-8000-000000000002", "framework": framework, "command": { "type": "canary-of-a-type" } })).await;
    socket.until(|frame| frame["type"] == "nack").await;
    visitor.get("/search?q=canary-of-a-search").await;
    visitor
        .post(
            "/session",
            json!({ "handle": "canary-of-a-handle", "password": secret }),
        )
        .await;
    server.kill().await;
    let log = fs::read_to_string(place.folder.path().join("log")).unwrap();
    assert!(log.lines().count() > 0, "the log says something");
    let told: Vec<&str> = log.lines().filter(|line| line.contains("canary")).collect();
    assert!(told.is_empty(), "{told:#?}");
}

mod no_level_of_the_log_holds_what_people_write {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn embedded() {
        is_silent_about_texts(Place::embedded().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        if let Some(place) = Place::postgres().await {
            is_silent_about_texts(place).await;
        }
    }
}
