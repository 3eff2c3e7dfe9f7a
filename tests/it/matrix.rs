//! The permission matrix: every role, ban and pause against every command and every stream, each
//! cell as the table says. A command or action that is missing from the table fails in
//! `permissions.rs`; a check that is missing from the server fails here.
use demarche::{
    domain::permission::{Actor, Refusal, Role},
    protocol::{command::Command, problem::Problem},
};
use serde_json::{Value, json};

use crate::{
    harness::{Person, Socket, World, both},
    permissions::samples,
};

const ROLES: [Role; 7] = [
    Role::Anonymous,
    Role::Member,
    Role::Participant,
    Role::Moderator,
    Role::Mediator,
    Role::Owner,
    Role::Admin,
];

/// Somebody of each role.
async fn people(world: &World, of: &str) -> Vec<(Role, Person)> {
    let mut people = vec![];
    for role in ROLES {
        // Names of offices are taken by nobody.
        let name = format!("{of}-{}", people.len());
        people.push((
            role,
            match role {
                Role::Anonymous => world.visitor(),
                Role::Member => world.person(&name).await,
                Role::Participant => world.participant(&name, "kyiv").await,
                Role::Admin => world.admin(&name).await,
                role => world.with_role(&name, role).await,
            },
        ));
    }
    people
}

/// Everything a door says when it refuses for want of a right, and nothing else says.
fn refusals() -> Vec<String> {
    let all = [
        Refusal::Unauthenticated,
        Refusal::JoinFirst,
        Refusal::Forbidden,
        Refusal::SecondFactorMissing,
        Refusal::Sanctioned(None),
        Refusal::Paused,
    ];
    all.into_iter()
        .map(|refusal| Problem::from(refusal).detail)
        .collect()
}

/// What the table says of a command: the refusal's words, or none.
fn expected(actor: &Actor, command: &Command, paused: bool) -> Option<String> {
    command
        .needs()
        .iter()
        .find_map(|action| actor.may(*action, paused).err())
        .map(|refusal| Problem::from(refusal).detail)
}

/// A command that nothing is changed by where it is allowed: what it is about is not there.
fn harmless(name: &str, command: &Command) -> Option<Value> {
    let mut body = serde_json::to_value(command).unwrap();
    let (kind, fields) = body
        .as_object_mut()
        .unwrap()
        .iter_mut()
        .next()
        .map(|(kind, fields)| (kind.clone(), fields.take()))
        .unwrap();
    let mut command = fields;
    command["type"] = kind.as_str().into();
    match name {
        // Would change who asks.
        "join" => command["consent"] = false.into(),
        "leave" => return None,
        "set_visibility" => command["public"] = true.into(),
        "set_pace" => command["version"] = 99.into(),
        _ => {}
    }
    if let Some(fields) = command.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        if name == "join" {
            fields.insert("camp".into(), Value::Null);
        }
    }
    Some(command)
}

/// The first cell that is not as the table says.
async fn wrong_cell(
    world: &World,
    people: &[(Role, Person)],
    banned: bool,
    paused: bool,
) -> Option<String> {
    let refusals = refusals();
    for (role, person) in people {
        if *role == Role::Anonymous && banned {
            continue;
        }
        let account = person.id.parse().ok();
        let sanction = banned.then_some(None);
        let actor = Actor {
            account,
            role: *role,
            sanction,
            ..Actor::anonymous()
        };
        let mut socket = if banned {
            None
        } else {
            Some(person.at(world.node(1)).socket().await)
        };
        for (name, command) in samples() {
            let Some(body) = harmless(&name, &command) else {
                continue;
            };
            let said = send(world, person, socket.as_mut(), &body).await;
            let refused = said.filter(|detail| refusals.contains(detail));
            let expected = expected(&actor, &command, paused);
            if refused != expected {
                return Some(format!(
                    "{name} as {role:?}, banned {banned}, paused {paused}: {refused:?} instead of {expected:?}"
                ));
            }
        }
    }
    None
}

/// What came back where it was refused: over a socket or, as those under a ban have none, by REST.
async fn send(
    world: &World,
    person: &Person,
    socket: Option<&mut Socket>,
    body: &Value,
) -> Option<String> {
    let problem = match socket {
        Some(socket) => socket.command(world.framework, body.clone()).await["problem"].clone(),
        None => rest(person, body).await?,
    };
    problem["detail"].as_str().map(str::to_owned)
}

