//! Decisions name what was looked at: what says something else since, or was decided about, is not
//! decided about.
use demarche::domain::permission::Role;
use serde_json::{Value, json};

use crate::{
    decisions::{decide, decided, item, queue, report},
    harness::{World, both},
};

fn seen(view: &Value) -> Value {
    json!({ "seen": [view["condition"]["fingerprint"]] })
}

both! {
    what_was_reworded_or_decided_about_since_is_not_decided_about,
    of_several_things_one_that_changed_stops_the_decision_about_all,
    the_queue_follows_an_edit_live,
    a_second_moderator_agrees_to_nothing_that_says_something_else_since,
    what_the_desk_is_offered_is_what_the_server_does,
}

async fn what_was_reworded_or_decided_about_since_is_not_decided_about(world: World) {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.person("boris").await,
    );
    let (first, second) = (
        world.with_role("first", Role::Moderator).await,
        world.with_role("second", Role::Moderator).await,
    );
    let (thread, comment) = alice.thread(1, "harmless text").await;
    let card = world.card(&alice, "A").await;
    report(&boris, "comment", &comment, "insult").await;
    let words =
        json!({ "version": 1, "title": "B", "body": "VILE INSULT", "verifier": "The agency" });
    let edits = [
        (
            "comment",
            &comment,
            format!("/comments/{comment}"),
            words.clone(),
        ),
        ("concession", &card, format!("/concessions/{card}"), words),
    ];
    for (kind, id, path, mut words) in edits {
        let before = item(&first, kind, id).await;
        if kind == "comment" {
            words = json!({ "version": 1, "body": "VILE INSULT" });
        }
        assert_eq!(alice.patch(&path, words).await.status, 200);
        for act in ["approve", "hide"] {
            for named in [seen(&before), json!({ "version": 1 })] {
                assert_eq!(
                    decide(&first, kind, id, act, named).await.problem().0,
                    "conflict",
                    "{act} {kind}"
                );
            }
        }
        let now = item(&first, kind, id).await;
        assert!(now["texts"].to_string().contains("VILE INSULT"));
        // A colleague was faster: also where nothing of it shows in the state.
        decided(&second, kind, id, "approve", json!({})).await;
        assert_eq!(
            decide(&first, kind, id, "hide", seen(&now))
                .await
                .problem()
                .0,
            "conflict"
        );
        decided(
            &first,
            kind,
            id,
            "hide",
            seen(&item(&first, kind, id).await),
        )
        .await;
        assert_eq!(
            decide(&second, kind, id, "approve", seen(&now))
                .await
                .problem()
                .0,
            "conflict"
        );
        decided(&first, kind, id, "restore", json!({ "version": 2 })).await;
    }
    let before = item(&first, "thread", &thread).await;
    decided(
        &second,
        "thread",
        &thread,
        "lock",
        json!({ "version": before["texts"][0]["version"] }),
    )
    .await;
    assert_eq!(
        decide(&first, "thread", &thread, "approve", seen(&before))
            .await
            .problem()
            .0,
        "conflict"
    );
    let account = item(&first, "account", &alice.id).await;
    decided(&second, "account", &alice.id, "warn", json!({})).await;
    assert_eq!(
        decide(&first, "account", &alice.id, "warn", seen(&account))
            .await
            .problem()
            .0,
        "conflict"
    );
}

async fn of_several_things_one_that_changed_stops_the_decision_about_all(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, one) = alice.thread(1, "one").await;
    let two = alice.comment(&thread, "two").await;
    for comment in [&one, &two] {
        report(&boris, "comment", comment, "spam").await;
    }
    let entries = queue(&moderator, "").await;
    let find = |id: &str| {
        entries
            .iter()
            .find(|entry| entry["object"]["id"] == id)
            .unwrap()["condition"]["fingerprint"]
            .clone()
    };
    let also = json!([{ "kind": "comment", "id": two }]);
    let body = json!({ "also": also, "seen": [find(&one), find(&two)] });
    assert_eq!(
        alice
            .patch(
                &format!("/comments/{two}"),
                json!({ "version": 1, "body": "three" })
            )
            .await
            .status,
        200
    );
    assert_eq!(
        decide(&moderator, "comment", &one, "hide", body.clone())
            .await
            .problem()
            .0,
        "conflict"
    );
    assert_eq!(
        world.visitor().get(&format!("/comments/{one}")).await.body["state"],
        "visible"
    );
    let few = json!({ "also": also, "seen": [find(&one)] });
    assert_eq!(
        decide(&moderator, "comment", &one, "hide", few)
            .await
            .problem(),
        ("bad_request", "seen")
    );
}

