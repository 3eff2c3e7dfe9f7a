//! The moderators' queue: what brings a thing there, in what order it stands, and who works on it.
use demarche::domain::permission::Role;
use serde_json::{Value, json};

use crate::{
    decisions::{decide, decided, item, queue, report},
    harness::{World, both},
};

both! {
    the_queue_is_blind_filtered_and_says_why,
    the_queue_pages_and_follows_live,
    what_one_moderator_has_taken_up_waits_for_them_ten_minutes,
    a_notice_without_an_account_reaches_the_queue_and_its_sender_learns_what_became_of_it,
    an_urgent_report_hides_at_once_and_a_moderators_word_ends_that,
    a_limited_moderator_is_shown_what_they_may_decide_about_and_nothing_else,
    one_reads_on_past_the_first_page_of_one_s_reports,
}

async fn the_queue_is_blind_filtered_and_says_why(world: World) {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.person("boris").await,
    );
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (_, first) = alice.thread(1, "one").await;
    let (_, second) = alice.thread(2, "two").await;
    report(&boris, "comment", &first, "spam").await;
    report(&boris, "comment", &second, "threat").await;
    let all = queue(&moderator, "").await;
    assert_eq!(
        all.iter()
            .map(|entry| entry["object"]["id"].as_str().unwrap())
            .collect::<Vec<_>>(),
        [&second, &first]
    );
    for secret in [
        &alice.id,
        &boris.id,
        &"alice".to_owned(),
        &"kyiv".to_owned(),
    ] {
        assert!(
            !json!(all).to_string().contains(secret.as_str()),
            "{secret}"
        );
    }
    assert_eq!(queue(&moderator, "&point=1").await.len(), 1);
    assert_eq!(queue(&moderator, "&language=uk").await.len(), 0);
    let opened = item(&moderator, "comment", &first).await;
    assert_eq!(
        (
            &opened["author"]["handle"],
            &opened["author"]["posts"]["comments"]
        ),
        (&json!("alice"), &json!(1))
    );
    assert!(
        !opened.to_string().contains("kyiv"),
        "nobody sees a viewpoint"
    );
    assert_eq!(
        (
            opened["looks"].as_i64(),
            item(&moderator, "comment", &first).await["looks"].as_i64()
        ),
        (Some(0), Some(1))
    );
    assert_eq!(
        alice
            .get(&format!("/moderation/items/comment/{first}"))
            .await
            .problem()
            .0,
        "forbidden"
    );
}

async fn the_queue_pages_and_follows_live(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, _) = alice.thread(1, "start").await;
    let mut socket = moderator.at(world.node(1)).socket().await;
    let head = socket.follow(world.framework, "moderators", None).await;
    assert_eq!(head["snapshot"]["waiting"], 0);
    let mut expected = vec![];
    for number in 0..53 {
        let comment = alice.comment(&thread, &format!("number {number}")).await;
        report(
            &boris,
            "comment",
            &comment,
            if number % 2 == 0 { "spam" } else { "hate" },
        )
        .await;
        expected.push(comment);
    }
    let event = socket
        .until(|frame| {
            frame["kind"] == "queue_changed"
                && frame["data"]["object"]["object"]["id"] == expected[52].as_str()
        })
        .await;
    assert_eq!(event["data"]["object"]["because"][0]["reason"], "spam");
    let page = moderator.get("/moderation/queue?framework=test").await.body;
    let (mut seen, next) = (
        page["items"].as_array().unwrap().clone(),
        page["next"].as_str().unwrap().to_owned(),
    );
    assert_eq!((seen.len(), page["waiting"].as_i64()), (50, Some(53)));
    let rest = moderator
        .get(&format!("/moderation/queue?framework=test&after={next}"))
        .await
        .body;
    assert_eq!(rest["next"], Value::Null);
    seen.extend(rest["items"].as_array().unwrap().clone());
    let urgent = expected
        .iter()
        .skip(1)
        .step_by(2)
        .chain(expected.iter().step_by(2));
    assert!(
        seen.iter()
            .map(|entry| entry["object"]["id"].as_str().unwrap())
            .eq(urgent.map(String::as_str))
    );
    decided(&moderator, "comment", &expected[0], "approve", json!({})).await;
    let gone = socket
        .until(|frame| {
            frame["kind"] == "queue_changed"
                && frame["data"]["object"]["id"] == expected[0].as_str()
        })
        .await;
    assert_eq!(
        gone["data"],
        json!({ "object": { "id": expected[0] }, "counters": { "waiting": 52 } })
    );
}