/// The same by REST, for commands whose address is the framework: the others name things that are
/// not there.
async fn rest(person: &Person, body: &Value) -> Option<Value> {
    let mut body = body.clone();
    let kind = body["type"].as_str().unwrap().to_owned();
    let fields = body.as_object_mut().unwrap();
    fields.remove("type");
    let answer = match kind.as_str() {
        "join" => person.post("/frameworks/test/membership", body).await,
        "mark_read" => {
            fields.remove("point");
            person.put("/frameworks/test/points/1/read", body).await
        }
        "post_thread" => {
            fields.remove("point");
            person.post("/frameworks/test/points/1/threads", body).await
        }
        "set_pace" => person.put("/frameworks/test/pace", body).await,
        "invite" => person.post("/frameworks/test/invitations", body).await,
        "set_visibility" => person.put("/frameworks/test/visibility", body).await,
        _ => return None,
    };
    (answer.status >= 400).then_some(answer.body)
}

both! {
    every_role_may_by_socket_what_the_table_says,
    a_ban_takes_what_the_table_says_and_leaves_the_rest,
    every_role_follows_and_resumes_the_streams_the_table_says,
}

async fn every_role_may_by_socket_what_the_table_says(world: World) {
    let people = people(&world, "open").await;
    assert_eq!(wrong_cell(&world, &people, false, false).await, None);
    let owner = world.with_role("pauses", Role::Owner).await;
    let pause = json!({ "object": { "kind": "framework", "id": world.framework.to_string() }, "action": "pause", "rule": "R6", "facts": "A pause." });
    assert_eq!(owner.post("/moderation/decisions", pause).await.status, 201);
    assert_eq!(wrong_cell(&world, &people, false, true).await, None);
}

async fn a_ban_takes_what_the_table_says_and_leaves_the_rest(world: World) {
    let people = people(&world, "barred").await;
    let admin = world.admin("chief").await;
    let (role, barred): (Vec<Role>, Vec<Person>) = people
        .iter()
        .filter(|(role, _)| (Role::Member..Role::Admin).contains(role))
        .cloned()
        .unzip();
    for person in &barred {
        let ban = json!({ "object": { "kind": "account", "id": person.id }, "action": "ban", "rule": "R7", "facts": "Several accounts." });
        let made = admin.post("/moderation/decisions", ban).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let people: Vec<(Role, Person)> = role.into_iter().zip(barred).collect();
    let refusals = refusals();
    for (role, person) in &people {
        let actor = Actor {
            account: person.id.parse().ok(),
            role: *role,
            sanction: Some(None),
            ..Actor::anonymous()
        };
        let mut asked = 0;
        for (name, command) in samples() {
            let Some(body) = harmless(&name, &command) else {
                continue;
            };
            let kind = name.split(' ').next().unwrap();
            if ![
                "join",
                "mark_read",
                "post_thread",
                "set_pace",
                "invite",
                "set_visibility",
            ]
            .contains(&kind)
            {
                continue;
            }
            asked += 1;
            let refused = rest(person, &body)
                .await
                .and_then(|problem| problem["detail"].as_str().map(str::to_owned))
                .filter(|detail| refusals.contains(detail));
            assert_eq!(
                refused,
                expected(&actor, &command, false),
                "{name} as {role:?} under a ban"
            );
        }
        assert!(asked >= 8);
    }
}

async fn every_role_follows_and_resumes_the_streams_the_table_says(world: World) {
    let people = people(&world, "follows").await;
    let somebody = people[2].1.id.clone();
    for (role, person) in &people {
        let mut socket = person.at(world.node(1)).socket().await;
        let head = socket.follow(world.framework, "public", None).await;
        let epoch = head["epoch"].as_str().unwrap().to_owned();
        for from in [None, Some((epoch.as_str(), 0))] {
            for (stream, allowed) in [
                ("public".to_owned(), true),
                ("moderators".to_owned(), *role >= Role::Moderator),
                (format!("account/{somebody}"), person.id == somebody),
            ] {
                let answer = socket.follow(world.framework, &stream, from).await;
                assert_eq!(
                    answer["type"] == "subscribed",
                    allowed,
                    "{stream} from {from:?} as {role:?}: {answer}"
                );
            }
        }
    }
}
