//! Reports, decisions, and what hidden means.
use demarche::domain::permission::Role;
use serde_json::{Value, json};

use crate::harness::{Person, World, both, decision};

/// The id of the site.
const SITE: &str = "00000000-0000-0000-0000-000000000000";

async fn decide(moderator: &Person, kind: &str, id: &str, action: &str) {
    let made = moderator.decide(kind, id, action).await;
    assert_eq!(made.status, 201, "{}", made.body);
}

both! {
    a_reported_comment_is_hidden_at_once_and_its_author_told_why,
    a_hidden_thread_takes_its_comments_with_it,
    a_locked_thread_shows_and_takes_no_comments,
    a_thread_that_was_locked_when_it_was_hidden_is_locked_when_it_is_restored,
    a_banned_user_loses_their_socket_on_every_node,
    a_suspension_ends,
    a_pause_stops_posting_while_reading_and_answering_go_on,
    a_pause_of_the_whole_site_stops_posting_in_every_framework,
    a_hidden_card_is_neither_dealt_nor_counted_until_it_is_restored,
}

async fn a_reported_comment_is_hidden_at_once_and_its_author_told_why(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, comment) = alice.thread(1, "You are all fools, mark-7f3a").await;
    let report = |reason: &str| json!({ "object": { "kind": "comment", "id": comment }, "reason": reason, "note": "see the first word" });
    assert_eq!(boris.post("/reports", report("insult")).await.status, 201);
    assert_eq!(
        boris.post("/reports", report("insult")).await.problem().0,
        "conflict"
    );
    assert_eq!(
        alice
            .get("/moderation/queue?framework=test")
            .await
            .problem()
            .0,
        "forbidden"
    );
    let queue = moderator.get("/moderation/queue?framework=test").await.body;
    assert_eq!(
        (&queue["items"][0]["excerpt"], &queue["items"][0]["because"]),
        (
            &json!("You are all fools, mark-7f3a"),
            &json!([{ "why": "reported", "reason": "insult", "count": 1, "adds": 10 }])
        )
    );

    let mut reader = world.visitor().at(world.node(1)).socket().await;
    reader.follow(world.framework, "public", None).await;
    let mut author = alice.socket().await;
    let own = format!("account/{}", alice.id);
    author.follow(world.framework, &own, None).await;
    decide(&moderator, "comment", &comment, "hide").await;
    let event = reader
        .until(|frame| frame["kind"] == "comment_changed")
        .await;
    assert_eq!(
        (
            &event["data"]["object"]["state"],
            &event["data"]["object"]["body"]
        ),
        (&json!("hidden"), &Value::Null)
    );
    assert_eq!(event["data"]["counters"]["point"]["comments"], 0);
    let notice = author.event(&own).await;
    assert_eq!(
        (&notice["kind"], &notice["data"]["object"]["facts"]),
        (&json!("notice"), &json!("It insults another reader."))
    );
    assert!(
        moderator.get("/moderation/queue?framework=test").await.body["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );

    // Hidden is hidden: REST, versions, counts, changes, resume; the author and moderators still
    // see it.
    let visitor = world.visitor().at(world.node(1));
    let mut resumed = visitor.socket().await;
    let head = resumed.follow(world.framework, "public", None).await;
    resumed
        .follow(
            world.framework,
            "public",
            Some((head["epoch"].as_str().unwrap(), 0)),
        )
        .await;
    let replayed = resumed
        .until(|frame| frame["kind"] == "decision_made")
        .await;
    assert!(!format!("{replayed}").contains("mark-7f3a"));
    for path in [
        format!("/comments/{comment}"),
        format!("/threads/{thread}"),
        "/frameworks/test/changes?after=0".into(),
        "/frameworks/test/moderation-log".into(),
    ] {
        let seen = visitor.get(&path).await;
        assert!(
            seen.status == 200 && !seen.body.to_string().contains("mark-7f3a"),
            "{path}"
        );
    }
    assert_eq!(
        visitor
            .get(&format!("/comments/{comment}/versions"))
            .await
            .status,
        404
    );
    assert_eq!(
        visitor.get("/frameworks/test").await.body["points"][0]["comments"],
        0
    );
    assert!(alice.get(&format!("/comments/{comment}")).await.body["body"].is_string());
    assert!(moderator.get(&format!("/comments/{comment}")).await.body["body"].is_string());

    decide(&moderator, "comment", &comment, "restore").await;
    assert!(visitor.get(&format!("/comments/{comment}")).await.body["body"].is_string());
    assert_eq!(
        visitor.get("/frameworks/test").await.body["points"][0]["comments"],
        1
    );
    let log = visitor.get("/frameworks/test/moderation-log").await.body;
    assert_eq!(log["items"].as_array().unwrap().len(), 2);
    assert!(
        !log.to_string().contains(&alice.id) && !log.to_string().contains(&moderator.id),
        "no names"
    );
}

async fn a_hidden_thread_takes_its_comments_with_it(world: World) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, comment) = alice.thread(1, "a canary").await;
    let mut socket = world.visitor().socket().await;
    let head = socket.follow(world.framework, "public", None).await;
    decide(&moderator, "thread", &thread, "hide").await;
    let visitor = world.visitor();
    assert_eq!(visitor.get(&format!("/threads/{thread}")).await.status, 404);
    assert_eq!(
        visitor.get(&format!("/comments/{comment}")).await.status,
        404
    );
    assert!(
        visitor.get("/frameworks/test/points/1/threads").await.body["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        alice
            .post(
                &format!("/threads/{thread}/comments"),
                json!({ "body": "b", "kind": "remark" })
            )
            .await
            .status,
        404
    );
    let mut late = world.visitor().at(world.node(1)).socket().await;
    late.follow(
        world.framework,
        "public",
        Some((head["epoch"].as_str().unwrap(), 0)),
    )
    .await;
    loop {
        let event = late.event("public").await;
        assert!(!event.to_string().contains("canary"), "{event}");
        if event["kind"] == "decision_made" {
            break;
        }
    }
}

