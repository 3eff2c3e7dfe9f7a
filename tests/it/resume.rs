//! What finds lost hints, rotated epochs and a resume that skips.
use serde_json::json;

use crate::{
    harness::{World, both},
    streams::{a_busy_day, resume_everywhere},
};

/// Somebody writes much; a subscriber on another node gets all of it, each once, in order.
async fn everything_arrives(world: &World) {
    let alice = world.person("alice").await;
    let mut socket = world.visitor().at(world.node(1)).socket().await;
    let start = socket.follow(world.framework, "public", None).await["seq"]
        .as_i64()
        .unwrap();
    let (thread, _) = alice.thread(1, "one").await;
    for number in 0..40 {
        alice.comment(&thread, &number.to_string()).await;
    }
    for seq in start + 1..=start + 42 {
        assert_eq!(socket.event("public").await["seq"], seq);
    }
}

both! {
    one_hint_in_ten_is_lost_and_no_event_is("--test-drop-hints", "10"),
    every_hint_is_lost_and_no_event_is("--test-drop-hints", "1"),
    a_subscriber_hears_of_a_new_epoch_though_nothing_else_happens,
    a_resume_that_skips_one_change_is_caught("--test-mutant", "resume_off_by_one"),
}

async fn one_hint_in_ten_is_lost_and_no_event_is(world: World) {
    everything_arrives(&world).await;
}

async fn every_hint_is_lost_and_no_event_is(world: World) {
    everything_arrives(&world).await;
}

async fn a_subscriber_hears_of_a_new_epoch_though_nothing_else_happens(world: World) {
    let alice = world.person("alice").await;
    alice.thread(1, "before").await;
    let mut socket = world.visitor().at(world.node(1)).socket().await;
    let before = socket.follow(world.framework, "public", None).await;
    let mut tx = world.node(0).services.store.write().await.unwrap();
    tx.set_epoch(world.framework, "another").await.unwrap();
    tx.commit().await.unwrap();
    socket
        .until(|frame| frame["type"] == "lagging" && frame["stream"] == "public")
        .await;
    let from = (
        before["epoch"].as_str().unwrap(),
        before["seq"].as_i64().unwrap(),
    );
    let again = socket.follow(world.framework, "public", Some(from)).await;
    assert_eq!(
        (&again["mode"], &again["reason"], &again["epoch"]),
        (&json!("snapshot"), &json!("epoch"), &json!("another"))
    );
    alice.thread(1, "after").await;
    let event = socket.event("public").await;
    assert_eq!(
        (&event["epoch"], event["seq"].as_i64()),
        (&json!("another"), again["seq"].as_i64().map(|seq| seq + 1))
    );
}

async fn a_resume_that_skips_one_change_is_caught(world: World) {
    a_busy_day(&world).await;
    assert!(
        resume_everywhere(&world).await.is_err(),
        "a change was skipped and nobody saw it"
    );
}
