//! Limits of moderators: every command of theirs against things that lie outside.
use demarche::{
    domain::permission::{Refusal, Role},
    protocol::problem::Problem,
};
use serde_json::{Value, json};

use crate::{
    decisions::{decided, report},
    harness::{Person, World, both, proposal},
    permissions::samples,
};

/// What there is outside the limit.
struct Outside {
    thread: String,
    comment: String,
    card: String,
    account: String,
    decision: String,
    pending: String,
    appeal: String,
}

/// A thread, a card, decisions and an appeal on point 1, in Ukrainian.
async fn outside(world: &World, watch: &Person) -> Outside {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.participant("boris", "moscow").await,
    );
    let body = json!({ "title": "Назва", "body": "Слова.", "kind": "remark", "language": "uk" });
    let made = alice
        .post("/frameworks/test/points/1/threads", body)
        .await
        .body;
    let id = |name: &str| made[name]["id"].as_str().unwrap().to_owned();
    let (thread, comment) = (id("thread"), id("comment"));
    let mut card = proposal("Відкрити архів");
    (card["points"], card["language"]) = (json!([1]), json!("uk"));
    let card = alice
        .post(&format!("/questions/{}/concessions", world.question), card)
        .await
        .body;
    let card = card["concession"]["id"].as_str().unwrap().to_owned();
    report(&boris, "comment", &comment, "insult").await;
    let locked = decided(watch, "thread", &thread, "lock", json!({})).await;
    let appeal = alice
        .post(
            "/appeals",
            json!({ "decision": locked, "statement": "Why?" }),
        )
        .await;
    assert_eq!(appeal.status, 201, "{}", appeal.body);
    for (handle, camp) in [("kate", "kyiv"), ("misha", "moscow")] {
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
    }
    let pending = decided(watch, "concession", &card, "remove", json!({})).await;
    let appeal = appeal.body["decision"]["appeal"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    Outside {
        thread,
        comment,
        card,
        account: alice.id,
        decision: locked,
        pending,
        appeal,
    }
}

/// A command of moderators about what lies outside; `None` for what no moderator may. A command
/// that is not known here has to say what it is about.
fn about(world: &World, outside: &Outside, name: &str, command: &Value) -> Option<Value> {
    let mut body = command.clone();
    match name.split(' ').next().unwrap() {
        "decide" => {
            let kind = body["object"]["kind"].as_str().unwrap().to_owned();
            body["object"]["id"] = match kind.as_str() {
                "comment" => outside.comment.clone(),
                "thread" => outside.thread.clone(),
                "concession" => outside.card.clone(),
                "account" => outside.account.clone(),
                "framework" => world.framework.to_string(),
                _ => return None,
            }
            .into();
            match (body["action"].as_str().unwrap(), kind.as_str()) {
                ("suspend", _) => body["duration_hours"] = 1.into(),
                ("merge", "thread") => body["into_thread"] = outside.thread.clone().into(),
                ("merge", _) => body["into"] = outside.card.clone().into(),
                ("move", _) => body["point"] = 2.into(),
                ("split", _) => body["title"] = "t".into(),
                _ => {}
            }
        }
        "second_decision" => body["decision"] = outside.pending.clone().into(),
        "undo_decision" => body["decision"] = outside.decision.clone().into(),
        "claim" => body["object"]["id"] = outside.comment.clone().into(),
        "decide_appeal" => body["appeal"] = outside.appeal.clone().into(),
        "set_pace" => body["slow_seconds"] = 60.into(),
        other => panic!("say what {other} is about"),
    }
    Some(body)
}

both! {
    whatever_a_limited_moderator_sends_about_things_outside_is_refused,
    a_thread_is_moved_only_to_a_point_within_the_limit,
    pace_is_set_within_the_limit_alone,
    a_limited_moderator_takes_back_no_translation_outside,
}

