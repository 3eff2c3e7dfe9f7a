//! Taking one's own words back, which is no posting: always; what moderators had decided stands,
//! and what readers reported is answered.
use demarche::domain::permission::Role;
use serde_json::{Value, json};

use crate::{
    decisions::{decide, decided, item, queue, report},
    harness::{Person, World, both},
};

/// What may stand in the way of posting.
async fn obstacle(
    world: &World,
    owner: &Person,
    author: &Person,
    thread: &str,
    comment: &str,
    which: &str,
) {
    let pace = |quiet: Value, paused: Value| {
        json!({ "version": 0, "slow_seconds": 600, "slow_points": [], "paused_points": paused,
        "first_posts": 0, "quiet": quiet, "words": [], "links": [] })
    };
    let set = match which {
        "lock" => return drop(decided(owner, "thread", thread, "lock", json!({})).await),
        "hidden thread" => return drop(decided(owner, "thread", thread, "hide", json!({})).await),
        "hide" | "remove" | "hold" => {
            return drop(decided(owner, "comment", comment, which, json!({})).await);
        }
        "pause" => {
            return drop(
                decided(
                    owner,
                    "framework",
                    &world.framework.to_string(),
                    "pause",
                    json!({}),
                )
                .await,
            );
        }
        "ban" => return drop(decided(owner, "account", &author.id, "ban", json!({})).await),
        "paused point" => pace(Value::Null, json!([1])),
        "quiet hours" => {
            let hour = |from: i64| {
                format!(
                    "{:02}:00",
                    ((world.clock.now() / 3_600_000 + from) % 24 + 24) % 24
                )
            };
            pace(
                json!({ "from": hour(-1), "to": hour(2), "zone": "UTC" }),
                json!([]),
            )
        }
        other => panic!("{other}"),
    };
    let set = owner.put("/frameworks/test/pace", set).await;
    assert_eq!(set.status, 200, "{}", set.body);
}

const OBSTACLES: [&str; 9] = [
    "lock",
    "hidden thread",
    "hide",
    "remove",
    "hold",
    "pause",
    "ban",
    "paused point",
    "quiet hours",
];

both! {
    own_words_are_taken_back_whatever_stands_in_the_way_and_not_rewritten,
    a_card_is_taken_back_while_posting_is_paused_and_once_hidden,
    what_was_decided_stands_and_brings_no_words_back,
    a_report_about_words_that_were_taken_back_is_answered_by_that,
    nothing_waits_for_a_second_moderator_once_it_was_taken_back,
    the_locked_notes_on_a_card_take_no_other_words_and_no_second_thread,
}

async fn own_words_are_taken_back_whatever_stands_in_the_way_and_not_rewritten(world: World) {
    let owner = world.with_role("host", Role::Owner).await;
    for (number, which) in OBSTACLES.into_iter().enumerate() {
        let author = world.participant(&format!("author-{number}"), "kyiv").await;
        let (thread, comment) = author.thread(1, "my phone number, by mistake").await;
        obstacle(&world, &owner, &author, &thread, &comment, which).await;
        let path = format!("/comments/{comment}");
        let rewritten = author
            .patch(&path, json!({ "version": 1, "body": "REWRITTEN" }))
            .await;
        let code = match which {
            "hidden thread" => "not_found",
            "ban" => "forbidden",
            _ => "closed",
        };
        assert_eq!(
            rewritten.problem().0,
            code,
            "rewriting under {which}: {}",
            rewritten.body
        );
        let taken = author.at(world.node(1)).delete(&path).await;
        assert_eq!(
            (taken.status, &taken.body["comment"]["state"]),
            (200, &json!("deleted")),
            "{which}: {}",
            taken.body
        );
        for reader in [&world.visitor(), &owner] {
            assert!(
                !reader.get(&path).await.body.to_string().contains("phone"),
                "{which}"
            );
        }
        assert_eq!(author.delete(&path).await.problem().0, "closed");
        if which == "quiet hours" || which == "paused point" {
            let off = json!({ "version": 1, "slow_points": [], "paused_points": [], "first_posts": 0, "words": [], "links": [] });
            assert_eq!(owner.put("/frameworks/test/pace", off).await.status, 200);
            // The settings count from 0 in this test: the next obstacle begins anew.
            break_version(&world).await;
        }
        if which == "pause" {
            decided(
                &owner,
                "framework",
                &world.framework.to_string(),
                "resume",
                json!({}),
            )
            .await;
        }
    }
}

