//! No answer leaves before what it promises is on the disk: seen from the system calls, for a kill
//! cannot show a missing sync.
use std::{
    collections::HashMap,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::harness::{
    Person,
    process::{Place, Process},
    required,
};

/// How many commands are sent, one after the other.
const COMMANDS: usize = 30;

/// The faults in a trace, and how many answers it shows.
fn examine(trace: &str) -> (Vec<String>, usize) {
    let (mut faults, mut acks) = (vec![], 0);
    // Writes of the log so far, those a finished sync covers, those each thread's unfinished sync
    // will cover, those at the last answer.
    let (mut written, mut synced, mut under_way, mut answered) = (0, 0, HashMap::new(), 0);
    for line in trace.lines() {
        let Some((thread, call)) = line
            .split_once(' ')
            .map(|(thread, call)| (thread, call.trim_start()))
        else {
            continue;
        };
        let log = call
            .split_once(',')
            .map_or(call, |(head, _)| head)
            .contains("demarche.db-wal");
        let syncs = call.starts_with("fsync(") || call.starts_with("fdatasync(");
        if syncs && log && call.contains("<unfinished") {
            under_way.insert(thread, written);
        } else if syncs && log && call.ends_with("= 0") {
            synced = written;
        } else if call.starts_with("<... f")
            && call.contains("sync resumed")
            && call.ends_with("= 0")
        {
            synced = under_way.remove(thread).unwrap_or(synced).max(synced);
        } else if log && call.contains("write") {
            written += 1;
        } else if call.contains(r#"{\"type\":\"ack\""#) {
            acks += 1;
            if written == answered {
                faults.push(format!("answer {acks} left before anything was written"));
            }
            if synced < written {
                faults.push(format!(
                    "answer {acks} left with {} writes of the log not synced",
                    written - synced
                ));
            }
            answered = written;
        }
    }
    (faults, acks)
}

/// Runs a server on SQLite under strace while somebody comments; `None`, said aloud, without
/// strace.
async fn traced(arguments: &[&str]) -> Option<(Vec<String>, usize)> {
    if Command::new("strace").arg("-V").output().is_err() {
        assert!(!required(), "strace is required by DEMARCHE_REQUIRE_ALL");
        eprintln!("SKIPPED: strace is not installed");
        return None;
    }
    let place = Place::embedded().await;
    let file = place.folder.path().join("trace");
    // -D: the server is our child, and strace ends with it.
    let calls = "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync";
    let strace = [
        "strace",
        "-D",
        "-f",
        "-y",
        "-qq",
        "-s",
        "2048",
        "-e",
        calls,
        "-o",
        file.to_str().unwrap(),
    ];
    let mut server = Process::wrapped(&place, strace.map(str::to_owned).to_vec(), arguments).await;
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
    let (thread, _) = alice.thread(1, "one").await;
    let mut socket = alice.socket().await;
    for number in 0..COMMANDS {
        let command = json!({ "type": "post_comment", "thread": thread, "body": number.to_string(), "kind": "remark" });
        assert_eq!(socket.command(&framework, command).await["type"], "ack");
    }
    server.kill().await;
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        // strace writes the last lines after the end.
        let trace = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        let (faults, acks) = examine(&trace);
        if acks >= COMMANDS {
            return Some((faults, acks));
        }
        assert!(
            Instant::now() < deadline,
            "the trace shows {acks} answers of {COMMANDS}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_leaves_before_a_sync_covers_what_it_promises() {
    if let Some((faults, acks)) = traced(&[]).await {
        assert!(faults.is_empty(), "{faults:#?}");
        assert_eq!(acks, COMMANDS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_does_not_sync_is_caught() {
    if let Some((faults, _)) = traced(&["--test-mutant", "synchronous_normal"]).await {
        assert!(
            faults.iter().any(|fault| fault.contains("not synced")),
            "no sync was missing: {faults:?}"
        );
    }
}
