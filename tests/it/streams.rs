//! Streams: snapshot, events, resume, acknowledgements, presence, closing.
use std::collections::BTreeMap;

use demarche::{domain::stream::EventKind, id::Id};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Socket, World, both, proposal};

/// The public snapshot as a client keeps it, moved by one event.
pub fn reduce(state: &mut Value, event: &Value) {
    reduce_but(None, state, event);
}

/// As [`reduce`], with the branch of one kind forgotten.
fn reduce_but(forgotten: Option<EventKind>, state: &mut Value, event: &Value) {
    let kind: EventKind = serde_json::from_value(event["kind"].clone()).unwrap();
    state["seq"] = event["seq"].clone();
    if forgotten == Some(kind) {
        return;
    }
    let counters = &event["data"]["counters"];
    // A kind without a case does not compile.
    match kind {
        EventKind::ThreadOpened
        | EventKind::ThreadChanged
        | EventKind::CommentPosted
        | EventKind::CommentChanged
        | EventKind::PointChanged => {
            if let Some(number) = counters["point"]["number"].as_u64() {
                let points = state["points"].as_array_mut().unwrap();
                let point = points
                    .iter_mut()
                    .find(|point| point["number"] == number)
                    .unwrap();
                point["threads"] = counters["point"]["threads"].clone();
                point["comments"] = counters["point"]["comments"].clone();
            }
        }
        EventKind::ConcessionProposed | EventKind::ConcessionChanged => {
            let questions = state["questions"].as_array_mut().unwrap();
            let question = questions
                .iter_mut()
                .find(|question| question["id"] == counters["question"]["id"])
                .unwrap();
            question["cards"] = counters["question"]["cards"].clone();
        }
        EventKind::FrameworkChanged => {
            for field in ["paused", "paused_here", "paused_site", "pace"] {
                state[field] = event["data"]["object"][field].clone();
            }
        }
        EventKind::QuestionChanged => {
            let object = &event["data"]["object"];
            let questions = state["questions"].as_array_mut().unwrap();
            *questions
                .iter_mut()
                .find(|question| question["id"] == object["id"])
                .unwrap() = object.clone();
        }
        EventKind::DecisionMade | EventKind::TeamChanged => {}
        EventKind::ReportMade
        | EventKind::QueueChanged
        | EventKind::AppealChanged
        | EventKind::BallotChanged
        | EventKind::MembershipChanged
        | EventKind::Notice => panic!("{kind:?} is not for everyone"),
    }
}

/// The list of a point's threads as a client keeps it, moved by one event.
fn reduce_threads(
    forgotten: Option<EventKind>,
    threads: &mut BTreeMap<String, Value>,
    event: &Value,
) {
    let kind: EventKind = serde_json::from_value(event["kind"].clone()).unwrap();
    if forgotten == Some(kind) {
        return;
    }
    let (object, counters) = (
        &event["data"]["object"],
        &event["data"]["counters"]["thread"],
    );
    if matches!(kind, EventKind::ThreadOpened | EventKind::ThreadChanged) {
        threads.insert(object["id"].as_str().unwrap().into(), object.clone());
        threads.retain(|_, thread| thread["state"] != "hidden" && thread["point"]["number"] == 1);
    }
    if let Some(thread) = counters["id"].as_str().and_then(|id| threads.get_mut(id)) {
        thread["comments"] = counters["comments"].clone();
        thread["last_at"] = counters["last_at"].clone();
    }
}

/// The list of a point's threads as the server has it.
async fn threads(world: &World) -> BTreeMap<String, Value> {
    let list = world
        .visitor()
        .get("/frameworks/test/points/1/threads")
        .await
        .body;
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|thread| (thread["id"].as_str().unwrap().into(), thread.clone()))
        .collect()
}

/// The kinds whose branch moves something a client shows.
const MOVING: [EventKind; 9] = [
    EventKind::ThreadOpened,
    EventKind::ThreadChanged,
    EventKind::CommentPosted,
    EventKind::CommentChanged,
    EventKind::ConcessionProposed,
    EventKind::ConcessionChanged,
    EventKind::FrameworkChanged,
    EventKind::QuestionChanged,
    EventKind::PointChanged,
];