async fn a_card_is_taken_back_while_posting_is_paused_and_once_hidden(world: World) {
    let (alice, owner) = (
        world.participant("alice", "kyiv").await,
        world.with_role("host", Role::Owner).await,
    );
    let cards = [world.card(&alice, "A").await, world.card(&alice, "B").await];
    let hidden = decided(&owner, "concession", &cards[0], "hide", json!({})).await;
    decided(
        &owner,
        "framework",
        &world.framework.to_string(),
        "pause",
        json!({}),
    )
    .await;
    for card in &cards {
        assert_eq!(
            alice.delete(&format!("/concessions/{card}")).await.status,
            200
        );
        assert_eq!(
            world
                .visitor()
                .get(&format!("/concessions/{card}"))
                .await
                .body["title"],
            Value::Null
        );
        assert_eq!(
            decide(&owner, "concession", card, "restore", json!({}))
                .await
                .problem()
                .0,
            "conflict"
        );
    }
    assert_eq!(
        owner
            .delete(&format!("/moderation/decisions/{hidden}"))
            .await
            .status,
        200
    );
    assert_eq!(
        world
            .visitor()
            .get(&format!("/concessions/{}", cards[0]))
            .await
            .body["state"],
        "withdrawn",
        "undone, and still taken back"
    );
}

async fn what_was_decided_stands_and_brings_no_words_back(world: World) {
    let alice = world.person("alice").await;
    let (first, second) = (
        world.with_role("first", Role::Moderator).await,
        world.with_role("second", Role::Moderator).await,
    );
    let (_, comment) = alice.thread(1, "mark-77aa").await;
    let hidden = decided(&first, "comment", &comment, "hide", json!({})).await;
    let appeal = alice
        .post(
            "/appeals",
            json!({ "decision": hidden, "statement": "No." }),
        )
        .await;
    assert_eq!(
        alice.delete(&format!("/comments/{comment}")).await.status,
        200
    );
    let log = world
        .visitor()
        .get("/frameworks/test/moderation-log")
        .await
        .body;
    assert_eq!(
        (&log["items"][0]["id"], &log["items"][0]["state"]),
        (&json!(hidden), &json!("done"))
    );
    assert_eq!(
        decide(&first, "comment", &comment, "restore", json!({}))
            .await
            .problem()
            .0,
        "conflict"
    );
    let path = format!(
        "/appeals/{}/decision",
        appeal.body["decision"]["appeal"]["id"].as_str().unwrap()
    );
    assert_eq!(
        second
            .post(&path, json!({ "reverse": true, "answer": "Right." }))
            .await
            .status,
        200
    );
    for reader in [&world.visitor(), &first] {
        assert!(
            !reader
                .get(&format!("/comments/{comment}"))
                .await
                .body
                .to_string()
                .contains("mark-77aa")
        );
    }
    assert_eq!(
        item(&first, "comment", &comment).await["comment"]["body"],
        "mark-77aa",
        "where each look is noted"
    );
}

