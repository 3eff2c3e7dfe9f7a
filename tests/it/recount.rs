//! The auditors' file: the server's recount and the independent script agree on it, and both notice
//! one flipped answer.
use std::{io::ErrorKind, path::Path, process::Command};

use demarche::{
    domain::{
        ballot::{
            Acceptance, Answer, Assent, Ballot, PointAnswer, Realism, WEIGHT_NEW, WEIGHT_STANDING,
        },
        bridging::Rules,
        concession::ConcessionId,
        recount::{BallotFile, CountedBallot, CountedCamp, CountedCard, FORMAT, Results},
    },
    id::Id,
};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use tempfile::TempDir;
use uuid::Uuid;

use crate::harness::{project, required};

const CARDS: usize = 14;
const BALLOTS: usize = 200;
const RULES: Rules = Rules {
    floor: 5,
    enough: 8,
};

fn answer(
    random: &mut StdRng,
    card: usize,
    concession: ConcessionId,
    camp: Option<&str>,
    weight: i64,
) -> Answer {
    // Even cards divide the camps, odd ones do not; the last is hardly ever dealt.
    let likes = if card % 2 == 1 || (camp == Some("kyiv")) == card.is_multiple_of(4) {
        0.7
    } else {
        0.2
    };
    let acceptance = match random.random_bool(likes) {
        true => Acceptance::Yes,
        false => [
            Acceptance::No,
            Acceptance::WithChanges,
            Acceptance::CannotSay,
        ][random.random_range(0..3)],
    };
    let realism = [
        None,
        Some(Realism::Likely),
        Some(Realism::Maybe),
        Some(Realism::Unlikely),
        Some(Realism::CannotSay),
    ][random.random_range(0..5)];
    let assents = [
        None,
        Some(Assent::Yes),
        Some(Assent::Yes),
        Some(Assent::No),
        Some(Assent::CannotSay),
    ];
    let unfreezes = if card < 3 {
        assents[random.random_range(0..5)]
    } else {
        None
    };
    let dealt = random.random_bool(if card + 1 == CARDS { 0.05 } else { 0.85 });
    Answer {
        concession,
        version: random.random_range(1..3),
        camp: camp.map(str::to_owned),
        acceptance,
        realism,
        dealt,
        weight,
        unfreezes,
    }
}

fn ballot(random: &mut StdRng, cards: &[ConcessionId]) -> Ballot {
    let mut camp = [
        Some("kyiv"),
        Some("kyiv"),
        Some("kyiv"),
        Some("moscow"),
        Some("neither"),
        None,
    ][random.random_range(0..6)];
    let weight = if random.random_bool(0.7) {
        WEIGHT_STANDING
    } else {
        WEIGHT_NEW
    };
    let mut ballot = Ballot::default();
    for (index, card) in cards.iter().enumerate() {
        if random.random_bool(0.6) {
            ballot
                .answers
                .insert(*card, answer(random, index, *card, camp, weight));
        }
        // A few change their viewpoint on the way: answers keep the one they were given with.
        if random.random_bool(0.01) {
            camp = Some("moscow");
        }
    }
    let accepts =
        [Assent::No, Assent::No, Assent::Yes, Assent::CannotSay][random.random_range(0..4)];
    ballot.point = random.random_bool(0.8).then(|| PointAnswer {
        accepts,
        camp: camp.map(str::to_owned),
        weight,
    });
    let mut accepted: Vec<ConcessionId> = ballot
        .answers
        .values()
        .filter(|one| one.acceptance == Acceptance::Yes)
        .map(|one| one.concession)
        .collect();
    accepted.shuffle(random);
    accepted.truncate(random.random_range(0..=accepted.len()));
    ballot.tiers = accepted
        .chunks(random.random_range(1..3))
        .map(<[_]>::to_vec)
        .collect();
    ballot
}

fn id<T>(random: &mut StdRng) -> Id<T> {
    Uuid::from_u128(random.random()).into()
}

