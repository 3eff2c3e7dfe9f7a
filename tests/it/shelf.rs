//! Pages of threads that are kept for visitors: whatever changes them shows at once, on the node
//! that wrote and on the other.
use demarche::domain::permission::Role;
use serde_json::{Value, json};

use crate::harness::{Person, World, both};

/// The page as visitors read it on each node, asked twice, so that the second answer is one that
/// was kept.
async fn pages(world: &World, thread: &str) -> [Value; 2] {
    let mut read = [Value::Null, Value::Null];
    for (place, page) in read.iter_mut().enumerate() {
        let visitor = world.visitor().at(world.node(place));
        let first = visitor.get(&format!("/threads/{thread}")).await;
        assert_eq!(first.status, 200, "{}", first.body);
        let second = visitor.get(&format!("/threads/{thread}")).await;
        assert_eq!((second.status, &second.body), (200, &first.body));
        *page = second.body;
    }
    read
}

/// What each page says of its comments under a name.
async fn said(world: &World, thread: &str, pointer: &str) -> [Vec<Value>; 2] {
    pages(world, thread).await.map(|page| {
        let comments = page["comments"]["items"].as_array().unwrap();
        comments
            .iter()
            .map(|comment| comment.pointer(pointer).cloned().unwrap_or_default())
            .collect()
    })
}

fn both_say(words: &[&str]) -> [Vec<Value>; 2] {
    let words: Vec<Value> = words.iter().map(|word| json!(word)).collect();
    [words.clone(), words]
}

async fn status(person: &Person, thread: &str) -> u16 {
    person.get(&format!("/threads/{thread}")).await.status
}

both! {
    a_kept_page_shows_comments_edits_and_removals_at_once_on_every_node,
    a_kept_page_shows_a_changed_display_name_at_once_on_every_node,
    a_page_that_was_kept_is_gone_at_once_when_the_framework_becomes_private,
    what_is_kept_for_visitors_is_not_what_somebody_signed_in_reads,
}

async fn a_kept_page_shows_comments_edits_and_removals_at_once_on_every_node(world: World) {
    let (alice, moderator) = (
        world.person("alice").await,
        world.with_role("judith", Role::Moderator).await,
    );
    let (thread, first) = alice.thread(1, "one").await;
    assert_eq!(said(&world, &thread, "/body").await, both_say(&["one"]));
    let second = alice.at(world.node(1)).comment(&thread, "two").await;
    assert_eq!(
        said(&world, &thread, "/body").await,
        both_say(&["one", "two"])
    );
    assert_eq!(
        alice
            .patch(
                &format!("/comments/{second}"),
                json!({ "version": 1, "body": "three" })
            )
            .await
            .status,
        200
    );
    assert_eq!(
        said(&world, &thread, "/body").await,
        both_say(&["one", "three"])
    );
    assert_eq!(
        moderator.decide("comment", &first, "hide").await.status,
        201
    );
    let hidden = said(&world, &thread, "/body").await;
    assert_eq!(
        hidden,
        [
            vec![Value::Null, json!("three")],
            vec![Value::Null, json!("three")]
        ]
    );
    assert_eq!(
        alice.delete(&format!("/comments/{second}")).await.status,
        200
    );
    assert_eq!(
        said(&world, &thread, "/state").await,
        both_say(&["hidden", "deleted"])
    );
    assert_eq!(
        moderator.decide("comment", &first, "restore").await.status,
        201
    );
    assert_eq!(
        said(&world, &thread, "/state").await,
        both_say(&["visible", "deleted"])
    );
}

async fn a_kept_page_shows_a_changed_display_name_at_once_on_every_node(world: World) {
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "one").await;
    for name in ["Olena", "Oksana", ""] {
        pages(&world, &thread).await;
        assert_eq!(
            alice
                .patch("/me", json!({ "display_name": name }))
                .await
                .status,
            200
        );
        let shown = Some(name)
            .filter(|name| !name.is_empty())
            .map_or(Value::Null, Value::from);
        assert_eq!(
            said(&world, &thread, "/author/display_name").await,
            [vec![shown.clone()], vec![shown]]
        );
    }
}

async fn a_page_that_was_kept_is_gone_at_once_when_the_framework_becomes_private(world: World) {
    let (owner, alice) = (
        world.with_role("host", Role::Owner).await,
        world.person("alice").await,
    );
    let inside = world.participant("inside", "kyiv").await;
    let (thread, _) = alice.thread(1, "one").await;
    pages(&world, &thread).await;
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .status,
        200
    );
    for place in [0, 1] {
        let node = world.node(place);
        assert_eq!(status(&inside.at(node), &thread).await, 200);
        // Twice: what a member was shown is kept for nobody.
        for reader in [world.visitor(), world.visitor(), alice.clone()] {
            assert_eq!(status(&reader.at(node), &thread).await, 404, "node {place}");
        }
    }
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": true }))
            .await
            .status,
        200
    );
    pages(&world, &thread).await;
}

async fn what_is_kept_for_visitors_is_not_what_somebody_signed_in_reads(world: World) {
    let (alice, moderator) = (
        world.person("alice").await,
        world.with_role("judith", Role::Moderator).await,
    );
    let (thread, comment) = alice.thread(1, "one").await;
    assert_eq!(
        moderator.decide("comment", &comment, "hide").await.status,
        201
    );
    for _ in 0..2 {
        assert_eq!(
            said(&world, &thread, "/body").await,
            [vec![Value::Null], vec![Value::Null]]
        );
        for place in [0, 1] {
            let own = moderator
                .at(world.node(place))
                .get(&format!("/threads/{thread}"))
                .await;
            assert_eq!(
                own.body["comments"]["items"][0]["body"], "one",
                "{}",
                own.body
            );
        }
    }
}
