//! Decisions by one moderator or two, taken back or appealed against.
use demarche::domain::permission::Role;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, World, both};

pub async fn decide(moderator: &Person, kind: &str, id: &str, action: &str, more: Value) -> Answer {
    let mut body = json!({ "object": { "kind": kind, "id": id }, "action": action, "rule": "R3", "facts": "An address." });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    moderator.post("/moderation/decisions", body).await
}

/// A decision that is made; its id.
pub async fn decided(
    moderator: &Person,
    kind: &str,
    id: &str,
    action: &str,
    more: Value,
) -> String {
    let made = decide(moderator, kind, id, action, more).await;
    assert_eq!(made.status, 201, "{action}: {}", made.body);
    made.body["decision"]["id"].as_str().unwrap().into()
}

async fn undo(moderator: &Person, decision: &str) -> Answer {
    moderator
        .delete(&format!("/moderation/decisions/{decision}"))
        .await
}

pub async fn report(person: &Person, kind: &str, id: &str, reason: &str) {
    let made = person
        .post(
            "/reports",
            json!({ "object": { "kind": kind, "id": id }, "reason": reason }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
}

pub async fn queue(moderator: &Person, more: &str) -> Vec<Value> {
    moderator
        .get(&format!("/moderation/queue?framework=test{more}"))
        .await
        .body["items"]
        .as_array()
        .unwrap()
        .clone()
}

pub async fn item(moderator: &Person, kind: &str, id: &str) -> Value {
    let seen = moderator
        .get(&format!("/moderation/items/{kind}/{id}?framework=test"))
        .await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    seen.body
}

/// A moderator who also chose a viewpoint.
async fn moderator_of(world: &World, handle: &str, camp: &str) -> Person {
    let person = world.with_role(handle, Role::Moderator).await;
    assert_eq!(
        person
            .post(
                "/frameworks/test/membership",
                json!({ "camp": camp, "consent": true })
            )
            .await
            .status,
        200
    );
    person
}

/// Everything that everyone sees of a point: its counts and its threads with their comments.
pub async fn picture(world: &World) -> Value {
    let visitor = world.visitor().at(world.node(1));
    let mut threads = visitor.get("/frameworks/test/points/1/threads").await.body["items"]
        .as_array()
        .unwrap()
        .clone();
    threads.sort_by_key(|thread| thread["id"].to_string());
    let mut all = vec![];
    for thread in &mut threads {
        thread["version"].take();
        let page = visitor
            .get(&format!("/threads/{}", thread["id"].as_str().unwrap()))
            .await
            .body;
        all.push(page["comments"]["items"].clone());
    }
    let points = visitor.get("/frameworks/test").await.body["points"].clone();
    json!([points, threads, all])
}

async fn board(world: &World, reader: &Person) -> Value {
    let board = reader
        .at(world.node(1))
        .get(&format!("/questions/{}/tally", world.question))
        .await
        .body;
    json!([board["items"], board["waiting"], board["voters"]])
}

both! {
    what_is_removed_shows_to_its_author_and_where_each_look_is_noted,
    several_things_are_decided_about_at_once_or_not_at_all,
    a_decision_taken_back_leaves_everything_as_it_was,
    a_decision_can_be_taken_back_for_ten_minutes_by_whoever_made_it,
    removing_a_card_and_banning_take_moderators_of_two_viewpoints,
    an_appeal_goes_to_another_moderator_and_brings_back_words_and_counts,
    the_log_names_nobody_and_comes_as_a_table_and_whole,
    nobody_decides_about_their_own,
}

async fn what_is_removed_shows_to_its_author_and_where_each_look_is_noted(world: World) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, comment) = alice.thread(1, "mark-2b7e").await;
    decided(&moderator, "comment", &comment, "remove", json!({})).await;
    for reader in [&world.visitor(), &moderator] {
        for path in [format!("/comments/{comment}"), format!("/threads/{thread}")] {
            assert!(
                !reader
                    .get(&path)
                    .await
                    .body
                    .to_string()
                    .contains("mark-2b7e"),
                "{path}"
            );
        }
        assert_eq!(
            reader
                .get(&format!("/comments/{comment}/versions"))
                .await
                .status,
            404
        );
    }
    assert_eq!(
        alice.get(&format!("/comments/{comment}")).await.body["body"],
        "mark-2b7e"
    );
    assert_eq!(
        item(&moderator, "comment", &comment).await["comment"]["body"],
        "mark-2b7e"
    );
}