fn file(seed: u64, ballots: usize, rules: Rules) -> BallotFile {
    let mut random = StdRng::seed_from_u64(seed);
    let cards: Vec<ConcessionId> = (0..CARDS).map(|_| id(&mut random)).collect();
    let one = |number: usize| {
        let ballot = ballot(&mut random, &cards);
        CountedBallot::of(
            format!("p{number:04}"),
            format!("{:032x}", random.random::<u128>()),
            &ballot,
        )
    };
    let ballots: Vec<CountedBallot> = (0..ballots).map(one).collect();
    let camp = |(key, in_score): (&str, bool)| CountedCamp {
        key: key.into(),
        in_score,
    };
    let mut file = BallotFile {
        format: FORMAT.into(),
        framework: id(&mut random),
        question: id(&mut random),
        round: 2,
        rules: rules.into(),
        camps: [("kyiv", true), ("moscow", true), ("neither", false)]
            .map(camp)
            .into(),
        cards: cards
            .iter()
            .map(|id| CountedCard {
                id: *id,
                version: 2,
            })
            .collect(),
        ballots,
        root: String::new(),
        results: Results::default(),
    };
    (file.root, file.results) = (file.recounted_root(), file.count());
    file
}

/// What the script says of a file: whether all agrees, and its words; `None` without Python.
pub fn script(folder: &Path, file: &BallotFile) -> Option<(bool, String)> {
    let path = folder.join("ballots.json");
    std::fs::write(&path, serde_json::to_vec(file).unwrap()).unwrap();
    match Command::new("python3")
        .arg(project().join("docs/recount/recount.py"))
        .arg(path)
        .output()
    {
        Ok(output) => {
            let words = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            Some((output.status.success(), words))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            assert!(!required(), "python3 is required by DEMARCHE_REQUIRE_ALL");
            println!("SKIPPED: there is no python3");
            None
        }
        Err(error) => panic!("python3: {error}"),
    }
}

#[test]
fn the_server_and_the_script_count_the_same() {
    let folder = TempDir::new().unwrap();
    for seed in 1..=4 {
        let file = file(seed, BALLOTS, RULES);
        let results = &file.results;
        let whole = results.ranked.len() >= 10
            && !results.waiting.is_empty()
            && !results.unfreeze.is_empty();
        assert!(whole, "an empty comparison proves nothing: {results:?}");
        assert_eq!(file.recount().differences, Vec::<String>::new());
        if let Some((agrees, words)) = script(folder.path(), &file) {
            assert!(agrees, "seed {seed}: {words}");
            assert!(words.contains(&file.root), "{words}");
        }
    }
}

#[test]
fn the_server_and_the_script_tie_the_same_cards() {
    let folder = TempDir::new().unwrap();
    let mut ties = 0;
    for seed in 1..=6 {
        let file = file(
            seed,
            10,
            Rules {
                floor: 1,
                enough: 1,
            },
        );
        ties += file
            .results
            .ranked
            .iter()
            .filter(|card| {
                card.tied
                    && card
                        .second_opinions
                        .is_some_and(|second| second.schulze.tied)
            })
            .count();
        if let Some((agrees, words)) = script(folder.path(), &file) {
            assert!(agrees, "seed {seed}: {words}");
        }
    }
    assert!(ties > 0, "nothing tied");
}

#[test]
fn one_flipped_answer_is_noticed_by_both() {
    let folder = TempDir::new().unwrap();
    let mut file = file(5, BALLOTS, RULES);
    let ranked = file.results.ranked[0].card;
    let mut flips = file.ballots.iter_mut().filter_map(|ballot| {
        let answer = ballot.answers.iter_mut().find(|one| {
            one.card == ranked
                && one.dealt
                && one.camp.is_some()
                && one.acceptance == Acceptance::Yes
        })?;
        answer.acceptance = Acceptance::No;
        ballot
            .tiers
            .iter_mut()
            .for_each(|tier| tier.retain(|card| *card != ranked));
        ballot.tiers.retain(|tier| !tier.is_empty());
        Some(())
    });
    flips.next().expect("somebody accepts the first card");
    let told = |file: &BallotFile, of: &str| {
        let differences = file.recount().differences;
        assert!(
            differences.iter().any(|one| one.starts_with(of)),
            "{differences:?}"
        );
        if let Some((agrees, words)) = script(folder.path(), file) {
            assert!(
                !agrees && words.lines().any(|line| line.starts_with(of)),
                "{words}"
            );
        }
    };
    told(&file, "root: ");
    // Nor does a root made to fit help: the numbers tell.
    file.root = file.recounted_root();
    told(&file, "results.ranked[");
}

#[test]
fn a_ballot_counted_twice_is_a_fault_to_both() {
    let folder = TempDir::new().unwrap();
    let mut file = file(6, BALLOTS, RULES);
    file.ballots.insert(1, file.ballots[0].clone());
    (file.root, file.results) = (file.recounted_root(), file.count());
    assert_eq!(file.recount().differences.len(), 1);
    if let Some((agrees, words)) = script(folder.path(), &file) {
        assert!(!agrees && words.contains("stands twice"), "{words}");
    }
}
