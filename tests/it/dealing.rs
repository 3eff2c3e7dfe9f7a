//! What is dealt to whom, and what an answer weighs.
use std::collections::BTreeSet;

use demarche::domain::{DAY, tally::Tally};
use serde_json::json;

use crate::{
    harness::{Person, World, both},
    words::newcomer,
};

async fn recounted(world: &World) -> Tally {
    let mut reader = world.node(0).services.store.read().await.unwrap();
    let question = reader
        .question(world.question.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    reader.recount(&question).await.unwrap()
}

async fn cards(world: &World, count: usize) -> Vec<String> {
    let author = world.person("author").await;
    let mut cards = vec![];
    for number in 1..=count {
        cards.push(world.card(&author, &format!("Card {number}")).await);
    }
    cards
}

async fn dealt(person: &Person, question: &str) -> BTreeSet<String> {
    person.deal(question).await.into_iter().collect()
}

both! {
    readers_who_come_together_are_dealt_all_live_cards_and_none_that_waits,
    the_next_card_comes_when_one_has_answers_enough("--live-cards", "5"),
    one_who_has_judged_all_live_cards_goes_on_with_the_queue("--live-cards", "5"),
    five_cards_judged_on_three_days_weigh_in_full,
    points_read_weigh_nothing,
}

async fn readers_who_come_together_are_dealt_all_live_cards_and_none_that_waits(world: World) {
    let cards = cards(&world, 26).await;
    let mut all = BTreeSet::new();
    for number in 0..5 {
        let reader = world.participant(&format!("reader-{number}"), "kyiv").await;
        let hand = dealt(&reader, &world.question).await;
        assert_eq!(hand.len(), 5);
        assert_eq!(
            dealt(&reader, &world.question).await,
            hand,
            "what one holds comes again"
        );
        all.extend(hand);
    }
    // Nobody has answered yet: the deals themselves tell the dealer that these five cards are taken
    // care of.
    assert_eq!(all, cards[..25].iter().cloned().collect());
}

async fn the_next_card_comes_when_one_has_answers_enough(world: World) {
    let cards = cards(&world, 6).await;
    let (done, late) = (&cards[1], &cards[5]);
    for number in 0..3 {
        for camp in ["kyiv", "moscow"] {
            let reader = world.participant(&format!("{camp}-{number}"), camp).await;
            assert!(!dealt(&reader, &world.question).await.contains(late));
            assert_eq!(
                reader.answer(done, "yes").await.body["answer"]["dealt"],
                true
            );
        }
    }
    let next = world.participant("next", "kyiv").await;
    let hand = dealt(&next, &world.question).await;
    assert!(hand.contains(late) && !hand.contains(done), "{hand:?}");
    let visitor = world
        .visitor()
        .post(&format!("/questions/{}/deal", world.question), json!({}))
        .await
        .body;
    let hand: BTreeSet<&str> = visitor["cards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|card| card["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        hand,
        cards
            .iter()
            .filter(|card| *card != done)
            .map(String::as_str)
            .collect()
    );
}

async fn one_who_has_judged_all_live_cards_goes_on_with_the_queue(world: World) {
    let cards = cards(&world, 6).await;
    let reader = world.participant("reader", "kyiv").await;
    for card in reader.deal(&world.question).await {
        reader.answer(&card, "yes").await;
    }
    assert_eq!(reader.deal(&world.question).await, [cards[5].clone()]);
}

async fn weight(world: &World, card: &str) -> i64 {
    let counters = recounted(world).await.counters;
    counters[&("moscow".to_owned(), card.parse().unwrap())].weight
}

async fn five_cards_judged_on_three_days_weigh_in_full(world: World) {
    let cards = cards(&world, 8).await;
    let reader = newcomer(&world, "reader", json!("moscow")).await;
    // "Can't say" says nothing, and two days are not three.
    for (day, judged) in [(0, &cards[..3]), (1, &cards[3..5]), (7, &cards[5..6])] {
        world.clock.advance(day * DAY);
        reader.deal(&world.question).await;
        reader.answer(&cards[7], "cannot_say").await;
        for card in judged {
            assert_eq!(
                reader.answer(card, "yes").await.body["answer"]["dealt"],
                json!(true)
            );
            assert_eq!(weight(&world, card).await, 200);
        }
    }
    reader.deal(&world.question).await;
    reader.answer(&cards[6], "yes").await;
    assert_eq!(weight(&world, &cards[6]).await, 1_000);
    assert_eq!(
        weight(&world, &cards[5]).await,
        1_000,
        "all follows the seat"
    );
}

async fn points_read_weigh_nothing(world: World) {
    let cards = cards(&world, 1).await;
    let reader = newcomer(&world, "reader", json!("moscow")).await;
    for number in 1..=3 {
        let path = format!("/frameworks/test/points/{number}/read");
        assert_eq!(reader.put(&path, json!({ "seq": 0 })).await.status, 200);
    }
    world.clock.advance(8 * DAY);
    reader.deal(&world.question).await;
    reader.answer(&cards[0], "yes").await;
    assert_eq!(weight(&world, &cards[0]).await, 200);
}