async fn a_report_about_words_that_were_taken_back_is_answered_by_that(world: World) {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.person("boris").await,
    );
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (_, comment) = alice.thread(1, "words").await;
    let card = world.card(&alice, "A").await;
    for (kind, id) in [("comment", &comment), ("concession", &card)] {
        report(&boris, kind, id, "insult").await;
        let notice = json!({ "object": { "kind": kind, "id": id }, "reason": "insult", "statement": "It is one." });
        let code = world.visitor().post("/notices", notice.clone()).await.body["code"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(queue(&moderator, "").await.len(), 1);
        let mut socket = moderator.at(world.node(1)).socket().await;
        socket.follow(world.framework, "moderators", None).await;
        let path = if kind == "comment" {
            format!("/comments/{id}")
        } else {
            format!("/concessions/{id}")
        };
        assert_eq!(alice.delete(&path).await.status, 200);
        let gone = socket.until(|frame| frame["kind"] == "queue_changed").await;
        assert_eq!(gone["data"]["object"], json!({ "id": id }));
        assert!(queue(&moderator, "").await.is_empty());
        let told = boris.get("/me/reports").await.body["items"][0]["outcome"].clone();
        assert_eq!(
            (&told["taken_back"], &told["action"]),
            (&json!(true), &Value::Null)
        );
        let outcome = world
            .visitor()
            .post("/notices/outcome", json!({ "code": code }))
            .await;
        assert_eq!(outcome.body["outcome"]["taken_back"], true);
        // There is nothing left to report.
        let again = json!({ "object": { "kind": kind, "id": id }, "reason": "insult" });
        assert_eq!(
            world
                .person(&format!("clara-{kind}"))
                .await
                .post("/reports", again)
                .await
                .problem()
                .0,
            "closed"
        );
        assert_eq!(
            world.visitor().post("/notices", notice).await.problem().0,
            "closed"
        );
    }
}

async fn nothing_waits_for_a_second_moderator_once_it_was_taken_back(world: World) {
    let alice = world.participant("alice", "kyiv").await;
    let mut moderators = vec![];
    for (handle, camp) in [("first", "kyiv"), ("second", "moscow")] {
        let one = world.with_role(handle, Role::Moderator).await;
        assert_eq!(
            one.post(
                "/frameworks/test/membership",
                json!({ "camp": camp, "consent": true })
            )
            .await
            .status,
            200
        );
        moderators.push(one);
    }
    let card = world.card(&alice, "A").await;
    let pending = decided(&moderators[0], "concession", &card, "remove", json!({})).await;
    assert_eq!(
        alice.delete(&format!("/concessions/{card}")).await.status,
        200
    );
    assert!(queue(&moderators[1], "").await.is_empty());
    let second = moderators[1]
        .post(
            &format!("/moderation/decisions/{pending}/second"),
            json!({ "agrees": true }),
        )
        .await;
    assert_eq!(second.problem().0, "conflict");
}

async fn the_locked_notes_on_a_card_take_no_other_words_and_no_second_thread(world: World) {
    let (alice, reader) = (
        world.participant("alice", "kyiv").await,
        world.participant("reader", "moscow").await,
    );
    let moderator = world.with_role("watch", Role::Moderator).await;
    let card = world.card(&alice, "A").await;
    let answer = |note: &str| json!({ "version": 1, "acceptance": "with_changes", "realism": "maybe", "note": note });
    let path = format!("/concessions/{card}/answer");
    reader.deal(&world.question).await;
    assert_eq!(reader.put(&path, answer("first words")).await.status, 200);
    let threads = world
        .visitor()
        .get(&format!("/concessions/{card}/threads"))
        .await
        .body;
    decided(
        &moderator,
        "thread",
        threads["items"][0]["id"].as_str().unwrap(),
        "lock",
        json!({}),
    )
    .await;
    assert_eq!(
        reader.put(&path, answer("other words")).await.problem().0,
        "closed"
    );
    let other = world.participant("other", "kyiv").await;
    other.deal(&world.question).await;
    assert_eq!(
        other.put(&path, answer("more words")).await.problem().0,
        "closed"
    );
    let ballot = other
        .get(&format!("/questions/{}/ballot", world.question))
        .await
        .body;
    assert_eq!(
        ballot["answers"],
        json!([]),
        "a refused answer leaves nothing"
    );
    assert_eq!(other.answer(&card, "yes").await.status, 200);
}

/// Sets the count of changes of the settings back, past the product.
async fn break_version(world: &World) {
    let mut tx = world.node(0).services.store.write().await.unwrap();
    tx.set_pace(world.framework, &demarche::domain::pace::Pace::default())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}
