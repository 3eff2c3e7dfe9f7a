//! The auditors' file: every ballot of a question and round under pseudonyms, and what the site published of them; recounted from itself.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{
    ballot::{Acceptance, Answer, Assent, Ballot, PointAnswer, Realism},
    bridging::{BADGE, Board, Camps, HeldBack, Item, RealismNumbers, Rules, Waiting, Z},
    commitment::{self, Hash},
    concession::ConcessionId,
    framework::{Camp, FrameworkId, Localized, QuestionId},
    opinions::{Counted, SecondOpinions, Sums},
    unfreeze::Unfreeze,
};

/// The name of the format; another meaning of any field would be another name.
pub const FORMAT: &str = "demarche-ballots-1";
/// How far two floating numbers may lie apart and still be one result.
pub const TOLERANCE: f64 = 1e-9;

/// One question and round: the ballots, and what was published of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BallotFile {
    /// [`FORMAT`].
    pub format: String,
    /// The framework.
    pub framework: FrameworkId,
    /// The question.
    pub question: QuestionId,
    /// The round.
    pub round: u32,
    /// The numbers it was counted with.
    pub rules: CountedWith,
    /// The camps, in the framework's order.
    pub camps: Vec<CountedCamp>,
    /// The cards that show, with their present versions.
    pub cards: Vec<CountedCard>,
    /// Sorted by `person`, each once.
    pub ballots: Vec<CountedBallot>,
    /// The root of the tree over the ballots' commitments, in their order, in hexadecimal.
    pub root: String,
    /// What the site published.
    pub results: Results,
}

/// The numbers of the rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedWith {
    /// The normal quantile of the intervals.
    pub z: f64,
    /// A camp's counts show from so many answers on.
    pub floor: i64,
    /// A card is ranked from so many answers of weight 1000 in every counting camp on.
    pub enough: i64,
    /// The score from which on a card has the badge.
    pub badge: f64,
}

impl From<Rules> for CountedWith {
    fn from(Rules { floor, enough }: Rules) -> Self {
        Self { z: Z, floor, enough, badge: BADGE }
    }
}

/// A camp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedCamp {
    /// Its key.
    pub key: String,
    /// Whether it counts for the order.
    pub in_score: bool,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedCard {
    /// Its id.
    pub id: ConcessionId,
    /// Its present version.
    pub version: i64,
}

/// One person's ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedBallot {
    /// A pseudonym made for this file.
    pub person: String,
    /// What makes the commitment unguessable.
    pub salt: String,
    /// The answers, by card.
    pub answers: Vec<CountedAnswer>,
    /// Accepted cards, best first.
    pub tiers: Vec<Vec<ConcessionId>>,
    /// What the person says of the question's point; absent where nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<CountedPoint>,
}

/// Whether somebody accepts the question's point as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedPoint {
    /// Whether they do.
    pub accepts: Assent,
    /// The camp frozen into it.
    pub camp: Option<String>,
    /// The weight frozen into it, permille.
    pub weight: i64,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedAnswer {
    /// The card.
    pub card: ConcessionId,
    /// The version judged.
    pub version: i64,
    /// The camp frozen into it.
    pub camp: Option<String>,
    /// Acceptance.
    pub acceptance: Acceptance,
    /// Realism, where said.
    pub realism: Option<Realism>,
    /// Whether the card was dealt.
    pub dealt: bool,
    /// The weight frozen into it, permille.
    pub weight: i64,
    /// Whether they would accept the question's point if the card were granted; absent where not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfreezes: Option<Assent>,
}

impl CountedBallot {
    /// A ballot under a pseudonym.
    #[must_use]
    pub fn of(person: String, salt: String, ballot: &Ballot) -> Self {
        let answer = |answer: &Answer| {
            let Answer { concession, version, camp, acceptance, realism, dealt, weight, unfreezes } = answer.clone();
            CountedAnswer { card: concession, version, camp, acceptance, realism, dealt, weight, unfreezes }
        };
        let point = ballot.point.clone().map(|PointAnswer { accepts, camp, weight }| CountedPoint { accepts, camp, weight });
        Self { person, salt, answers: ballot.answers.values().map(answer).collect(), tiers: ballot.tiers.clone(), point }
    }

