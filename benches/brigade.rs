//! What a brigade can do: how far fake accounts move one card, under the rule of the board and
//! under its second opinions.
//!
//! Simulated people judge simulated cards through the real dealing, tally and counting. Every
//! number follows from the seeds.
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
};

use demarche::domain::{
    ballot::{Acceptance, Answer, Ballot, WEIGHT_NEW, WEIGHT_STANDING},
    bridging::{self, Rules},
    concession::ConcessionId,
    dealing::{LIVE, Promised, Seat, Table},
    framework::{Camp, Localized},
    opinions::{Positions, SecondOpinions, opinions},
    schulze::Pairs,
    tally::Tally,
};
use uuid::Uuid;

const PEOPLE: usize = 1_000;
/// Of a hundred: the smaller counting camp is where fakes weigh most, so that is what they all
/// declare.
const CAMPS: [(&str, usize); 3] = [("kyiv", 60), ("moscow", 15), ("neither", 25)];
const CARDS: usize = 60;
const BRIDGING: usize = 12;
/// Hands one person takes: a quarter of the cards.
const HANDS: usize = 3;
/// Fakes in a hundred of all accounts; 0 is another crowd without any, and shows what chance alone
/// does.
const SHARES: [usize; 7] = [0, 1, 3, 5, 10, 15, 20];
const RULES: Rules = Rules {
    floor: 1,
    enough: 8,
};
const COLUMNS: [&str; 6] = [
    "this rule",
    "…if sought-out answers scored",
    "approval",
    "Borda",
    "Schulze, by camps",
    "consensus",
];

/// SplitMix64 (Steele, Lea and Flood 2014): small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(
                last,
                usize::try_from(self.next() % (last as u64 + 1)).expect("an index"),
            );
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bridging,
    Favourite(&'static str),
}

struct Card {
    id: ConcessionId,
    kind: Kind,
    /// Share of yes and mean liking, by camp.
    camps: BTreeMap<&'static str, (f64, f64)>,
}

/// Twelve cards most of both camps accept without loving them; half of the rest is loved by one
/// camp and refused by the other.
fn cards(dice: &mut Dice) -> Vec<Card> {
    let mut kinds: Vec<Kind> = (0..CARDS)
        .map(|card| match card {
            card if card < BRIDGING => Kind::Bridging,
            card if card % 2 == 0 => Kind::Favourite("kyiv"),
            _ => Kind::Favourite("moscow"),
        })
        .collect();
    dice.shuffle(&mut kinds);
    let one = |(number, kind)| {
        let mut of = |camp: &'static str| match kind {
            Kind::Bridging => (dice.between(0.55, 0.8), 0.5),
            Kind::Favourite(side) if side == camp => (dice.between(0.85, 0.95), 1.0),
            Kind::Favourite(_) if camp == "neither" => (dice.between(0.3, 0.6), 0.5),
            Kind::Favourite(_) => (dice.between(0.03, 0.15), 0.3),
        };
        Card {
            id: Uuid::from_u128(number as u128 + 1).into(),
            kind,
            camps: CAMPS.map(|(camp, _)| (camp, of(camp))).into(),
        }
    };
    kinds.into_iter().enumerate().map(one).collect()
}

/// What fakes are after.
#[derive(Clone, Copy)]
enum Goal {
    /// They accept this card, place it first, and refuse all others.
    Push(ConcessionId),
    /// They refuse this card and accept all others.
    Bury(ConcessionId),
}

#[derive(Clone, Copy)]
enum Person {
    Honest(&'static str),
    Fake(Goal, i64),
}

/// Judges one card: acceptance and liking.
fn judge(person: Person, card: &Card, dice: &mut Dice) -> (Acceptance, f64) {
    let accept = |yes: bool| if yes { Acceptance::Yes } else { Acceptance::No };
    match person {
        Person::Fake(Goal::Push(target), _) => (accept(card.id == target), 1.0),
        Person::Fake(Goal::Bury(target), _) => (accept(card.id != target), dice.share()),
        Person::Honest(camp) => {
            let (yes, liking) = card.camps[camp];
            let acceptance = match dice.share() {
                drawn if drawn < yes => Acceptance::Yes,
                drawn if drawn < yes + (1.0 - yes) / 3.0 => Acceptance::WithChanges,
                _ => Acceptance::No,
            };
            (acceptance, liking + dice.between(-0.3, 0.3))
        }
    }
}

struct World {
    camps: Vec<Camp>,
    cards: Vec<Card>,
    ids: Vec<ConcessionId>,
}

impl World {
    fn answer(person: Person, card: ConcessionId, acceptance: Acceptance) -> Answer {
        let (camp, weight) = match person {
            Person::Honest(camp) => (camp, WEIGHT_STANDING),
            Person::Fake(_, weight) => ("moscow", weight),
        };
        Answer {
            concession: card,
            version: 1,
            camp: Some(camp.into()),
            acceptance,
            realism: None,
            dealt: true,
            weight,
            unfreezes: None,
        }
    }

