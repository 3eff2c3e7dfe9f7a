//! What a person can do with all that is kept about them: take it along, and have it erased.
use std::collections::BTreeSet;

use demarche::{
    domain::{account::Posts, permission::Role},
    service::{Services, people::erasure},
    store::{EXPORTED, LEFT_OUT, TOLD},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, World, both, tables::Tables};

/// A word that stands in everything somebody writes here.
const CANARY: &str = "kanarienvogel";

async fn erase(person: &Person, password: &str, posts: &str) -> Answer {
    let body = json!({ "password": password, "posts": posts });
    person
        .send(Method::DELETE, "/me", None, Some(body.to_string().into()))
        .await
}

/// Somebody who did everything there is to do, and what they made.
struct Busy {
    person: Person,
    thread: String,
    comment: String,
    card: String,
    judged: String,
}

async fn busy(world: &World) -> Busy {
    let others = world.participant("others", "moscow").await;
    let judged = world.card(&others, "A card to judge").await;
    let person = world.participant("wanderer", "kyiv").await;
    person
        .patch(
            "/me",
            json!({ "display_name": "Wandering Name", "locale": "uk" }),
        )
        .await;
    person
        .post(
            "/me/tokens",
            json!({ "name": "a script", "password": "correct horse" }),
        )
        .await;
    let title = format!("Title {CANARY}");
    let opened = person
        .post(
            "/frameworks/test/points/1/threads",
            json!({ "title": title, "body": format!("First {CANARY}"), "kind": "remark" }),
        )
        .await;
    let (thread, comment) = (
        opened.body["thread"]["id"].as_str().unwrap().to_owned(),
        opened.body["comment"]["id"].as_str().unwrap().to_owned(),
    );
    person
        .patch(
            &format!("/comments/{comment}"),
            json!({ "version": 1, "body": format!("Second {CANARY}") }),
        )
        .await;
    others
        .post(
            &format!("/threads/{thread}/comments"),
            json!({ "body": "An answer", "kind": "remark", "parent": comment }),
        )
        .await;
    let card = world.card(&person, &format!("Card {CANARY}")).await;
    let edit = json!({ "version": 1, "title": format!("Card again {CANARY}"), "body": "They would do it now.", "verifier": CANARY });
    let edited = person.patch(&format!("/concessions/{card}"), edit).await;
    assert_eq!(edited.status, 200, "{}", edited.body);
    let text = json!({ "version": 1, "language": "uk", "title": format!("Картка {CANARY}"), "body": "Вони.", "verifier": "Агентство" });
    assert!(
        person
            .post(&format!("/concessions/{judged}/translations"), text)
            .await
            .status
            < 300
    );
    person.deal(&world.question).await;
    person.answer(&judged, "yes").await;
    let noted = json!({ "version": 1, "acceptance": "yes", "note": format!("Note {CANARY}") });
    assert_eq!(
        person
            .put(&format!("/concessions/{judged}/answer"), noted)
            .await
            .status,
        200
    );
    assert_eq!(
        person
            .put(
                &format!("/questions/{}/order", world.question),
                json!({ "tiers": [[judged]] })
            )
            .await
            .status,
        200
    );
    assert_eq!(
        person
            .put("/frameworks/test/points/1/read", json!({ "seq": 1 }))
            .await
            .status,
        200
    );
    let report = json!({ "object": { "kind": "concession", "id": judged }, "reason": "spam", "note": format!("Report {CANARY}") });
    assert_eq!(person.post("/reports", report).await.status, 201);
    others.deal(&world.question).await;
    Busy {
        person,
        thread,
        comment,
        card,
        judged,
    }
}