async fn the_queue_follows_an_edit_live(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (_, comment) = alice.thread(1, "harmless").await;
    report(&boris, "comment", &comment, "insult").await;
    let before = queue(&moderator, "").await.remove(0);
    let mut socket = moderator.at(world.node(1)).socket().await;
    socket.follow(world.framework, "moderators", None).await;
    assert_eq!(
        alice
            .patch(
                &format!("/comments/{comment}"),
                json!({ "version": 1, "body": "vile" })
            )
            .await
            .status,
        200
    );
    let told =
        socket.until(|frame| frame["kind"] == "queue_changed").await["data"]["object"].clone();
    assert_eq!(told["excerpt"], "vile");
    assert_ne!(
        told["condition"]["fingerprint"],
        before["condition"]["fingerprint"]
    );
    decided(&moderator, "comment", &comment, "hide", seen(&told)).await;
}

async fn a_second_moderator_agrees_to_nothing_that_says_something_else_since(world: World) {
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
    let before = item(&moderators[1], "concession", &card).await;
    let words = json!({ "version": 1, "title": "B", "body": "They would do it.", "verifier": "The agency" });
    assert_eq!(
        alice
            .patch(&format!("/concessions/{card}"), words)
            .await
            .status,
        200
    );
    let path = format!("/moderation/decisions/{pending}/second");
    let agrees = |view: &Value| json!({ "agrees": true, "seen": view["condition"]["fingerprint"] });
    assert_eq!(
        moderators[1].post(&path, agrees(&before)).await.problem().0,
        "conflict"
    );
    let now = item(&moderators[1], "concession", &card).await;
    assert_eq!(
        moderators[1].post(&path, agrees(&now)).await.body["decision"]["state"],
        "done"
    );
}

async fn what_the_desk_is_offered_is_what_the_server_does(world: World) {
    let alice = world.person("alice").await;
    let (owner, watch) = (
        world.with_role("host", Role::Owner).await,
        world.with_role("watch", Role::Moderator).await,
    );
    let (thread, other) = (
        alice.thread(1, "one").await.0,
        alice.thread(1, "two").await.0,
    );
    let mut tried = 0;
    // Each state in turn, and in each every act: offered means done, not offered means refused.
    for before in ["", "hold", "hide", "remove", "delete"] {
        for act in demarche::domain::moderation::Act::ALL {
            let act = serde_json::to_value(act)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned();
            let comment = alice.comment(&thread, "words").await;
            match before {
                "" => {}
                "delete" => assert_eq!(
                    alice.delete(&format!("/comments/{comment}")).await.status,
                    200
                ),
                act => drop(decided(&owner, "comment", &comment, act, json!({})).await),
            }
            let offered = item(&watch, "comment", &comment).await["condition"]["acts"]
                .as_array()
                .unwrap()
                .contains(&json!(act));
            let more = if act == "split" {
                json!({ "title": "t" })
            } else {
                json!({})
            };
            let done = decide(&watch, "comment", &comment, &act, more).await;
            assert_eq!(
                done.status == 201,
                offered,
                "{act} after {before:?}: {}",
                done.body
            );
            tried += 1;
        }
    }
    for before in ["", "lock", "hide", "merge"] {
        for act in demarche::domain::moderation::Act::ALL {
            let act = serde_json::to_value(act)
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned();
            let (thread, _) = alice.thread(1, "words").await;
            let more = |act: &str| match act {
                "move" => json!({ "point": 2 }),
                "merge" => json!({ "into_thread": other }),
                _ => json!({}),
            };
            if !before.is_empty() {
                decided(&owner, "thread", &thread, before, more(before)).await;
            }
            let offered = item(&watch, "thread", &thread).await["condition"]["acts"]
                .as_array()
                .unwrap()
                .contains(&json!(act));
            let done = decide(&watch, "thread", &thread, &act, more(&act)).await;
            assert_eq!(
                done.status == 201,
                offered,
                "{act} after {before:?}: {}",
                done.body
            );
            tried += 1;
        }
    }
    assert_eq!(tried, 9 * 17);
    // Nobody is offered their own, an equal, or what lies outside their limit.
    let own = watch.comment(&thread, "mine").await;
    assert_eq!(
        item(&watch, "comment", &own).await["condition"]["acts"],
        json!([])
    );
    let host = item(&watch, "account", &owner.id).await["condition"]["acts"].clone();
    assert!(
        !host.to_string().contains("ban") && host.to_string().contains("warn"),
        "{host}"
    );
    assert_eq!(
        owner
            .put(
                &format!("/frameworks/test/team/{}", watch.id),
                json!({ "role": "moderator", "points": [2] })
            )
            .await
            .status,
        200
    );
    assert_eq!(
        item(&watch, "thread", &thread).await["condition"]["acts"],
        json!([])
    );
}