async fn what_one_moderator_has_taken_up_waits_for_them_ten_minutes(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let (first, second) = (
        world.with_role("first", Role::Moderator).await,
        world.with_role("second", Role::Moderator).await,
    );
    let (_, comment) = alice.thread(1, "one").await;
    report(&boris, "comment", &comment, "spam").await;
    let claim = format!("/moderation/items/comment/{comment}/claim");
    assert_eq!(
        first.put(&claim, json!({})).await.body["queued"]["claimed_by"],
        first.id.as_str()
    );
    for refused in [
        second.put(&claim, json!({})).await,
        decide(&second, "comment", &comment, "hide", json!({})).await,
        second.delete(&claim).await,
    ] {
        assert_eq!(refused.problem().0, "conflict");
    }
    world.clock.advance(600_001);
    assert_eq!(second.put(&claim, json!({})).await.status, 200);
    assert_eq!(
        second.delete(&claim).await.body["queued"]["claimed_by"],
        Value::Null
    );
    decided(&first, "comment", &comment, "hide", json!({})).await;
    assert_eq!(
        first.put(&claim, json!({})).await.status,
        404,
        "it waits no more"
    );
}

async fn a_notice_without_an_account_reaches_the_queue_and_its_sender_learns_what_became_of_it(
    world: World,
) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, comment) = alice.thread(1, "My neighbour lives there").await;
    let visitor = world.visitor().at(world.node(1));
    let mut socket = moderator.socket().await;
    socket.follow(world.framework, "moderators", None).await;
    let notice = json!({ "object": { "kind": "comment", "id": comment }, "reason": "doxxing", "statement": "That is my house.", "contact": "me@example.org" });
    let made = visitor.post("/notices", notice.clone()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    socket.until(|frame| frame["kind"] == "queue_changed").await;
    assert!(
        world
            .visitor()
            .get(&format!("/comments/{comment}"))
            .await
            .body["body"]
            .is_string(),
        "nobody answers for it: it hides nothing"
    );
    assert_eq!(
        queue(&moderator, "").await[0]["because"][0],
        json!({ "why": "noticed", "reason": "doxxing", "count": 1, "adds": 500 })
    );
    assert_eq!(
        item(&moderator, "comment", &comment).await["notices"][0]["statement"],
        "That is my house."
    );
    let outcome = async |code: &serde_json::Value| {
        visitor
            .post("/notices/outcome", json!({ "code": code }))
            .await
    };
    assert_eq!(
        outcome(&made.body["code"]).await.body["outcome"],
        Value::Null
    );
    decided(&moderator, "comment", &comment, "remove", json!({})).await;
    assert_eq!(
        outcome(&made.body["code"]).await.body["outcome"]["action"],
        "remove"
    );
    assert_eq!(outcome(&json!("no-such-code")).await.status, 404);
    assert_eq!(
        visitor.post("/notices", json!({ "object": { "kind": "account", "id": alice.id }, "reason": "spam", "statement": "s" })).await.problem(),
        ("bad_request", "object")
    );
    decided(&moderator, "thread", &thread, "hide", json!({})).await;
    assert_eq!(
        visitor.post("/notices", notice).await.status,
        404,
        "what nobody sees cannot be noticed"
    );
}