/// The board of the test's question, as whoever answered enough sees it.
async fn tally(world: &World) -> Value {
    let store = &world.node(0).services.store;
    let mut reader = store.read().await.unwrap();
    let question = reader
        .question(world.question.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let counted = reader.recount(&question).await.unwrap();
    json!(format!("{:?} {:?}", counted.voters, counted.counters))
}

fn services(world: &World) -> &Services {
    &world.node(0).services
}

both! {
    the_export_tells_of_every_table_that_refers_to_an_account,
    the_export_is_complete_and_holds_no_secret,
    erasing_leaves_no_word_and_no_name_in_any_table,
    posts_that_are_kept_stand_without_a_name_and_apart_from_the_ballot,
    an_erasure_that_was_cut_short_is_finished_and_may_be_done_twice,
    a_closed_round_is_recounted_to_the_same_after_an_erasure,
    the_last_who_runs_a_site_or_a_framework_cannot_vanish,
    no_door_takes_the_servers_own_command,
}

async fn the_export_tells_of_every_table_that_refers_to_an_account(world: World) {
    let Busy { person, .. } = busy(&world).await;
    let moderator = world.with_role("marta", Role::Moderator).await;
    for object in [
        json!({ "kind": "comment", "id": world_comment(&person).await }),
        json!({ "kind": "account", "id": person.id }),
    ] {
        let action = if object["kind"] == "account" {
            "ban"
        } else {
            "hide"
        };
        let made = moderator
            .post(
                "/moderation/decisions",
                json!({ "object": object, "action": action, "rule": "R2", "facts": "Said." }),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let mut tables = Tables::of(&world).await;
    let named: BTreeSet<(String, String)> = TOLD
        .iter()
        .chain(LEFT_OUT)
        .map(|(table, column, _)| ((*table).into(), (*column).into()))
        .collect();
    let missing: Vec<_> = tables
        .references()
        .await
        .difference(&named)
        .cloned()
        .collect();
    assert!(
        missing.is_empty(),
        "these columns refer to an account, and the export neither tells of them nor says why not: {missing:?}"
    );
    let beside: Vec<_> = tables
        .holding(&person.id)
        .await
        .difference(&named)
        .cloned()
        .collect();
    assert!(
        beside.is_empty(),
        "an account's id stands in these columns, and the export neither tells of them nor says why not: {beside:?}"
    );
    let columns = tables.columns().await;
    assert!(
        named.is_subset(&columns),
        "{:?}",
        named.difference(&columns)
    );
    let sections: BTreeSet<&str> = EXPORTED.iter().map(|section| section.name).collect();
    assert!(
        TOLD.iter()
            .all(|(_, _, section)| sections.contains(section))
    );
}

async fn the_export_is_complete_and_holds_no_secret(world: World) {
    let Busy {
        person, comment, ..
    } = busy(&world).await;
    let moderator = world.with_role("marta", Role::Moderator).await;
    let decision = json!({ "object": { "kind": "comment", "id": comment }, "action": "hide", "rule": "R2", "facts": "Said." });
    assert_eq!(
        moderator
            .post("/moderation/decisions", decision)
            .await
            .status,
        201
    );
    let answer = person.get("/me/export").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(
        answer.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let file = &answer.body;
    let empty = [
        "reset_links",
        "audits",
        "card_holds",
        "translations_reviewed",
        "translations_found_true",
        "redeemed_hands",
        "scope_opinions",
        "decisions_about_reports",
    ];
    let moderators = [
        "decisions_by_you",
        "decisions_you_agreed_to",
        "invitations_you_made",
        "appeals_you_decided",
        "things_you_opened_as_a_moderator",
        "things_you_took_up",
    ];
    let rest = [
        "reports_about_the_account",
        "sanctions",
        "erasure",
        "appeals",
        "looks_at_your_account",
        "your_place_in_the_queue",
        "second_factor",
        "rights_changed",
    ];
    for section in EXPORTED {
        let rows = file[section.name]
            .as_array()
            .unwrap_or_else(|| panic!("{} is missing", section.name));
        let expected = !empty.contains(&section.name)
            && !rest.contains(&section.name)
            && !moderators.contains(&section.name);
        assert_eq!(!rows.is_empty(), expected, "{}: {rows:?}", section.name);
    }
    assert_eq!(
        file["comments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["id"] == json!(comment))
            .count(),
        1
    );
    assert_eq!(
        file["comments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["state"] == "hidden")
            .count(),
        1
    );
    assert_eq!(
        file["comment_versions"][0]["body"],
        json!(format!("First {CANARY}"))
    );
    assert_eq!(
        (&file["account"][0]["admin"], &file["cards"][0]["points"]),
        (&json!(false), &json!([]))
    );
    let text = file.to_string();
    assert!(
        !text.contains("argon2") && !text.contains(&moderator.id) && !text.contains("\"hash\""),
        "{text}"
    );
    assert_eq!(world.visitor().get("/me/export").await.status, 401);
}

async fn erasing_leaves_no_word_and_no_name_in_any_table(world: World) {
    let Busy {
        person,
        thread,
        comment,
        card,
        judged,
    } = busy(&world).await;
    let before = tally(&world).await;
    let (mut socket, mut watching) = (person.socket().await, world.visitor().socket().await);
    socket.follow(world.framework, "public", None).await;
    watching.follow(world.framework, "public", None).await;
    assert_eq!(
        erase(&person, "wrong horse", "erase").await.problem(),
        ("bad_request", "password")
    );
    let done = erase(&person, "correct horse", "erase").await;
    assert_eq!(
        (done.status, done.cookie.as_deref()),
        (200, Some("")),
        "{}",
        done.body
    );
    assert_eq!(socket.ended().await, Some(4001));
    assert_eq!(person.get("/me").await.status, 401);
    let gone = watching
        .until(|frame| {
            frame["kind"] == "comment_changed" && frame["data"]["object"]["id"] == json!(comment)
        })
        .await;
    assert!(gone["data"]["object"]["body"].is_null(), "{gone}");
    let mut tables = Tables::of(&world).await;
    for trace in [CANARY, "wanderer", "Wandering Name"] {
        assert_eq!(tables.holding(trace).await, BTreeSet::new(), "{trace}");
    }
    let kept = BTreeSet::from([
        ("account", "id"),
        ("account", "handle"),
        ("account", "skeleton"),
        ("answer", "account"),
        ("ballot", "account"),
        ("seat", "account"),
    ]);
    let held = tables.holding(&person.id).await;
    assert!(
        held.iter()
            .all(|(table, column)| kept.contains(&(table, column))),
        "{held:?}"
    );
    assert_eq!(tally(&world).await, before);
    let reader = world.visitor().at(world.node(1));
    assert_eq!(
        reader.get(&format!("/search?q={CANARY}")).await.body["items"],
        json!([])
    );
    let view = reader.get(&format!("/threads/{thread}")).await;
    assert_eq!(
        (
            &view.body["thread"]["title"],
            &view.body["thread"]["comments"]
        ),
        (&json!(""), &json!(1)),
        "{}",
        view.body
    );
    assert_eq!(
        reader
            .get(&format!("/comments/{comment}/versions"))
            .await
            .status,
        404
    );
    assert_eq!(
        reader.get(&format!("/concessions/{card}")).await.body["state"],
        "withdrawn"
    );
    assert_eq!(
        reader.get(&format!("/concessions/{judged}")).await.body["translations"],
        json!({})
    );
    assert_eq!(
        reader
            .post(
                "/session",
                json!({ "handle": "wanderer", "password": "correct horse" })
            )
            .await
            .status,
        401
    );
    assert_eq!(
        reader
            .post(
                "/accounts",
                json!({ "handle": "[erased]", "password": "correct horse" })
            )
            .await
            .status,
        400
    );
    assert_eq!(
        reader
            .post(
                "/accounts",
                json!({ "handle": "wanderer", "password": "correct horse" })
            )
            .await
            .status,
        201
    );
}

async fn posts_that_are_kept_stand_without_a_name_and_apart_from_the_ballot(world: World) {
    let Busy {
        person,
        comment,
        card,
        ..
    } = busy(&world).await;
    let before = tally(&world).await;
    assert_eq!(erase(&person, "correct horse", "keep").await.status, 200);
    let reader = world.visitor().at(world.node(1));
    let view = reader.get(&format!("/comments/{comment}")).await.body;
    assert_eq!(
        (&view["author"]["handle"], &view["body"]),
        (&json!("[erased]"), &json!(format!("Second {CANARY}"))),
        "{view}"
    );
    assert_eq!(
        reader.get(&format!("/concessions/{card}")).await.body["author"]["handle"],
        "[erased]"
    );
    let mut tables = Tables::of(&world).await;
    for trace in ["wanderer", "Wandering Name"] {
        assert_eq!(tables.holding(trace).await, BTreeSet::new(), "{trace}");
    }
    let held = tables.holding(&person.id).await;
    assert!(
        held.iter()
            .all(|(table, _)| ["account", "answer", "ballot", "seat"].contains(&table.as_str())),
        "{held:?}"
    );
    assert_eq!(tally(&world).await, before);
}

async fn an_erasure_that_was_cut_short_is_finished_and_may_be_done_twice(world: World) {
    let Busy {
        person, comment, ..
    } = busy(&world).await;
    let store = &services(&world).store;
    let mut tx = store.write().await.unwrap();
    tx.begin_erasure(person.id.parse().unwrap(), Posts::Erase, 1)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        person.get(&format!("/comments/{comment}")).await.status,
        200
    );
    for _ in 0..2 {
        assert!(erasure::resume(services(&world)).await.is_ok());
    }
    // As if the process had died after the frameworks' part and before the rest.
    let mut tx = store.write().await.unwrap();
    tx.begin_erasure(person.id.parse().unwrap(), Posts::Erase, 2)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(erasure::resume(services(&world)).await.is_ok());
    let mut tables = Tables::of(&world).await;
    assert_eq!(tables.holding(CANARY).await, BTreeSet::new());
    assert!(
        store
            .read()
            .await
            .unwrap()
            .erasures()
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        world
            .visitor()
            .get(&format!("/comments/{comment}"))
            .await
            .body["state"],
        "deleted"
    );
}

async fn a_closed_round_is_recounted_to_the_same_after_an_erasure(world: World) {
    let Busy { person, card, .. } = busy(&world).await;
    let mediator = world.with_role("leading", Role::Mediator).await;
    let closed = mediator
        .post(&format!("/questions/{}/close", world.question), json!({}))
        .await;
    assert_eq!(closed.status, 200, "{}", closed.body);
    let address = format!("/questions/{}/rounds/1", world.question);
    let before = mediator.get(&address).await.body;
    assert_eq!(erase(&person, "correct horse", "erase").await.status, 200);
    let after = mediator.get(&address).await.body;
    for field in ["root", "ranked", "waiting", "ballots"] {
        assert_eq!(before[field], after[field], "{field}");
    }
    assert!(
        !after.to_string().contains(CANARY) && after.to_string().contains(&card),
        "{after}"
    );
    let question = services(&world)
        .store
        .read()
        .await
        .unwrap()
        .question(world.question.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let Ok(file) =
        demarche::service::reads::rounds::export(services(&world), question, 1, false).await
    else {
        panic!("the file is there")
    };
    assert_eq!(
        file.recount().differences,
        Vec::<String>::new(),
        "the ballots lead to the root and the results"
    );
}

async fn the_last_who_runs_a_site_or_a_framework_cannot_vanish(world: World) {
    let (admin, owner) = (
        world.admin("running").await,
        world.with_role("hosting", Role::Owner).await,
    );
    assert_eq!(
        erase(&admin, "correct horse", "keep").await.problem().0,
        "conflict"
    );
    assert_eq!(
        erase(&owner, "correct horse", "keep").await.problem().0,
        "conflict"
    );
    assert_eq!(admin.get("/me").await.status, 200);
    world.admin("successor").await;
    world.with_role("heir", Role::Owner).await;
    assert_eq!(erase(&admin, "correct horse", "keep").await.status, 200);
    assert_eq!(erase(&owner, "correct horse", "keep").await.status, 200);
}

async fn no_door_takes_the_servers_own_command(world: World) {
    let alice = world.person("alice").await;
    let mut socket = alice.socket().await;
    let refused = socket
        .command(
            world.framework,
            json!({ "type": "erase_author", "posts": "erase" }),
        )
        .await;
    assert_eq!(refused["problem"]["code"], "unknown_command", "{refused}");
}

/// A comment of somebody.
async fn world_comment(person: &Person) -> String {
    person.get("/me/posts").await.body["comments"][0]["id"]
        .as_str()
        .unwrap()
        .into()
}