async fn a_locked_thread_shows_and_takes_no_comments(world: World) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, _) = alice.thread(1, "one").await;
    decide(&moderator, "thread", &thread, "lock").await;
    assert_eq!(
        alice
            .post(
                &format!("/threads/{thread}/comments"),
                json!({ "body": "b", "kind": "remark" })
            )
            .await
            .problem()
            .0,
        "closed"
    );
    decide(&moderator, "thread", &thread, "unlock").await;
    alice.comment(&thread, "again").await;
}

async fn a_thread_that_was_locked_when_it_was_hidden_is_locked_when_it_is_restored(world: World) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, _) = alice.thread(1, "one").await;
    let state = async || {
        world
            .visitor()
            .at(world.node(1))
            .get(&format!("/threads/{thread}"))
            .await
            .body["thread"]["state"]
            .clone()
    };
    let mut socket = world.visitor().at(world.node(1)).socket().await;
    socket.follow(world.framework, "public", None).await;
    for action in ["lock", "hide", "restore"] {
        decide(&moderator, "thread", &thread, action).await;
    }
    assert_eq!(state().await, "locked");
    let restored = socket
        .until(|frame| frame["kind"] == "thread_changed" && frame["data"]["object"]["version"] == 4)
        .await;
    assert_eq!(restored["data"]["object"]["state"], "locked");
    assert_eq!(
        alice
            .post(
                &format!("/threads/{thread}/comments"),
                json!({ "body": "b", "kind": "remark" })
            )
            .await
            .problem()
            .0,
        "closed"
    );
    for action in ["unlock", "hide", "restore"] {
        decide(&moderator, "thread", &thread, action).await;
    }
    assert_eq!(state().await, "open");
    alice.comment(&thread, "again").await;
}

