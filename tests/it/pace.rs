//! What slows a debate down: slow mode, first posts, raid mode, quiet hours, waves, words, links,
//! and that nobody is held unknowingly.
use demarche::{
    domain::{DAY, HOUR, permission::Role},
    id::Id,
    protocol::command::Command,
    service::way_in::desk::By,
};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, World, both, proposal};

/// Nothing set.
fn nothing(version: i64) -> Value {
    json!({ "version": version, "slow_points": [], "paused_points": [], "first_posts": 0, "words": [], "links": [] })
}

/// Nothing set but these.
fn but(version: i64, settings: Value) -> Value {
    let mut all = nothing(version);
    all.as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    all
}

async fn set(person: &Person, order: Value) -> Answer {
    person.put("/frameworks/test/pace", order).await
}

/// An owner who has set these.
pub async fn owner_with(world: &World, settings: Value) -> Person {
    let owner = world.with_role("host", Role::Owner).await;
    let made = set(&owner, but(0, settings)).await;
    assert_eq!(made.status, 200, "{}", made.body);
    owner
}

pub async fn say(person: &Person, thread: &str, body: &str) -> Answer {
    person
        .post(
            &format!("/threads/{thread}/comments"),
            json!({ "body": body, "kind": "remark" }),
        )
        .await
}

pub fn id(made: &Answer) -> String {
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["comment"]["id"].as_str().unwrap().into()
}

/// What waits for moderators, each with what holds it.
pub async fn queue(moderator: &Person) -> Vec<Value> {
    let mut items = moderator.get("/moderation/queue?framework=test").await.body["items"]
        .as_array()
        .unwrap()
        .clone();
    for item in &mut items {
        let word = |field: &str| item["object"][field].as_str().unwrap().to_owned();
        let mut whole = moderator
            .get(&format!(
                "/moderation/items/{}/{}",
                word("kind"),
                word("id")
            ))
            .await
            .body;
        (item["held"], item["scope"]) = (whole["held"].take(), whole["scope"].take());
    }
    items
}

/// Threads and comments of a point, as everyone counts them.
pub async fn counts(world: &World, point: usize) -> (i64, i64) {
    let shown = world
        .visitor()
        .at(world.node(1))
        .get("/frameworks/test")
        .await
        .body["points"][point - 1]
        .clone();
    (
        shown["threads"].as_i64().unwrap(),
        shown["comments"].as_i64().unwrap(),
    )
}

/// How many comments somebody finds in a thread.
async fn seen_in(person: &Person, thread: &str) -> usize {
    person.get(&format!("/threads/{thread}")).await.body["comments"]["items"]
        .as_array()
        .map_or(0, Vec::len)
}

const RUMOUR: &str =
    "Everybody can see that this plan is a surrender in disguise, say no before it is too late";

both! {
    slow_mode_refuses_and_says_when_the_next_post_may_come,
    slow_mode_holds_within_one_batch,
    a_paused_point_stops_posting_there_alone,
    what_keeps_order_is_a_moderators_and_what_is_policy_is_the_owners,
    first_posts_are_held_until_one_was_approved_and_counts_are_exact,
    a_first_post_that_is_refused_leaves_nothing_for_others,
    raid_mode_freezes_viewpoints_holds_new_accounts_and_ends_by_itself,
    quiet_hours_cross_midnight_and_end_by_the_clock,
    a_wave_of_new_accounts_is_one_item_and_one_decision,
    a_wave_that_is_refused_is_refused_whole_and_everybody_is_told,
    a_wave_within_one_batch_is_held,
}

