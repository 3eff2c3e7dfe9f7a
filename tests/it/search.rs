//! Searching and the feed: both find what the reader may see, and not a trace of anything else.
use demarche::domain::permission::Role;
use serde_json::{Value, json};

use crate::harness::{Person, World, both, tables::Tables};

/// What somebody finds: kind and id.
async fn found(person: &Person, query: &str) -> Vec<(String, String)> {
    let answer = person.get(&format!("/search?q={query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let word = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    answer.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (word(item, "kind"), word(item, "id")))
        .collect()
}

async fn hide(moderator: &Person, kind: &str, id: &str) {
    let decision = json!({ "object": { "kind": kind, "id": id }, "action": "hide", "rule": "R2", "facts": "Names somebody." });
    let made = moderator.post("/moderation/decisions", decision).await;
    assert_eq!(made.status, 201, "{}", made.body);
}

both! {
    words_in_any_spelling_find_comments_titles_and_cards_newest_first,
    a_card_found_in_a_translation_is_shown_by_the_title_it_has_there,
    pages_follow_each_other_without_a_gap,
    what_was_changed_is_found_by_its_new_words_alone,
    hidden_and_deleted_things_are_found_by_nobody_who_may_not_see_them,
    a_private_framework_is_searched_by_its_own_people_alone,
    a_stale_index_leaks_nothing_and_is_built_anew,
    new_comments_are_indexed_by_themselves_and_once,
    the_feed_has_the_newest_comments_and_cards_with_stable_ids,
}

async fn words_in_any_spelling_find_comments_titles_and_cards_newest_first(world: World) {
    let alice = world.person("alice").await;
    let (thread, first) = alice.thread(1, "Про п'ять ҐРУНТОВИХ доріг").await;
    let second = alice.comment(&thread, "Ещё один **ґрунт**").await;
    let card = world.card(&alice, "Buffer of ground").await;
    let reader = world.visitor().at(world.node(1));
    assert_eq!(
        found(&reader, "грунт").await,
        [
            ("comment".into(), second.clone()),
            ("comment".into(), first.clone())
        ]
    );
    assert_eq!(found(&reader, "еще").await, [("comment".into(), second)]);
    assert_eq!(
        found(&reader, "пять грунтових").await,
        [("comment".into(), first)]
    );
    assert_eq!(
        found(&reader, "agency buffer gro").await,
        [("concession".into(), card)]
    );
    assert_eq!(found(&reader, "thread").await, [("thread".into(), thread)]);
    assert_eq!(found(&reader, "грунт nowhere").await, []);
    let answer = reader
        .get("/search?q=грунт&kind=comment&framework=test")
        .await;
    let hit = &answer.body["items"][0];
    assert_eq!(
        (
            hit["snippet"].as_str(),
            &hit["matches"],
            hit["point"].as_u64()
        ),
        (Some("Ещё один ґрунт"), &json!([[9, 14]]), Some(1))
    );
    for (query, field) in [
        ("q=", "q"),
        ("q=%E2%80%A6", "q"),
        (&*format!("q={}", "a".repeat(201)), "q"),
        ("q=a&after=x", "after"),
    ] {
        assert_eq!(
            reader.get(&format!("/search?{query}")).await.problem(),
            ("bad_request", field),
            "{query}"
        );
    }
    assert_eq!(reader.get("/search?q=a&framework=none").await.status, 404);
    assert_eq!(found(&reader, "%22 OR %22* NEAR(").await, []);
}

async fn a_card_found_in_a_translation_is_shown_by_the_title_it_has_there(world: World) {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.participant("boris", "moscow").await,
    );
    let card = world.card(&alice, "Buffer of ground").await;
    let words = json!({ "version": 1, "language": "uk", "title": "Смуга землі", "body": "Вони це зроблять.", "verifier": "Агентство" });
    assert_eq!(
        boris
            .post(&format!("/concessions/{card}/translations"), words)
            .await
            .status,
        201
    );
    for (query, title) in [("смуга", "Смуга землі"), ("buffer", "Buffer of ground")]
    {
        let answer = world
            .visitor()
            .at(world.node(1))
            .get(&format!("/search?q={query}"))
            .await;
        assert_eq!(answer.body["items"][0]["title"], title, "{}", answer.body);
    }
}

async fn pages_follow_each_other_without_a_gap(world: World) {
    let alice = world.person("alice").await;
    let (thread, _) = alice.thread(1, "Opening").await;
    let mut written = vec![];
    for number in 0..45 {
        written.push(alice.comment(&thread, &format!("paged {number}")).await);
    }
    let (mut seen, mut after) = (vec![], String::new());
    loop {
        let page = alice.get(&format!("/search?q=paged{after}")).await.body;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    written.reverse();
    assert_eq!(seen, written);
}

async fn what_was_changed_is_found_by_its_new_words_alone(world: World) {
    let alice = world.person("alice").await;
    let (_, comment) = alice.thread(1, "before").await;
    let edited = alice
        .patch(
            &format!("/comments/{comment}"),
            json!({ "version": 1, "body": "after" }),
        )
        .await;
    assert_eq!(edited.status, 200, "{}", edited.body);
    assert_eq!(found(&alice, "before").await, []);
    assert_eq!(found(&alice, "after").await.len(), 1);
    let card = world.card(&alice, "Buffer").await;
    let translator = world.participant("translator", "kyiv").await;
    let text = json!({ "version": 1, "language": "uk", "title": "Смуга", "body": "Вони б це зробили.", "verifier": "Агентство" });
    let made = translator
        .post(&format!("/concessions/{card}/translations"), text)
        .await;
    assert!(made.status < 300, "{}", made.body);
    assert_eq!(
        found(&world.visitor(), "смуга").await,
        [("concession".into(), card)]
    );
}

async fn hidden_and_deleted_things_are_found_by_nobody_who_may_not_see_them(world: World) {
    let alice = world.person("alice").await;
    let moderator = world.with_role("marta", Role::Moderator).await;
    let (thread, deleted) = alice.thread(1, "canary one").await;
    let hidden = alice.comment(&thread, "canary two").await;
    let (buried, _) = alice.thread(2, "canary three").await;
    let card = world.card(&alice, "canary four").await;
    let under = alice
        .post(
            &format!("/concessions/{card}/threads"),
            json!({ "title": "Under", "body": "canary five", "kind": "remark" }),
        )
        .await;
    assert_eq!(under.status, 201, "{}", under.body);
    assert_eq!(found(&world.visitor(), "canary").await.len(), 5);
    assert_eq!(
        alice.delete(&format!("/comments/{deleted}")).await.status,
        200
    );
    for (kind, id) in [
        ("comment", &hidden),
        ("thread", &buried),
        ("concession", &card),
    ] {
        hide(&moderator, kind, id).await;
    }
    for node in &world.nodes {
        let reader = world.visitor().at(node);
        assert_eq!(
            reader.get("/search?q=canary").await.body,
            json!({ "items": [], "next": null })
        );
        let feed = reader.get("//frameworks/test/feed.atom").await;
        assert!(
            !feed.body.as_str().unwrap().contains("canary"),
            "{}",
            feed.body
        );
        assert!(
            !reader
                .get(&format!("//cards/{card}"))
                .await
                .body
                .as_str()
                .unwrap()
                .contains("canary")
        );
    }
    // What its author took back is read only where each look is noted.
    assert_eq!(found(&moderator, "canary").await.len(), 4);
    assert!(
        found(&alice, "canary")
            .await
            .contains(&("comment".into(), hidden))
    );
}

async fn a_private_framework_is_searched_by_its_own_people_alone(world: World) {
    let alice = world.participant("alice", "kyiv").await;
    alice.thread(1, "canary").await;
    Tables::of(&world)
        .await
        .run("UPDATE framework SET public = FALSE")
        .await;
    assert_eq!(found(&alice, "canary").await.len(), 1);
    let stranger = world.person("stranger").await;
    assert_eq!(found(&stranger, "canary").await, []);
    assert_eq!(
        stranger.get("/search?q=canary&framework=test").await.status,
        404
    );
    assert_eq!(alice.get("//frameworks/test/feed.atom").await.status, 404);
}

async fn a_stale_index_leaks_nothing_and_is_built_anew(world: World) {
    let alice = world.person("alice").await;
    let (_, comment) = alice.thread(1, "canary").await;
    assert_eq!(found(&alice, "canary").await.len(), 1);
    Tables::of(&world)
        .await
        .run("UPDATE comment SET body = 'parrot'")
        .await;
    assert_eq!(
        found(&alice, "canary").await,
        [],
        "the index proposes it and the row says otherwise"
    );
    assert!(
        demarche::service::reads::search_index::rebuild(&world.node(0).services)
            .await
            .is_ok()
    );
    assert_eq!(found(&alice, "parrot").await, [("comment".into(), comment)]);
}

async fn new_comments_are_indexed_by_themselves_and_once(world: World) {
    let alice = world.person("alice").await;
    let (thread, first) = alice.thread(1, "canary").await;
    let second = alice.comment(&thread, "canary").await;
    world
        .eventually("the comments are indexed", || async {
            Tables::of(&world)
                .await
                .holding("canary")
                .await
                .contains(&entry())
        })
        .await;
    let both = [
        ("comment".into(), second.clone()),
        ("comment".into(), first.clone()),
    ];
    for node in &world.nodes {
        assert_eq!(found(&world.visitor().at(node), "canary").await, both);
    }
}

async fn the_feed_has_the_newest_comments_and_cards_with_stable_ids(world: World) {
    let alice = world.person("alice").await;
    assert_eq!(
        alice
            .patch("/me", json!({ "display_name": "Olena" }))
            .await
            .status,
        200
    );
    let (_, comment) = alice.thread(1, "A <b>bold</b> *word*").await;
    let card = world.card(&alice, "Buffer & more").await;
    let feed = world.visitor().get("//frameworks/test/feed.atom").await;
    let text = feed.body.as_str().unwrap();
    let tags = |name: &str| text.matches(&format!("<{name}>")).count();
    assert_eq!(
        (feed.status, tags("entry"), tags("updated")),
        (200, 2, 3),
        "{text}"
    );
    for piece in [
        format!("urn:uuid:{comment}"),
        format!("urn:uuid:{card}"),
        "Buffer &amp; more".into(),
        "&lt;em&gt;word&lt;/em&gt;".into(),
    ] {
        assert!(text.contains(&piece), "{piece} in {text}");
    }
    assert!(text.find(&card) < text.find(&comment));
    assert_eq!(
        (
            text.matches("<name>Olena @alice</name>").count(),
            tags("name")
        ),
        (2, 2),
        "the handle stands beside the name: {text}"
    );
    assert_eq!(feed.headers["cache-control"], "public, max-age=3");
    let page = world.visitor().get("//").await;
    assert!(
        page.body
            .as_str()
            .unwrap()
            .contains("href=\"/frameworks/test/feed.atom\"")
    );
}

/// Where the index keeps its words.
fn entry() -> (String, String) {
    ("search_entry".into(), "words".into())
}
