//! The audit chain: whatever is changed behind the program's back is found, at its place; and what
//! the program does is sound.
use demarche::{
    domain::permission::Role,
    service::{keep::chain_key::ChainKey, way_out::checkpoints},
};
use serde_json::{Value, json};

use crate::harness::{
    Person, World, both, proposal,
    verify::{Tables, keep},
};

fn tables(world: &World) -> Tables {
    Tables {
        folder: world.folder().into(),
        url: world.url(),
    }
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
    let made = moderator.decide(kind, id, action).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["decision"]["id"].as_str().unwrap().into()
}

/// Comments, edits, removals, cards, translations, reports, decisions, rounds.
async fn story(world: &World) -> Story {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.participant("boris", "moscow").await,
    );
    let (moderator, leading) = (
        world.with_role("watch", Role::Moderator).await,
        world.with_role("leading", Role::Mediator).await,
    );
    let (thread, first) = alice.thread(1, "Мир — це **справа**.").await;
    let edited = alice.comment(&thread, "one").await;
    for (version, body, kind) in [(1, "two", "evidence"), (2, "three", "question")] {
        assert_eq!(
            alice
                .patch(
                    &format!("/comments/{edited}"),
                    json!({ "version": version, "body": body, "kind": kind })
                )
                .await
                .status,
            200
        );
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
        decide(
            &admin,
            "site",
            "00000000-0000-0000-0000-000000000000",
            action,
        )
        .await;
    }
    for (path, body) in [
        ("/close", json!({})),
        ("/rounds", json!({ "reveal": "live" })),
        ("/close", json!({})),
        ("/rounds", json!({})),
    ] {
        let moved = leading
            .post(&format!("/questions/{}{path}", world.question), body)
            .await;
        assert_eq!(moved.status, 200, "{}", moved.body);
    }
    let last = alice.comment(&thread, "the last word").await;
    Story {
        tables: tables(world),
        alice,
        moderator,
        edited,
        last,
        decision,
    }
}