async fn slow_mode_refuses_and_says_when_the_next_post_may_come(world: World) {
    let owner = owner_with(
        &world,
        json!({ "slow_seconds": 60, "slow_points": [{ "point": 2, "seconds": 600 }] }),
    )
    .await;
    let author = world.person("author").await;
    let (thread, _) = author.thread(1, "The first words.").await;
    let early = say(&author, &thread, "Too early.").await;
    assert_eq!((early.status, early.problem().0), (429, "slow_mode"));
    assert!(
        (1..=60_000).contains(&early.body["retry_after_ms"].as_u64().unwrap()),
        "{}",
        early.body
    );
    assert!(
        author.at(world.node(1)).get("/frameworks/test").await.body["you"]["posting"]["last_at"]
            .is_i64()
    );
    world.clock.advance(60_000);
    author.comment(&thread, "In time.").await;
    // Taking a post back is no way around it, and another node knows of it.
    let last = id(&say(&owner, &thread, "Moderators and up do not wait.").await);
    say(&owner, &thread, "At all.").await;
    assert_eq!(owner.delete(&format!("/comments/{last}")).await.status, 200);
    assert_eq!(
        say(&author.at(world.node(1)), &thread, "Too early again.")
            .await
            .problem()
            .0,
        "slow_mode"
    );
    world.clock.advance(60_000);
    let (slow, _) = author.thread(2, "On the slow point.").await;
    world.clock.advance(60_000);
    assert_eq!(
        say(&author, &slow, "Slower here.").await.problem().0,
        "slow_mode"
    );
    author.comment(&thread, "Elsewhere it is a minute.").await;
}

async fn slow_mode_holds_within_one_batch(world: World) {
    owner_with(&world, json!({ "slow_seconds": 60 })).await;
    let opener = world.person("opener").await;
    let (thread, _) = opener.thread(1, "Open.").await;
    let (a, b) = (
        world.person("a-person").await,
        world.person("b-person").await,
    );
    let services = &world.node(0).services;
    let waiting: Vec<_> = (0..10)
        .map(|n| {
            let who = if n % 2 == 0 { &a } else { &b };
            let body = json!({ "type": "post_comment", "thread": thread, "body": format!("Number {n}"), "kind": "remark" });
            let command = Command::read(body.as_object().unwrap().clone()).unwrap();
            services.desk.enqueue(By { account: who.id.parse().unwrap(), session: None }, world.framework, Id::new(), command).unwrap()
        })
        .collect();
    let mut told = vec![];
    for answer in waiting {
        told.push(
            answer
                .answer()
                .await
                .map(|_| ())
                .map_err(|problem| problem.code),
        );
    }
    let slow = Err(demarche::protocol::problem::Code::SlowMode);
    assert_eq!(
        told.iter().filter(|answer| answer.is_ok()).count(),
        2,
        "{told:?}"
    );
    assert_eq!(
        told.iter().filter(|answer| **answer == slow).count(),
        8,
        "{told:?}"
    );
    assert_eq!(counts(&world, 1).await, (1, 3));
}

async fn a_paused_point_stops_posting_there_alone(world: World) {
    let author = world.person("author").await;
    let (here, own) = author.thread(1, "Here.").await;
    let (there, _) = author.thread(2, "There.").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    assert_eq!(
        set(&moderator, but(0, json!({ "paused_points": [1] })))
            .await
            .status,
        200
    );
    assert_eq!(say(&author, &here, "Stopped.").await.problem().0, "closed");
    assert_eq!(
        author
            .patch(
                &format!("/comments/{own}"),
                json!({ "version": 1, "body": "Changed." })
            )
            .await
            .problem()
            .0,
        "closed"
    );
    assert_eq!(
        author
            .post(
                "/frameworks/test/points/1/threads",
                json!({ "title": "New", "body": "No.", "kind": "remark" })
            )
            .await
            .problem()
            .0,
        "closed"
    );
    author.comment(&there, "Goes on.").await;
    moderator.comment(&here, "A word from a moderator.").await;
    assert_eq!(
        set(&moderator, but(1, json!({ "paused_points": [77] })))
            .await
            .problem(),
        ("bad_request", "paused_points")
    );
}