async fn whatever_a_limited_moderator_sends_about_things_outside_is_refused(world: World) {
    let owner = world.with_role("host", Role::Owner).await;
    let watch = world.with_role("watch", Role::Moderator).await;
    let outside = outside(&world, &watch).await;
    let refusal = Problem::from(Refusal::OutsideRemit).detail;
    for limit in [
        json!({ "role": "moderator", "points": [2] }),
        json!({ "role": "moderator", "languages": ["ru"] }),
    ] {
        let set = owner
            .put(
                &format!("/frameworks/test/team/{}", watch.id),
                limit.clone(),
            )
            .await;
        assert_eq!(set.status, 200, "{}", set.body);
        let mut socket = watch.socket().await;
        let mut asked = 0;
        for (name, command) in samples().into_iter().filter(|(_, command)| {
            command
                .needs()
                .iter()
                .any(|action| action.rule().least == Role::Moderator)
        }) {
            let whole = serde_json::to_value(&command).unwrap();
            let (kind, mut fields) = whole
                .as_object()
                .unwrap()
                .iter()
                .next()
                .map(|(kind, fields)| (kind.clone(), fields.clone()))
                .unwrap();
            fields["type"] = kind.into();
            fields
                .as_object_mut()
                .unwrap()
                .retain(|_, value| !value.is_null());
            let Some(body) = about(&world, &outside, &name, &fields) else {
                continue;
            };
            let said = socket.command(world.framework, body.clone()).await;
            assert_eq!(
                said["problem"]["detail"],
                refusal.as_str(),
                "{name} under {limit}: {said}"
            );
            asked += 1;
        }
        assert!(asked > 20, "{asked}");
    }
}

async fn a_thread_is_moved_only_to_a_point_within_the_limit(world: World) {
    let (owner, watch) = (
        world.with_role("host", Role::Owner).await,
        world.person("watch").await,
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
    let (thread, _) = world.person("alice").await.thread(2, "within").await;
    let body = |point: u32| json!({ "object": { "kind": "thread", "id": thread }, "action": "move", "rule": "R6", "facts": "Elsewhere.", "point": point });
    assert_eq!(
        watch
            .post("/moderation/decisions", body(1))
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        owner.post("/moderation/decisions", body(1)).await.status,
        201
    );
}

async fn pace_is_set_within_the_limit_alone(world: World) {
    let (owner, watch) = (
        world.with_role("host", Role::Owner).await,
        world.person("watch").await,
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
    let order = |version: i64, slow: Value, paused: Value, whole: Value| {
        json!({ "version": version, "slow_seconds": whole,
        "slow_points": slow, "paused_points": paused, "first_posts": 0, "words": [], "links": [] })
    };
    let set = async |body: Value| watch.put("/frameworks/test/pace", body).await;
    let inside = json!([{ "point": 2, "seconds": 60 }]);
    assert_eq!(
        set(order(0, inside.clone(), json!([2]), Value::Null))
            .await
            .status,
        200
    );
    assert_eq!(
        set(order(1, inside.clone(), json!([2]), json!(60)))
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        set(order(1, inside.clone(), json!([1, 2]), Value::Null))
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        set(order(
            1,
            json!([{ "point": 1, "seconds": 60 }, { "point": 2, "seconds": 60 }]),
            json!([2]),
            Value::Null
        ))
        .await
        .problem()
        .0,
        "forbidden"
    );
    assert_eq!(
        set(order(1, json!([]), json!([]), Value::Null))
            .await
            .status,
        200
    );
}

async fn a_limited_moderator_takes_back_no_translation_outside(world: World) {
    let (owner, watch) = (
        world.with_role("host", Role::Owner).await,
        world.person("watch").await,
    );
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.participant("boris", "moscow").await,
    );
    let mut card = proposal("Open the archive");
    card["points"] = json!([1]);
    let made = alice
        .post(&format!("/questions/{}/concessions", world.question), card)
        .await
        .body;
    let card = made["concession"]["id"].as_str().unwrap();
    let words = json!({ "version": 1, "language": "uk", "title": "Архів", "body": "Вони зроблять це.", "verifier": null, "in_return": null, "trigger": null });
    assert_eq!(
        boris
            .post(&format!("/concessions/{card}/translations"), words)
            .await
            .status,
        201
    );
    let id = boris.get(&format!("/concessions/{card}")).await.body["translations"]["uk"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/concessions/{card}/translations/{id}/review");
    assert_eq!(
        alice.put(&path, json!({ "accepts": true })).await.status,
        200
    );
    assert_eq!(
        watch
            .post(
                "/frameworks/test/membership",
                json!({ "camp": null, "consent": true })
            )
            .await
            .status,
        200
    );
    for (points, status) in [(json!([2]), 403), (json!([1]), 200)] {
        assert_eq!(
            owner
                .put(
                    &format!("/frameworks/test/team/{}", watch.id),
                    json!({ "role": "moderator", "points": points })
                )
                .await
                .status,
            200
        );
        assert_eq!(
            watch.put(&path, json!({ "accepts": false })).await.status,
            status
        );
    }
}