async fn an_urgent_report_hides_at_once_and_a_moderators_word_ends_that(world: World) {
    let (alice, boris, carol) = (
        world.person("alice").await,
        world.person("boris").await,
        world.person("carol").await,
    );
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (_, comment) = alice.thread(1, "Lesna street 5, mark-11d0").await;
    report(&carol, "comment", &comment, "spam").await;
    assert!(
        world
            .visitor()
            .get(&format!("/comments/{comment}"))
            .await
            .body["body"]
            .is_string(),
        "spam can wait"
    );
    report(&boris, "comment", &comment, "doxxing").await;
    let seen = world
        .visitor()
        .at(world.node(1))
        .get(&format!("/comments/{comment}"))
        .await
        .body;
    assert_eq!(
        (&seen["state"], &seen["body"]),
        (&json!("held"), &Value::Null)
    );
    let own = alice.get("/me/posts").await.body;
    assert_eq!(
        (&own["decisions"][0]["by"], &own["decisions"][0]["rule"]),
        (&json!("automated"), &json!("R3"))
    );
    let waiting = queue(&moderator, "").await;
    assert_eq!(
        (&waiting[0]["score"], &waiting[0]["because"][0]),
        (
            &json!(1012),
            &json!({ "why": "reported", "reason": "doxxing", "count": 1, "adds": 1000 })
        )
    );
    assert_eq!(
        boris.get("/me/reports").await.body["items"][0]["outcome"],
        Value::Null
    );

    decided(&moderator, "comment", &comment, "approve", json!({})).await;
    assert!(
        world
            .visitor()
            .get(&format!("/comments/{comment}"))
            .await
            .body["body"]
            .is_string()
    );
    assert!(queue(&moderator, "").await.is_empty());
    assert_eq!(
        boris.get("/me/reports").await.body["items"][0]["outcome"]["action"],
        "approve"
    );
    report(&world.person("dora").await, "comment", &comment, "doxxing").await;
    assert!(
        world
            .visitor()
            .get(&format!("/comments/{comment}"))
            .await
            .body["body"]
            .is_string(),
        "what was found right is not hidden again by a report"
    );
    assert_eq!(queue(&moderator, "").await.len(), 1);
    // Found right was what it said then.
    decided(&moderator, "comment", &comment, "approve", json!({})).await;
    world.clock.advance(1);
    assert_eq!(
        alice
            .patch(
                &format!("/comments/{comment}"),
                json!({ "version": 1, "body": "And her telephone, too." })
            )
            .await
            .status,
        200
    );
    report(&carol, "comment", &comment, "doxxing").await;
    assert_eq!(
        world
            .visitor()
            .get(&format!("/comments/{comment}"))
            .await
            .body["state"],
        "held"
    );
}

async fn a_limited_moderator_is_shown_what_they_may_decide_about_and_nothing_else(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let (owner, limited) = (
        world.with_role("host", Role::Owner).await,
        world.with_role("limited", Role::Moderator).await,
    );
    // The card is about a point that its question does not ask about.
    let mut card = crate::harness::proposal("A step");
    card["points"] = json!([2]);
    let made = alice
        .post(&format!("/questions/{}/concessions", world.question), card)
        .await;
    let card = made.body["concession"]["id"].as_str().unwrap().to_owned();
    let (_, first) = alice.thread(1, "one").await;
    let (_, second) = alice.thread(2, "two").await;
    for comment in [&first, &second] {
        report(&boris, "comment", comment, "spam").await;
    }
    let remit = json!({ "role": "moderator", "points": [2] });
    assert_eq!(
        owner
            .put(&format!("/frameworks/test/team/{}", limited.id), remit)
            .await
            .status,
        200
    );
    let listed: Vec<Value> = queue(&limited, "")
        .await
        .into_iter()
        .map(|entry| entry["object"]["id"].clone())
        .collect();
    assert_eq!(listed.len(), 2);
    for (kind, id) in [
        ("concession", &card),
        ("comment", &first),
        ("comment", &second),
    ] {
        let may = decide(&limited, kind, id, "hide", json!({})).await.status == 201;
        assert_eq!(listed.contains(&json!(id)), may, "{kind} {id}");
    }
}

async fn one_reads_on_past_the_first_page_of_one_s_reports(world: World) {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.participant("boris", "moscow").await,
    );
    let mut reported = vec![];
    for number in 0..52 {
        let (_, comment) = alice.thread(1, &format!("Comment {number}.")).await;
        let body = json!({ "object": { "kind": "comment", "id": comment }, "reason": "spam" });
        assert_eq!(boris.post("/reports", body).await.status, 201);
        reported.push(comment);
    }
    reported.reverse();
    let read = boris.all("/me/reports").await;
    assert_eq!(
        read.iter()
            .map(|report| report["object"]["id"].as_str().unwrap())
            .collect::<Vec<_>>(),
        reported
    );
}
