//! One seat a person and round: what their answers count for.
use demarche::domain::DAY;
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Person, World, both},
    twins::{ballot, tallied},
    words::newcomer,
};

both! {
    taking_an_answer_back_buys_no_other_viewpoint,
    the_first_viewpoint_takes_along_what_was_judged_before,
    a_seat_rises_with_the_next_answer_and_all_answers_with_it,
}

async fn join(person: &Person, camp: Value) -> Answer {
    let body = json!({ "camp": camp, "consent": true });
    person.post("/frameworks/test/membership", body).await
}

/// What a camp's answers to a card weigh; the running tally is the recount.
async fn weight(world: &World, camp: &str, card: &str) -> i64 {
    world
        .eventually("the running tally is the recount", || async {
            let (counted, running) = tallied(world).await;
            running.is_none_or(|running| running == counted)
        })
        .await;
    let (tally, _) = tallied(world).await;
    tally.counter(camp, card.parse().unwrap()).weight
}

async fn taking_an_answer_back_buys_no_other_viewpoint(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A").await;
    let reader = world.participant("reader", "kyiv").await;
    reader.deal(&world.question).await;
    reader.answer(&card, "yes").await;
    let path = format!("/concessions/{card}/answer");
    assert_eq!(reader.delete(&path).await.status, 200);
    assert_eq!(weight(&world, "kyiv", &card).await, 0);
    world.clock.advance(15 * DAY);
    assert_eq!(join(&reader, json!("moscow")).await.status, 200);
    reader.deal(&world.question).await;
    assert_eq!(
        reader.answer(&card, "no").await.body["answer"]["dealt"],
        json!(true)
    );
    // The later viewpoint holds from the next round on.
    assert_eq!(
        (
            weight(&world, "kyiv", &card).await,
            weight(&world, "moscow", &card).await
        ),
        (1_000, 0)
    );
}

async fn the_first_viewpoint_takes_along_what_was_judged_before(world: World) {
    let author = world.participant("author", "kyiv").await;
    let (a, b) = (
        world.card(&author, "A").await,
        world.card(&author, "B").await,
    );
    let reader = newcomer(&world, "reader", Value::Null).await;
    reader.deal(&world.question).await;
    for card in [&a, &b] {
        assert_eq!(
            reader.answer(card, "yes").await.body["answer"]["dealt"],
            json!(true)
        );
    }
    assert!(tallied(&world).await.0.voters.is_empty());
    let before = ballot(&world, &reader).await["answers"].clone();
    assert_eq!(join(&reader, json!("moscow")).await.status, 200);
    assert_eq!(ballot(&world, &reader).await["answers"], before);
    for card in [&a, &b] {
        assert_eq!(weight(&world, "moscow", card).await, 200);
    }
    assert_eq!(tallied(&world).await.0.voters["moscow"], 1);
    // "Rather not say" takes nothing away again.
    assert_eq!(join(&reader, Value::Null).await.status, 200);
    assert_eq!(weight(&world, "moscow", &a).await, 200);
}

async fn a_seat_rises_with_the_next_answer_and_all_answers_with_it(world: World) {
    let author = world.participant("author", "kyiv").await;
    let (a, b) = (
        world.card(&author, "A").await,
        world.card(&author, "B").await,
    );
    let reader = newcomer(&world, "reader", json!("moscow")).await;
    reader.deal(&world.question).await;
    reader.answer(&a, "yes").await;
    world.clock.advance(8 * DAY);
    reader.thread(1, "I have read this.").await;
    assert_eq!(weight(&world, "moscow", &a).await, 200, "not by itself");
    reader.deal(&world.question).await;
    reader.answer(&b, "no").await;
    for card in [&a, &b] {
        assert_eq!(weight(&world, "moscow", card).await, 1_000);
        // Whoever counts in full settles the words of all they judged.
        let seen = author.get(&format!("/concessions/{card}")).await.body;
        assert_eq!(seen["fixed"], json!(true));
    }
}
