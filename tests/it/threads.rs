//! Threads and comments.
use serde_json::json;

use crate::harness::{World, both};

both! {
    a_comment_is_seen_by_everyone_at_every_node,
    an_edit_keeps_its_versions_and_a_stale_one_is_a_conflict,
    a_deleted_comment_is_a_tombstone_and_leaves_the_counts,
    replies_nest_to_64_and_stay_in_their_thread,
    a_long_thread_pages_without_gap_or_repeat,
    a_reading_place_only_moves_on,
}

async fn a_comment_is_seen_by_everyone_at_every_node(world: World) {
    let alice = world.person("alice").await;
    let mut boris = world.visitor().at(world.node(1)).socket().await;
    boris.follow(world.framework, "public", None).await;
    let (thread, _) = alice
        .thread(2, "Hello **there** <script>alert(1)</script>")
        .await;
    let event = boris.until(|frame| frame["kind"] == "comment_posted").await;
    assert_eq!(
        event["data"]["object"]["html"],
        "<p>Hello <strong>there</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    );
    assert_eq!(
        event["data"]["counters"]["point"],
        json!({ "number": 2, "threads": 1, "comments": 1 })
    );
    let reply = alice.comment(&thread, "And a reply").await;
    let page = world
        .visitor()
        .at(world.node(1))
        .get(&format!("/threads/{thread}"))
        .await;
    assert_eq!(page.body["comments"]["items"][1]["id"], reply.as_str());
}

async fn an_edit_keeps_its_versions_and_a_stale_one_is_a_conflict(world: World) {
    let alice = world.person("alice").await;
    let (_, comment) = alice.thread(1, "first").await;
    let edited = alice
        .patch(
            &format!("/comments/{comment}"),
            json!({ "version": 1, "body": "second" }),
        )
        .await;
    assert_eq!(
        (edited.status, &edited.body["comment"]["version"]),
        (200, &json!(2))
    );
    assert_eq!(
        alice
            .patch(
                &format!("/comments/{comment}"),
                json!({ "version": 1, "body": "third" })
            )
            .await
            .problem()
            .0,
        "conflict"
    );
    let versions = alice.get(&format!("/comments/{comment}/versions")).await;
    let bodies: Vec<_> = versions.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| version["body"].as_str().unwrap())
        .collect();
    assert_eq!(bodies, ["first", "second"]);
    let boris = world.person("boris").await;
    assert_eq!(
        boris
            .patch(
                &format!("/comments/{comment}"),
                json!({ "version": 2, "body": "mine" })
            )
            .await
            .problem()
            .0,
        "forbidden"
    );
}

async fn a_deleted_comment_is_a_tombstone_and_leaves_the_counts(world: World) {
    let alice = world.person("alice").await;
    let (thread, first) = alice.thread(1, "a secret word").await;
    alice.comment(&thread, "stays").await;
    assert_eq!(
        alice.delete(&format!("/comments/{first}")).await.status,
        200
    );
    let visitor = world.visitor();
    let seen = visitor.get(&format!("/comments/{first}")).await;
    assert_eq!(
        (
            seen.status,
            &seen.body["state"],
            &seen.body["body"],
            &seen.body["author"]
        ),
        (200, &json!("deleted"), &json!(null), &json!(null))
    );
    assert_eq!(
        visitor
            .get(&format!("/comments/{first}/versions"))
            .await
            .status,
        404
    );
    assert_eq!(
        visitor.get(&format!("/threads/{thread}")).await.body["thread"]["comments"],
        1
    );
    assert_eq!(
        visitor.get("/frameworks/test").await.body["points"][0]["comments"],
        1
    );
}

async fn replies_nest_to_64_and_stay_in_their_thread(world: World) {
    let alice = world.person("alice").await;
    let (thread, mut parent) = alice.thread(1, "root").await;
    let (other, _) = alice.thread(1, "other").await;
    let reply = |parent: &str| json!({ "body": "reply", "kind": "remark", "parent": parent });
    assert_eq!(
        alice
            .post(&format!("/threads/{other}/comments"), reply(&parent))
            .await
            .problem(),
        ("bad_request", "parent")
    );
    for _ in 0..64 {
        let made = alice
            .post(&format!("/threads/{thread}/comments"), reply(&parent))
            .await;
        parent = made.body["comment"]["id"].as_str().unwrap().into();
    }
    let answer = alice
        .post(&format!("/threads/{thread}/comments"), reply(&parent))
        .await;
    assert_eq!(answer.body["fields"][0]["code"], "too_deep");
}

async fn a_long_thread_pages_without_gap_or_repeat(world: World) {
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "0").await;
    let mut socket = alice.socket().await;
    for number in 1..130 {
        let command = json!({ "type": "post_comment", "thread": thread, "body": number.to_string(), "kind": "remark" });
        assert_eq!(
            socket.command(world.framework, command).await["type"],
            "ack"
        );
    }
    let first = alice.get(&format!("/threads/{thread}")).await.body;
    let next = first["comments"]["next"].as_str().unwrap();
    let second = alice
        .get(&format!("/threads/{thread}?after={next}"))
        .await
        .body;
    let bodies = [&first, &second]
        .map(|page| page["comments"]["items"].as_array().unwrap().clone())
        .concat();
    let bodies: Vec<_> = bodies
        .iter()
        .map(|comment| comment["body"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        bodies,
        (0..130)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    );
    assert_eq!(second["comments"]["next"], json!(null));
}

async fn a_reading_place_only_moves_on(world: World) {
    let alice = world.person("alice").await;
    alice.thread(1, "one").await;
    assert_eq!(
        alice
            .put("/frameworks/test/points/1/read", json!({ "seq": 2 }))
            .await
            .body["read_seq"],
        2
    );
    assert_eq!(
        alice
            .put("/frameworks/test/points/1/read", json!({ "seq": 1 }))
            .await
            .body["read_seq"],
        2
    );
    assert_eq!(
        alice
            .put("/frameworks/test/points/1/read", json!({ "seq": 99 }))
            .await
            .problem(),
        ("bad_request", "seq")
    );
    assert_eq!(
        alice.get("/frameworks/test/points/1").await.body["read_seq"],
        2
    );
}
