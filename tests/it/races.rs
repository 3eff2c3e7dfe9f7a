//! Votes that race what ends them: the close of a round, a ban, a withdrawal. None counts that was
//! refused, none is lost that was taken, and none comes in behind the end.
use std::sync::Arc;

use demarche::domain::permission::Role;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::harness::{Answer, Person, World, both};

/// People who answer, and how often each changes their mind.
const VOTERS: usize = 12;
const TURNS: usize = 6;

/// People of two viewpoints who were dealt a card.
async fn voters(world: &World) -> Vec<Person> {
    let mut voters = vec![];
    for number in 0..VOTERS {
        let camp = if number % 2 == 0 { "kyiv" } else { "moscow" };
        let person = world
            .participant(&format!("voter-{number}"), camp)
            .await
            .at(world.node(number));
        person.deal(&world.question).await;
        voters.push(person);
    }
    voters
}

/// Everybody answers again and again while `end` is carried out: what the last taken answer of each
/// was, and whether the place of any taken answer lies behind the end's.
async fn race<F: Future<Output = Answer>>(
    voters: &[Person],
    card: &str,
    end: impl FnOnce() -> F,
) -> (Answer, Vec<Option<&'static str>>) {
    let barrier = Arc::new(Barrier::new(voters.len() + 1));
    let mut running = vec![];
    for person in voters {
        let (barrier, card, person) = (barrier.clone(), card.to_owned(), person.clone());
        running.push(tokio::spawn(async move {
            barrier.wait().await;
            let mut last = None;
            for turn in 0..TURNS {
                let acceptance = if turn % 2 == 0 { "yes" } else { "no" };
                let answer = person.answer(&card, acceptance).await;
                match answer.status {
                    200 => last = Some(acceptance),
                    // Nobody who was refused is let in again afterwards.
                    403 | 404 | 409 => break,
                    _ => panic!("{}", answer.body),
                }
            }
            last
        }));
    }
    barrier.wait().await;
    let ended = end().await;
    let mut last = vec![];
    for voter in running {
        last.push(voter.await.unwrap());
    }
    (ended, last)
}

/// What a person's own ballot says of a card.
async fn kept(person: &Person, world: &World, card: &str) -> Option<String> {
    let ballot = person
        .get(&format!("/questions/{}/ballot", world.question))
        .await
        .body;
    let answers = ballot["answers"].as_array().unwrap();
    answers
        .iter()
        .find(|answer| answer["concession"] == card)
        .map(|answer| answer["acceptance"].as_str().unwrap().to_owned())
}

/// The ballots are what was acknowledged, and the board is what the ballots come to.
async fn agrees(world: &World, voters: &[Person], card: &str, last: &[Option<&str>]) {
    for (person, last) in voters.iter().zip(last) {
        assert_eq!(kept(person, world, card).await.as_deref(), *last);
    }
}

fn counts(of: &Value) -> (i64, i64) {
    let camps = of["camps"]
        .as_object()
        .unwrap()
        .values()
        .filter(|camp| camp.is_object());
    camps.fold((0, 0), |(yes, no), camp| {
        (
            yes + camp["yes"].as_i64().unwrap(),
            no + camp["no"].as_i64().unwrap(),
        )
    })
}

/// Yes and no of a card on a board, wherever it stands there.
fn on_board(board: &Value, card: &str) -> Option<(i64, i64)> {
    let all = board["items"]
        .as_array()
        .unwrap()
        .iter()
        .chain(board["waiting"].as_array().unwrap());
    all.into_iter()
        .find(|item| item["concession"] == card)
        .map(counts)
}

fn expected(last: &[Option<&str>]) -> (i64, i64) {
    let of = |word| i64::try_from(last.iter().filter(|one| **one == Some(word)).count()).unwrap();
    (of("yes"), of("no"))
}

both! {
    votes_that_race_the_close_of_a_round_are_in_it_or_refused,
    votes_that_race_a_ban_count_if_they_were_taken_and_none_comes_after_it,
    // Or the card would belong to the question as soon as three of each viewpoint have judged it.
    votes_that_race_a_withdrawal_stay_as_they_were_taken_and_leave_the_board("--enough", "1000"),
    hiding_and_restoring_amid_votes_brings_back_every_one,
}

