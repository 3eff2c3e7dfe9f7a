//! The audit chain: whatever is changed behind the program's back is found, at its place; and what the program does is sound.
use demarche::{domain::permission::Role, service::checkpoints};
use serde_json::{Value, json};

use crate::harness::{
    Person, World, both, proposal,
    verify::{Tables, keep},
};

fn tables(world: &World) -> Tables {
    Tables { folder: world.folder().into(), url: world.url() }
}

/// What there is to tamper with.
struct Story {
    tables: Tables,
    alice: Person,
    moderator: Person,
    /// Edited twice.
    edited: String,
    /// Alice's last comment, which nobody touched: its change is the last of the stream.
    last: String,
    decision: String,
}

async fn decide(moderator: &Person, kind: &str, id: &str, action: &str) -> String {
    let object = json!({ "kind": kind, "id": id });
    let made = moderator.post("/moderation/decisions", json!({ "object": object, "action": action, "rule": "R1", "facts": "It was so." })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["decision"]["id"].as_str().unwrap().into()
}

/// Comments, edits, removals, cards, translations, reports, decisions, rounds.
async fn story(world: &World) -> Story {
    let (alice, boris) = (world.participant("alice", "kyiv").await, world.participant("boris", "moscow").await);
    let (moderator, leading) = (world.with_role("watch", Role::Moderator).await, world.with_role("leading", Role::Mediator).await);
    let (thread, first) = alice.thread(1, "Мир — це **справа**.").await;
    let edited = alice.comment(&thread, "one").await;
    for (version, body, kind) in [(1, "two", "evidence"), (2, "three", "question")] {
        assert_eq!(alice.patch(&format!("/comments/{edited}"), json!({ "version": version, "body": body, "kind": kind })).await.status, 200);
    }
    let gone = boris.comment(&thread, "to be deleted").await;
    assert_eq!(boris.delete(&format!("/comments/{gone}")).await.status, 200);
    for _ in 0..2 {
        let report = json!({ "object": { "kind": "comment", "id": first }, "reason": "insult", "note": "See \"this\"." });
        assert_eq!(boris.post("/reports", report).await.status, 201);
        decide(&moderator, "comment", &first, "hide").await;
        decide(&moderator, "comment", &first, "restore").await;
    }
    let decision = decide(&moderator, "thread", &thread, "lock").await;
    decide(&moderator, "thread", &thread, "unlock").await;
    cards(world, &alice, &boris, &moderator).await;
    let framework = world.framework.to_string();
    let admin = world.admin("chief").await;
    for action in ["pause", "resume"] {
        decide(&admin, "framework", &framework, action).await;
        decide(&admin, "site", "00000000-0000-0000-0000-000000000000", action).await;
    }
    for (path, body) in [("/close", json!({})), ("/rounds", json!({ "reveal": "live" })), ("/close", json!({})), ("/rounds", json!({}))] {
        let moved = leading.post(&format!("/questions/{}{path}", world.question), body).await;
        assert_eq!(moved.status, 200, "{}", moved.body);
    }
    let last = alice.comment(&thread, "the last word").await;
    Story { tables: tables(world), alice, moderator, edited, last, decision }
}

/// Cards that are edited, translated, answered, united, held and taken back.
async fn cards(world: &World, alice: &Person, boris: &Person, moderator: &Person) {
    let (a, b) = (world.card(alice, "A release of prisoners").await, world.card(boris, "A release of prisoners now").await);
    let translation = |title: &str| json!({ "version": 1, "language": "uk", "title": title, "body": "Вони зроблять це.", "verifier": null, "in_return": null, "trigger": null });
    for title in ["Звільнення", "Звільнення полонених"] {
        let made = boris.post(&format!("/concessions/{a}/translations"), translation(title)).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let id = boris.get(&format!("/concessions/{a}")).await.body["translations"]["uk"]["id"].as_str().unwrap().to_owned();
    let review = alice.put(&format!("/concessions/{a}/translations/{id}/review"), json!({ "accepts": true })).await;
    assert_eq!(review.status, 200, "{}", review.body);
    let punctuation = json!({ "version": 1, "title": "A release of prisoners", "body": "They would do it!", "verifier": "The agency" });
    assert_eq!(alice.patch(&format!("/concessions/{a}"), punctuation).await.status, 200);
    let other =
        json!({ "version": 2, "title": "A release of all prisoners", "body": "They would do it.", "verifier": "The agency", "in_return": "A pause" });
    assert_eq!(alice.patch(&format!("/concessions/{a}"), other).await.status, 200);
    world.confirm(&a).await;
    alice.deal(&world.question).await;
    alice.answer(&b, "yes").await;
    let united = moderator
        .post(
            "/moderation/decisions",
            json!({ "object": { "kind": "concession", "id": b }, "action": "merge", "into": a, "rule": "R7", "facts": "The same." }),
        )
        .await;
    assert_eq!(united.status, 201, "{}", united.body);
    let c = world.card(boris, "Something else").await;
    decide(moderator, "concession", &c, "hide").await;
    let made = boris.post(&format!("/questions/{}/concessions", world.question), proposal("Handing over the territory")).await;
    let held = made.body["concession"]["id"].as_str().unwrap();
    boris.post(&format!("/concessions/{held}/person"), json!({})).await;
    let report = json!({ "object": { "kind": "concession", "id": a }, "reason": "duplicate", "note": null });
    assert_eq!(boris.post("/reports", report).await.status, 201);
}

/// The place of the change of a stream about something, the first or the last.
async fn seq(tables: &Tables, which: &str, object: &str) -> i64 {
    let query = format!("SELECT CAST({which}(seq) AS TEXT) FROM change WHERE stream = 'public' AND object = '{object}'");
    tables.one(&query).await.parse().unwrap()
}

/// The checkpoints of the public stream, made now.
async fn saved(world: &World) -> Value {
    world.clock.advance(checkpoints::APART + 1);
    checkpoints::make_due(&world.node(0).services).await.unwrap_or_else(|failure| panic!("{failure:?}"));
    world.visitor().get("/frameworks/test/checkpoints").await.body
}

both! {
    async fn what_people_do_is_sound(world) {
        let story = story(&world).await;
        let page = saved(&world).await;
        let (file, key) = (keep(world.folder(), "saved.json", &page), page["key"].as_str().unwrap().to_owned());
        let found = story.tables.sound(&["--checkpoints", &file, "--key", &key]).await;
        let public = found.stream("public");
        assert_eq!(public["changes"].as_u64(), public["recomputed"].as_u64(), "every change was made again but {public}");
        assert!(public["changes"].as_u64().unwrap() > 30, "{public}");
        assert!(public["checkpoints"].as_u64().unwrap() >= 1, "{public}");
        let moderators = found.stream("moderators");
        assert_eq!(moderators["superseded"], 1, "the report that was made again: {moderators}");
        assert!(moderators["checkpoints"].as_u64().unwrap() >= 1, "{moderators}");
        assert!(found.report["keys"][&key].as_u64().unwrap() >= 2, "{}", found.report);
    }
}