async fn several_things_are_decided_about_at_once_or_not_at_all(world: World) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, one) = alice.thread(1, "one").await;
    let two = alice.comment(&thread, "two").await;
    let own = moderator.comment(&thread, "a word of mine").await;
    let also = |id: &str| json!({ "also": [{ "kind": "comment", "id": id }] });
    let before = picture(&world).await;
    assert_eq!(
        decide(&moderator, "comment", &one, "hide", also(&own))
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        decide(&moderator, "comment", &one, "hide", also(&one))
            .await
            .problem(),
        ("bad_request", "also[0]")
    );
    assert_eq!(
        picture(&world).await,
        before,
        "a refused decision leaves nothing"
    );
    let made = decide(&moderator, "comment", &one, "hide", also(&two)).await;
    assert_eq!(made.body["decisions"].as_array().unwrap().len(), 2);
    for comment in [&one, &two] {
        assert_eq!(
            world
                .visitor()
                .get(&format!("/comments/{comment}"))
                .await
                .body["state"],
            "hidden"
        );
    }
}

async fn a_decision_taken_back_leaves_everything_as_it_was(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, one) = alice.thread(1, "one").await;
    let two = boris.reply(&thread, &one, "two").await;
    boris.reply(&thread, &two, "three").await;
    report(&boris, "comment", &one, "insult").await;
    let before = picture(&world).await;
    let acts = [
        ("comment", &one, "hide", json!({})),
        ("comment", &one, "remove", json!({})),
        ("comment", &one, "hold", json!({})),
        ("comment", &one, "approve", json!({})),
        (
            "comment",
            &two,
            "split",
            json!({ "title": "Another matter" }),
        ),
        ("thread", &thread, "lock", json!({})),
        ("thread", &thread, "hide", json!({})),
        ("thread", &thread, "move", json!({ "point": 2 })),
        (
            "account",
            &alice.id,
            "suspend",
            json!({ "duration_hours": 5 }),
        ),
        ("account", &alice.id, "ban", json!({})),
        ("account", &alice.id, "warn", json!({})),
    ];
    for (kind, id, action, more) in acts {
        let decision = decided(&moderator, kind, id, action, more).await;
        if matches!(action, "split" | "move" | "hide" | "remove") {
            assert_ne!(picture(&world).await, before, "{action} changes something");
        }
        let undone = undo(&moderator, &decision).await;
        assert_eq!(
            (undone.status, &undone.body["decision"]["state"]),
            (200, &json!("undone")),
            "{action}: {}",
            undone.body
        );
        assert_eq!(picture(&world).await, before, "{action} was taken back");
        assert_eq!(undo(&moderator, &decision).await.problem().0, "conflict");
    }
    assert_eq!(
        queue(&moderator, "").await.len(),
        1,
        "the report is open again"
    );
    alice.thread(1, "still here").await;
    let log = world
        .visitor()
        .get("/frameworks/test/moderation-log")
        .await
        .body;
    assert!(
        log["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|decision| decision["state"] == "undone")
    );
}

async fn a_decision_can_be_taken_back_for_ten_minutes_by_whoever_made_it(world: World) {
    let alice = world.person("alice").await;
    let (first, second) = (
        world.with_role("first", Role::Moderator).await,
        world.with_role("second", Role::Moderator).await,
    );
    let owner = world.with_role("host", Role::Owner).await;
    let (_, comment) = alice.thread(1, "one").await;
    let hidden = decided(&first, "comment", &comment, "hide", json!({})).await;
    assert_eq!(undo(&second, &hidden).await.problem().0, "forbidden");
    assert_eq!(undo(&alice, &hidden).await.problem().0, "forbidden");
    assert_eq!(undo(&owner, &hidden).await.status, 200);
    let hidden = decided(&first, "comment", &comment, "hide", json!({})).await;
    decided(&first, "comment", &comment, "restore", json!({})).await;
    assert_eq!(
        undo(&first, &hidden).await.problem().0,
        "conflict",
        "it was decided about again"
    );
    let hidden = decided(&first, "comment", &comment, "hide", json!({})).await;
    world.clock.advance(600_001);
    assert_eq!(undo(&first, &hidden).await.problem().0, "closed");
}

