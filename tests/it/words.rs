//! An answer counts for the words it judged, and for no others.
use demarche::domain::{DAY, concession::ConcessionId, tally::Tally};
use serde_json::{Value, json};

use crate::{
    harness::{Person, World, both, tables::Tables},
    twins::{ballot, decide, edit, tallied},
};

both! {
    words_that_a_reader_of_full_weight_judged_stay,
    what_an_author_has_learned_becomes_a_card_without_answers,
    an_edit_before_that_makes_reactions_of_what_new_accounts_said,
    a_card_one_sought_out_is_dealt_all_the_same,
    merging_moves_no_answer_and_opening_again_counts_them,
    a_card_that_enough_have_judged_belongs_to_the_question,
    a_new_card_waits_before_it_is_judged("--settle-minutes", "10"),
}

/// Somebody whose account is new: their answers weigh a fifth.
pub async fn newcomer(world: &World, handle: &str, camp: Value) -> Person {
    let person = world.person(handle).await;
    let joined = json!({ "camp": camp, "consent": true });
    let joined = person.post("/frameworks/test/membership", joined).await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    person
}

/// A card that grew out of another one.
async fn grown(world: &World, author: &Person, from: &str, title: &str) -> (u16, Value) {
    let body = json!({ "title": title, "body": "They would do it, with a list.", "verifier": "The UN",
        "language": "en", "not_about_land": true, "grew_out_of": from });
    let path = format!("/questions/{}/concessions", world.question);
    let made = author.post(&path, body).await;
    (made.status, made.body)
}

fn yes(tally: &Tally, camp: &str, card: &str) -> i64 {
    let card: ConcessionId = card.parse().unwrap();
    tally.counter(camp, card).yes
}

async fn words_that_a_reader_of_full_weight_judged_stay(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A full list of the detained").await;
    let path = format!("/concessions/{card}");
    let fixed = async |person: &Person| person.get(&path).await.body["fixed"].clone();
    // A reaction fixes nothing: it counts nowhere.
    let passer = world.participant("passer", "moscow").await;
    assert_eq!(
        passer.answer(&card, "yes").await.body["answer"]["dealt"],
        json!(false)
    );
    assert_eq!(fixed(&author).await, json!(false));
    let reader = world.participant("reader", "moscow").await;
    reader.deal(&world.question).await;
    assert_eq!(
        reader.answer(&card, "yes").await.body["answer"]["dealt"],
        json!(true)
    );
    assert_eq!(
        (fixed(&author).await, fixed(&reader).await),
        (json!(true), json!(false))
    );
    let edited = author
        .patch(&path, edit(1, "All sanctions end at once."))
        .await;
    assert_eq!(edited.problem().0, "closed");
    // For good: whoever was first may take the answer back.
    assert_eq!(reader.delete(&format!("{path}/answer")).await.status, 200);
    let edited = author
        .patch(&path, edit(1, "All sanctions end at once."))
        .await;
    assert_eq!(
        (edited.problem().0, fixed(&author).await),
        ("closed", json!(true))
    );
}

async fn what_an_author_has_learned_becomes_a_card_without_answers(world: World) {
    let (author, other) = (
        world.participant("author", "kyiv").await,
        world.participant("other", "kyiv").await,
    );
    let first = world.card(&author, "A list").await;
    let between = world.card(&other, "Between them").await;
    let reader = world.participant("reader", "moscow").await;
    reader.deal(&world.question).await;
    reader.answer(&first, "yes").await;
    assert_eq!(grown(&world, &other, &first, "Not mine").await.0, 403);
    let (status, made) = grown(&world, &author, &first, "A full list").await;
    assert_eq!(status, 201, "{made}");
    let second = made["concession"]["id"].as_str().unwrap().to_owned();
    assert_eq!(made["concession"]["grew_out_of"], json!(first));
    world.confirm(&second).await;
    let seen = world
        .visitor()
        .get(&format!("/concessions/{first}"))
        .await
        .body;
    assert_eq!(seen["successor"], json!(second));
    let again = grown(&world, &author, &first, "Another list").await;
    assert_eq!(
        (again.0, &again.1["fields"][0]["field"]),
        (400, &json!("grew_out_of"))
    );
    // It stands where its line began, before what came between.
    let fresh = world.participant("fresh", "kyiv").await;
    assert_eq!(
        fresh.deal(&world.question).await,
        [&*first, &*second, &*between]
    );
    let (tally, _) = tallied(&world).await;
    assert_eq!(
        (
            yes(&tally, "moscow", &first),
            yes(&tally, "moscow", &second)
        ),
        (1, 0)
    );
    // Where it is withdrawn, another may grow.
    assert_eq!(
        author
            .delete(&format!("/concessions/{second}"))
            .await
            .status,
        200
    );
    assert_eq!(grown(&world, &author, &first, "Another list").await.0, 201);
}

