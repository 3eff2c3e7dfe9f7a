//! Roles: limits of moderators, invitations, appointing and removing, who may read.
use demarche::{domain::permission::Role, service::people::accounts};
use serde_json::{Value, json};

use crate::harness::{Person, World, both, verify::Tables};

async fn decide(by: &Person, kind: &str, id: &str, action: &str) -> (u16, String) {
    let answer = by.decide(kind, id, action).await;
    (
        answer.status,
        answer.body["code"].as_str().unwrap_or_default().into(),
    )
}

fn refused() -> (u16, String) {
    (403, "forbidden".into())
}

async fn set_role(owner: &Person, who: &Person, body: Value) -> crate::harness::Answer {
    owner
        .put(&format!("/frameworks/test/team/{}", who.id), body)
        .await
}

/// The token of a new link.
async fn invite(by: &Person, body: Value) -> String {
    let made = by.post("/frameworks/test/invitations", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["invitation"]["token"].as_str().unwrap().into()
}

async fn accept(who: &Person, body: Value) -> crate::harness::Answer {
    who.post("/invitations/accept", body).await
}

async fn team(owner: &Person) -> Value {
    owner.get("/frameworks/test/team").await.body
}

async fn in_language(by: &Person, point: u32, language: &str) -> (String, String) {
    let body =
        json!({ "title": "A thread", "body": "Words.", "kind": "remark", "language": language });
    let made = by
        .post(&format!("/frameworks/test/points/{point}/threads"), body)
        .await;
    let id = |name: &str| made.body[name]["id"].as_str().unwrap().to_owned();
    (id("thread"), id("comment"))
}

async fn limited(world: &World, body: Value) -> (Person, Person) {
    let (owner, moderator) = (
        world.with_role("host", Role::Owner).await,
        world.person("watch").await,
    );
    let answer = set_role(&owner, &moderator, body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    (owner, moderator)
}

both! {
    a_moderator_of_points_decides_about_them_alone_and_sees_the_rest,
    a_moderator_of_a_language_decides_about_texts_in_it_alone,
    roles_are_given_and_taken_within_ones_own_and_an_owner_stays,
    a_role_that_changes_is_public_by_alias_and_told_to_whom_it_concerns,
    a_role_given_on_the_command_line_reaches_the_streams_and_the_chain,
    an_owner_sees_whether_two_viewpoints_moderate_and_nobodys_own,
    an_invitation_gives_its_role_and_suggests_a_viewpoint,
    a_link_is_worth_what_its_maker_could_still_give,
    of_many_who_hold_one_link_one_gets_in,
    a_link_carries_through_registration_as_often_as_it_may_be_accepted("--registration", "invitation"),
    a_framework_that_is_not_public_is_there_for_whoever_was_invited,
    a_links_token_is_told_once_and_kept_nowhere,
    the_owner_reads_on_past_the_first_page_of_links,
}

async fn a_moderator_of_points_decides_about_them_alone_and_sees_the_rest(world: World) {
    let alice = world.participant("alice", "kyiv").await;
    let (_, watch) = limited(&world, json!({ "role": "moderator", "points": [2] })).await;
    let ((_, inside), (thread, outside)) = (
        in_language(&alice, 2, "uk").await,
        in_language(&alice, 1, "uk").await,
    );
    assert_eq!(decide(&watch, "comment", &inside, "hide").await.0, 201);
    assert_eq!(decide(&watch, "comment", &outside, "hide").await, refused());
    assert_eq!(decide(&watch, "thread", &thread, "lock").await, refused());
    // People and the framework are no part of a point.
    assert_eq!(decide(&watch, "account", &alice.id, "ban").await, refused());
    assert_eq!(
        decide(&watch, "framework", &world.framework.to_string(), "pause").await,
        refused()
    );
    // A card counts by its points; one of none is everybody's.
    let mut about_one = crate::harness::proposal("Open the archive");
    about_one["points"] = json!([1]);
    let card = alice
        .post(
            &format!("/questions/{}/concessions", world.question),
            about_one,
        )
        .await;
    assert_eq!(
        decide(
            &watch,
            "concession",
            card.body["concession"]["id"].as_str().unwrap(),
            "hide"
        )
        .await,
        refused()
    );
    let free = world.proposed(&alice, "Return the library").await;
    assert_eq!(decide(&watch, "concession", &free, "hide").await.0, 201);
    // What is under a card counts by the card.
    let under = format!(
        "/concessions/{}/threads",
        card.body["concession"]["id"].as_str().unwrap()
    );
    let under = alice
        .post(
            &under,
            json!({ "title": "Why", "body": "Words.", "kind": "remark" }),
        )
        .await;
    assert_eq!(
        decide(
            &watch,
            "comment",
            under.body["comment"]["id"].as_str().unwrap(),
            "hide"
        )
        .await,
        refused()
    );
    // The queue holds what they may decide about; sight goes on.
    for (object, note) in [(&inside, "in"), (&outside, "out")] {
        let report = json!({ "object": { "kind": "comment", "id": object }, "reason": "insult", "note": note });
        assert_eq!(
            world
                .person(&format!("reader-{note}"))
                .await
                .post("/reports", report)
                .await
                .status,
            201
        );
    }
    let queue = watch.get("/moderation/queue?framework=test").await.body;
    let reported: Vec<_> = queue["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["object"]["kind"] == "comment")
        .collect();
    assert_eq!(
        (reported.len(), &reported[0]["object"]["id"]),
        (1, &json!(inside))
    );
    assert!(watch.get(&format!("/comments/{inside}")).await.body["body"].is_string());
    let you = watch.get("/frameworks/test").await.body["you"].clone();
    assert_eq!(
        (&you["role"], &you["points"]),
        (&json!("moderator"), &json!([2]))
    );
}

async fn a_moderator_of_a_language_decides_about_texts_in_it_alone(world: World) {
    let alice = world.participant("alice", "kyiv").await;
    let (owner, watch) = limited(&world, json!({ "role": "moderator", "languages": ["uk"] })).await;
    let ((thread, inside), (other, outside)) = (
        in_language(&alice, 1, "uk").await,
        in_language(&alice, 1, "ru").await,
    );
    assert_eq!(decide(&watch, "comment", &inside, "hide").await.0, 201);
    assert_eq!(decide(&watch, "comment", &outside, "hide").await, refused());
    assert_eq!(decide(&watch, "thread", &thread, "lock").await.0, 201);
    assert_eq!(decide(&watch, "thread", &other, "lock").await, refused());
    // A limit that is lifted is lifted at once.
    assert_eq!(
        set_role(&owner, &watch, json!({ "role": "moderator" }))
            .await
            .status,
        200
    );
    assert_eq!(decide(&watch, "comment", &outside, "hide").await.0, 201);
}

async fn roles_are_given_and_taken_within_ones_own_and_an_owner_stays(world: World) {
    let (owner, boris) = (
        world.with_role("host", Role::Owner).await,
        world.participant("boris", "moscow").await,
    );
    let mediator = world.with_role("lead", Role::Mediator).await;
    assert_eq!(
        set_role(&mediator, &boris, json!({ "role": "moderator" }))
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        set_role(&owner, &boris, json!({ "role": "admin" }))
            .await
            .problem(),
        ("bad_request", "role")
    );
    assert_eq!(
        set_role(&owner, &boris, json!({ "role": "mediator", "points": [1] }))
            .await
            .problem(),
        ("bad_request", "role")
    );
    assert_eq!(
        set_role(
            &owner,
            &boris,
            json!({ "role": "moderator", "points": [9] })
        )
        .await
        .problem(),
        ("bad_request", "points")
    );
    assert_eq!(
        set_role(&owner, &owner, json!({ "role": "moderator" }))
            .await
            .problem()
            .0,
        "conflict",
        "the last owner stays"
    );
    let admin = world.admin("keeper").await;
    assert_eq!(
        set_role(&owner, &admin, json!({ "role": "moderator" }))
            .await
            .problem()
            .0,
        "forbidden"
    );
    let given = set_role(&owner, &boris, json!({ "role": "moderator" })).await;
    assert_eq!(
        (&given.body["team"]["role"], &given.body["team"]["alias"]),
        (&json!("moderator"), &json!(3))
    );
    assert!(given.body.to_string().find("moscow").is_none());
    assert_eq!(
        set_role(&owner, &boris, json!({ "role": "moderator" }))
            .await
            .problem()
            .0,
        "conflict"
    );
    assert_eq!(
        set_role(&owner, &boris, json!({ "role": "member" }))
            .await
            .body["team"]["role"],
        "participant",
        "the viewpoint stays"
    );
    // An alias is never somebody else's, and comes back with its owner.
    let clara = world.person("clara").await;
    assert_eq!(
        set_role(&owner, &clara, json!({ "role": "owner" }))
            .await
            .body["team"]["alias"],
        4
    );
    assert_eq!(
        set_role(&owner, &boris, json!({ "role": "moderator" }))
            .await
            .body["team"]["alias"],
        3
    );
    assert_eq!(
        set_role(&owner, &owner, json!({ "role": "moderator" }))
            .await
            .status,
        200,
        "another owner is there"
    );
}

async fn a_role_that_changes_is_public_by_alias_and_told_to_whom_it_concerns(world: World) {
    let (owner, boris) = (
        world.with_role("host", Role::Owner).await,
        world.participant("boris", "moscow").await,
    );
    let (mut reader, mut own) = (
        world.visitor().at(world.node(1)).socket().await,
        boris.at(world.node(1)).socket().await,
    );
    reader.follow(world.framework, "public", None).await;
    let stream = format!("account/{}", boris.id);
    own.follow(world.framework, &stream, None).await;
    assert_eq!(
        set_role(&owner, &boris, json!({ "role": "moderator" }))
            .await
            .status,
        200
    );
    let event = reader.until(|frame| frame["kind"] == "team_changed").await;
    assert_eq!(
        (
            &event["data"]["object"]["alias"],
            &event["data"]["object"]["was"],
            &event["data"]["object"]["role"]
        ),
        (&json!(2), &json!("participant"), &json!("moderator"))
    );
    assert!(!event.to_string().contains(&boris.id) && !event.to_string().contains("boris"));
    assert_eq!(
        own.event(&stream).await["data"]["object"]["role"],
        "moderator"
    );
    let log = world.visitor().get("/frameworks/test/appointments").await;
    assert_eq!(
        (log.status, &log.body["items"][0]["alias"]),
        (200, &json!(2))
    );
    assert!(!log.body.to_string().contains(&boris.id));
}

async fn a_role_given_on_the_command_line_reaches_the_streams_and_the_chain(world: World) {
    let (person, services) = (world.person("named").await, &world.node(0).services);
    let (mut reader, mut own) = (
        world.visitor().at(world.node(1)).socket().await,
        person.at(world.node(1)).socket().await,
    );
    reader.follow(world.framework, "public", None).await;
    let stream = format!("account/{}", person.id);
    own.follow(world.framework, &stream, None).await;
    let appoint = async |role| {
        accounts::appoint(services, world.framework, person.id.parse().unwrap(), role)
            .await
            .map_err(|_| "it is refused")
    };
    appoint(Role::Mediator).await.unwrap();
    let event = reader.until(|frame| frame["kind"] == "team_changed").await;
    assert_eq!(
        (
            &event["data"]["object"]["was"],
            &event["data"]["object"]["role"]
        ),
        (&json!("member"), &json!("mediator"))
    );
    assert_eq!(
        own.event(&stream).await["data"]["object"]["role"],
        "mediator"
    );
    let tables = Tables {
        folder: world.folder().into(),
        url: world.url(),
    };
    let found = tables.sound(&[]).await;
    assert_eq!(
        (
            &found.stream("public")["changes"],
            &found.stream(&stream)["changes"]
        ),
        (&json!(1), &json!(1)),
        "{}",
        found.report
    );
    // The same role again is no change.
    appoint(Role::Mediator).await.unwrap();
    assert_eq!(
        tables.sound(&[]).await.stream("public")["changes"],
        json!(1)
    );
}

async fn an_owner_sees_whether_two_viewpoints_moderate_and_nobodys_own(world: World) {
    let owner = world.with_role("host", Role::Owner).await;
    let (kyiv, moscow) = (
        world.participant("kate", "kyiv").await,
        world.participant("misha", "moscow").await,
    );
    assert_eq!(
        set_role(&owner, &kyiv, json!({ "role": "moderator" }))
            .await
            .status,
        200
    );
    assert_eq!(team(&owner).await["two_viewpoints"], false);
    assert_eq!(
        set_role(&owner, &moscow, json!({ "role": "moderator" }))
            .await
            .status,
        200
    );
    let seen = team(&owner).await;
    assert_eq!(seen["two_viewpoints"], true);
    assert!(
        !seen.to_string().contains("moscow") && !seen.to_string().contains("camp"),
        "{seen}"
    );
    assert_eq!(
        kyiv.get("/frameworks/test/team").await.problem().0,
        "forbidden"
    );
}

async fn an_invitation_gives_its_role_and_suggests_a_viewpoint(world: World) {
    let (owner, boris) = (
        world.with_role("host", Role::Owner).await,
        world.person("boris").await,
    );
    let token = invite(
        &owner,
        json!({ "role": "moderator", "camp": "moscow", "points": [1], "hours": 24, "uses": 1 }),
    )
    .await;
    let seen = world
        .visitor()
        .post("/invitations/preview", json!({ "token": token }))
        .await
        .body;
    assert_eq!(
        (&seen["role"], &seen["camp"], &seen["points"], &seen["slug"]),
        (
            &json!("moderator"),
            &json!("moscow"),
            &json!([1]),
            &json!("test")
        )
    );
    assert_eq!(
        accept(&world.visitor(), json!({ "token": token }))
            .await
            .problem()
            .0,
        "unauthenticated"
    );
    assert_eq!(
        accept(&boris, json!({ "token": token, "camp": "moscow" }))
            .await
            .problem(),
        ("bad_request", "consent")
    );
    let taken = accept(&boris, json!({ "token": token })).await;
    assert_eq!(
        (
            taken.status,
            &taken.body["membership"]["role"],
            &taken.body["membership"]["camp"]
        ),
        (200, &json!("moderator"), &Value::Null)
    );
    // One use is one use; a link that is used up reads as one that never was.
    let clara = world.person("clara").await;
    let (late, wrong) = (
        accept(&clara, json!({ "token": token })).await,
        accept(&clara, json!({ "token": "x" })).await,
    );
    assert_eq!((late.status, &late.body), (400, &wrong.body));
    let list = owner.get("/frameworks/test/invitations").await.body;
    assert_eq!(
        (&list["items"][0]["used"], &list["items"][0]["token"]),
        (&json!(1), &Value::Null)
    );
    // With consent the viewpoint is taken.
    let token = invite(
        &owner,
        json!({ "role": "participant", "camp": "moscow", "hours": 1, "uses": 5 }),
    )
    .await;
    let taken = accept(
        &clara,
        json!({ "token": token, "camp": "moscow", "consent": true }),
    )
    .await;
    assert_eq!(
        (
            &taken.body["membership"]["role"],
            &taken.body["membership"]["camp"]
        ),
        (&json!("participant"), &json!("moscow"))
    );
    assert_eq!(
        accept(&clara, json!({ "token": token })).await.problem().0,
        "conflict"
    );
}

async fn a_link_is_worth_what_its_maker_could_still_give(world: World) {
    let (owner, second) = (
        world.with_role("host", Role::Owner).await,
        world.with_role("second", Role::Owner).await,
    );
    let mediator = world.with_role("lead", Role::Mediator).await;
    let body = |role: &str| json!({ "role": role, "hours": 1, "uses": 9 });
    assert_eq!(
        mediator
            .post("/frameworks/test/invitations", body("moderator"))
            .await
            .problem()
            .0,
        "forbidden"
    );
    let part = invite(&mediator, body("participant")).await;
    let (mine, revoked) = (
        invite(&second, body("owner")).await,
        invite(&owner, body("moderator")).await,
    );
    let id = owner.get("/frameworks/test/invitations").await.body["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        mediator
            .delete(&format!("/frameworks/test/invitations/{id}"))
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        owner
            .delete(&format!("/frameworks/test/invitations/{id}"))
            .await
            .status,
        200
    );
    assert_eq!(
        set_role(&owner, &second, json!({ "role": "member" }))
            .await
            .status,
        200
    );
    for token in [revoked, mine] {
        assert_eq!(
            accept(
                &world
                    .person(&format!("p-{}", &token[..5].replace('_', "x")))
                    .await,
                json!({ "token": token })
            )
            .await
            .problem(),
            ("bad_request", "token")
        );
    }
    world.clock.advance(3_600_001);
    assert_eq!(
        accept(&world.person("late").await, json!({ "token": part }))
            .await
            .problem(),
        ("bad_request", "token")
    );
}

async fn of_many_who_hold_one_link_one_gets_in(world: World) {
    let owner = world.with_role("host", Role::Owner).await;
    let token = invite(
        &owner,
        json!({ "role": "moderator", "hours": 1, "uses": 1 }),
    )
    .await;
    let mut people = vec![];
    for number in 0..6 {
        people.push(
            world
                .person(&format!("person-{number}"))
                .await
                .at(world.node(number)),
        );
    }
    let all = people
        .iter()
        .map(|person| accept(person, json!({ "token": token })));
    let answers = futures_util::future::join_all(all).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 200).count(),
        1
    );
    assert_eq!(team(&owner).await["items"].as_array().unwrap().len(), 2);
}

async fn a_link_carries_through_registration_as_often_as_it_may_be_accepted(world: World) {
    let owner = world.admin("host").await;
    let made = owner
        .post(
            "/frameworks/test/invitations",
            json!({ "role": "participant", "hours": 1, "uses": 1 }),
        )
        .await;
    let token = made.body["invitation"]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let register = |handle: &str| json!({ "handle": handle, "password": "correct horse", "invitation": token });
    let mut alice = world.visitor();
    assert_eq!(
        alice
            .post(
                "/accounts",
                json!({ "handle": "alice", "password": "correct horse", "invitation": "x" })
            )
            .await
            .problem(),
        ("bad_request", "invitation")
    );
    alice.token = alice.post("/accounts", register("alice")).await.cookie;
    assert!(alice.token.is_some());
    assert_eq!(
        world
            .visitor()
            .post("/accounts", register("boris"))
            .await
            .problem(),
        ("bad_request", "invitation")
    );
    assert_eq!(accept(&alice, json!({ "token": token })).await.status, 200);
}

async fn a_framework_that_is_not_public_is_there_for_whoever_was_invited(world: World) {
    let (owner, alice) = (
        world.with_role("host", Role::Owner).await,
        world.person("alice").await,
    );
    let inside = world.participant("inside", "kyiv").await;
    assert_eq!(
        alice
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .status,
        200
    );
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .problem()
            .0,
        "conflict"
    );
    for path in [
        "/frameworks/test",
        "/frameworks/test/moderation-log",
        "/frameworks/test/appointments",
        "/frameworks/test/points/1",
    ] {
        assert_eq!(
            (
                alice.get(path).await.status,
                world.visitor().get(path).await.status
            ),
            (404, 404),
            "{path}"
        );
        assert_eq!(
            (inside.get(path).await.status, owner.get(path).await.status),
            (200, 200),
            "{path}"
        );
    }
    let names = async |who: &Person| {
        who.get("/frameworks").await.body["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((names(&alice).await, names(&inside).await), (0, 1));
    assert_eq!(
        alice
            .post(
                "/frameworks/test/membership",
                json!({ "camp": null, "consent": true })
            )
            .await
            .status,
        404
    );
    let mut socket = alice.socket().await;
    let join = socket
        .command(
            world.framework,
            json!({ "type": "join", "camp": null, "consent": true }),
        )
        .await;
    assert_eq!(join["problem"]["code"], "not_found");
    let token = invite(
        &owner,
        json!({ "role": "participant", "hours": 1, "uses": 1 }),
    )
    .await;
    assert_eq!(accept(&alice, json!({ "token": token })).await.status, 200);
    assert_eq!(alice.get("/frameworks/test").await.status, 200);
    // Who is removed from it is out.
    assert_eq!(
        set_role(&owner, &alice, json!({ "role": "member" }))
            .await
            .status,
        200
    );
    assert_eq!(alice.get("/frameworks/test").await.status, 404);
}

async fn a_links_token_is_told_once_and_kept_nowhere(world: World) {
    let owner = world.with_role("host", Role::Owner).await;
    let mut socket = owner.socket().await;
    let id = demarche::id::Id::<()>::new().to_string();
    let command = json!({ "type": "invite", "role": "moderator", "hours": 1, "uses": 1 });
    let first = socket
        .command_as(&id, world.framework, command.clone())
        .await;
    assert!(
        first["result"]["invitation"]["token"].is_string(),
        "{first}"
    );
    let again = socket.command_as(&id, world.framework, command).await;
    assert_eq!(
        (&again["duplicate"], &again["result"]["invitation"]["token"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(
        again["result"]["invitation"]["id"],
        first["result"]["invitation"]["id"]
    );
}

async fn the_owner_reads_on_past_the_first_page_of_links(world: World) {
    let owner = world.with_role("host", Role::Owner).await;
    for uses in 1..=52 {
        invite(
            &owner,
            json!({ "role": "participant", "hours": 1, "uses": uses }),
        )
        .await;
    }
    let read = owner.all("/frameworks/test/invitations").await;
    assert_eq!(
        read.iter()
            .map(|link| link["uses"].as_i64().unwrap())
            .collect::<Vec<_>>(),
        (1..=52).rev().collect::<Vec<_>>()
    );
}
