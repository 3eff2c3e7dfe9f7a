//! The scope rule: what is held, what waits in the provisional lane, who may say that a card is not
//! about land.
use std::sync::Arc;

use demarche::{domain::permission::Role, id::Id};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::harness::{Answer, Person, World, both, proposal};

/// The gate stops this.
const STOPPED: &str = "Ukraine cedes Donbas to Russia.";
/// The gate wants a person to look at this.
const EDGE: &str = "A buffer zone on both sides of the border.";

/// Proposes something; what came back.
async fn propose(world: &World, author: &Person, body: &str) -> Value {
    let mut proposal = proposal("A step mark-5c1e");
    proposal["body"] = body.into();
    let made = author
        .post(
            &format!("/questions/{}/concessions", world.question),
            proposal,
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

fn id(made: &Value) -> String {
    made["concession"]["id"].as_str().unwrap().into()
}

async fn edit(author: &Person, card: &str, version: i64, body: &str) -> Value {
    let made =
        author.patch(&format!("/concessions/{card}"), json!({ "version": version, "title": "A step", "body": body, "verifier": "The agency" })).await;
    assert_eq!(made.status, 200, "{}", made.body);
    made.body
}

async fn say(person: &Person, card: &str, territorial: bool) -> Answer {
    person
        .put(
            &format!("/concessions/{card}/scope"),
            json!({ "version": 1, "territorial": territorial }),
        )
        .await
}

async fn flag(person: &Person, card: &str) {
    let made = person
        .post(
            "/reports",
            json!({ "object": { "kind": "concession", "id": card }, "reason": "territorial" }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
}

async fn state(person: &Person, card: &str) -> Value {
    person.get(&format!("/concessions/{card}")).await.body["state"].clone()
}

/// The titles in the moderators' queue.
async fn queue(moderator: &Person) -> Vec<Value> {
    moderator.get("/moderation/queue?framework=test").await.body["items"]
        .as_array()
        .unwrap()
        .clone()
}

async fn cards_of_question(world: &World) -> i64 {
    world
        .visitor()
        .at(world.node(1))
        .get("/frameworks/test")
        .await
        .body["questions"][0]["cards"]
        .as_i64()
        .unwrap()
}

both! {
    a_new_card_is_shown_and_discussed_but_neither_dealt_nor_ranked,
    what_the_gate_stops_is_hidden_everywhere_until_a_person_has_looked,
    an_edge_case_is_before_the_moderators_at_once,
    two_viewpoints_confirm_and_nobody_is_named,
    only_standing_people_with_a_viewpoint_confirm_and_never_their_own,
    flags_of_two_viewpoints_hold_a_card_and_a_moderators_word_wipes_them,
    an_edit_is_judged_again,
    two_confirmations_at_once_are_one_decision,
    the_ledger_counts_by_viewpoint_and_language,
    a_repeat_over_the_socket_tells_the_same_and_does_nothing_more,
    a_draft_is_judged_for_anybody_and_kept_nowhere,
}

async fn a_new_card_is_shown_and_discussed_but_neither_dealt_nor_ranked(world: World) {
    let author = world.person("author").await;
    let made = propose(&world, &author, "They release the prisoners.").await;
    let card = id(&made);
    assert_eq!(
        (&made["concession"]["state"], &made["scope"]),
        (
            &json!("provisional"),
            &json!({ "verdict": "pass", "matches": [] })
        )
    );
    let reader = world.participant("reader", "kyiv").await.at(world.node(1));
    assert_eq!(
        reader.get(&format!("/concessions/{card}")).await.body["title"],
        "A step mark-5c1e"
    );
    assert_eq!(cards_of_question(&world).await, 1);
    assert!(
        reader.deal(&world.question).await.is_empty()
            && world.visitor().deal(&world.question).await.is_empty()
    );
    assert_eq!(reader.answer(&card, "yes").await.problem().0, "closed");
    let thread = json!({ "title": "Is it?", "body": "A question.", "kind": "question" });
    assert_eq!(
        reader
            .post(&format!("/concessions/{card}/threads"), thread)
            .await
            .status,
        201
    );
    let case = reader.get(&format!("/concessions/{card}/scope")).await.body;
    assert_eq!(
        (
            &case["may_confirm"],
            &case["said"],
            &case["scope"],
            &case["terms"]
        ),
        (&json!(true), &Value::Null, &Value::Null, &Value::Null)
    );
}

async fn what_the_gate_stops_is_hidden_everywhere_until_a_person_has_looked(world: World) {
    let author = world.person("author").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let visitor = world.visitor().at(world.node(1));
    let mut reader = visitor.socket().await;
    let head = reader.follow(world.framework, "public", None).await;
    let made = propose(&world, &author, STOPPED).await;
    let card = id(&made);
    assert_eq!(
        (&made["concession"]["state"], &made["scope"]["verdict"]),
        (&json!("held"), &json!("stop"))
    );
    let first = &made["scope"]["matches"][0];
    let cut = |name: &str| usize::try_from(first[name].as_u64().unwrap()).unwrap();
    let words: String = STOPPED
        .chars()
        .take(cut("end"))
        .skip(cut("start"))
        .collect();
    assert!(
        first["field"] == "body" && words.contains("cedes"),
        "{first}: {words}"
    );

    assert_eq!(
        reader.event("public").await["data"]["object"]["title"],
        Value::Null
    );
    assert_eq!(
        visitor.get(&format!("/concessions/{card}")).await.body["state"],
        "held"
    );
    for path in [
        format!("/concessions/{card}"),
        format!("/questions/{}/concessions", world.question),
        "/frameworks/test/changes?after=0".into(),
    ] {
        let seen = visitor.get(&path).await;
        assert!(
            seen.status == 200 && !seen.body.to_string().contains("mark-5c1e"),
            "{path}"
        );
    }
    let mut late = visitor.socket().await;
    late.follow(
        world.framework,
        "public",
        Some((
            head["epoch"].as_str().unwrap(),
            head["seq"].as_i64().unwrap(),
        )),
    )
    .await;
    assert!(!late.event("public").await.to_string().contains("mark-5c1e"));
    assert_eq!(
        visitor
            .get(&format!("/concessions/{card}/scope"))
            .await
            .status,
        404
    );
    assert_eq!(cards_of_question(&world).await, 0);
    assert!(visitor.deal(&world.question).await.is_empty());
    let case = author.get(&format!("/concessions/{card}/scope")).await.body;
    assert_eq!(
        (&case["held_by"], &case["queued_at"], &case["scope"]),
        (&json!("stop"), &Value::Null, &made["scope"])
    );
    assert_eq!(
        author.get("/me/posts").await.body["concessions"][0]["title"],
        "A step mark-5c1e"
    );

    // It is before nobody until its author asks; asking twice is asking once.
    assert!(queue(&moderator).await.is_empty());
    assert_eq!(
        moderator
            .post(&format!("/concessions/{card}/person"), json!({}))
            .await
            .problem()
            .0,
        "forbidden"
    );
    for _ in 0..2 {
        assert_eq!(
            author
                .post(&format!("/concessions/{card}/person"), json!({}))
                .await
                .status,
            200
        );
    }
    let (waiting, case) = (
        queue(&moderator).await,
        moderator
            .get(&format!("/concessions/{card}/scope"))
            .await
            .body,
    );
    assert_eq!(
        (waiting.len(), &waiting[0]["because"][0]["why"]),
        (1, &json!("held"))
    );
    assert_eq!(
        (&case["held_by"], &case["terms"]["body"]),
        (&json!("stop"), &json!(STOPPED))
    );
    assert_eq!(
        moderator
            .decide("concession", &card, "confirm_scope")
            .await
            .status,
        201
    );
    let released = reader
        .until(|frame| frame["kind"] == "concession_changed")
        .await;
    assert_eq!(
        (
            &released["data"]["object"]["state"],
            &released["data"]["object"]["title"]
        ),
        (&json!("ranked"), &json!("A step mark-5c1e"))
    );
    assert_eq!(
        visitor.deal(&world.question).await,
        std::slice::from_ref(&card)
    );
    assert_eq!(
        author
            .post(&format!("/concessions/{card}/person"), json!({}))
            .await
            .problem()
            .0,
        "closed"
    );
}

async fn an_edge_case_is_before_the_moderators_at_once(world: World) {
    let author = world.person("author").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let mut socket = moderator.at(world.node(1)).socket().await;
    socket.follow(world.framework, "moderators", None).await;
    let made = propose(&world, &author, EDGE).await;
    assert_eq!(
        (&made["concession"]["state"], &made["scope"]["verdict"]),
        (&json!("held"), &json!("review"))
    );
    assert_eq!(socket.event("moderators").await["kind"], "queue_changed");
    let card = id(&made);
    assert_eq!(queue(&moderator).await[0]["object"]["id"], card.as_str());
    assert_eq!(
        moderator
            .get(&format!("/moderation/items/concession/{card}"))
            .await
            .body["scope"]["held_by"],
        "review"
    );
    let stale = json!({ "object": { "kind": "concession", "id": card }, "action": "confirm_scope", "rule": "R8", "facts": "Looked at.", "version": 2 });
    assert_eq!(
        moderator
            .post("/moderation/decisions", stale)
            .await
            .problem()
            .0,
        "conflict"
    );
    assert_eq!(
        moderator.decide("concession", &card, "hide").await.status,
        201
    );
    assert_eq!(state(&author, &card).await, "hidden");
    assert!(queue(&moderator).await.is_empty());
}

async fn two_viewpoints_confirm_and_nobody_is_named(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = id(&propose(&world, &author, "They release the prisoners.").await);
    let (kyiv, kyiv2) = (
        world.participant("k-one", "kyiv").await,
        world.participant("k-two", "kyiv").await,
    );
    let moscow = world.participant("m-one", "moscow").await.at(world.node(1));
    let mut own = author.at(world.node(1)).socket().await;
    let stream = format!("account/{}", author.id);
    own.follow(world.framework, &stream, None).await;
    for reader in [&kyiv, &kyiv2] {
        assert_eq!(
            say(reader, &card, false).await.body["concession"]["state"],
            "provisional"
        );
    }
    assert_eq!(
        kyiv.get(&format!("/concessions/{card}/scope")).await.body["said"],
        false
    );
    assert_eq!(
        say(&moscow, &card, false).await.body["concession"]["state"],
        "ranked"
    );
    assert_eq!(say(&moscow, &card, true).await.problem().0, "closed");
    let notice = own.event(&stream).await;
    assert_eq!(
        (&notice["kind"], &notice["data"]["object"]["by"]),
        (&json!("notice"), &json!("automated"))
    );
    let log = world
        .visitor()
        .get("/frameworks/test/moderation-log")
        .await
        .body;
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["by"]),
        (&json!("confirm_scope"), &json!("automated"))
    );
    for (text, secret) in [
        (log.to_string(), &moscow.id),
        (log.to_string(), &kyiv.id),
        (log.to_string(), &"moscow".into()),
        (log.to_string(), &"kyiv".into()),
    ] {
        assert!(!text.contains(secret.as_str()), "{secret} in {text}");
    }
}

async fn only_standing_people_with_a_viewpoint_confirm_and_never_their_own(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = id(&propose(&world, &author, "They release the prisoners.").await);
    assert_eq!(
        world
            .visitor()
            .put(
                &format!("/concessions/{card}/scope"),
                json!({ "version": 1, "territorial": false })
            )
            .await
            .problem()
            .0,
        "unauthenticated"
    );
    assert_eq!(say(&author, &card, false).await.problem().0, "forbidden");
    let new = world.person("new").await;
    assert_eq!(say(&new, &card, false).await.problem().0, "forbidden");
    new.post(
        "/frameworks/test/membership",
        json!({ "camp": "moscow", "consent": true }),
    )
    .await;
    assert_eq!(say(&new, &card, false).await.problem().0, "forbidden");
    assert_eq!(
        new.get(&format!("/concessions/{card}/scope")).await.body["may_confirm"],
        false
    );
    let reader = world.participant("reader", "moscow").await;
    assert_eq!(
        reader.get("/frameworks/test").await.body["you"]["standing"],
        true
    );
    let wrong = reader
        .put(
            &format!("/concessions/{card}/scope"),
            json!({ "version": 2, "territorial": false }),
        )
        .await;
    assert_eq!(wrong.problem().0, "conflict");
    let bad = reader
        .put(
            &format!("/concessions/{card}/scope"),
            json!({ "version": 1 }),
        )
        .await;
    assert_eq!(bad.problem(), ("bad_request", "territorial"));
    let moderator = world.with_role("watch", Role::Moderator).await;
    let own = id(&propose(&world, &moderator, "They release the prisoners.").await);
    assert_eq!(
        moderator
            .decide("concession", &own, "confirm_scope")
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        reader
            .decide("concession", &own, "confirm_scope")
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        moderator
            .decide("concession", &card, "confirm_scope")
            .await
            .status,
        201
    );
    assert_eq!(
        moderator
            .decide("concession", &card, "confirm_scope")
            .await
            .problem()
            .0,
        "conflict"
    );
}

async fn flags_of_two_viewpoints_hold_a_card_and_a_moderators_word_wipes_them(world: World) {
    let author = world.person("author").await;
    let card = world.card(&author, "Flagged").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (one, two) = (
        world.participant("k-one", "kyiv").await,
        world.participant("k-two", "kyiv").await,
    );
    let other = world.participant("m-one", "moscow").await;
    let fresh = world.person("fresh").await;
    fresh
        .post(
            "/frameworks/test/membership",
            json!({ "camp": "moscow", "consent": true }),
        )
        .await;
    for person in [&one, &two, &fresh] {
        flag(person, &card).await;
        assert_eq!(
            state(&author, &card).await,
            "ranked",
            "one viewpoint, and an account of today, hold nothing"
        );
    }
    assert_eq!(one.deal(&world.question).await.len(), 1);
    flag(&other, &card).await;
    assert_eq!(
        world
            .visitor()
            .at(world.node(1))
            .get(&format!("/concessions/{card}"))
            .await
            .body["title"],
        Value::Null
    );
    assert!(world.visitor().deal(&world.question).await.is_empty());
    let waiting = queue(&moderator).await;
    let because = json!([{ "why": "reported", "reason": "territorial", "count": 4, "adds": 40 }, { "why": "held", "count": 1, "adds": 10 }]);
    assert_eq!((waiting.len(), &waiting[0]["because"]), (1, &because));
    assert_eq!(
        moderator
            .get(&format!("/concessions/{card}/scope"))
            .await
            .body["held_by"],
        "people"
    );
    let told = author.get("/me/posts").await.body;
    assert_eq!(
        (&told["decisions"][0]["action"], &told["decisions"][0]["by"]),
        (&json!("hold"), &json!("automated"))
    );
    assert!(!told.to_string().contains("moscow") && !waiting[0].to_string().contains("moscow"));
    // What people took out of view, other words do not put back.
    assert_eq!(
        edit(&author, &card, 1, "They release all prisoners.").await["concession"]["state"],
        "held"
    );
    assert_eq!(
        moderator
            .decide("concession", &card, "restore")
            .await
            .status,
        201
    );
    assert_eq!(state(&author, &card).await, "ranked");
    flag(&other, &card).await;
    assert_eq!(
        state(&author, &card).await,
        "ranked",
        "flags from before a moderator's word count no more"
    );
    flag(&one, &card).await;
    assert_eq!(state(&author, &card).await, "held");
}

async fn an_edit_is_judged_again(world: World) {
    let author = world.person("author").await;
    let card = world.card(&author, "Edited").await;
    let state_of = |made: Value| made["concession"]["state"].clone();
    assert_eq!(
        state_of(edit(&author, &card, 1, "They release all prisoners.").await),
        "ranked"
    );
    let stopped = edit(&author, &card, 2, STOPPED).await;
    assert_eq!(
        (
            &stopped["concession"]["state"],
            &stopped["scope"]["verdict"]
        ),
        (&json!("held"), &json!("stop"))
    );
    assert_eq!(
        state_of(edit(&author, &card, 3, "They release all prisoners.").await),
        "provisional"
    );
    let fresh = id(&propose(&world, &author, STOPPED).await);
    assert_eq!(
        author.delete(&format!("/concessions/{fresh}")).await.status,
        200
    );
    assert_eq!(state(&author, &fresh).await, "withdrawn");
    assert_eq!(
        author
            .get(&format!("/concessions/{fresh}/scope"))
            .await
            .body["held_by"],
        Value::Null
    );
}

async fn two_confirmations_at_once_are_one_decision(world: World) {
    let author = world.person("author").await;
    let card = id(&propose(&world, &author, "They release the prisoners.").await);
    let start = Arc::new(Barrier::new(8));
    let mut racing = tokio::task::JoinSet::new();
    for number in 0..8 {
        let camp = if number % 2 == 0 { "kyiv" } else { "moscow" };
        let reader = world
            .participant(&format!("reader-{number}"), camp)
            .await
            .at(world.node(number));
        let (card, start) = (card.clone(), start.clone());
        racing.spawn(async move {
            start.wait().await;
            let made = say(&reader, &card, false).await;
            assert!(
                made.status == 200 || made.problem().0 == "closed",
                "{}",
                made.body
            );
        });
    }
    while let Some(done) = racing.join_next().await {
        done.unwrap();
    }
    assert_eq!(state(&author, &card).await, "ranked");
    assert_eq!(
        world
            .visitor()
            .get("/frameworks/test/moderation-log")
            .await
            .body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

async fn the_ledger_counts_by_viewpoint_and_language(world: World) {
    let (kyiv, moscow) = (
        world.participant("k-one", "kyiv").await,
        world.participant("m-one", "moscow").await,
    );
    let moderator = world.with_role("watch", Role::Moderator).await;
    let through = id(&propose(&world, &kyiv, "They release the prisoners.").await);
    let stopped = id(&propose(&world, &moscow, STOPPED).await);
    let reviewed = id(&propose(&world, &moscow, EDGE).await);
    world.clock.advance(2 * 3_600_000);
    for card in [&through, &stopped] {
        assert_eq!(
            moderator
                .decide("concession", card, "confirm_scope")
                .await
                .status,
            201
        );
    }
    assert_eq!(
        moderator
            .decide("concession", &reviewed, "hide")
            .await
            .status,
        201
    );
    let ledger = world
        .visitor()
        .at(world.node(1))
        .get("/frameworks/test/scope-ledger")
        .await
        .body;
    let count = |row: &Value, name: &str| {
        (
            row[name]["count"].as_i64().unwrap(),
            row[name]["of"].as_i64().unwrap(),
        )
    };
    let near = |hours: &Value| (hours.as_f64().unwrap() - 2.0).abs() < 0.01;
    let total = &ledger["total"];
    assert_eq!(
        (
            count(total, "stopped"),
            count(total, "reviewed"),
            count(total, "flagged")
        ),
        ((1, 3), (1, 3), (0, 3))
    );
    assert_eq!(
        (
            count(total, "released"),
            count(total, "reversed"),
            near(&total["hold_hours"])
        ),
        ((1, 2), (1, 2), true)
    );
    assert_eq!(
        (&ledger["camps"][0]["key"], &ledger["camps"][1]["key"]),
        (&json!("kyiv"), &json!("moscow"))
    );
    assert_eq!(
        (
            count(&ledger["camps"][0], "stopped"),
            count(&ledger["camps"][1], "stopped")
        ),
        ((0, 1), (1, 2))
    );
    assert_eq!(
        (
            &ledger["languages"][0]["key"],
            &ledger["languages"][0]["proposed"],
            near(&ledger["usual_hours"])
        ),
        (&json!("en"), &json!(3), true)
    );
}

async fn a_repeat_over_the_socket_tells_the_same_and_does_nothing_more(world: World) {
    let author = world.person("author").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (mut one, mut other) = (
        author.socket().await,
        author.at(world.node(1)).socket().await,
    );
    let (proposed, sent) = (Id::<()>::new().to_string(), Id::<()>::new().to_string());
    let mut command = proposal("Over the socket");
    command["type"] = "propose_concession".into();
    command["question"] = world.question.clone().into();
    command["body"] = STOPPED.into();
    let first = one
        .command_as(&proposed, world.framework, command.clone())
        .await;
    let again = other.command_as(&proposed, world.framework, command).await;
    assert_eq!(
        (&first["result"]["scope"]["verdict"], &first["result"]),
        (&json!("stop"), &again["result"])
    );
    let ask = json!({ "type": "send_to_person", "concession": id(&first["result"]) });
    for socket in [&mut one, &mut other] {
        assert_eq!(
            socket.command_as(&sent, world.framework, ask.clone()).await["type"],
            "ack"
        );
    }
    assert_eq!(queue(&moderator).await.len(), 1);
    let confirm = json!({ "type": "confirm_scope", "concession": id(&first["result"]), "version": 1, "territorial": false });
    let reader = world.participant("reader", "kyiv").await;
    let mut socket = reader.socket().await;
    assert_eq!(
        socket.command(world.framework, confirm).await["problem"]["code"],
        "closed"
    );
}

async fn a_draft_is_judged_for_anybody_and_kept_nowhere(world: World) {
    let path = format!("/questions/{}/scope-check", world.question);
    let visitor = world.visitor();
    let judged = visitor
        .post(
            &path,
            json!({ "title": "", "body": STOPPED, "verifier": "  the agency" }),
        )
        .await;
    assert_eq!(
        (
            judged.status,
            &judged.body["verdict"],
            &judged.body["matches"][0]["field"]
        ),
        (200, &json!("stop"), &json!("body"))
    );
    assert_eq!(visitor.post(&path, json!({})).await.body["verdict"], "pass");
    assert_eq!(
        visitor
            .post(&path, json!({ "body": "а".repeat(1_201) }))
            .await
            .problem(),
        ("bad_request", "body")
    );
    assert_eq!(
        visitor.post(&path, json!({ "words": "x" })).await.problem(),
        ("bad_request", "words")
    );
    assert_eq!(
        visitor
            .post(
                &format!("/questions/{}/scope-check", world.framework),
                json!({})
            )
            .await
            .status,
        404
    );
    assert!(
        visitor
            .get(&format!("/questions/{}/concessions", world.question))
            .await
            .body["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let rules = visitor.get("/scope-rules").await.body;
    let rule = rules["rules"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["id"] == judged.body["matches"][0]["rule"])
        .unwrap()
        .clone();
    assert!(["en", "uk", "ru"].iter().all(|language| {
        rule[language].as_str().is_some_and(|text| !text.is_empty())
            && rules["rule"][language].is_string()
    }));
}