async fn an_edit_before_that_makes_reactions_of_what_new_accounts_said(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A").await;
    let path = format!("/concessions/{card}");
    let reader = newcomer(&world, "reader", json!("moscow")).await;
    reader.deal(&world.question).await;
    reader.answer(&card, "yes").await;
    let said = async || {
        let answer = ballot(&world, &reader).await["answers"][0].clone();
        let (tally, running) = tallied(&world).await;
        assert!(running.is_none_or(|running| running == tally), "{tally:?}");
        (
            answer["version"].clone(),
            answer["dealt"].clone(),
            yes(&tally, "moscow", &card),
        )
    };
    assert_eq!(
        author
            .patch(&path, edit(1, "They, would do it!"))
            .await
            .status,
        200
    );
    assert_eq!(said().await, (json!(1), json!(true), 1), "it says the same");
    assert_eq!(
        author
            .patch(&path, edit(2, "They would not do it."))
            .await
            .status,
        200
    );
    assert_eq!(said().await, (json!(1), json!(false), 0));
    assert_eq!(reader.answer(&card, "yes").await.problem().0, "conflict");
    assert_eq!(
        reader.deal(&world.question).await,
        [&*card],
        "it is dealt with its new words"
    );
    let answer = json!({ "version": 3, "acceptance": "no" });
    assert_eq!(
        reader.put(&format!("{path}/answer"), answer).await.status,
        200
    );
    assert_eq!(said().await, (json!(3), json!(true), 0));
    assert_eq!(tallied(&world).await.0.voters["moscow"], 1);
}

async fn a_card_one_sought_out_is_dealt_all_the_same(world: World) {
    let author = world.participant("author", "kyiv").await;
    let mut cards = vec![];
    for number in 0..3 {
        cards.push(world.card(&author, &format!("Card {number}")).await);
    }
    let reader = newcomer(&world, "reader", json!("moscow")).await;
    // Whoever answers all but their target beforehand is dealt as if they had not.
    for card in &cards[..2] {
        assert_eq!(
            reader.answer(card, "no").await.body["answer"]["dealt"],
            json!(false)
        );
    }
    world.clock.advance(8 * DAY);
    reader.thread(1, "I have read this.").await;
    let hand = reader.deal(&world.question).await;
    assert_eq!(hand, cards);
    assert_eq!(
        reader.answer(&cards[0], "no").await.body["answer"]["dealt"],
        json!(true)
    );
    // What it weighs is settled by the first answer that counts, not by what one tried out.
    let (tally, _) = tallied(&world).await;
    let counter = tally.counter("moscow", cards[0].parse().unwrap());
    assert_eq!(counter.weight, 1_000);
}