async fn removing_a_card_and_banning_take_moderators_of_two_viewpoints(world: World) {
    let (alice, reader) = (
        world.participant("alice", "kyiv").await,
        world.participant("reader", "moscow").await,
    );
    let card = world.card(&alice, "A").await;
    reader.deal(&world.question).await;
    reader.answer(&card, "yes").await;
    let before = board(&world, &reader).await;
    let kyiv = moderator_of(&world, "first", "kyiv").await;
    // One viewpoint alone decides alone.
    let ban = decided(&kyiv, "account", &alice.id, "ban", json!({})).await;
    assert_eq!(undo(&kyiv, &ban).await.status, 200);
    let second_wanted =
        async || kyiv.get("/moderation/queue?framework=test").await.body["second_wanted"].clone();
    assert_eq!(second_wanted().await, false);
    let (also_kyiv, moscow) = (
        moderator_of(&world, "third", "kyiv").await,
        moderator_of(&world, "second", "moscow").await,
    );
    assert_eq!(second_wanted().await, true);
    let wait = decide(&kyiv, "concession", &card, "remove", json!({})).await;
    assert_eq!(wait.body["decision"]["state"], "pending");
    let id = wait.body["decision"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        decide(&kyiv, "concession", &card, "remove", json!({}))
            .await
            .problem()
            .0,
        "conflict"
    );
    assert_eq!(board(&world, &reader).await, before, "nothing is done yet");
    assert!(
        world
            .visitor()
            .get("/frameworks/test/moderation-log")
            .await
            .body["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|entry| entry["action"] != "remove")
    );
    assert_eq!(
        queue(&moscow, "").await[0]["because"][0]["why"],
        "second_wanted"
    );
    let second = |person: &Person, agrees: bool| {
        let (person, id) = (person.at(world.node(1)), id.clone());
        async move {
            person
                .post(
                    &format!("/moderation/decisions/{id}/second"),
                    json!({ "agrees": agrees }),
                )
                .await
        }
    };
    for refused in [&kyiv, &also_kyiv] {
        assert_eq!(second(refused, true).await.problem().0, "forbidden");
    }
    let done = second(&moscow, true).await;
    assert_eq!(
        (
            &done.body["decision"]["state"],
            &done.body["decision"]["seconded"]
        ),
        (&json!("done"), &json!(true)),
        "{}",
        done.body
    );
    assert_eq!(
        world
            .visitor()
            .get(&format!("/concessions/{card}"))
            .await
            .body["title"],
        Value::Null
    );
    assert_eq!(undo(&kyiv, &id).await.status, 200);
    assert_eq!(
        board(&world, &reader).await,
        before,
        "counts come back exactly"
    );

    let wait = decided(&moscow, "account", &alice.id, "ban", json!({})).await;
    let refused = kyiv
        .post(
            &format!("/moderation/decisions/{wait}/second"),
            json!({ "agrees": false }),
        )
        .await;
    assert_eq!(refused.body["decision"]["state"], "refused");
    alice.thread(1, "not banned").await;
    assert!(queue(&kyiv, "").await.is_empty());
}

async fn an_appeal_goes_to_another_moderator_and_brings_back_words_and_counts(world: World) {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.person("boris").await,
    );
    let (first, second) = (
        world.with_role("first", Role::Moderator).await,
        world.with_role("second", Role::Moderator).await,
    );
    let reader = world.participant("reader", "moscow").await;
    let card = world.card(&alice, "A").await;
    reader.deal(&world.question).await;
    reader.answer(&card, "yes").await;
    let (thread, comment) = alice.thread(1, "mark-6c6c").await;
    let (words, counts) = (picture(&world).await, board(&world, &reader).await);
    for (kind, id) in [
        ("comment", &comment),
        ("thread", &thread),
        ("concession", &card),
    ] {
        let decision = decided(&first, kind, id, "hide", json!({})).await;
        let own = alice.get("/me/posts").await.body;
        assert!(own["decisions"][0]["appeal_until"].as_i64().unwrap() > world.clock.now());
        let appeal = json!({ "decision": decision, "statement": "It names nobody, mark-aa01." });
        assert_eq!(boris.post("/appeals", appeal.clone()).await.status, 404);
        let made = alice.post("/appeals", appeal.clone()).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(alice.post("/appeals", appeal).await.problem().0, "conflict");
        assert_eq!(queue(&second, "").await[0]["because"][0]["why"], "appealed");
        let log = world
            .visitor()
            .get("/frameworks/test/moderation-log")
            .await
            .body;
        assert_eq!(log["items"][0]["appeal"]["state"], "open");
        assert!(!log.to_string().contains("mark-aa01"));
        let path = format!(
            "/appeals/{}/decision",
            made.body["decision"]["appeal"]["id"].as_str().unwrap()
        );
        let answer = json!({ "reverse": true, "answer": "It names nobody indeed." });
        assert_eq!(
            first.post(&path, answer.clone()).await.problem().0,
            "forbidden",
            "not by whoever decided"
        );
        assert_eq!(
            boris.post(&path, answer.clone()).await.problem().0,
            "forbidden"
        );
        let reversed = second.post(&path, answer.clone()).await;
        assert_eq!(
            (&reversed.body["decision"]["state"], reversed.status),
            (&json!("overturned"), 200),
            "{}",
            reversed.body
        );
        assert_eq!(second.post(&path, answer).await.problem().0, "conflict");
        assert_eq!(
            (picture(&world).await, board(&world, &reader).await),
            (words.clone(), counts.clone()),
            "{kind}"
        );
        assert!(queue(&second, "").await.is_empty());
        let told = alice.get("/me/posts").await.body["decisions"][0]["appeal"].clone();
        assert_eq!(
            (&told["state"], &told["answer"]),
            (&json!("reversed"), &json!("It names nobody indeed."))
        );
    }
    let record = world
        .visitor()
        .get("/frameworks/test/moderation-record")
        .await
        .body;
    assert_eq!(
        (
            &record["total"]["decisions"],
            &record["total"]["overturned"]["count"]
        ),
        (&json!(3), &json!(3))
    );
}