    /// The ballot as it is counted; of two answers to one card, the later.
    #[must_use]
    pub fn ballot(&self) -> Ballot {
        let answer = |answer: &CountedAnswer| {
            let CountedAnswer { card, version, camp, acceptance, realism, dealt, weight, unfreezes } = answer.clone();
            (card, Answer { concession: card, version, camp, acceptance, realism, dealt, weight, unfreezes })
        };
        let point = self.point.clone().map(|CountedPoint { accepts, camp, weight }| PointAnswer { accepts, camp, weight });
        Ballot { answers: self.answers.iter().map(answer).collect(), tiers: self.tiers.clone(), point }
    }

    /// What binds the person to this ballot: the commitment to everything but the salt, and to the question and round.
    #[must_use]
    pub fn commitment(&self, question: QuestionId, round: u32) -> Hash {
        let Self { person, salt, answers, tiers, point } = self;
        let mut ballot = serde_json::json!({ "question": question, "round": round, "person": person, "answers": answers, "tiers": tiers });
        if let Some(point) = point {
            ballot["point"] = serde_json::json!(point);
        }
        commitment::commitment(&ballot, salt)
    }
}

/// What the site published of a question and round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// People with at least one scoring answer, per camp; camps below the floor are absent.
    pub voters: BTreeMap<String, i64>,
    /// Ranked cards, best first.
    pub ranked: Vec<RankedCard>,
    /// Cards that need answers, fewest missing first.
    pub waiting: Vec<WaitingCard>,
    /// What would unfreeze the question's point, by card: those of which it shows for some camp.
    pub unfreeze: BTreeMap<ConcessionId, Unfreeze>,
}

/// A ranked card as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankedCard {
    /// The card.
    pub card: ConcessionId,
    /// Its place; tied cards share it.
    pub rank: Option<u32>,
    /// Whether it shares its place.
    pub tied: bool,
    /// The score.
    pub bridging: f64,
    /// Both sides could live with it.
    pub badge: bool,
    /// What holds it back.
    pub held_back_by: HeldBack,
    /// Realism over all camps that show.
    pub realism: RealismNumbers,
    /// Numbers per camp; `null` below the floor.
    pub camps: Camps,
    /// Second opinions.
    pub second_opinions: Option<SecondOpinions>,
}

/// A card that needs answers, as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingCard {
    /// The card.
    pub card: ConcessionId,
    /// How many more answers each camp must give.
    pub needs: BTreeMap<String, i64>,
    /// Realism over all camps that show.
    pub realism: RealismNumbers,
    /// Numbers per camp; `null` below the floor.
    pub camps: Camps,
}

impl Results {
    /// What was counted, as it goes into the file.
    #[must_use]
    pub fn of(counted: Counted) -> Self {
        let Counted { board, opinions, unfreeze } = counted;
        let ranked = board.items.into_iter().map(|item| RankedCard {
            card: item.concession,
            rank: item.rank,
            tied: item.tied,
            bridging: item.bridging,
            badge: item.badge,
            held_back_by: item.held_back_by,
            realism: item.realism,
            camps: item.camps,
            second_opinions: opinions.get(&item.concession).copied(),
        });
        let waiting =
            board.waiting.into_iter().map(|card| WaitingCard { card: card.concession, needs: card.needs, realism: card.realism, camps: card.camps });
        Self { voters: board.voters, ranked: ranked.collect(), waiting: waiting.collect(), unfreeze: unfreeze.into_iter().collect() }
    }

    /// The board that was published.
    #[must_use]
    pub fn board(self) -> Board {
        let item = |card: RankedCard| {
            let RankedCard { card: concession, rank, tied, bridging, badge, held_back_by, realism, camps, .. } = card;
            Item { concession, rank, tied, bridging, badge, held_back_by, realism, camps }
        };
        let waiting = |card: WaitingCard| {
            let WaitingCard { card: concession, needs, realism, camps } = card;
            Waiting { concession, needs, realism, camps }
        };
        Board { voters: self.voters, items: self.ranked.into_iter().map(item).collect(), waiting: self.waiting.into_iter().map(waiting).collect() }
    }
}

