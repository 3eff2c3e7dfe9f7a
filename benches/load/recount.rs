//! Counting a question anew: the board, the second opinions and what unfreezes its point, from
//! every ballot.
use std::time::Instant;

use demarche::domain::{
    ballot::{Acceptance, Answer, Assent, Ballot, PointAnswer, Realism, WEIGHT_STANDING},
    bridging::Rules,
    concession::ConcessionId,
    framework::{Camp, Localized},
    opinions::Sums,
    tally::Tally,
};

use crate::{
    Options, ROUNDS,
    measure::Spread,
    report::{Table, progress},
    world::World,
};

const CARDS: usize = 200;
const BALLOTS: usize = 100_000;
/// Answers on a ballot: one hand.
const ANSWERS: usize = 5;
const CAMPS: [&str; 3] = ["kyiv", "moscow", "neither"];
const RULES: Rules = Rules {
    floor: 5,
    enough: 8,
};

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let count = options.size(BALLOTS);
    progress(&format!("counting {count} ballots over {CARDS} cards anew"));
    let mut world = World::build(1, None).await?;
    let cards = world.add_cards(0, CARDS).await?;
    let ballots: Vec<Ballot> = (0..count).map(|number| ballot(&cards, number)).collect();
    world.add_judgements(0, &ballots).await?;
    let mut spent: [Vec<f64>; 4] = Default::default();
    for _ in 0..ROUNDS {
        let mut time =
            |at: usize, begun: Instant| spent[at].push(begun.elapsed().as_secs_f64() * 1_000.0);
        let begun = Instant::now();
        let mut tally = Tally::default();
        ballots.iter().for_each(|ballot| tally.count(ballot, 1));
        time(0, begun);
        let begun = Instant::now();
        let mut sums = Sums::default();
        ballots.iter().for_each(|ballot| sums.add(ballot));
        time(1, begun);
        let begun = Instant::now();
        std::hint::black_box(sums.results(&cards, &CAMPS.map(camp), RULES));
        time(2, begun);
        let begun = Instant::now();
        std::hint::black_box(world.count(0).await?);
        time(3, begun);
    }
    world.close().await;
    let mut table = Table::new(&format!(
        "Counting {count} ballots of {ANSWERS} answers over {CARDS} cards anew, in ms"
    ));
    let what = [
        "counters alone, in memory",
        "counters, pairs, positions and what unfreezes, in memory",
        "board, Schulze and the rest from those sums",
        "the same from SQLite, all of it",
    ];
    for (what, spent) in what.into_iter().zip(&spent) {
        table.compare(what, Spread::over(spent.clone()), None, "–");
    }
    table.print();
    Ok(())
}

fn camp(key: &str) -> Camp {
    let name = Localized {
        en: key.into(),
        uk: key.into(),
        ru: key.into(),
    };
    Camp {
        key: key.into(),
        name,
        in_score: key != "neither",
    }
}

fn ballot(cards: &[ConcessionId], number: usize) -> Ballot {
    let camp = Some(CAMPS[number % CAMPS.len()].to_owned());
    let answer = |at: usize| {
        let concession = cards[(number * 7 + at * 41) % cards.len()];
        let acceptance =
            [Acceptance::Yes, Acceptance::No, Acceptance::WithChanges][(number / 3 + at) % 3];
        let (realism, unfreezes) = (
            Some(Realism::Maybe),
            Some(if at.is_multiple_of(2) {
                Assent::Yes
            } else {
                Assent::No
            }),
        );
        Answer {
            concession,
            version: 1,
            camp: camp.clone(),
            acceptance,
            realism,
            dealt: true,
            weight: WEIGHT_STANDING,
            unfreezes,
        }
    };
    let answers = (0..ANSWERS)
        .map(answer)
        .map(|answer| (answer.concession, answer))
        .collect();
    let point = Some(PointAnswer {
        accepts: Assent::No,
        camp: camp.clone(),
        weight: WEIGHT_STANDING,
    });
    Ballot {
        answers,
        tiers: vec![],
        point,
        seat: None,
    }
}
