//! The line breaks at the worst moment: the same command again has one effect, wherever it is sent.
use demarche::id::Id;
use serde_json::{Value, json};

use crate::harness::{
    Person, Socket, World, both,
    process::{Place, Process},
    proxy::{Line, Proxy},
};

const ACK: &str = r#""type":"ack""#;

async fn writer(server: &Process) -> (Person, String, String) {
    let mut person = Person::new(server.url.clone(), None);
    let made = person
        .post(
            "/accounts",
            json!({ "handle": "alice", "password": "correct horse" }),
        )
        .await;
    person.token = made.cookie;
    let framework = person.get("/frameworks/test").await.body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let (thread, _) = person.thread(1, "one").await;
    (person, framework, thread)
}

/// The ack of a command is cut off; the repeat goes to another process on the same data, then to a
/// third. They run beside each other where the database lets them, else one after the other.
async fn repeat_elsewhere(place: &Place, arguments: &[&str]) -> Result<(), String> {
    let mut first = Process::start(place, arguments).await;
    let (person, framework, thread) = writer(&first).await;
    let line = Proxy::to(&first.url, Line::CutsAt(ACK)).await;
    let (id, command) = (
        Id::<()>::new().to_string(),
        json!({ "type": "post_comment", "thread": thread, "body": "once", "kind": "remark" }),
    );
    let mut socket = Socket::from_origin(&line.url, &first.url, None).await;
    assert_eq!(
        socket.try_command(&id, &framework, &command).await.unwrap()["type"],
        "nack",
        "the line is good but for acks"
    );
    let mut socket = Socket::from_origin(&line.url, &first.url, person.token.as_deref()).await;
    assert!(
        socket
            .try_command(&id, &framework, &command)
            .await
            .is_none(),
        "the ack was cut off"
    );
    let together = place.url().is_some();
    if !together {
        first.kill().await;
    }
    let mut second = Process::start(place, arguments).await;
    if together {
        first.kill().await;
        first.restart().await;
    }
    let mut acks: Vec<Value> = vec![];
    for number in 0..3 {
        let (server, other) = if number == 1 {
            (&mut first, &mut second)
        } else {
            (&mut second, &mut first)
        };
        if !together && number > 0 {
            other.kill().await;
            server.restart().await;
        }
        let mut socket = Socket::open(&server.url, person.token.as_deref()).await;
        acks.push(socket.command_as(&id, &framework, command.clone()).await);
    }
    let person = Person {
        url: second.url.clone(),
        ..person
    };
    let comments =
        person.get(&format!("/threads/{thread}")).await.body["thread"]["comments"].clone();
    let same = acks.iter().all(|ack| {
        ack["duplicate"] == true
            && ["stream", "seq", "epoch", "result"]
                .iter()
                .all(|field| ack[field] == acks[0][field])
    });
    if same && comments == 2 {
        Ok(())
    } else {
        Err(format!("{comments} comments after {acks:#?}"))
    }
}

mod a_command_whose_ack_was_cut_off_is_repeated_on_another_process_with_one_effect {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn embedded() {
        repeat_elsewhere(&Place::embedded().await, &[])
            .await
            .unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        if let Some(place) = Place::postgres().await {
            repeat_elsewhere(&place, &[]).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_alone_knows_what_it_carried_out_is_caught() {
    let faults = repeat_elsewhere(
        &Place::embedded().await,
        &["--test-mutant", "dedupe_per_node"],
    )
    .await;
    assert!(
        faults.is_err(),
        "a comment was written twice and nobody saw it"
    );
}

both! {
    an_ack_that_was_cut_off_or_held_back_comes_with_the_repeat,
    over_a_line_that_drips_every_frame_arrives_whole,
}

async fn an_ack_that_was_cut_off_or_held_back_comes_with_the_repeat(world: World) {
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "one").await;
    let line = Proxy::to(&world.node(0).url, Line::Good).await;
    for (number, broken) in [Line::CutsAt(ACK), Line::StallsAt(ACK)]
        .into_iter()
        .enumerate()
    {
        line.set(broken);
        let (id, framework) = (Id::<()>::new().to_string(), world.framework.to_string());
        let command = json!({ "type": "post_comment", "thread": thread, "body": number.to_string(), "kind": "remark" });
        let mut socket =
            Socket::from_origin(&line.url, &world.node(0).url, alice.token.as_deref()).await;
        socket
            .send(
                json!({ "type": "command", "id": id, "framework": framework, "command": command }),
            )
            .await;
        let written = async || {
            alice.get(&format!("/threads/{thread}")).await.body["thread"]["comments"] == number + 2
        };
        world
            .eventually(
                "the command takes effect though its ack does not come",
                written,
            )
            .await;
        drop(socket);
        let mut socket = alice.at(world.node(1)).socket().await;
        let again = socket.command_as(&id, &framework, command).await;
        assert_eq!(
            (&again["type"], &again["duplicate"]),
            (&json!("ack"), &json!(true)),
            "{again}"
        );
        assert!(written().await, "one effect");
    }
}

async fn over_a_line_that_drips_every_frame_arrives_whole(world: World) {
    let line = Proxy::to(&world.node(0).url, Line::Drips).await;
    let mut reader = Socket::from_origin(&line.url, &world.node(0).url, None).await;
    let start = reader.follow(world.framework, "public", None).await["seq"]
        .as_i64()
        .unwrap();
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "й".repeat(500).as_str()).await;
    alice.comment(&thread, "two").await;
    for seq in 1..=3 {
        assert_eq!(reader.event("public").await["seq"], start + seq);
    }
}
