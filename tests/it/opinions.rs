//! Second opinions and what unfreezes a point: those of the ballots, for those who may see the
//! board.
use demarche::domain::{
    ballot::Ballot,
    bridging,
    opinions::{Positions, opinions, unfreeze::Unfreezing},
    recount::{BallotFile, CountedBallot, CountedCamp, CountedCard, FORMAT},
    schulze::Pairs,
    tally::Tally,
};
use serde_json::{Value, json};

use crate::{
    harness::{Person, World, both},
    recount::script,
};

/// Every ballot, out of the store.
async fn ballots(world: &World, people: &[Person]) -> Vec<Ballot> {
    let mut reader = world.node(0).services.store.read().await.unwrap();
    let question = reader
        .question(world.question.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let mut ballots = vec![];
    for person in people {
        ballots.push(
            reader
                .ballot(&question, person.id.parse().unwrap())
                .await
                .unwrap(),
        );
    }
    ballots
}

fn path(world: &World) -> String {
    format!("/questions/{}/opinions", world.question)
}

async fn says(person: &Person, card: &str, acceptance: &str, unfreezes: &str) {
    let body = json!({ "version": 1, "acceptance": acceptance, "realism": "likely", "unfreezes": unfreezes });
    let answer = person
        .put(&format!("/concessions/{card}/answer"), body)
        .await;
    assert_eq!(
        (answer.status, &answer.body["answer"]["unfreezes"]),
        (200, &json!(unfreezes)),
        "{}",
        answer.body
    );
}

async fn accepts(world: &World, person: &Person, accepts: &str) -> Value {
    let answer = person
        .put(
            &format!("/questions/{}/point-answer", world.question),
            json!({ "accepts": accepts }),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["ballot"].clone()
}

/// Three cards, judged by four readers of each counting viewpoint, who also say what would unfreeze
/// the point.
async fn judged(world: &World) -> (Vec<String>, Vec<Person>) {
    let author = world.person("author").await;
    let mut cards = vec![];
    for title in ["Loved by one", "Both could live with it", "Nobody's"] {
        cards.push(world.card(&author, title).await);
    }
    let mut people = vec![];
    for number in 0..4 {
        for camp in ["kyiv", "moscow"] {
            let reader = world.participant(&format!("{camp}-{number}"), camp).await;
            reader.deal(&world.question).await;
            accepts(world, &reader, "no").await;
            says(
                &reader,
                &cards[0],
                if camp == "kyiv" { "yes" } else { "no" },
                if camp == "kyiv" { "yes" } else { "no" },
            )
            .await;
            says(
                &reader,
                &cards[1],
                if number == 0 { "no" } else { "yes" },
                "yes",
            )
            .await;
            says(
                &reader,
                &cards[2],
                if number == 3 { "with_changes" } else { "no" },
                "cannot_say",
            )
            .await;
            if camp == "kyiv" && number > 0 {
                let order = json!({ "tiers": [[cards[1]], [cards[0]]] });
                assert_eq!(
                    reader
                        .put(&format!("/questions/{}/order", world.question), order)
                        .await
                        .status,
                    200
                );
            }
            people.push(reader);
        }
    }
    (cards, people)
}

/// The auditors' file of what is stored, with results of its own.
async fn file(world: &World, people: &[Person], cards: &[String]) -> BallotFile {
    let mut reader = world.node(0).services.store.read().await.unwrap();
    let camps = reader
        .framework(world.framework)
        .await
        .unwrap()
        .unwrap()
        .camps;
    drop(reader);
    let ballots = ballots(world, people).await;
    let ballots = ballots.iter().enumerate().map(|(number, ballot)| {
        CountedBallot::of(format!("p{number:02}"), format!("salt {number}"), ballot)
    });
    let mut file = BallotFile {
        format: FORMAT.into(),
        framework: world.framework,
        question: world.question.parse().unwrap(),
        round: 1,
        rules: world.node(0).services.options.rules.into(),
        camps: camps
            .into_iter()
            .map(|camp| CountedCamp {
                key: camp.key,
                in_score: camp.in_score,
            })
            .collect(),
        cards: cards
            .iter()
            .map(|card| CountedCard {
                id: card.parse().unwrap(),
                version: 1,
            })
            .collect(),
        ballots: ballots.collect(),
        root: String::new(),
        results: demarche::domain::recount::Results::default(),
    };
    (file.root, file.results) = (file.recounted_root(), file.count());
    file
}

both! {
    the_independent_script_finds_the_published_opinions,
    second_opinions_are_those_of_the_ballots,
    a_card_unfreezes_a_point_where_acceptance_of_it_rises,
    opinions_are_hidden_where_the_board_is,
    opinions_stand_for_a_while_and_say_their_age,
    what_one_says_of_the_point_is_kept_and_replaced,
}

async fn the_independent_script_finds_the_published_opinions(world: World) {
    let (cards, people) = judged(&world).await;
    let shown = people[0].get(&path(&world)).await.body;
    let mut file = file(&world, &people, &cards).await;
    // What the site published, in place of what the file would count of itself.
    for card in &mut file.results.ranked {
        let mut item = shown["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["concession"] == json!(card.card))
            .unwrap()
            .clone();
        item.as_object_mut()
            .unwrap()
            .retain(|key, _| !["concession", "rank"].contains(&key.as_str()));
        card.second_opinions = Some(serde_json::from_value(item).unwrap());
    }
    for item in shown["unfreeze"].as_array().unwrap() {
        let measure =
            serde_json::from_value(json!({ "camps": item["camps"], "least": item["least"] }))
                .unwrap();
        file.results.unfreeze.insert(
            serde_json::from_value(item["concession"].clone()).unwrap(),
            measure,
        );
    }
    assert_eq!(
        (file.results.ranked.len(), file.results.unfreeze.len()),
        (3, 2)
    );
    assert_eq!(file.recount().differences, Vec::<String>::new());
    if let Some((agrees, words)) = script(world.folder(), &file) {
        assert!(agrees, "{words}");
    }
}

async fn second_opinions_are_those_of_the_ballots(world: World) {
    let (cards, people) = judged(&world).await;
    let shown = people[0].get(&path(&world)).await.body;
    assert_eq!(
        (&shown["hidden"], &shown["at_seq"]),
        (&json!(false), &json!(8 * 4 + 3))
    );
    let ballots = ballots(&world, &people).await;
    let mut reader = world.node(0).services.store.read().await.unwrap();
    let camps = reader
        .framework(world.framework)
        .await
        .unwrap()
        .unwrap()
        .camps;
    drop(reader);
    let (mut tally, mut unfreezing) = (Tally::default(), Unfreezing::default());
    ballots
        .iter()
        .for_each(|ballot| (tally.count(ballot, 1), unfreezing.add(ballot, 1)).0);
    let ids: Vec<_> = cards.iter().map(|card| card.parse().unwrap()).collect();
    let rules = world.node(0).services.options.rules;
    let board = bridging::board(&tally, &ids, &camps, rules);
    let ranked: Vec<_> = board.items.iter().map(|item| item.concession).collect();
    let all = opinions(
        &tally,
        &Pairs::of(&ballots),
        &Positions::of(&ballots),
        &ranked,
        &camps,
        rules,
    );
    let items: Vec<Value> = board
        .items
        .iter()
        .map(|item| {
            let mut value = serde_json::to_value(all[&item.concession]).unwrap();
            value["concession"] = json!(item.concession);
            value["rank"] = json!(item.rank);
            value
        })
        .collect();
    assert_eq!(
        (items.len(), &items[0]["concession"]),
        (3, &json!(cards[1]))
    );
    assert_eq!(shown["items"], json!(items));
    let measured: Vec<Value> = unfreezing
        .of(&ids, &camps, rules.floor)
        .into_iter()
        .map(|(card, measure)| json!({ "concession": card, "camps": measure.camps, "least": measure.least }))
        .collect();
    assert_eq!(shown["unfreeze"], json!(measured));
    let other = people[1].at(world.node(1)).get(&path(&world)).await.body;
    assert_eq!(other, shown, "another node counts the same");
}

async fn a_card_unfreezes_a_point_where_acceptance_of_it_rises(world: World) {
    let (cards, people) = judged(&world).await;
    let shown = people[0].get(&path(&world)).await.body;
    // Nobody accepts the point as it stands; with the second card all do, with the first Kyiv's
    // readers alone.
    let of = |card: &str| {
        shown["unfreeze"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["concession"] == card)
            .cloned()
    };
    let (first, second) = (of(&cards[0]).unwrap(), of(&cards[1]).unwrap());
    assert_eq!(
        (
            &second["camps"]["kyiv"]["difference"],
            &second["camps"]["moscow"]["n"]
        ),
        (&json!(1.0), &json!(4.0))
    );
    assert!(
        second["camps"]["moscow"]["low"].as_f64().unwrap() > 0.0 && second["least"] != json!(null)
    );
    assert_eq!(
        (&first["camps"]["moscow"], &first["least"]),
        (&json!(null), &json!(null)),
        "no difference of four people is no finding"
    );
    assert_eq!(first["camps"]["kyiv"]["difference"], 1.0);
    assert_eq!(of(&cards[2]), None, "\"can't say\" says nothing");
}

async fn opinions_are_hidden_where_the_board_is(world: World) {
    let (cards, people) = judged(&world).await;
    let late = world.participant("late", "neither").await;
    for reader in [&late, &world.visitor()] {
        let hidden = reader.get(&path(&world)).await.body;
        assert_eq!(
            (&hidden["hidden"], &hidden["reason"]),
            (&json!(true), &json!("answer_first"))
        );
        assert_eq!(
            (&hidden["items"], &hidden["unfreeze"]),
            (&json!([]), &json!([]))
        );
    }
    late.deal(&world.question).await;
    for (place, card) in cards.iter().enumerate() {
        assert_eq!(
            late.get(&path(&world)).await.body["hidden"],
            true,
            "after {place} of three cards"
        );
        late.answer(card, "yes").await;
    }
    assert_eq!(late.get(&path(&world)).await.body["hidden"], false);
    assert_eq!(
        people[0]
            .get("/questions/0199f0a2-0000-7000-8000-000000000000/opinions")
            .await
            .status,
        404
    );
}

async fn opinions_stand_for_a_while_and_say_their_age(world: World) {
    let (cards, people) = judged(&world).await;
    let before = people[0].get(&path(&world)).await.body;
    people[2].answer(&cards[2], "yes").await;
    people[3].answer(&cards[2], "yes").await;
    let after = people[0].get(&path(&world)).await.body;
    assert_eq!(after, before, "at most one count in ten seconds");
    let board = people[0]
        .get(&format!("/questions/{}/ballot", world.question))
        .await;
    assert_eq!(board.status, 200);
}

async fn what_one_says_of_the_point_is_kept_and_replaced(world: World) {
    let card = world.card(&world.person("author").await, "A").await;
    let reader = world.participant("reader", "kyiv").await;
    let ballot = async || {
        reader
            .get(&format!("/questions/{}/ballot", world.question))
            .await
            .body
    };
    assert_eq!(ballot().await["accepts"], json!(null));
    assert_eq!(accepts(&world, &reader, "yes").await["accepts"], "yes");
    assert_eq!(
        accepts(&world, &reader, "cannot_say").await["accepts"],
        "cannot_say"
    );
    reader.deal(&world.question).await;
    says(&reader, &card, "yes", "no").await;
    let shown = ballot().await;
    assert_eq!(
        (&shown["accepts"], &shown["answers"][0]["unfreezes"]),
        (&json!("cannot_say"), &json!("no"))
    );
    // An answer replaces the one before, all of it.
    reader.answer(&card, "yes").await;
    assert_eq!(ballot().await["answers"][0]["unfreezes"], json!(null));
    let bad = reader
        .put(
            &format!("/questions/{}/point-answer", world.question),
            json!({ "accepts": "perhaps" }),
        )
        .await;
    assert_eq!(bad.problem(), ("bad_request", "accepts"));
    let outsider = world.person("outsider").await;
    let refused = outsider
        .put(
            &format!("/questions/{}/point-answer", world.question),
            json!({ "accepts": "yes" }),
        )
        .await;
    assert_eq!(refused.status, 403);
}
