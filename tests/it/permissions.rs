//! The permission table as it is printed, and that the routes heed it.
use std::{collections::BTreeSet, fmt::Write, fs};

use demarche::{
    domain::{
        moderation::{Act, Kind},
        permission::{Action, Role},
        stream::Stream,
    },
    http::guards::{Guard, ROUTES, Route},
    id::Id,
    protocol::command::Command,
};
use serde_json::{Value, json};

use crate::harness::{World, both, project};

const ID: &str = "0199f0a2-0000-7000-8000-000000000001";

/// One of each command, and of those whose permission depends on their fields, one of each kind.
/// What they are called in the table.
pub fn samples() -> Vec<(String, Command)> {
    let words = json!({ "title": "t", "body": "b" });
    let plain: Vec<(&str, Value)> = vec![
        ("join", json!({ "camp": null, "consent": true })),
        ("leave", json!({})),
        ("mark_read", json!({ "point": 1, "seq": 1 })),
        (
            "post_thread",
            json!({ "point": 1, "title": "t", "body": "b", "kind": "remark" }),
        ),
        (
            "post_comment",
            json!({ "thread": ID, "body": "b", "kind": "remark" }),
        ),
        ("edit_comment", json!({ "comment": ID, "version": 1 })),
        ("delete_comment", json!({ "comment": ID })),
        (
            "propose_concession",
            json!({ "question": ID, "title": "t", "body": "b", "verifier": "v", "not_about_land": true }),
        ),
        (
            "edit_concession",
            json!({ "concession": ID, "version": 1, "title": "t", "body": "b", "verifier": "v" }),
        ),
        ("withdraw_concession", json!({ "concession": ID })),
        ("merge_concession", json!({ "from": ID, "into": ID })),
        (
            "translate_concession",
            json!({ "concession": ID, "version": 1, "language": "uk", "title": words["title"], "body": words["body"] }),
        ),
        (
            "review_translation",
            json!({ "concession": ID, "translation": ID, "accepts": true }),
        ),
        ("send_to_person", json!({ "concession": ID })),
        (
            "confirm_scope",
            json!({ "concession": ID, "version": 1, "territorial": false }),
        ),
        ("deal_cards", json!({ "question": ID })),
        (
            "answer_card",
            json!({ "concession": ID, "version": 1, "acceptance": "yes" }),
        ),
        (
            "answer_card with a note",
            json!({ "concession": ID, "version": 1, "acceptance": "yes", "note": "n" }),
        ),
        ("withdraw_answer", json!({ "concession": ID })),
        ("answer_point", json!({ "question": ID, "accepts": "yes" })),
        ("set_order", json!({ "question": ID, "tiers": [] })),
        (
            "report",
            json!({ "object": { "kind": "comment", "id": ID }, "reason": "spam" }),
        ),
        ("open_round", json!({ "question": ID })),
        ("close_round", json!({ "question": ID })),
        ("set_closing", json!({ "question": ID })),
        (
            "invite a participant",
            json!({ "role": "participant", "hours": 1, "uses": 1 }),
        ),
        (
            "invite a moderator",
            json!({ "role": "moderator", "hours": 1, "uses": 1 }),
        ),
        (
            "invite a mediator",
            json!({ "role": "mediator", "hours": 1, "uses": 1 }),
        ),
        (
            "invite an owner",
            json!({ "role": "owner", "hours": 1, "uses": 1 }),
        ),
        ("accept_invitation", json!({ "token": "t" })),
        ("revoke_invitation", json!({ "id": ID })),
        ("set_role", json!({ "account": ID, "role": "moderator" })),
        ("set_visibility", json!({ "public": false })),
        ("second_decision", json!({ "decision": ID, "agrees": true })),
        ("undo_decision", json!({ "decision": ID })),
        (
            "claim",
            json!({ "object": { "kind": "comment", "id": ID } }),
        ),
        ("appeal", json!({ "decision": ID, "statement": "s" })),
        (
            "decide_appeal",
            json!({ "appeal": ID, "reverse": false, "answer": "a" }),
        ),
        (
            "set_pace",
            json!({ "version": 0, "slow_points": [], "paused_points": [], "first_posts": 0, "words": [], "links": [] }),
        ),
    ];
    let read = |name: String, mut body: Value| {
        body["type"] = name.split(' ').next().unwrap().into();
        let Value::Object(body) = body else {
            unreachable!()
        };
        let command = Command::read(body).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        (name, command)
    };
    let mut all: Vec<_> = plain
        .into_iter()
        .map(|(name, body)| read(name.into(), body))
        .collect();
    for (act, kind) in acts() {
        let body = json!({ "object": { "kind": kind, "id": ID }, "action": act, "rule": "R1", "facts": "f" });
        let (act, kind) = (
            serde_json::to_value(act).unwrap(),
            serde_json::to_value(kind).unwrap(),
        );
        all.push(read(
            format!(
                "decide {} {}",
                act.as_str().unwrap(),
                kind.as_str().unwrap()
            ),
            body,
        ));
    }
    all
}

