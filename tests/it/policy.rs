//! The policy on words and links: what holds or refuses a text, in every field and through every
//! edit.
use serde_json::{Value, json};

use crate::{
    harness::{World, both, proposal},
    pace::{counts, owner_with, queue, say},
};

both! {
    words_hold_or_refuse_and_the_author_is_told_which,
    a_word_holds_a_card_and_an_edit_without_it_lets_it_go,
    blocked_links_are_refused_in_every_text_and_edits_cannot_smuggle_them,
}

async fn words_hold_or_refuse_and_the_author_is_told_which(world: World) {
    let words = json!([
        { "words": ["ґвалт*", "two words"], "effect": "hold", "why": "It insults." },
        { "words": ["harsh"], "effect": "refuse", "why": "R1." },
    ]);
    let owner = owner_with(&world, json!({ "words": words })).await;
    let author = world.participant("author", "kyiv").await;
    let (thread, own) = author.thread(1, "Fine.").await;
    let refused = say(&author, &thread, "This is **har**sh.").await;
    assert_eq!(
        (refused.problem(), &refused.body["fields"][0]["code"]),
        (("bad_request", "body"), &json!("refused_word"))
    );
    assert_eq!(
        (
            &refused.body["fields"][0]["span"],
            refused.body["detail"].as_str().unwrap().contains("R1.")
        ),
        (&json!([10, 17]), true)
    );
    let held = say(&author, &thread, "Який ГВАЛТ!").await;
    assert_eq!(
        held.body["comment"]["held"]["matched"],
        json!({ "word": "ґвалт*", "why": "It insults." })
    );
    assert_eq!(queue(&owner).await[0]["held"]["matched"]["word"], "ґвалт*");
    let title = json!({ "title": "A harsh one", "body": "Fine.", "kind": "remark" });
    assert_eq!(
        author
            .post("/frameworks/test/points/1/threads", title)
            .await
            .problem()
            .1,
        "title"
    );
    // An edit passes the same gate: what showed goes, and leaves a tombstone.
    let smuggle = author
        .patch(
            &format!("/comments/{own}"),
            json!({ "version": 1, "body": "Now harsh." }),
        )
        .await;
    assert_eq!(smuggle.problem(), ("bad_request", "body"));
    let smuggle = author
        .patch(
            &format!("/comments/{own}"),
            json!({ "version": 1, "body": "Now two\nwords." }),
        )
        .await;
    assert_eq!(
        (smuggle.status, &smuggle.body["comment"]["state"]),
        (200, &json!("held"))
    );
    let visitor = world.visitor().at(world.node(1));
    let seen = visitor.get(&format!("/comments/{own}")).await.body;
    assert_eq!(
        (
            &seen["state"],
            &seen["body"],
            &seen["held"],
            counts(&world, 1).await
        ),
        (&json!("held"), &Value::Null, &Value::Null, (1, 0))
    );
    assert_eq!(
        visitor
            .get(&format!("/comments/{own}/versions"))
            .await
            .status,
        404
    );
    assert_eq!(owner.decide("comment", &own, "restore").await.status, 201);
    assert_eq!(
        (
            visitor.get(&format!("/comments/{own}")).await.body["body"].clone(),
            counts(&world, 1).await
        ),
        (json!("Now two\nwords."), (1, 1))
    );
}

async fn a_word_holds_a_card_and_an_edit_without_it_lets_it_go(world: World) {
    let owner = owner_with(
        &world,
        json!({ "words": [{ "words": ["bribe*"], "effect": "hold", "why": "Say who pays." }] }),
    )
    .await;
    let author = world.participant("author", "kyiv").await;
    let card = author
        .post(
            &format!("/questions/{}/concessions", world.question),
            proposal("No bribes"),
        )
        .await;
    let id = card.body["concession"]["id"].as_str().unwrap().to_owned();
    let case = author.get(&format!("/concessions/{id}/scope")).await.body;
    assert_eq!(
        (&case["held_by"], &case["matched"]["word"]),
        (&json!("words"), &json!("bribe*"))
    );
    assert_eq!(
        queue(&owner).await[0]["scope"]["matched"]["why"],
        "Say who pays."
    );
    assert_eq!(
        world
            .visitor()
            .get(&format!("/concessions/{id}"))
            .await
            .body["title"],
        Value::Null
    );
    let edit = |version: i64, title: &str| json!({ "version": version, "title": title, "body": "They would do it.", "verifier": "The agency" });
    assert_eq!(
        author
            .patch(&format!("/concessions/{id}"), edit(1, "Still bribery"))
            .await
            .body["concession"]["state"],
        "held"
    );
    assert_eq!(
        author
            .patch(&format!("/concessions/{id}"), edit(2, "Clean"))
            .await
            .body["concession"]["state"],
        "provisional"
    );
    assert_eq!(
        author
            .patch(&format!("/concessions/{id}"), edit(3, "Bribes again"))
            .await
            .body["concession"]["state"],
        "held"
    );
}

async fn blocked_links_are_refused_in_every_text_and_edits_cannot_smuggle_them(world: World) {
    owner_with(&world, json!({ "links": [{ "domain": "blocked.example", "effect": "block", "label": "state media" }] })).await;
    let author = world.participant("author", "kyiv").await;
    let (thread, own) = author.thread(1, "Fine: https://example.org").await;
    for body in [
        "https://blocked.example/a",
        "[here](https://www.Blocked.Example)",
        "[r][x]\n\n[x]: https&#58;//blocked.example",
        "go to blocked.example",
        "go to blocked\\.example/page",
        "`blocked.example`",
    ] {
        let refused = say(&author, &thread, body).await;
        assert_eq!(
            (refused.problem(), &refused.body["fields"][0]["code"]),
            (("bad_request", "body"), &json!("blocked_link")),
            "{body}"
        );
        let smuggle = author
            .patch(
                &format!("/comments/{own}"),
                json!({ "version": 1, "body": body }),
            )
            .await;
        assert_eq!(smuggle.problem(), ("bad_request", "body"), "{body}");
    }
    let mut card = proposal("A card");
    card["verifier"] = "See blocked.example".into();
    let refused = author
        .post(&format!("/questions/{}/concessions", world.question), card)
        .await;
    assert_eq!(refused.problem(), ("bad_request", "verifier"));
    let card = world.card(&author, "A card").await;
    let other = world.participant("other", "moscow").await;
    assert_eq!(other.deal(&world.question).await.len(), 1);
    let answer =
        json!({ "version": 1, "acceptance": "yes", "note": "As on https://blocked.example" });
    assert_eq!(
        other
            .put(&format!("/concessions/{card}/answer"), answer)
            .await
            .problem(),
        ("bad_request", "note")
    );
    let translation = json!({ "version": 1, "language": "uk", "title": "Картка", "body": "Дивіться https://blocked.example." });
    assert_eq!(
        other
            .post(&format!("/concessions/{card}/translations"), translation)
            .await
            .problem(),
        ("bad_request", "body")
    );
    let land = json!({ "version": 1, "language": "uk", "title": "Картка", "body": "Україна віддає Донбас Росії." });
    assert_eq!(
        other
            .post(&format!("/concessions/{card}/translations"), land)
            .await
            .body["fields"][0]["code"],
        "territorial"
    );
}