async fn what_keeps_order_is_a_moderators_and_what_is_policy_is_the_owners(world: World) {
    let member = world.person("member").await;
    assert_eq!(set(&member, nothing(0)).await.problem().0, "forbidden");
    let moderator = world.with_role("watch", Role::Moderator).await;
    let mut follower = world.visitor().at(world.node(1)).socket().await;
    follower.follow(world.framework, "public", None).await;
    assert_eq!(
        set(
            &moderator,
            but(0, json!({ "slow_seconds": 30, "raid": {} }))
        )
        .await
        .status,
        200
    );
    let told = follower
        .until(|frame| frame["kind"] == "framework_changed")
        .await;
    let pace = &told["data"]["object"]["pace"];
    assert_eq!(
        (&pace["version"], &pace["slow_seconds"], &pace["raid"]["by"]),
        (&json!(1), &json!(30), &json!("moderator"))
    );
    for policy in [
        json!({ "quiet": { "from": "22:00", "to": "07:00", "zone": "Europe/Kyiv" } }),
        json!({ "words": [{ "words": ["bad*"], "effect": "hold", "why": "It insults." }] }),
        json!({ "links": [{ "domain": "blocked.example", "effect": "block" }] }),
    ] {
        assert_eq!(
            set(&moderator, but(1, policy)).await.problem().0,
            "forbidden"
        );
    }
    let owner = world.with_role("host", Role::Owner).await;
    let links = json!({ "links": [{ "domain": "State.Example", "effect": "label", "label": "state media" }] });
    assert_eq!(
        set(&owner, but(0, links.clone())).await.problem().0,
        "conflict"
    );
    assert_eq!(set(&owner, but(1, links)).await.status, 200);
    let read = world.visitor().get("/frameworks/test").await.body["pace"].clone();
    assert_eq!(
        (&read["version"], &read["links"][0]["domain"], &read["raid"]),
        (&json!(2), &json!("state.example"), &Value::Null)
    );
    assert_eq!(
        set(
            &owner,
            but(
                2,
                json!({ "words": [{ "words": ["*"], "effect": "hold", "why": "x" }] })
            )
        )
        .await
        .problem()
        .1,
        "words.0.words"
    );
}

async fn first_posts_are_held_until_one_was_approved_and_counts_are_exact(world: World) {
    let moderator = world.with_role("watch", Role::Moderator).await;
    assert_eq!(
        set(&moderator, but(0, json!({ "first_posts": 1 })))
            .await
            .status,
        200
    );
    let author = world.person("author").await;
    let mut own = author.socket().await;
    own.follow(world.framework, &format!("account/{}", author.id), None)
        .await;
    let opened = author
        .post(
            "/frameworks/test/points/1/threads",
            json!({ "title": "Mark-7d", "body": "Mark-7d words.", "kind": "remark" }),
        )
        .await;
    let first = id(&opened);
    let thread = opened.body["thread"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (
            &opened.body["thread"]["state"],
            &opened.body["comment"]["held"]["by"]
        ),
        (&json!("held"), &json!("first_posts"))
    );
    assert_eq!(
        own.until(|frame| frame["kind"] == "comment_posted").await["data"]["object"]["held"]["by"],
        "first_posts"
    );
    let visitor = world.visitor().at(world.node(1));
    assert_eq!(counts(&world, 1).await, (0, 0));
    assert_eq!(visitor.get(&format!("/comments/{first}")).await.status, 404);
    assert_eq!(visitor.get(&format!("/threads/{thread}")).await.status, 404);
    for path in [
        "/frameworks/test/points/1/threads",
        "/frameworks/test/changes?after=0",
    ] {
        assert!(
            !visitor.get(path).await.body.to_string().contains("ark-7d"),
            "{path}"
        );
    }
    assert_eq!(seen_in(&author, &thread).await, 1);
    assert_eq!(
        author.get("/frameworks/test").await.body["you"]["posting"]["first_posts"],
        1
    );
    let mut follower = visitor.socket().await;
    follower.follow(world.framework, "public", None).await;
    let waiting = queue(&moderator).await;
    assert_eq!(
        (
            waiting.len(),
            &waiting[0]["held"]["by"],
            &waiting[0]["object"]["id"]
        ),
        (1, &json!("first_posts"), &json!(first))
    );
    assert_eq!(
        moderator.decide("comment", &first, "approve").await.status,
        201
    );
    assert_eq!(follower.event("public").await["kind"], "thread_opened");
    let shown = follower
        .until(|frame| frame["kind"] == "comment_changed")
        .await;
    assert_eq!(
        (
            &shown["data"]["object"]["state"],
            &shown["data"]["counters"]["point"]["comments"]
        ),
        (&json!("visible"), &json!(1))
    );
    assert_eq!(
        (counts(&world, 1).await, seen_in(&visitor, &thread).await),
        ((1, 1), 1)
    );
    assert!(queue(&moderator).await.is_empty());
    let second = say(&author, &thread, "Shows at once.").await;
    assert_eq!(
        (
            &second.body["comment"]["state"],
            &second.body["comment"]["held"]
        ),
        (&json!("visible"), &Value::Null)
    );
    assert_eq!(counts(&world, 1).await, (1, 2));
}