async fn a_banned_user_loses_their_socket_on_every_node(world: World) {
    let alice = world.participant("alice", "kyiv").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let mut sockets = vec![alice.socket().await, alice.at(world.node(1)).socket().await];
    for socket in &mut sockets {
        socket.follow(world.framework, "public", None).await;
    }
    decide(&moderator, "account", &alice.id, "ban").await;
    for socket in &mut sockets {
        assert_eq!(socket.ended().await, Some(4003));
    }
    let made = alice
        .post(
            "/frameworks/test/points/1/threads",
            json!({ "title": "t", "body": "b", "kind": "remark" }),
        )
        .await;
    assert_eq!(made.problem().0, "forbidden");
    assert_eq!(
        alice
            .post(&format!("/questions/{}/deal", world.question), json!({}))
            .await
            .problem()
            .0,
        "forbidden"
    );
    decide(&moderator, "account", &alice.id, "lift").await;
    alice.thread(1, "back").await;
    let owner = world.with_role("host", Role::Owner).await;
    let upward = moderator
        .post(
            "/moderation/decisions",
            decision("account", &owner.id, "ban"),
        )
        .await;
    assert_eq!(upward.problem().0, "forbidden");
}

async fn a_suspension_ends(world: World) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let mut suspension = decision("account", &alice.id, "suspend");
    assert_eq!(
        moderator
            .post("/moderation/decisions", suspension.clone())
            .await
            .problem(),
        ("bad_request", "duration_hours")
    );
    suspension["duration_hours"] = 2.into();
    assert_eq!(
        moderator
            .post("/moderation/decisions", suspension)
            .await
            .status,
        201
    );
    let thread = json!({ "title": "t", "body": "b", "kind": "remark" });
    assert_eq!(
        alice
            .post("/frameworks/test/points/1/threads", thread.clone())
            .await
            .status,
        403
    );
    world.clock.advance(2 * 3_600_000 + 1);
    assert_eq!(
        alice
            .post("/frameworks/test/points/1/threads", thread)
            .await
            .status,
        201
    );
}

async fn a_pause_stops_posting_while_reading_and_answering_go_on(world: World) {
    let alice = world.participant("alice", "kyiv").await;
    let card = world.card(&alice, "A").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    decide(
        &moderator,
        "framework",
        &world.framework.to_string(),
        "pause",
    )
    .await;
    assert_eq!(
        world.visitor().get("/site").await.body["posting_paused"],
        true
    );
    assert_eq!(
        alice
            .post(
                "/frameworks/test/points/1/threads",
                json!({ "title": "t", "body": "b", "kind": "remark" })
            )
            .await
            .problem()
            .0,
        "closed"
    );
    alice.deal(&world.question).await;
    assert_eq!(alice.answer(&card, "yes").await.status, 200);
    decide(
        &moderator,
        "framework",
        &world.framework.to_string(),
        "resume",
    )
    .await;
    alice.thread(1, "again").await;
}