async fn merging_moves_no_answer_and_opening_again_counts_them(world: World) {
    let (author, moderator) = (
        world.participant("author", "kyiv").await,
        world
            .with_role("watch", demarche::domain::permission::Role::Moderator)
            .await,
    );
    let other = world.participant("other", "moscow").await;
    let (from, into) = (
        world.card(&author, "They share the list").await,
        world.card(&other, "They do not share the list").await,
    );
    let reader = world.participant("reader", "kyiv").await;
    reader.deal(&world.question).await;
    reader.answer(&from, "yes").await;
    let order = json!({ "tiers": [[from]] });
    reader
        .put(&format!("/questions/{}/order", world.question), order)
        .await;
    let before = ballot(&world, &reader).await;
    let decision = decide(&moderator, &from, "merge", Some(&into)).await;
    assert_eq!(decision.status, 201, "{}", decision.body);
    assert_eq!(
        ballot(&world, &reader).await,
        before,
        "no ballot is touched"
    );
    let (tally, _) = tallied(&world).await;
    assert_eq!(
        (yes(&tally, "kyiv", &from), yes(&tally, "kyiv", &into)),
        (1, 0)
    );
    assert_eq!(reader.answer(&from, "no").await.problem().0, "closed");
    let seen = world
        .visitor()
        .get(&format!("/concessions/{from}"))
        .await
        .body;
    assert_eq!(
        (&seen["state"], &seen["merged_into"]),
        (&json!("merged"), &json!(into))
    );

    let id = decision.body["decision"]["id"].as_str().unwrap();
    let undone = moderator
        .delete(&format!("/moderation/decisions/{id}"))
        .await;
    assert_eq!(undone.status, 200, "{}", undone.body);
    let seen = world
        .visitor()
        .get(&format!("/concessions/{from}"))
        .await
        .body;
    assert_eq!(
        (&seen["state"], &seen["merged_into"]),
        (&json!("ranked"), &Value::Null)
    );
    assert_eq!(ballot(&world, &reader).await, before);
    assert_eq!(reader.answer(&from, "no").await.status, 200);
}

async fn a_card_that_enough_have_judged_belongs_to_the_question(world: World) {
    let author = world.participant("author", "kyiv").await;
    let (card, like) = (
        world.card(&author, "Ships sail").await,
        world.card(&author, "Ships sail freely").await,
    );
    let path = format!("/concessions/{card}");
    for (number, camp) in ["kyiv", "moscow", "kyiv", "moscow", "kyiv"]
        .iter()
        .enumerate()
    {
        let reader = world.participant(&format!("reader-{number}"), camp).await;
        reader.deal(&world.question).await;
        reader.answer(&card, "no").await;
    }
    let last = world.participant("last", "moscow").await;
    last.deal(&world.question).await;
    // Moscow's readers have given two answers of three.
    last.answer(&card, "yes").await;
    let merged = author
        .post(&format!("{path}/merge"), json!({ "into": like }))
        .await;
    assert_eq!(merged.problem().0, "closed");
    assert_eq!(author.delete(&path).await.problem().0, "closed");
    assert_eq!(
        author.delete(&format!("/concessions/{like}")).await.status,
        200
    );
    assert_eq!(
        world.visitor().get(&path).await.body["state"],
        json!("ranked")
    );
}

async fn a_new_card_waits_before_it_is_judged(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "New").await;
    let path = format!("/concessions/{card}");
    let reader = world.participant("reader", "moscow").await;
    assert!(reader.deal(&world.question).await.is_empty());
    let hand = world
        .visitor()
        .get(&format!("/questions/{}/deal", world.question))
        .await;
    assert!(!hand.body.to_string().contains(&card), "{}", hand.body);
    assert_eq!(reader.answer(&card, "yes").await.problem().0, "closed");
    let seen = author.get(&path).await.body;
    let waits = seen["opens_at"].as_i64().unwrap() - seen["created_at"].as_i64().unwrap();
    assert_eq!(waits, 10 * 60_000);
    assert_eq!(
        author
            .patch(&path, edit(1, "They would do it now."))
            .await
            .status,
        200
    );
    Tables::of(&world)
        .await
        .run("UPDATE concession SET opens_at = 0")
        .await;
    assert_eq!(reader.deal(&world.question).await, [&*card]);
    let answer = json!({ "version": 2, "acceptance": "yes" });
    assert_eq!(
        reader.put(&format!("{path}/answer"), answer).await.status,
        200
    );
}