async fn a_first_post_that_is_refused_leaves_nothing_for_others(world: World) {
    let moderator = world.with_role("watch", Role::Moderator).await;
    assert_eq!(
        set(&moderator, but(0, json!({ "first_posts": 2 })))
            .await
            .status,
        200
    );
    let author = world.person("author").await;
    let (thread, _) = moderator.thread(1, "Open.").await;
    let (refused, taken_back) = (
        id(&say(&author, &thread, "One.").await),
        id(&say(&author, &thread, "Two.").await),
    );
    assert_eq!(
        author
            .patch(
                &format!("/comments/{refused}"),
                json!({ "version": 1, "body": "Else." })
            )
            .await
            .problem()
            .0,
        "closed"
    );
    assert_eq!(
        moderator.decide("comment", &refused, "hide").await.status,
        201
    );
    assert_eq!(
        author
            .delete(&format!("/comments/{taken_back}"))
            .await
            .status,
        200
    );
    let visitor = world.visitor().at(world.node(1));
    assert_eq!(
        (
            counts(&world, 1).await,
            seen_in(&visitor, &thread).await,
            seen_in(&author, &thread).await
        ),
        ((1, 1), 1, 3)
    );
    assert_eq!(
        author.get(&format!("/comments/{refused}")).await.body["state"],
        "hidden"
    );
    assert!(queue(&moderator).await.is_empty());
    assert_eq!(
        moderator
            .decide("comment", &refused, "restore")
            .await
            .status,
        201
    );
    assert_eq!(
        (counts(&world, 1).await, seen_in(&visitor, &thread).await),
        ((1, 2), 2)
    );
    // What is let go and then hidden has been seen, and leaves a tombstone.
    assert_eq!(
        moderator.decide("comment", &refused, "hide").await.status,
        201
    );
    assert_eq!(
        visitor.get(&format!("/comments/{refused}")).await.body["state"],
        "hidden"
    );
}

