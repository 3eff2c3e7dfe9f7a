//! How a server ends: it answers what is under way, it ends though the database stalls or its log
//! is lost, and it says how.
use std::{process::Stdio, time::Duration};

use demarche::id::Id;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    time::timeout,
};

use crate::{
    harness::{
        Socket, World, both,
        process::{Place, Process, command},
    },
    stalls::by_proxy,
};

/// How many commands are under way.
const PIPELINE: usize = 48;

/// Sends commands by one socket, all of which have been read when this returns; their ids.
async fn pipeline(world: &World, socket: &mut Socket, thread: &str) -> Vec<String> {
    let ids: Vec<String> = (0..PIPELINE).map(|_| Id::<()>::new().to_string()).collect();
    for id in &ids {
        let command =
            json!({ "type": "post_comment", "thread": thread, "body": id, "kind": "remark" });
        socket.send(json!({ "type": "command", "id": id, "framework": world.framework, "command": command })).await;
    }
    assert!(
        socket
            .try_follow(Id::<()>::new(), "none", None)
            .await
            .is_some(),
        "what came before was read"
    );
    ids
}

/// The answers to some commands until the socket ends.
async fn answers(socket: &mut Socket, ids: &[String]) -> Vec<Value> {
    let mut answers = vec![];
    while let Some(answer) = socket
        .try_until(|frame| {
            frame["id"]
                .as_str()
                .is_some_and(|id| ids.iter().any(|known| known == id))
        })
        .await
    {
        answers.push(answer);
    }
    answers
}

both! {
    what_is_under_way_when_a_server_stops_is_answered_before_the_goodbye,
}

async fn what_is_under_way_when_a_server_stops_is_answered_before_the_goodbye(world: World) {
    let mut world = world;
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "one").await;
    let mut socket = alice.socket().await;
    // Nothing is saved while this lock stands.
    let mut tx = world
        .node(world.nodes.len() - 1)
        .services
        .store
        .write()
        .await
        .unwrap();
    tx.lock_framework(world.framework).await.unwrap();
    let ids = pipeline(&world, &mut socket, &thread).await;
    world.node(0).services.stop.cancel();
    drop(tx);
    let answers = answers(&mut socket, &ids).await;
    assert_eq!(socket.closed, Some(1012));
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer["type"] == "ack")
            .count(),
        PIPELINE,
        "{answers:?}"
    );
    world.nodes[0].stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_under_way_when_a_session_ends_is_answered_before_the_socket_closes() {
    // One process can hold a lock and end a session on PostgreSQL alone.
    let Some(world) = World::scaled_out(&[]).await else {
        return;
    };
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "one").await;
    let mut socket = alice.socket().await;
    let mut tx = world.node(1).services.store.write().await.unwrap();
    tx.lock_framework(world.framework).await.unwrap();
    let ids = pipeline(&world, &mut socket, &thread).await;
    assert_eq!(alice.delete("/session").await.status, 200);
    // The socket's last word is under way; only then can its commands be carried out.
    world
        .eventually("the socket has left", async || {
            world.node(0).services.presence.count() == 0
        })
        .await;
    drop(tx);
    let answers = answers(&mut socket, &ids).await;
    assert_eq!(socket.closed, Some(4001));
    assert_eq!(answers.len(), PIPELINE, "each has its answer");
    assert!(
        answers
            .iter()
            .all(|answer| answer["problem"]["code"] == "unauthenticated"),
        "{answers:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_ends_and_says_why_it_was_not_clean_though_the_database_stalls() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let (proxy, url) = by_proxy(&place.url().unwrap()).await;
    let server = Process::through(&place, &url, &[]).await;
    proxy.stall();
    server.signal("TERM").await;
    let (code, said) = server.ended(&place).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the database did not answer"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_whose_database_stalls_ends_at_a_signal_and_by_itself() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let (proxy, url) = by_proxy(&place.url().unwrap()).await;
    proxy.stall();
    let start = || {
        command(&[], "serve", place.folder.path(), Some(&url))
            .args(["--bind", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut child = start();
    let id = child.id().unwrap().to_string();
    assert!(
        tokio::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .unwrap()
            .success()
    );
    assert!(
        !timeout(Duration::from_secs(20), child.wait())
            .await
            .expect("an end in time")
            .unwrap()
            .success()
    );
    let ended = timeout(Duration::from_secs(20), start().wait_with_output())
        .await
        .expect("an end in time")
        .unwrap();
    let words = String::from_utf8_lossy(&ended.stderr);
    assert!(
        ended.status.code() == Some(1) && words.contains("DEMARCHE_DATABASE_URL"),
        "{words}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_changes_nothing_about_the_end() {
    for place in [Some(Place::embedded().await), Place::postgres().await]
        .into_iter()
        .flatten()
    {
        let said = place.folder.path().join("said");
        std::fs::write(&said, "").unwrap();
        let server = Process::start(&place, &[]).await;
        for _ in 0..3 {
            server.signal("TERM").await;
        }
        assert_eq!(server.ended(&place).await.0, Some(0));
    }
}

/// Runs a server whose log goes to a pipe that is closed, or that nobody reads; stops it; its exit
/// code.
async fn with_log(gone: bool) -> Option<i32> {
    let place = Place::embedded().await;
    let mut command = command(&[], "serve", place.folder.path(), None);
    // The longest log there is: a pipe takes 64 KiB of it.
    command
        .env("DEMARCHE_LOG", "trace")
        .args(["--bind", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = timeout(Duration::from_secs(20), said.next_line())
        .await
        .expect("an address in time")
        .unwrap()
        .expect("an address");
    let url = line.rsplit_once(' ').expect("an address").1.to_owned();
    let log = child.stderr.take().unwrap();
    let kept = (!gone).then_some(log);
    drop(said);
    for _ in 0..300 {
        assert_eq!(
            reqwest::get(format!("{url}/readyz"))
                .await
                .unwrap()
                .status(),
            200
        );
    }
    let id = child.id().unwrap().to_string();
    assert!(
        tokio::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .unwrap()
            .success()
    );
    let code = timeout(Duration::from_secs(20), child.wait())
        .await
        .expect("an end in time")
        .unwrap()
        .code();
    drop(kept);
    code
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_gone_or_not_read_stops_neither_the_server_nor_its_stop() {
    for gone in [true, false] {
        assert_eq!(with_log(gone).await, Some(0), "gone: {gone}");
    }
}