    /// One person takes their hands, judges them and orders what they accept by how much they like
    /// it.
    fn ballot(&self, person: Person, tally: &mut Tally, dice: &mut Dice) -> Ballot {
        let (mut ballot, mut liked) = (Ballot::default(), vec![]);
        for _ in 0..HANDS {
            // Here each hand is answered before the next is dealt.
            let promised = Promised::new();
            let table = Table {
                queue: &self.ids,
                tally,
                promised: &promised,
                camps: &self.camps,
                enough: RULES.enough,
                live: LIVE as usize,
            };
            let camp = Some(match person {
                Person::Honest(camp) => camp.to_owned(),
                Person::Fake(..) => "moscow".to_owned(),
            });
            let hand = table.hand(&Seat {
                camp,
                answered: ballot.answers.keys().copied().collect(),
                ..Seat::default()
            });
            let mut given = Ballot::default();
            for id in hand {
                let card = self
                    .cards
                    .iter()
                    .find(|card| card.id == id)
                    .expect("a card of the queue");
                let (acceptance, liking) = judge(person, card, dice);
                given
                    .answers
                    .insert(id, Self::answer(person, id, acceptance));
                if acceptance == Acceptance::Yes {
                    liked.push((liking, id));
                }
            }
            tally.count(&given, 1);
            ballot.answers.append(&mut given.answers);
        }
        liked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ballot.tiers = liked.into_iter().map(|(_, id)| vec![id]).collect();
        ballot
    }

    /// Everybody's ballots, fakes arriving among the others.
    fn ballots(&self, fakes: usize, fake: Person, seed: u64) -> Vec<(Person, Ballot)> {
        let mut dice = Dice(seed);
        let honest = |person: usize| {
            let mut below = 0;
            let camp = CAMPS.iter().find(|(_, share)| {
                below += share;
                person % 100 < below
            });
            Person::Honest(camp.expect("the shares make a hundred").0)
        };
        let mut people: Vec<Person> = (0..PEOPLE)
            .map(honest)
            .chain((0..fakes).map(|_| fake))
            .collect();
        dice.shuffle(&mut people);
        let mut tally = Tally::default();
        people
            .into_iter()
            .map(|person| (person, self.ballot(person, &mut tally, &mut dice)))
            .collect()
    }