async fn raid_mode_freezes_viewpoints_holds_new_accounts_and_ends_by_itself(world: World) {
    let standing = world.participant("standing", "kyiv").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, _) = standing.thread(1, "Before the raid.").await;
    let ends_at = world.node(0).services.now() + HOUR;
    assert_eq!(
        set(
            &moderator,
            but(0, json!({ "raid": { "ends_at": ends_at } }))
        )
        .await
        .status,
        200
    );
    let newcomer = world.person("newcomer").await;
    let join = json!({ "camp": "moscow", "consent": true });
    assert_eq!(
        newcomer
            .post("/frameworks/test/membership", join.clone())
            .await
            .problem()
            .0,
        "closed"
    );
    assert_eq!(
        newcomer
            .post(
                "/frameworks/test/membership",
                json!({ "camp": null, "consent": true })
            )
            .await
            .status,
        200
    );
    let held = say(&newcomer, &thread, "Held.").await;
    assert_eq!(held.body["comment"]["held"]["by"], "raid");
    standing.comment(&thread, "Standing ones go on.").await;
    assert_eq!(counts(&world, 1).await, (1, 2));
    assert_eq!(
        moderator
            .decide("comment", &id(&held), "approve")
            .await
            .status,
        201
    );
    assert_eq!(counts(&world, 1).await, (1, 3));
    let card = newcomer
        .post(
            &format!("/questions/{}/concessions", world.question),
            proposal("A card"),
        )
        .await;
    let card_id = card.body["concession"]["id"].as_str().unwrap();
    assert_eq!(card.body["concession"]["state"], "held");
    assert_eq!(
        newcomer
            .get(&format!("/concessions/{card_id}/scope"))
            .await
            .body["held_by"],
        "raid"
    );
    let look = json!({ "object": { "kind": "concession", "id": card_id }, "action": "approve", "rule": "R1", "facts": "Looked at." });
    assert_eq!(
        moderator.post("/moderation/decisions", look).await.status,
        201
    );
    assert_eq!(
        newcomer.get(&format!("/concessions/{card_id}")).await.body["state"],
        "provisional"
    );
    world.clock.advance(HOUR);
    assert_eq!(
        say(&newcomer, &thread, "Over.").await.body["comment"]["state"],
        "visible"
    );
    assert_eq!(
        newcomer
            .at(world.node(1))
            .post("/frameworks/test/membership", join)
            .await
            .status,
        200
    );
}

async fn quiet_hours_cross_midnight_and_end_by_the_clock(world: World) {
    let owner = owner_with(
        &world,
        json!({ "quiet": { "from": "22:00", "to": "07:00", "zone": "UTC" } }),
    )
    .await;
    // Half past eleven in the evening, tomorrow.
    world
        .clock
        .advance(2 * DAY - world.node(0).services.now() % DAY - HOUR / 2);
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&owner, "A card").await;
    let thread = json!({ "title": "Late", "body": "Late.", "kind": "remark" });
    let late = author
        .post("/frameworks/test/points/1/threads", thread.clone())
        .await;
    assert_eq!(
        (
            late.problem().0,
            late.body["detail"]
                .as_str()
                .unwrap()
                .contains("07:00 (UTC)")
        ),
        ("closed", true),
        "{}",
        late.body
    );
    let wait = late.body["retry_after_ms"].as_i64().unwrap();
    assert!((7 * HOUR..=7 * HOUR + HOUR / 2).contains(&wait), "{wait}");
    let window = author.get("/frameworks/test").await.body["quiet_window"].clone();
    assert_eq!(
        window["ends_at"].as_i64().unwrap() - window["starts_at"].as_i64().unwrap(),
        9 * HOUR
    );
    assert_eq!(
        author.deal(&world.question).await,
        std::slice::from_ref(&card)
    );
    assert_eq!(author.answer(&card, "yes").await.status, 200);
    assert_eq!(
        owner
            .post("/frameworks/test/points/1/threads", thread.clone())
            .await
            .status,
        201
    );
    world.clock.advance(wait);
    assert_eq!(
        author
            .at(world.node(1))
            .post("/frameworks/test/points/1/threads", thread)
            .await
            .status,
        201
    );
}