/// Cards that are edited, translated, answered, united, held and taken back.
async fn cards(world: &World, alice: &Person, boris: &Person, moderator: &Person) {
    let (a, b) = (
        world.card(alice, "A release of prisoners").await,
        world.card(boris, "A release of prisoners now").await,
    );
    let translation = |title: &str| json!({ "version": 1, "language": "uk", "title": title, "body": "Вони зроблять це.", "verifier": null, "in_return": null, "trigger": null });
    for title in ["Звільнення", "Звільнення полонених"] {
        let made = boris
            .post(
                &format!("/concessions/{a}/translations"),
                translation(title),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let id = boris.get(&format!("/concessions/{a}")).await.body["translations"]["uk"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let review = alice
        .put(
            &format!("/concessions/{a}/translations/{id}/review"),
            json!({ "accepts": true }),
        )
        .await;
    assert_eq!(review.status, 200, "{}", review.body);
    let punctuation = json!({ "version": 1, "title": "A release of prisoners", "body": "They would do it!", "verifier": "The agency" });
    assert_eq!(
        alice
            .patch(&format!("/concessions/{a}"), punctuation)
            .await
            .status,
        200
    );
    let other = json!({ "version": 2, "title": "A release of all prisoners", "body": "They would do it.", "verifier": "The agency", "in_return": "A pause" });
    assert_eq!(
        alice
            .patch(&format!("/concessions/{a}"), other)
            .await
            .status,
        200
    );
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
    let made = boris
        .post(
            &format!("/questions/{}/concessions", world.question),
            proposal("Handing over the territory"),
        )
        .await;
    let held = made.body["concession"]["id"].as_str().unwrap();
    boris
        .post(&format!("/concessions/{held}/person"), json!({}))
        .await;
    let report =
        json!({ "object": { "kind": "concession", "id": a }, "reason": "duplicate", "note": null });
    assert_eq!(boris.post("/reports", report).await.status, 201);
}

/// The place of the change of a stream about something, the first or the last.
async fn seq(tables: &Tables, which: &str, object: &str) -> i64 {
    let query = format!(
        "SELECT CAST({which}(seq) AS TEXT) FROM change WHERE stream = 'public' AND object = '{object}'"
    );
    tables.one(&query).await.parse().unwrap()
}

/// The checkpoints of the public stream, made now.
async fn saved(world: &World) -> Value {
    world.clock.advance(checkpoints::APART + 1);
    checkpoints::make_due(&world.node(0).services)
        .await
        .unwrap_or_else(|failure| panic!("{failure:?}"));
    world
        .visitor()
        .get("/frameworks/test/checkpoints")
        .await
        .body
}

both! {
    what_people_do_is_sound,
    what_is_tampered_with_is_found_at_its_place,
    a_tail_cut_off_shows_in_a_saved_checkpoint_alone,
    a_checkpoint_by_another_key_or_of_another_hash_is_found,
    what_was_erased_is_counted_and_the_chain_holds,
    a_restored_site_goes_on_with_its_chain_in_a_new_epoch,
    checkpoints_are_for_whoever_may_read_the_stream,
}

async fn what_people_do_is_sound(world: World) {
    let story = story(&world).await;
    let page = saved(&world).await;
    let (file, key) = (
        keep(world.folder(), "saved.json", &page),
        page["key"].as_str().unwrap().to_owned(),
    );
    let found = story
        .tables
        .sound(&["--checkpoints", &file, "--key", &key])
        .await;
    let public = found.stream("public");
    let count = |name: &str| public[name].as_u64().unwrap();
    assert_eq!(
        count("changes"),
        count("recomputed") + 1,
        "all were made again but the settings of a round that is over: {public}"
    );
    assert!(public["changes"].as_u64().unwrap() > 30, "{public}");
    assert!(public["checkpoints"].as_u64().unwrap() >= 1, "{public}");
    let moderators = found.stream("moderators");
    assert_eq!(
        moderators["superseded"], 1,
        "the report that was made again: {moderators}"
    );
    assert!(
        moderators["checkpoints"].as_u64().unwrap() >= 1,
        "{moderators}"
    );
    assert!(
        found.report["keys"][&key].as_u64().unwrap() >= 2,
        "{}",
        found.report
    );
}

async fn what_is_tampered_with_is_found_at_its_place(world: World) {
    let story = story(&world).await;
    let tables = &story.tables;
    tables.sound(&[]).await;
    let (edited, last, decision) = (&story.edited, &story.last, &story.decision);
    let (posted, changed) = (
        seq(tables, "MIN", edited).await,
        seq(tables, "MAX", edited).await,
    );
    let (decided, end) = (
        seq(tables, "MIN", decision).await,
        seq(tables, "MAX", last).await,
    );
    let cases = [
        (
            "a comment's body",
            format!("UPDATE comment SET body = 'four' WHERE id = '{edited}'"),
            Some(changed),
            "says something else",
        ),
        (
            "a comment's html",
            format!("UPDATE comment SET html = '<p>four</p>' WHERE id = '{edited}'"),
            Some(changed),
            "says something else",
        ),
        (
            "an older body",
            format!(
                "UPDATE comment_version SET body = 'zero' WHERE comment = '{edited}' AND version = 1"
            ),
            Some(posted),
            "says something else",
        ),
        (
            "an older text gone",
            format!("DELETE FROM comment_version WHERE comment = '{edited}' AND version = 1"),
            Some(posted),
            "is not there",
        ),
        (
            "a comment's author",
            format!(
                "UPDATE comment SET author = '{}' WHERE id = '{last}'",
                story.moderator.id
            ),
            Some(end),
            "by another account",
        ),
        (
            "a comment's state",
            format!("UPDATE comment SET state = 'hidden' WHERE id = '{last}'"),
            Some(end),
            "its last change says",
        ),
        (
            "a decision's facts",
            format!("UPDATE decision SET facts = 'It was not.' WHERE id = '{decision}'"),
            Some(decided),
            "the decision",
        ),
        (
            "a round's result",
            "UPDATE round_result SET ballots = ballots + 1 WHERE round = 1".into(),
            None,
            "not what was counted",
        ),
        (
            "a change's time",
            format!("UPDATE change SET at = at + 1 WHERE stream = 'public' AND seq = {posted}"),
            Some(posted),
            "its hash",
        ),
        (
            "a change's object",
            format!(
                "UPDATE change SET object = '{last}' WHERE stream = 'public' AND seq = {posted}"
            ),
            Some(posted),
            "its hash",
        ),
        (
            "a change's account",
            format!(
                "UPDATE change SET actor = '{}' WHERE stream = 'public' AND seq = {posted}",
                story.moderator.id
            ),
            Some(posted),
            "somebody else's",
        ),
        (
            "a change's form",
            format!("UPDATE change SET form = 1 WHERE stream = 'public' AND seq = {posted}"),
            Some(posted),
            "its hash",
        ),
        (
            "a change gone",
            format!("DELETE FROM change WHERE stream = 'public' AND seq = {posted}"),
            Some(posted),
            "there is no change here",
        ),
        (
            "two changes swapped",
            format!(
                "UPDATE change SET seq = -1 WHERE stream = 'public' AND seq = {posted}; UPDATE change SET seq = {posted} WHERE stream = 'public' AND seq = {0}; UPDATE change SET seq = {0} WHERE seq = -1",
                posted + 1
            ),
            Some(posted),
            "its hash",
        ),
        (
            "the head",
            format!(
                "UPDATE stream SET seq = {}, hash = '' WHERE name = 'public'",
                end - 1
            ),
            Some(end),
            "the changes go on",
        ),
        (
            "a comment gone",
            format!("DELETE FROM comment WHERE id = '{last}'"),
            Some(end),
            "is not there",
        ),
        (
            "a comment nobody wrote",
            format!(
                "INSERT INTO comment SELECT '0199f0a2-0000-7000-8000-0000000000ff', framework, thread, parent, depth, author, kind, body, html, language, state, version, created_at, edited_at, replies FROM comment WHERE id = '{last}'"
            ),
            None,
            "no change vouches",
        ),
        (
            "a card's words",
            "UPDATE concession SET verifier = 'Nobody' WHERE title = 'A release of all prisoners'"
                .into(),
            None,
            "the card",
        ),
        (
            "a translation's words",
            "UPDATE translation SET body = 'Ні.' WHERE state = 'proposed'".into(),
            None,
            "translation",
        ),
        (
            "a report's reason",
            "UPDATE report SET reason = 'spam' WHERE reason = 'duplicate'".into(),
            None,
            "the report",
        ),
    ];
    for (what, statement, place, why) in cases {
        tampered(tables, what, &statement, place, why).await;
    }
    tables.sound(&[]).await;
    let edit = format!("UPDATE comment SET body = 'four' WHERE id = '{edited}'");
    tables.run(&edit).await;
    tables.sound(&["--test-without-content"]).await;
    assert_eq!(
        tables.verify(&[]).await.code,
        1,
        "pointers alone do not show an edited body; the content does"
    );
}

async fn a_tail_cut_off_shows_in_a_saved_checkpoint_alone(world: World) {
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "one").await;
    for number in 0..3 {
        alice.comment(&thread, &number.to_string()).await;
    }
    let page = saved(&world).await;
    let (file, key) = (
        keep(world.folder(), "saved.json", &page),
        page["key"].as_str().unwrap(),
    );
    let tables = tables(&world);
    let before = tables.sound(&["--checkpoints", &file, "--key", key]).await;
    assert!(before.stream("public")["checkpoints"].as_u64().unwrap() > 0);
    let lines = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| format!("{item}\n"))
        .collect::<String>();
    tables
        .sound(&["--checkpoints", &keep(world.folder(), "saved.jsonl", lines)])
        .await;
    // Everything of the last comment goes, and the head says so.
    tables
        .run(
            "DELETE FROM comment WHERE body = '2'; DELETE FROM change WHERE stream = 'public' AND seq = 5;
        UPDATE stream SET seq = 4, hash = (SELECT hash FROM change c WHERE c.stream = 'public' AND c.seq = 4 AND c.framework = stream.framework)
        WHERE name = 'public'; DELETE FROM checkpoint",
        )
        .await;
    tables.sound(&[]).await;
    let found = tables.verify(&["--checkpoints", &file]).await;
    assert_eq!(found.code, 1);
    let (place, why) = found.first_bad("public");
    assert!(
        place == Some(5) && why.contains("the tail was cut off"),
        "{place:?} {why}"
    );
}

async fn a_checkpoint_by_another_key_or_of_another_hash_is_found(world: World) {
    let alice = world.person("alice").await;
    alice.thread(1, "one").await;
    let page = saved(&world).await;
    let tables = tables(&world);
    let foreign = ChainKey::new(Some("11".repeat(32)), world.folder().join("none"));
    let head = world
        .node(0)
        .services
        .store
        .read()
        .await
        .unwrap()
        .head(world.framework, "public")
        .await
        .unwrap();
    let forged = foreign.signer().unwrap().checkpoint(
        world.framework,
        "public",
        page["epoch"].as_str().unwrap(),
        head,
        1,
    );
    let (key, signature) = (&forged.key, &forged.signature);
    tables.run(&format!("UPDATE checkpoint SET key = '{key}', signature = '{signature}', at = 1 WHERE stream = 'public'")).await;
    // Whoever holds another key can sign: only who knows the right one sees it.
    tables.sound(&[]).await;
    let found = tables
        .verify(&["--key", page["key"].as_str().unwrap()])
        .await;
    assert!(
        found.code == 1 && found.first_bad("public").1.contains("not trusted"),
        "{}",
        found.report
    );
    tables
        .run("UPDATE checkpoint SET at = 2 WHERE stream = 'public'")
        .await;
    let found = tables.verify(&[]).await;
    assert!(
        found.code == 1 && found.first_bad("public").1.contains("does not fit"),
        "{}",
        found.report
    );
}

async fn what_was_erased_is_counted_and_the_chain_holds(world: World) {
    let alice = world.person("alice").await;
    let (thread, comment) = alice.thread(1, "one").await;
    tables(&world)
        .run(&format!(
            "UPDATE change SET actor = NULL, salt = NULL WHERE object = '{comment}'; UPDATE comment SET body = '', html = '' WHERE id = '{comment}'"
        ))
        .await;
    alice.comment(&thread, "two").await;
    let found = tables(&world).sound(&[]).await;
    let public = found.stream("public");
    assert_eq!(
        (&public["erased"], &public["recomputed"]),
        (&json!(1), &json!(2)),
        "{public}"
    );
}

async fn a_restored_site_goes_on_with_its_chain_in_a_new_epoch(world: World) {
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "one").await;
    let before = keep(world.folder(), "before.json", saved(&world).await);
    // As a restore does: the history is that of the copy, and its epoch is a new one.
    tables(&world)
        .run("UPDATE framework SET epoch = 'another'")
        .await;
    alice.comment(&thread, "two").await;
    saved(&world).await;
    let found = tables(&world).sound(&["--checkpoints", &before]).await;
    let public = found.stream("public");
    assert!(
        public["before_restore"].as_u64().unwrap() >= 1
            && public["checkpoints"].as_u64().unwrap() >= 1,
        "{public}"
    );
}