async fn the_log_names_nobody_and_comes_as_a_table_and_whole(world: World) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (_, comment) = alice.thread(1, "one").await;
    decided(
        &moderator,
        "comment",
        &comment,
        "hide",
        json!({ "facts": "=1+1, \"quoted\"" }),
    )
    .await;
    decided(
        &moderator,
        "account",
        &alice.id,
        "suspend",
        json!({ "duration_hours": 1 }),
    )
    .await;
    let visitor = world.visitor().at(world.node(1));
    let whole = visitor
        .get("/frameworks/test/moderation-log.json")
        .await
        .body;
    assert_eq!(whole.as_array().unwrap().len(), 2);
    let table = visitor
        .get("/frameworks/test/moderation-log.csv")
        .await
        .body
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(table.lines().count(), 3);
    assert!(table.contains(r#""'=1+1, ""quoted""""#), "{table}");
    for text in [whole.to_string(), table] {
        assert!(
            !text.contains(&alice.id) && !text.contains(&moderator.id) && !text.contains("alice")
        );
    }
}

async fn nobody_decides_about_their_own(world: World) {
    let (first, second) = (
        world.with_role("first", Role::Moderator).await,
        world.with_role("second", Role::Moderator).await,
    );
    let (thread, comment) = first.thread(1, "mine").await;
    for (kind, id) in [
        ("comment", &comment),
        ("thread", &thread),
        ("account", &first.id),
    ] {
        assert_eq!(
            decide(
                &first,
                kind,
                id,
                if kind == "account" { "lift" } else { "approve" },
                json!({})
            )
            .await
            .problem()
            .0,
            "forbidden"
        );
    }
    let decision = decided(&second, "comment", &comment, "hide", json!({})).await;
    let made = first
        .post(
            "/appeals",
            json!({ "decision": decision, "statement": "No." }),
        )
        .await;
    let path = format!(
        "/appeals/{}/decision",
        made.body["decision"]["appeal"]["id"].as_str().unwrap()
    );
    assert_eq!(
        first
            .post(&path, json!({ "reverse": true, "answer": "Yes." }))
            .await
            .problem()
            .0,
        "forbidden"
    );
}