async fn a_wave_of_new_accounts_is_one_item_and_one_decision(world: World) {
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, _) = moderator.thread(1, "Open.").await;
    let mut people = vec![];
    for n in 0..5 {
        people.push(world.person(&format!("wave-{n}")).await);
    }
    let mut made = vec![];
    for (n, person) in people.iter().enumerate() {
        let node = person.at(world.node(n));
        made.push(say(&node, &thread, &format!("{RUMOUR}{}", "!".repeat(n))).await);
    }
    let states: Vec<&Value> = made
        .iter()
        .map(|made| &made.body["comment"]["state"])
        .collect();
    assert_eq!(states, ["visible", "visible", "held", "held", "held"]);
    assert_eq!(made[4].body["comment"]["held"]["wave"], true);
    let waiting = queue(&moderator).await;
    assert_eq!(
        (waiting.len(), &waiting[0]["held"]["comments"]),
        (1, &json!(3)),
        "{waiting:?}"
    );
    let earlier: Vec<&str> = waiting[0]["held"]["earlier"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert!(
        earlier.len() == 2
            && earlier.contains(&id(&made[0]).as_str())
            && earlier.contains(&id(&made[1]).as_str()),
        "{earlier:?}"
    );
    assert_eq!(counts(&world, 1).await, (1, 3));
    assert_eq!(
        moderator
            .decide(
                "comment",
                waiting[0]["object"]["id"].as_str().unwrap(),
                "approve"
            )
            .await
            .status,
        201
    );
    assert_eq!(counts(&world, 1).await, (1, 6));
    assert!(queue(&moderator).await.is_empty());
    // What was let go once is not held again; one account that repeats itself is no wave.
    let late = world.person("wave-late").await;
    assert_eq!(
        say(&late, &thread, RUMOUR).await.body["comment"]["state"],
        "visible"
    );
}

async fn a_wave_that_is_refused_is_refused_whole_and_everybody_is_told(world: World) {
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, _) = moderator.thread(1, "Open.").await;
    let mut people = vec![];
    for n in 0..4 {
        people.push(world.person(&format!("wave-{n}")).await);
    }
    let mut comments = vec![];
    for person in &people {
        comments.push(id(&say(person, &thread, RUMOUR).await));
    }
    let mut last = people[3].socket().await;
    last.follow(world.framework, &format!("account/{}", people[3].id), None)
        .await;
    assert_eq!(
        moderator
            .decide("comment", &comments[2], "hide")
            .await
            .status,
        201
    );
    assert_eq!(
        last.until(|frame| frame["kind"] == "notice").await["data"]["object"]["action"],
        "hide"
    );
    assert_eq!(
        (
            counts(&world, 1).await,
            seen_in(&world.visitor(), &thread).await
        ),
        ((1, 3), 3)
    );
    assert!(queue(&moderator).await.is_empty());
    // Half an hour later the same words are new again.
    world.clock.advance(30 * 60 * 1_000 + 1);
    let later = world.person("wave-later").await;
    assert_eq!(
        say(&later, &thread, RUMOUR).await.body["comment"]["state"],
        "visible"
    );
    let standing = world.participant("standing", "kyiv").await;
    assert_eq!(
        say(&standing, &thread, RUMOUR).await.body["comment"]["state"],
        "visible"
    );
}

async fn a_wave_within_one_batch_is_held(world: World) {
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, _) = moderator.thread(1, "Open.").await;
    let mut waiting = vec![];
    for n in 0..4 {
        let person = world.person(&format!("wave-{n}")).await;
        let body =
            json!({ "type": "post_comment", "thread": thread, "body": RUMOUR, "kind": "remark" });
        let command = Command::read(body.as_object().unwrap().clone()).unwrap();
        waiting.push((
            By {
                account: person.id.parse().unwrap(),
                session: None,
            },
            command,
        ));
    }
    let desk = &world.node(0).services.desk;
    let answers: Vec<_> = waiting
        .into_iter()
        .map(|(by, command)| {
            desk.enqueue(by, world.framework, Id::new(), command)
                .unwrap()
        })
        .collect();
    for answer in answers {
        assert!(answer.answer().await.is_ok());
    }
    let items = queue(&moderator).await;
    assert_eq!(
        (
            items.len(),
            &items[0]["held"]["comments"],
            counts(&world, 1).await
        ),
        (1, &json!(2), (1, 3))
    );
}