async fn votes_that_race_the_close_of_a_round_are_in_it_or_refused(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A").await;
    let (voters, mediator) = (
        voters(&world).await,
        world.with_role("lead", Role::Mediator).await,
    );
    let close = format!("/questions/{}/close", world.question);
    let (ended, last) = race(&voters, &card, || mediator.post(&close, json!({}))).await;
    assert_eq!(ended.status, 200, "{}", ended.body);
    for person in &voters {
        assert_eq!(person.answer(&card, "yes").await.problem().0, "closed");
    }
    agrees(&world, &voters, &card, &last).await;
    let round = world
        .visitor()
        .at(world.node(1))
        .get(&format!("/questions/{}/rounds/1", world.question))
        .await
        .body;
    let all = round["ranked"]
        .as_array()
        .unwrap()
        .iter()
        .chain(round["waiting"].as_array().unwrap());
    let frozen = all
        .into_iter()
        .find(|item| item["card"] == card.as_str())
        .map(counts);
    assert_eq!(frozen, Some(expected(&last)), "{round}");
}

async fn votes_that_race_a_ban_count_if_they_were_taken_and_none_comes_after_it(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A").await;
    let (voters, moderator) = (
        voters(&world).await,
        world.with_role("watch", Role::Moderator).await,
    );
    let also: Vec<_> = voters[1..]
        .iter()
        .map(|person| json!({ "kind": "account", "id": person.id }))
        .collect();
    let ban = json!({ "object": { "kind": "account", "id": voters[0].id }, "also": also, "action": "ban", "rule": "R7", "facts": "Several accounts." });
    let (ended, last) = race(&voters, &card, || {
        moderator.post("/moderation/decisions", ban)
    })
    .await;
    assert_eq!(ended.status, 201, "{}", ended.body);
    for person in &voters {
        assert_eq!(person.answer(&card, "yes").await.problem().0, "forbidden");
    }
    agrees(&world, &voters, &card, &last).await;
    let reader = world.participant("reader", "neither").await;
    reader.deal(&world.question).await;
    assert_eq!(reader.answer(&card, "cannot_say").await.status, 200);
    let board = async || {
        reader
            .at(world.node(1))
            .get(&format!("/questions/{}/tally", world.question))
            .await
            .body
    };
    world
        .eventually("a board of what was taken", async || {
            on_board(&board().await, &card) == Some(expected(&last))
        })
        .await;
}

async fn votes_that_race_a_withdrawal_stay_as_they_were_taken_and_leave_the_board(world: World) {
    let author = world.participant("author", "kyiv").await;
    let (card, other) = (
        world.card(&author, "A").await,
        world.card(&author, "B").await,
    );
    let voters = voters(&world).await;
    let path = format!("/concessions/{card}");
    let (ended, last) = race(&voters, &card, || author.delete(&path)).await;
    assert_eq!(ended.status, 200, "{}", ended.body);
    for person in &voters {
        assert_eq!(person.answer(&card, "yes").await.problem().0, "closed");
    }
    agrees(&world, &voters, &card, &last).await;
    let reader = &voters[0];
    assert_eq!(reader.answer(&other, "yes").await.status, 200);
    let board = reader
        .get(&format!("/questions/{}/tally", world.question))
        .await
        .body;
    assert_eq!(on_board(&board, &card), None);
}

async fn hiding_and_restoring_amid_votes_brings_back_every_one(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A").await;
    let (voters, moderator) = (
        voters(&world).await,
        world.with_role("watch", Role::Moderator).await,
    );
    let decide = |action: &str| json!({ "object": { "kind": "concession", "id": card }, "action": action, "rule": "R3", "facts": "f" });
    let (hidden, last) = race(&voters, &card, || {
        moderator.post("/moderation/decisions", decide("hide"))
    })
    .await;
    assert_eq!(hidden.status, 201, "{}", hidden.body);
    agrees(&world, &voters, &card, &last).await;
    assert_eq!(
        moderator
            .post("/moderation/decisions", decide("restore"))
            .await
            .status,
        201
    );
    let reader = world.participant("reader", "neither").await;
    reader.deal(&world.question).await;
    assert_eq!(reader.answer(&card, "cannot_say").await.status, 200);
    let board = async || {
        reader
            .at(world.node(1))
            .get(&format!("/questions/{}/tally", world.question))
            .await
            .body
    };
    world
        .eventually("a board with every vote", async || {
            on_board(&board().await, &card) == Some(expected(&last))
        })
        .await;
}