async fn checkpoints_are_for_whoever_may_read_the_stream(world: World) {
    let story = story(&world).await;
    saved(&world).await;
    let path = "/frameworks/test/checkpoints";
    let page = world.visitor().get(path).await.body;
    let first = &page["items"][0];
    assert!(
        first["stream"] == "public" && first["v"] == 1 && first["epoch"] == page["epoch"],
        "{page}"
    );
    assert_eq!(
        story
            .moderator
            .get(&format!("{path}?stream=moderators"))
            .await
            .body["items"][0]["stream"],
        "moderators"
    );
    assert_eq!(
        story
            .alice
            .get(&format!("{path}?stream=moderators"))
            .await
            .status,
        403
    );
    assert_eq!(
        story
            .alice
            .get(&format!("{path}?stream=account/{}", story.alice.id))
            .await
            .status,
        404
    );
    assert_eq!(
        world
            .visitor()
            .get(&format!("{path}?after=x"))
            .await
            .problem(),
        ("bad_request", "after")
    );
    let count = page["items"].as_array().unwrap().len();
    checkpoints::make_due(&world.node(1).services)
        .await
        .unwrap_or_else(|failure| panic!("{failure:?}"));
    assert_eq!(
        world.visitor().get(path).await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        count,
        "nothing moved, and a minute has not passed"
    );
    let last = page["items"].as_array().unwrap().last().unwrap();
    let after = world
        .visitor()
        .get(&format!("{path}?after={}_{}", last["at"], last["seq"]))
        .await
        .body;
    assert_eq!(after["items"], json!([]));
}