/// What a recount found.
#[derive(Clone, Debug, PartialEq)]
pub struct Recount {
    /// The results of the ballots in the file.
    pub results: Results,
    /// The root over them.
    pub root: String,
    /// Where the file says otherwise, or is not as it should be, one sentence each; empty if all agrees.
    pub differences: Vec<String>,
}

impl BallotFile {
    /// Counts everything again from the ballots alone and compares it with what the file says was published.
    #[must_use]
    pub fn recount(&self) -> Recount {
        let (results, root) = (self.count(), self.recounted_root());
        let mut differences = self.faults();
        let json = |value: &Results| serde_json::to_value(value).expect("results are JSON");
        compare("results", &json(&self.results), &json(&results), &mut differences);
        if self.root != root {
            differences.push(format!("root: published {}, recounted {root}", self.root));
        }
        Recount { results, root, differences }
    }

    /// The results of the ballots in the file.
    #[must_use]
    pub fn count(&self) -> Results {
        let mut sums = Sums::default();
        self.ballots.iter().for_each(|ballot| sums.add(&ballot.ballot()));
        let no_name = || Localized { en: String::new(), uk: String::new(), ru: String::new() };
        let camps: Vec<Camp> = self.camps.iter().map(|camp| Camp { key: camp.key.clone(), name: no_name(), in_score: camp.in_score }).collect();
        let cards: Vec<ConcessionId> = self.cards.iter().map(|card| card.id).collect();
        let rules = Rules { floor: self.rules.floor, enough: self.rules.enough };
        Results::of(sums.results(&cards, &camps, rules))
    }

    /// The ballots' commitments, in their order.
    #[must_use]
    pub fn leaves(&self) -> Vec<Hash> {
        self.ballots.iter().map(|ballot| ballot.commitment(self.question, self.round)).collect()
    }

    /// The root over them, in hexadecimal.
    #[must_use]
    pub fn recounted_root(&self) -> String {
        commitment::hex(&commitment::root(&self.leaves()))
    }

    /// What makes the file no fair record, whatever the numbers.
    fn faults(&self) -> Vec<String> {
        let mut faults = vec![];
        let mut ensure = |holds: bool, fault: &dyn Fn() -> String| {
            if !holds {
                faults.push(fault());
            }
        };
        ensure(self.format == FORMAT, &|| format!("format: {FORMAT} expected"));
        let ours = CountedWith { z: Z, badge: BADGE, ..self.rules };
        ensure(self.rules == ours, &|| format!("rules: this program counts with z {Z} and badge {BADGE}"));
        ensure(self.camps.iter().any(|camp| camp.in_score), &|| "camps: none counts".into());
        ensure(self.ballots.is_sorted_by(|a, b| a.person < b.person), &|| "ballots: not sorted by person, or somebody stands twice".into());
        for ballot in &self.ballots {
            let counted = ballot.ballot();
            ensure(counted.answers.len() == ballot.answers.len(), &|| format!("{}: two answers to one card", ballot.person));
            ensure(counted.ordered(ballot.tiers.clone()).is_ok(), &|| format!("{}: tiers hold what was not accepted, or twice", ballot.person));
            ensure(ballot.answers.iter().all(|answer| (1..=1_000).contains(&answer.weight)), &|| {
                format!("{}: a weight out of 1 to 1000", ballot.person)
            });
            let known = |camp: &String| self.camps.iter().any(|one| one.key == *camp);
            ensure(ballot.answers.iter().filter_map(|answer| answer.camp.as_ref()).all(known), &|| format!("{}: an unknown camp", ballot.person));
        }
        faults
    }
}

/// Adds a sentence for each place where two JSON values differ; numbers may lie [`TOLERANCE`] apart.
fn compare(path: &str, published: &Value, recounted: &Value, differences: &mut Vec<String>) {
    match (published, recounted) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().zip(b.values()).for_each(|((key, a), b)| compare(&format!("{path}.{key}"), a, b, differences));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(place, (a, b))| compare(&format!("{path}[{place}]"), a, b, differences));
        }
        (Value::Number(a), Value::Number(b)) if near(a.as_f64(), b.as_f64()) => {}
        (a, b) if a == b => {}
        (a, b) => differences.push(format!("{path}: published {a}, recounted {b}")),
    }
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    a.zip(b).is_some_and(|(a, b)| (a - b).abs() <= TOLERANCE)
}
