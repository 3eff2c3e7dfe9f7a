//! The auditors' file: every ballot of a question and round under pseudonyms, and what the site
//! published of them; recounted from itself.
mod ballot;
mod file;
mod results;

use serde_json::Value;

pub use self::{
    ballot::{CountedAnswer, CountedBallot, CountedPoint},
    file::{BallotFile, CountedCamp, CountedCard, CountedWith, FORMAT},
    results::{RankedCard, Results, WaitingCard},
};
use super::{
    bridging::{BADGE, Rules, Z},
    commitment::{self, Hash},
    concession::ConcessionId,
    framework::{Camp, Localized},
    opinions::Sums,
};

/// How far two floating numbers may lie apart and still be one result.
pub const TOLERANCE: f64 = 1e-9;

/// What a recount found.
#[derive(Clone, Debug, PartialEq)]
pub struct Recount {
    /// The results of the ballots in the file.
    pub results: Results,
    /// The root over them.
    pub root: String,
    /// Where the file says otherwise, or is not as it should be, one sentence each; empty if all
    /// agrees.
    pub differences: Vec<String>,
}

impl BallotFile {
    /// Counts everything again from the ballots alone and compares it with what the file says was
    /// published.
    #[must_use]
    pub fn recount(&self) -> Recount {
        let (results, root) = (self.count(), self.recounted_root());
        let mut differences = self.faults();
        let json = |value: &Results| serde_json::to_value(value).expect("results are JSON");
        compare(
            "results",
            &json(&self.results),
            &json(&results),
            &mut differences,
        );
        if self.root != root {
            differences.push(format!("root: published {}, recounted {root}", self.root));
        }
        Recount {
            results,
            root,
            differences,
        }
    }

    /// The results of the ballots in the file.
    #[must_use]
    pub fn count(&self) -> Results {
        let mut sums = Sums::default();
        self.ballots
            .iter()
            .for_each(|ballot| sums.add(&ballot.ballot()));
        let no_name = || Localized {
            en: String::new(),
            uk: String::new(),
            ru: String::new(),
        };
        let camps: Vec<Camp> = self
            .camps
            .iter()
            .map(|camp| Camp {
                key: camp.key.clone(),
                name: no_name(),
                in_score: camp.in_score,
            })
            .collect();
        let cards: Vec<ConcessionId> = self.cards.iter().map(|card| card.id).collect();
        let rules = Rules {
            floor: self.rules.floor,
            enough: self.rules.enough,
        };
        Results::of(sums.results(&cards, &camps, rules))
    }

    /// The ballots' commitments, in their order.
    #[must_use]
    pub fn leaves(&self) -> Vec<Hash> {
        self.ballots
            .iter()
            .map(|ballot| ballot.commitment(self.question, self.round))
            .collect()
    }

    /// The root over them, in hexadecimal.
    #[must_use]
    pub fn recounted_root(&self) -> String {
        commitment::hex(commitment::root(&self.leaves()))
    }

    /// What makes the file no fair record, whatever the numbers.
    fn faults(&self) -> Vec<String> {
        let mut faults = vec![];
        let mut ensure = |holds: bool, fault: &dyn Fn() -> String| {
            if !holds {
                faults.push(fault());
            }
        };
        ensure(self.format == FORMAT, &|| {
            format!("format: {FORMAT} expected")
        });
        let ours = CountedWith {
            z: Z,
            badge: BADGE,
            ..self.rules
        };
        ensure(self.rules == ours, &|| {
            format!("rules: this program counts with z {Z} and badge {BADGE}")
        });
        ensure(self.camps.iter().any(|camp| camp.in_score), &|| {
            "camps: none counts".into()
        });
        ensure(
            self.ballots.is_sorted_by(|a, b| a.person < b.person),
            &|| "ballots: not sorted by person, or somebody stands twice".into(),
        );
        for ballot in &self.ballots {
            let counted = ballot.ballot();
            ensure(counted.answers.len() == ballot.answers.len(), &|| {
                format!("{}: two answers to one card", ballot.person)
            });
            ensure(counted.ordered(ballot.tiers.clone()).is_ok(), &|| {
                format!(
                    "{}: tiers hold what was not accepted, or twice",
                    ballot.person
                )
            });
            ensure(
                ballot
                    .answers
                    .iter()
                    .all(|answer| (1..=1_000).contains(&answer.weight)),
                &|| format!("{}: a weight out of 1 to 1000", ballot.person),
            );
            let known = |camp: &String| self.camps.iter().any(|one| one.key == *camp);
            ensure(
                ballot
                    .answers
                    .iter()
                    .filter_map(|answer| answer.camp.as_ref())
                    .all(known),
                &|| format!("{}: an unknown camp", ballot.person),
            );
        }
        faults
    }
}

/// Adds a sentence for each place where two JSON values differ; numbers may lie [`TOLERANCE`]
/// apart.
fn compare(path: &str, published: &Value, recounted: &Value, differences: &mut Vec<String>) {
    match (published, recounted) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter()
                .zip(b.values())
                .for_each(|((key, a), b)| compare(&format!("{path}.{key}"), a, b, differences));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(place, (a, b))| {
                compare(&format!("{path}[{place}]"), a, b, differences)
            });
        }
        (Value::Number(a), Value::Number(b)) if near(a.as_f64(), b.as_f64()) => {}
        (a, b) if a == b => {}
        (a, b) => differences.push(format!("{path}: published {a}, recounted {b}")),
    }
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    a.zip(b).is_some_and(|(a, b)| (a - b).abs() <= TOLERANCE)
}