/// Tampers, finds that it is found, and puts everything back.
async fn tampered(tables: &Tables, what: &str, statement: &str, place: Option<i64>, why: &str) {
    const KEPT: [&str; 9] = [
        "comment",
        "comment_version",
        "decision",
        "round_result",
        "change",
        "stream",
        "concession",
        "translation",
        "report",
    ];
    for table in KEPT {
        tables.run(&format!("DROP TABLE IF EXISTS kept_{table}; CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
    }
    tables.run(statement).await;
    let found = tables.verify(&[]).await;
    assert_eq!(found.code, 1, "{what}: {}", found.report);
    let faults = found.faults();
    assert!(
        faults
            .iter()
            .any(|fault| fault["why"].as_str().unwrap().contains(why)),
        "{what}: {faults:?}"
    );
    if place.is_some() {
        assert_eq!(found.first_bad("public").0, place, "{what}: {faults:?}");
    }
    for table in KEPT {
        tables.run(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table}")).await;
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_neither_sound_nor_unsound() {
    let nowhere = Tables {
        folder: "/nonexistent".into(),
        url: None,
    };
    let found = nowhere.verify(&[]).await;
    assert!(
        found.code == 2 && found.report.as_str().unwrap().contains("no such file"),
        "{}",
        found.report
    );
}