async fn a_pause_of_the_whole_site_stops_posting_in_every_framework(world: World) {
    let alice = world.participant("alice", "kyiv").await;
    let card = world.card(&alice, "A").await;
    let (thread, _) = alice.thread(1, "before").await;
    let reader = world.participant("reader", "moscow").await;
    reader.deal(&world.question).await;
    let (other, _) = world.another_framework("other").await;
    let (moderator, admin) = (
        world.with_role("watch", Role::Moderator).await,
        world.admin("host").await,
    );
    let visitor = world.visitor().at(world.node(1));
    let mut follower = visitor.socket().await;
    for framework in [world.framework, other] {
        follower.follow(framework, "public", None).await;
    }
    let post = async |slug: &str, number: usize| {
        let thread = json!({ "title": "t", "body": "b", "kind": "remark" });
        alice
            .at(world.node(number))
            .post(&format!("/frameworks/{slug}/points/1/threads"), thread)
            .await
    };
    let told = async |follower: &mut crate::harness::Socket,
                      framework: demarche::domain::framework::FrameworkId| {
        let event = follower
            .until(|frame| {
                frame["kind"] == "framework_changed" && frame["framework"] == framework.to_string()
            })
            .await;
        event["data"]["object"].clone()
    };
    let site = async || visitor.get("/site").await.body["posting_paused"].clone();

    for by in [&moderator, &world.with_role("keeper", Role::Owner).await] {
        assert_eq!(
            by.post("/moderation/decisions", decision("site", SITE, "pause"))
                .await
                .problem()
                .0,
            "forbidden"
        );
    }
    assert_eq!(post("other", 0).await.status, 201, "nothing was paused");
    assert_eq!(site().await, false);
    decide(&admin, "site", SITE, "pause").await;
    assert_eq!(
        admin
            .post("/moderation/decisions", decision("site", SITE, "pause"))
            .await
            .problem()
            .0,
        "conflict"
    );
    assert_eq!(site().await, true);
    for (number, slug) in ["test", "other"].into_iter().enumerate() {
        assert_eq!(post(slug, number).await.problem().0, "closed");
        let seen = visitor.get(&format!("/frameworks/{slug}")).await.body;
        assert_eq!(
            (&seen["paused"], &seen["paused_here"], &seen["paused_site"]),
            (&json!(true), &json!(false), &json!(true))
        );
        let log = visitor
            .get(&format!("/frameworks/{slug}/moderation-log"))
            .await
            .body;
        assert_eq!(
            (&log["items"][0]["kind"], &log["items"][0]["action"]),
            (&json!("site"), &json!("pause"))
        );
    }
    let comment = json!({ "body": "b", "kind": "remark" });
    assert_eq!(
        alice
            .post(&format!("/threads/{thread}/comments"), comment)
            .await
            .problem()
            .0,
        "closed"
    );
    for framework in [world.framework, other] {
        let object = told(&mut follower, framework).await;
        assert_eq!(
            (&object["paused"], &object["id"]),
            (&json!(true), &json!(framework.to_string()))
        );
        let logged = follower
            .until(|frame| {
                frame["kind"] == "decision_made" && frame["framework"] == framework.to_string()
            })
            .await;
        assert_eq!(
            (
                &logged["data"]["object"]["kind"],
                &logged["data"]["object"]["object"]["id"]
            ),
            (&json!("site"), &json!(SITE))
        );
    }

    // Reading, answering and moderating go on.
    assert_eq!(visitor.get(&format!("/threads/{thread}")).await.status, 200);
    assert_eq!(reader.answer(&card, "yes").await.status, 200);
    moderator.comment(&thread, "a word of the moderators").await;

    // A framework paused by itself stays so.
    decide(&admin, "framework", &other.to_string(), "pause").await;
    assert_eq!(told(&mut follower, other).await["paused_here"], true);
    let mut resume = decision("site", SITE, "resume");
    resume["type"] = "decide".into();
    assert_eq!(
        admin
            .at(world.node(1))
            .socket()
            .await
            .command(other, resume)
            .await["type"],
        "ack"
    );
    assert_eq!(
        admin
            .post("/moderation/decisions", decision("site", SITE, "resume"))
            .await
            .problem()
            .0,
        "conflict"
    );
    assert_eq!(told(&mut follower, world.framework).await["paused"], false);
    let object = told(&mut follower, other).await;
    assert_eq!(
        (&object["paused"], &object["paused_site"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(site().await, false);
    assert_eq!(
        (
            post("test", 1).await.status,
            post("other", 1).await.problem().0
        ),
        (201, "closed")
    );
    decide(&admin, "framework", &other.to_string(), "resume").await;
    assert_eq!(post("other", 0).await.status, 201);
    let framework =
        json!({ "object": { "kind": "site", "id": other.to_string() }, "reason": "spam" });
    assert_eq!(
        alice.post("/reports", framework).await.status,
        404,
        "the site has one id"
    );
}

async fn a_hidden_card_is_neither_dealt_nor_counted_until_it_is_restored(world: World) {
    let alice = world.participant("alice", "kyiv").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let card = world.card(&alice, "A").await;
    let reader = world.participant("reader", "moscow").await;
    reader.deal(&world.question).await;
    reader.answer(&card, "yes").await;
    let path = format!("/questions/{}/tally", world.question);
    let board = reader.get(&path).await.body;
    decide(&moderator, "concession", &card, "hide").await;
    assert_eq!(
        reader.get(&format!("/concessions/{card}")).await.body["title"],
        Value::Null
    );
    assert!(
        reader.get(&path).await.body["waiting"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(reader.deal(&world.question).await.is_empty());
    decide(&moderator, "concession", &card, "restore").await;
    assert_eq!(
        reader.get(&path).await.body["waiting"],
        board["waiting"],
        "counts come back exactly"
    );
}