/// Somebody follows through a busy day by the client's rule, and compares with a fresh snapshot
/// after every act: the first difference, and how many events of each kind came. An opposite act
/// would hide what an act left undone.
async fn follow_a_busy_day(
    world: &World,
    forgotten: Option<EventKind>,
) -> (Option<String>, BTreeMap<String, usize>) {
    let mut socket = world.visitor().at(world.node(1)).socket().await;
    let subscribed = socket.follow(world.framework, "public", None).await;
    assert_eq!(
        (&subscribed["mode"], &subscribed["reason"]),
        (&json!("snapshot"), &json!("first"))
    );
    let (mut state, mut list) = (subscribed["snapshot"].clone(), threads(world).await);
    let (mut kinds, mut difference) = (BTreeMap::new(), None);
    a_busy_day_with(world, async |act: &str| {
        let (there, listed) = (public(world, 0).await, threads(world).await);
        while state["seq"] != there["seq"] {
            let event = socket.event("public").await;
            assert_eq!(
                event["seq"].as_i64(),
                state["seq"].as_i64().map(|seq| seq + 1),
                "gapless"
            );
            *kinds
                .entry(event["kind"].as_str().unwrap().to_owned())
                .or_default() += 1;
            reduce_but(forgotten, &mut state, &event);
            reduce_threads(forgotten, &mut list, &event);
        }
        if (&state, &list) != (&there, &listed) && difference.is_none() {
            difference = Some(format!(
                "after {act} a client has {state} {list:?} and the server {there} {listed:?}"
            ));
        }
    })
    .await;
    (difference, kinds)
}

/// One of everything that the public stream tells.
pub async fn a_busy_day(world: &World) {
    a_busy_day_with(world, async |_: &str| {}).await;
}

/// As [`a_busy_day`], with something to do after each act.
async fn a_busy_day_with(world: &World, mut after: impl AsyncFnMut(&str)) {
    let name = |who: &str| format!("{who}-{}", &Id::<()>::new().to_string()[24..]);
    let alice = world.person(&name("alice")).await;
    let moderator = world
        .with_role(
            &name("watch"),
            demarche::domain::permission::Role::Moderator,
        )
        .await;
    let (thread, comment) = alice.thread(1, "one").await;
    after("a thread").await;
    let reply = alice.comment(&thread, "two").await;
    after("a reply").await;
    alice
        .patch(
            &format!("/comments/{comment}"),
            json!({ "version": 1, "body": "uno" }),
        )
        .await;
    alice.delete(&format!("/comments/{reply}")).await;
    after("a deleted reply").await;
    let card = world.proposed(&alice, "A card").await;
    after("a proposal").await;
    world.confirm(&card).await;
    after("a confirmed card").await;
    alice
        .patch(
            &format!("/concessions/{card}"),
            json!({ "version": 1, "title": "B", "body": "b", "verifier": "c" }),
        )
        .await;
    let decide = |kind: &str, id: &str, action: &str| json!({ "object": { "kind": kind, "id": id }, "action": action, "rule": "R1", "facts": "f" });
    let framework = world.framework.to_string();
    for decision in [
        decide("comment", &comment, "hide"),
        decide("comment", &comment, "restore"),
        decide("thread", &thread, "lock"),
        decide("thread", &thread, "hide"),
        decide("thread", &thread, "restore"),
        decide("thread", &thread, "unlock"),
        decide("concession", &card, "hide"),
        decide("framework", &framework, "pause"),
        decide("framework", &framework, "resume"),
    ] {
        let made = moderator
            .post("/moderation/decisions", decision.clone())
            .await;
        assert_eq!(made.status, 201, "{decision} {}", made.body);
        after(&format!(
            "{} of the {}",
            decision["action"], decision["object"]["kind"]
        ))
        .await;
    }
    let branch = alice.reply(&thread, &comment, "a branch").await;
    after("a branch").await;
    let (mut split, mut moved) = (
        decide("comment", &branch, "split"),
        decide("thread", &thread, "move"),
    );
    (split["title"], moved["point"]) = ("Another matter".into(), 2.into());
    for decision in [split, moved] {
        let made = moderator.post("/moderation/decisions", decision).await;
        assert_eq!(made.status, 201, "{}", made.body);
        after(&format!("{}", made.body["decision"]["action"])).await;
        let undone = moderator
            .delete(&format!(
                "/moderation/decisions/{}",
                made.body["decision"]["id"].as_str().unwrap()
            ))
            .await;
        assert_eq!(undone.status, 200, "{}", undone.body);
        after(&format!("the end of {}", made.body["decision"]["action"])).await;
    }
    let mediator = world
        .with_role(&name("lead"), demarche::domain::permission::Role::Mediator)
        .await;
    let question = &world.question;
    let at = world.clock.now() + 3_600_000;
    assert_eq!(
        mediator
            .put(
                &format!("/questions/{question}/closing"),
                json!({ "closes_at": at })
            )
            .await
            .status,
        200
    );
    after("a closing time").await;
    assert_eq!(
        mediator
            .post(&format!("/questions/{question}/close"), json!({}))
            .await
            .status,
        200
    );
    after("the end of a round").await;
    assert_eq!(
        mediator
            .post(&format!("/questions/{question}/rounds"), json!({}))
            .await
            .status,
        200
    );
    after("the next round").await;
}