    /// The place of every card under every rule; cards that need answers come last under this one.
    fn places(&self, cast: &[(Person, Ballot)]) -> [BTreeMap<ConcessionId, f64>; 6] {
        let board = |ballots: &[Ballot]| {
            let mut tally = Tally::default();
            ballots.iter().for_each(|ballot| tally.count(ballot, 1));
            let board = bridging::board(&tally, &self.ids, &self.camps, RULES);
            let order = board
                .items
                .iter()
                .map(|item| item.concession)
                .chain(board.waiting.iter().map(|card| card.concession));
            let places = (1..)
                .zip(order)
                .map(|(place, card)| (card, f64::from(place)))
                .collect();
            (places, tally)
        };
        let ballots: Vec<Ballot> = cast.iter().map(|(_, ballot)| ballot.clone()).collect();
        let sought: Vec<Ballot> = cast
            .iter()
            .map(|(person, ballot)| sought_out(*person, ballot.clone()))
            .collect();
        let (ours, tally) = board(&ballots);
        let second = opinions(
            &tally,
            &Pairs::of(&ballots),
            &Positions::of(&ballots),
            &self.ids,
            &self.camps,
            RULES,
        );
        let by = |number: fn(&SecondOpinions) -> f64| {
            let above = |one: f64| {
                let better = second.values().filter(|other| number(other) > one).count() as f64;
                let equal = second.values().filter(|other| number(other) == one).count() as f64;
                // Cards that tie share the mean of their places.
                better + f64::midpoint(1.0, equal)
            };
            second
                .iter()
                .map(|(card, one)| (*card, above(number(one))))
                .collect()
        };
        [
            ours,
            board(&sought).0,
            by(|one| one.approval),
            by(|one| one.borda.unwrap_or(0.0)),
            by(|one| -f64::from(one.schulze.rank)),
            by(|one| one.consensus),
        ]
    }
}

/// The ballot as it would be if a fake could seek the target out and that scored.
fn sought_out(person: Person, mut ballot: Ballot) -> Ballot {
    if let Person::Fake(goal, _) = person {
        let (target, acceptance) = match goal {
            Goal::Push(target) => (target, Acceptance::Yes),
            Goal::Bury(target) => (target, Acceptance::No),
        };
        ballot
            .answers
            .entry(target)
            .or_insert_with(|| World::answer(person, target, acceptance));
    }
    ballot
}

/// Places before and after, per rule.
type Moves = [Vec<(f64, f64)>; 6];

/// How many fakes are `share` in a hundred of all accounts.
fn fakes(share: usize) -> usize {
    PEOPLE * share / (100 - share)
}

fn run(seed: u64, moves: &mut BTreeMap<(usize, usize, usize), Moves>) {
    let mut dice = Dice(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
    let camp = |(key, _): (&str, usize)| Camp {
        key: key.into(),
        name: Localized {
            en: key.into(),
            uk: key.into(),
            ru: key.into(),
        },
        in_score: key != "neither",
    };
    let cards = cards(&mut dice);
    let world = World {
        camps: CAMPS.map(camp).into(),
        ids: cards.iter().map(|card| card.id).collect(),
        cards,
    };
    let crowd = dice.next();
    let before = world.places(&world.ballots(0, Person::Honest("neither"), crowd));
    let pushed = world
        .cards
        .iter()
        .find(|card| card.kind == Kind::Favourite("kyiv"))
        .expect("Kyiv has favourites")
        .id;
    let bridging: BTreeSet<ConcessionId> = world
        .cards
        .iter()
        .filter(|card| card.kind == Kind::Bridging)
        .map(|card| card.id)
        .collect();
    let buried = *bridging
        .iter()
        .min_by(|a, b| before[0][a].total_cmp(&before[0][b]))
        .expect("some cards are bridging");
    for (attack, goal) in [Goal::Push(pushed), Goal::Bury(buried)]
        .into_iter()
        .enumerate()
    {
        for (kind, weight) in [WEIGHT_NEW, WEIGHT_STANDING].into_iter().enumerate() {
            for share in SHARES {
                let after = world.places(&world.ballots(
                    fakes(share),
                    Person::Fake(goal, weight),
                    crowd + 1,
                ));
                let target = [pushed, buried][attack];
                let cell = moves.entry((attack, kind, share)).or_default();
                for (rule, column) in cell.iter_mut().enumerate() {
                    column.push((before[rule][&target], after[rule][&target]));
                }
            }
        }
    }
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

fn main() {
    // Cargo passes `--bench`; a number of seeds may follow `--`.
    let seeds: u64 = env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(20);
    let mut moves = BTreeMap::new();
    for seed in 1..=seeds {
        eprintln!("brigade: seed {seed} of {seeds}");
        run(seed, &mut moves);
    }
    println!(
        "{PEOPLE} honest people, {CARDS} cards of which {BRIDGING} bridging, {HANDS} hands each; {seeds} seeds."
    );
    println!("Place before → after, mean; ± is the standard deviation of the place after.");
    for (attack, title) in [
        "A card pushed up (loved by Kyiv's, refused by Moscow's)",
        "The best bridging card pushed down",
    ]
    .iter()
    .enumerate()
    {
        println!(
            "\n**{title}**\n\n| fakes | of all | of Moscow's | {} |",
            COLUMNS.join(" | ")
        );
        println!("|---|---|---|{}", "---|".repeat(COLUMNS.len()));
        // Without fakes their kind makes no difference.
        for ((_, kind, share), columns) in moves
            .iter()
            .filter(|((one, kind, share), _)| *one == attack && (*kind, *share) != (1, 0))
        {
            let cell = |column: &Vec<(f64, f64)>| {
                let (before, after) = (
                    mean(column.iter().map(|one| one.0)),
                    mean(column.iter().map(|one| one.1)),
                );
                let deviation = mean(column.iter().map(|one| (one.1 - after).powi(2))).sqrt();
                format!("{before:.1} → {after:.1} ± {deviation:.1}")
            };
            let camp =
                100.0 * fakes(*share) as f64 / (fakes(*share) + PEOPLE * CAMPS[1].1 / 100) as f64;
            println!(
                "| {} | {share} % | {camp:.0} % | {} |",
                ["new", "standing"][*kind],
                columns.iter().map(cell).collect::<Vec<_>>().join(" | ")
            );
        }
    }
}