/// What can be decided about what.
fn acts() -> Vec<(Act, Kind)> {
    Act::ALL
        .into_iter()
        .flat_map(|act| {
            Kind::ALL
                .into_iter()
                .filter(move |kind| act.fits(*kind))
                .map(move |kind| (act, kind))
        })
        .collect()
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

fn guarded(action: Action) -> (Vec<String>, Vec<String>, Vec<&'static str>) {
    let commands: Vec<_> = samples()
        .into_iter()
        .filter(|(_, command)| command.needs().contains(&action))
        .collect();
    let names: BTreeSet<String> = commands
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    let types: BTreeSet<&str> = commands
        .iter()
        .map(|(name, _)| name.split(' ').next().unwrap())
        .collect();
    let routes = ROUTES.iter().filter(|route| match route.guard {
        Guard::Action(guards) => guards == action,
        Guard::Command(name) => types.contains(name),
        _ => false,
    });
    let routes = routes
        .map(|Route { method, path, .. }| format!("`{method} {path}`"))
        .collect();
    let streams = [
        ("`public`", Stream::Public),
        ("`moderators`", Stream::Moderators),
        (
            "`account/<id>`, its owner alone",
            Stream::Account(Id::new()),
        ),
    ];
    let streams = streams
        .into_iter()
        .filter(|(_, stream)| stream.needs() == action)
        .map(|(name, _)| name)
        .collect();
    (names.into_iter().collect(), routes, streams)
}

fn generated() -> String {
    let mut text = String::from(
        "# Permissions\n\n\
        Generated from the server's table: `UPDATE=1 cargo test --test it permissions`. Do not edit.\n\n\
        Roles, each of which may what those before it may: anonymous, member (signed in), participant (declared a viewpoint, or \"rather not say\"), \
        moderator, mediator, owner, admin. A framework that is not public is not there for anybody below participant.\n\n\
        A moderator may be limited to points and languages: their decisions outside are `forbidden`, and so are decisions about people, the framework \
        and the site, taking things up there, and settings of the pace but those of their points. Sight is never limited: a decision needs its context.\n\n\
        ## Actions\n\n\
        | action | least role | under a ban | while posting is paused | tokens from scope |\n|---|---|---|---|---|\n",
    );
    for action in Action::ALL {
        let rule = action.rule();
        let yes = |holds| if holds { "yes" } else { "no" };
        let paused = if rule.paused {
            "yes"
        } else {
            "moderators and above"
        };
        writeln!(
            text,
            "| `{}` | {} | {} | {paused} | {} |",
            word(action),
            word(rule.least),
            yes(rule.sanctioned),
            word(rule.scope)
        )
        .unwrap();
    }
    text.push_str(
        "\n## What each action guards\n\nA command needs all of the actions it stands under. Its author, for `change_own`, is checked besides.\n",
    );
    for action in Action::ALL {
        let (commands, routes, streams) = guarded(*action);
        write!(text, "\n### `{}`\n\n", word(action)).unwrap();
        let mut line = |title: &str, items: Vec<String>| {
            if !items.is_empty() {
                writeln!(text, "* {title}: {}", items.join(", ")).unwrap();
            }
        };
        line("commands", commands);
        line("routes", routes);
        line("streams", streams.into_iter().map(str::to_owned).collect());
    }
    text.push_str("\n## Routes that no action guards\n\n| route | who |\n|---|---|\n");
    for Route {
        method,
        path,
        guard,
        ..
    } in ROUTES
    {
        let who = match guard {
            Guard::Anyone => "anyone, or whoever holds the secret it asks for",
            Guard::Account => "whoever is signed in, about their own account",
            Guard::Own => "whoever is signed in and may read the framework, about themselves",
            Guard::SignedIn => "whoever is signed in and may read the framework",
            Guard::Auditor => "auditors named on the command line; no role is one",
            Guard::Action(_) | Guard::Command(_) => continue,
        };
        writeln!(text, "| `{method} {path}` | {who} |").unwrap();
    }
    text
}

#[test]
fn the_permission_table_is_printed_as_it_is() {
    let path = project().join("docs/permissions.md");
    let generated = generated();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == generated,
        "run UPDATE=1 cargo test --test it permissions and commit the result"
    );
}