async fn public(world: &World, node: usize) -> Value {
    let mut socket = world.visitor().at(world.node(node)).socket().await;
    socket.follow(world.framework, "public", None).await["snapshot"].clone()
}

/// Resumes from every place of the public stream on any node: exactly what came after, the same
/// whoever asks.
pub async fn resume_everywhere(world: &World) -> Result<(), String> {
    let head = world
        .visitor()
        .socket()
        .await
        .follow(world.framework, "public", None)
        .await;
    let (epoch, seq) = (
        head["epoch"].as_str().unwrap().to_owned(),
        head["seq"].as_i64().unwrap(),
    );
    let mut seen: Vec<Value> = vec![];
    for after in (0..=seq).rev() {
        let mut socket = world
            .visitor()
            .at(world.node(usize::try_from(after).unwrap()))
            .socket()
            .await;
        let subscribed = socket
            .follow(world.framework, "public", Some((&epoch, after)))
            .await;
        // The answer to a second request stands behind everything that the first one brought.
        socket.follow(world.framework, "track/1", None).await;
        let got = socket.arrived("public");
        let places: Vec<i64> = got
            .iter()
            .map(|event| event["seq"].as_i64().unwrap())
            .collect();
        if (&subscribed["mode"], &subscribed["seq"]) != (&json!("resumed"), &json!(seq))
            || !places.iter().copied().eq(after + 1..=seq)
        {
            return Err(format!(
                "after {after} of {seq}: {subscribed} and then {places:?}"
            ));
        }
        if !seen.is_empty() && got[1..] != seen[..] {
            return Err(format!(
                "after {after} the events differ: {got:?}, earlier {seen:?}"
            ));
        }
        seen = got;
    }
    Ok(())
}

both! {
    a_snapshot_and_the_events_after_it_make_the_next_snapshot,
    a_client_that_forgets_a_kind_of_event_is_caught,
    a_socket_resumes_from_every_place_on_any_node,
    a_place_that_does_not_hold_gets_a_snapshot_with_the_reason,
    a_repeated_command_has_one_effect_and_the_same_answer,
    a_refused_command_leaves_no_trace,
    what_is_private_is_told_to_its_owner_alone,
    presence_counts_people_and_not_their_tabs,
    frames_that_are_not_of_the_protocol_close_with_their_code,
    a_fault_inside_a_frame_is_answered_and_the_socket_stays,
    a_stopping_server_says_so_and_keeps_what_it_acknowledged,
    changes_are_read_without_a_socket,
}

async fn a_snapshot_and_the_events_after_it_make_the_next_snapshot(world: World) {
    let (difference, kinds) = follow_a_busy_day(&world, None).await;
    assert_eq!(difference, None);
    let public_kinds = [
        "comment_changed",
        "comment_posted",
        "concession_changed",
        "concession_proposed",
        "decision_made",
        "framework_changed",
        "point_changed",
        "question_changed",
        "team_changed",
        "thread_changed",
        "thread_opened",
    ];
    assert_eq!(
        kinds.keys().collect::<Vec<_>>(),
        public_kinds,
        "every public kind came"
    );
}

async fn a_client_that_forgets_a_kind_of_event_is_caught(world: World) {
    for kind in MOVING {
        let (difference, _) = follow_a_busy_day(&world, Some(kind)).await;
        assert!(
            difference.is_some(),
            "{kind:?} was forgotten and nobody saw it"
        );
    }
}

async fn a_socket_resumes_from_every_place_on_any_node(world: World) {
    a_busy_day(&world).await;
    resume_everywhere(&world).await.unwrap();
}