#[test]
fn every_command_stands_in_the_table() {
    let sampled: BTreeSet<String> = samples()
        .iter()
        .map(|(name, _)| name.split(' ').next().unwrap().to_owned())
        .collect();
    let known: BTreeSet<String> = Command::TYPES.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(sampled, known);
    for (name, command) in samples() {
        assert!(!command.needs().is_empty(), "{name}");
    }
}

#[test]
fn every_route_stands_in_the_table() {
    let document = demarche::http::document();
    let paths = document["paths"].as_object().unwrap();
    let methods = |path: &String, item: &Value| {
        let path = path.strip_prefix("/api/v1").unwrap().to_owned();
        item.as_object()
            .unwrap()
            .keys()
            .map(move |method| (method.to_uppercase(), path.clone()))
            .collect::<Vec<_>>()
    };
    let there: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, item)| methods(path, item))
        .collect();
    let listed: BTreeSet<(String, String)> = ROUTES
        .iter()
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(listed, there);
    for Route { path, guard, .. } in ROUTES {
        if let Guard::Command(name) = guard {
            assert!(Command::TYPES.contains(name), "{path}");
        }
    }
}

both! {
    a_guarded_read_is_open_from_the_least_role_on,
}

async fn a_guarded_read_is_open_from_the_least_role_on(world: World) {
    let roles = [Role::Moderator, Role::Mediator, Role::Owner];
    let mut people = vec![(Role::Participant, world.participant("reader", "kyiv").await)];
    for role in roles {
        people.push((
            role,
            world.with_role(&format!("one-{}", role as u8), role).await,
        ));
    }
    let (_, comment) = world
        .person("author")
        .await
        .thread(1, "something to look at")
        .await;
    let mut asked = 0;
    for Route {
        method,
        path,
        guard,
        ..
    } in ROUTES
    {
        let (Guard::Action(action), "GET") = (guard, *method) else {
            continue;
        };
        if action.rule().least <= Role::Participant {
            continue;
        }
        let path = path
            .replace("{slug}", "test")
            .replace("{kind}/{id}", &format!("comment/{comment}"));
        let path = format!("{path}?framework=test");
        for (role, person) in &people {
            let expected = if *role >= action.rule().least {
                200
            } else {
                403
            };
            assert_eq!(
                person.get(&path).await.status,
                expected,
                "{path} as {role:?}"
            );
            asked += 1;
        }
    }
    assert!(asked > 0);
}