async fn a_place_that_does_not_hold_gets_a_snapshot_with_the_reason(world: World) {
    let mut socket = world.visitor().socket().await;
    let head = socket.follow(world.framework, "public", None).await;
    let (epoch, seq) = (
        head["epoch"].as_str().unwrap().to_owned(),
        head["seq"].as_i64().unwrap(),
    );
    for (from, reason) in [
        (("other", seq), "epoch"),
        ((epoch.as_str(), seq + 1), "ahead"),
    ] {
        let answer = socket.follow(world.framework, "public", Some(from)).await;
        assert_eq!(
            (&answer["mode"], &answer["reason"]),
            (&json!("snapshot"), &json!(reason))
        );
    }
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "many").await;
    let mut writer = alice.socket().await;
    let mut sent = vec![];
    for number in 0..1_001 {
        let id = Id::<()>::new().to_string();
        writer
            .send(json!({ "type": "command", "id": id, "framework": world.framework.to_string(),
            "command": { "type": "post_comment", "thread": thread, "body": number.to_string(), "kind": "remark" } }))
            .await;
        sent.push(id);
    }
    for id in sent {
        assert_eq!(
            writer.until(|frame| frame["id"] == id.as_str()).await["type"],
            "ack"
        );
    }
    let mut late = world.visitor().at(world.node(1)).socket().await;
    assert_eq!(
        late.follow(world.framework, "public", Some((&epoch, seq)))
            .await["reason"],
        "window"
    );
}

async fn a_repeated_command_has_one_effect_and_the_same_answer(world: World) {
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "one").await;
    let id = Id::<()>::new().to_string();
    let command =
        json!({ "type": "post_comment", "thread": thread, "body": "once", "kind": "remark" });
    // The answer to the first is lost with its connection; the repeat goes to another node.
    let mut lost = alice.socket().await;
    let first = lost.command_as(&id, world.framework, command.clone()).await;
    drop(lost);
    let mut socket = alice.at(world.node(1)).socket().await;
    let again = socket
        .command_as(&id, world.framework, command.clone())
        .await;
    assert_eq!(
        (&first["duplicate"], &again["duplicate"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        (&first["seq"], &first["stream"], &first["result"]),
        (&again["seq"], &again["stream"], &again["result"])
    );
    let other =
        json!({ "type": "post_comment", "thread": thread, "body": "twice", "kind": "remark" });
    assert_eq!(
        socket.command_as(&id, world.framework, other).await["problem"]["code"],
        "id_reuse"
    );
    let by_rest = alice
        .send(
            reqwest::Method::POST,
            &format!("/threads/{thread}/comments"),
            Some(&id),
            Some(
                json!({ "body": "once", "kind": "remark" })
                    .to_string()
                    .into(),
            ),
        )
        .await;
    assert_eq!(
        (by_rest.status, &by_rest.body["comment"]),
        (201, &first["result"]["comment"])
    );
    assert_eq!(
        alice.get(&format!("/threads/{thread}")).await.body["thread"]["comments"],
        2
    );
    // Ids are per account.
    let boris = world.person("boris").await;
    let mut socket = boris.socket().await;
    assert_eq!(
        socket.command_as(&id, world.framework, command).await["duplicate"],
        false
    );
}

async fn a_refused_command_leaves_no_trace(world: World) {
    let alice = world.person("alice").await;
    let before = public(&world, 0).await;
    let mut socket = alice.socket().await;
    let stranger = Id::<()>::new().to_string();
    for command in [
        json!({ "type": "post_thread", "point": 99, "title": "t", "body": "b", "kind": "remark" }),
        json!({ "type": "post_thread", "point": 1, "title": "", "body": "b", "kind": "remark" }),
        json!({ "type": "post_comment", "thread": stranger, "body": "b", "kind": "remark" }),
        json!({ "type": "answer_card", "concession": stranger, "version": 1, "acceptance": "yes" }),
        json!({ "type": "decide", "object": { "kind": "framework", "id": world.framework.to_string() }, "action": "pause", "rule": "R1", "facts": "f" }),
        json!({ "type": "open_round" }),
    ] {
        assert_eq!(
            socket.command(world.framework, command.clone()).await["type"],
            "nack",
            "{command}"
        );
    }
    assert_eq!(public(&world, 0).await, before);
}

async fn what_is_private_is_told_to_its_owner_alone(world: World) {
    let author = world.person("author").await;
    let card = world.card(&author, "A").await;
    let reader = world.participant("reader", "kyiv").await;
    let own = format!("account/{}", reader.id);
    let (mut mine, mut everyones) = (
        reader.at(world.node(1)).socket().await,
        author.socket().await,
    );
    mine.follow(world.framework, &own, None).await;
    everyones.follow(world.framework, "public", None).await;
    assert_eq!(
        everyones.follow(world.framework, &own, None).await["problem"]["code"],
        "not_found"
    );
    assert_eq!(
        everyones.follow(world.framework, "moderators", None).await["problem"]["code"],
        "forbidden"
    );
    assert_eq!(
        everyones.follow(world.framework, "track/1", None).await["problem"]["code"],
        "not_found"
    );
    reader.deal(&world.question).await;
    reader.answer(&card, "yes").await;
    assert_eq!(mine.event(&own).await["kind"], "ballot_changed");
    author.thread(1, "a mark in the public stream").await;
    let next = everyones.event("public").await;
    assert_eq!(next["kind"], "thread_opened", "no ballot came before it");
}

async fn presence_counts_people_and_not_their_tabs(world: World) {
    let alice = world.person("alice").await;
    let boris = world.person("boris").await;
    let mut sockets: Vec<Socket> = vec![
        alice.socket().await,
        alice.socket().await,
        boris.at(world.node(1)).socket().await,
    ];
    for socket in &mut sockets {
        socket
            .send(json!({ "type": "here", "framework": world.framework.to_string(), "point": 2 }))
            .await;
    }
    for socket in &mut sockets {
        let presence = socket
            .until(|frame| frame["type"] == "presence" && frame["count"] == 2)
            .await;
        assert_eq!(presence["points"], json!({ "2": 2 }));
    }
    assert_eq!(
        world.visitor().get("/frameworks/test").await.body["here"],
        2
    );
}

async fn frames_that_are_not_of_the_protocol_close_with_their_code(world: World) {
    let huge = json!({ "type": "here", "framework": "x".repeat(70_000) }).to_string();
    for (message, code) in [
        (Message::Text("not json".into()), 1002),
        (Message::Text("[1]".into()), 1002),
        (Message::Text(r#"{"type":"no_such"}"#.into()), 1002),
        (Message::Binary(vec![1, 2, 3].into()), 1003),
        (Message::Text(huge.into()), 1009),
    ] {
        let mut socket = world.visitor().socket().await;
        socket.send_raw(message.clone()).await;
        assert_eq!(socket.ended().await, Some(code), "{message:?}");
    }
}

async fn a_fault_inside_a_frame_is_answered_and_the_socket_stays(world: World) {
    let mut socket = world.visitor().socket().await;
    for frame in [
        json!({ "type": "subscribe", "ref": "a", "framework": "no id", "stream": "public" }),
        json!({ "type": "subscribe", "ref": "a", "framework": world.framework.to_string(), "stream": "public", "extra": 1 }),
    ] {
        socket.send(frame).await;
        assert_eq!(
            socket.until(|frame| frame["type"] == "nack").await["ref"],
            "a"
        );
    }
    socket
        .send_raw(Message::Text(
            r#"{"type":"here","framework":"x","framework":"y"}"#.into(),
        ))
        .await;
    assert_eq!(
        socket.until(|frame| frame["type"] == "nack").await["problem"]["code"],
        "bad_request"
    );
    let proposal = proposal("anonymous");
    let mut command = proposal;
    command["type"] = "propose_concession".into();
    command["question"] = world.question.clone().into();
    assert_eq!(
        socket.command(world.framework, command).await["problem"]["code"],
        "unauthenticated"
    );
}

async fn a_stopping_server_says_so_and_keeps_what_it_acknowledged(world: World) {
    let mut world = world;
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "one").await;
    let mut socket = alice.socket().await;
    let kept = socket
        .command(
            world.framework,
            json!({ "type": "post_comment", "thread": thread, "body": "kept", "kind": "remark" }),
        )
        .await;
    assert_eq!(kept["type"], "ack");
    let services = world.node(0).services.clone();
    let stopping = tokio::spawn(async move { services.stop.cancel() });
    let drain = socket.until(|frame| frame["type"] == "drain").await;
    assert!(drain["reconnect_in_ms"].as_u64().unwrap() >= 1_000);
    assert_eq!(socket.ended().await, Some(1012));
    stopping.await.unwrap();
    world.nodes[0].stop().await;
}

async fn changes_are_read_without_a_socket(world: World) {
    let alice = world.person("alice").await;
    alice.thread(1, "one").await;
    let changes = world
        .visitor()
        .at(world.node(1))
        .get("/frameworks/test/changes?stream=public&after=0")
        .await
        .body;
    assert_eq!(changes["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        world
            .visitor()
            .get("/frameworks/test/changes?after=99")
            .await
            .problem()
            .0,
        "conflict"
    );
    assert_eq!(
        world
            .visitor()
            .get("/frameworks/test/changes?stream=moderators&after=0")
            .await
            .problem()
            .0,
        "unauthenticated"
    );
}
