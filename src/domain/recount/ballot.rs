//! One ballot under a pseudonym, and what binds its person to it.
use serde::{Deserialize, Serialize};

use crate::domain::{
    ballot::{Acceptance, Answer, Assent, Ballot, PointAnswer, Realism},
    commitment::{self, Hash},
    concession::ConcessionId,
    framework::QuestionId,
};

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
    /// Whether they would accept the question's point if the card were granted; absent where not
    /// said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfreezes: Option<Assent>,
}

impl CountedBallot {
    /// A ballot under a pseudonym.
    #[must_use]
    pub fn of(person: String, salt: String, ballot: &Ballot) -> Self {
        let answer = |answer: &Answer| {
            let Answer {
                concession,
                version,
                camp,
                acceptance,
                realism,
                dealt,
                weight,
                unfreezes,
            } = answer.clone();
            CountedAnswer {
                card: concession,
                version,
                camp,
                acceptance,
                realism,
                dealt,
                weight,
                unfreezes,
            }
        };
        let point = ballot.point.clone().map(
            |PointAnswer {
                 accepts,
                 camp,
                 weight,
             }| CountedPoint {
                accepts,
                camp,
                weight,
            },
        );
        Self {
            person,
            salt,
            answers: ballot.answers.values().map(answer).collect(),
            tiers: ballot.tiers.clone(),
            point,
        }
    }

    /// The ballot as it is counted; of two answers to one card, the later.
    #[must_use]
    pub fn ballot(&self) -> Ballot {
        let answer = |answer: &CountedAnswer| {
            let CountedAnswer {
                card,
                version,
                camp,
                acceptance,
                realism,
                dealt,
                weight,
                unfreezes,
            } = answer.clone();
            (
                card,
                Answer {
                    concession: card,
                    version,
                    camp,
                    acceptance,
                    realism,
                    dealt,
                    weight,
                    unfreezes,
                },
            )
        };
        let point = self.point.clone().map(
            |CountedPoint {
                 accepts,
                 camp,
                 weight,
             }| PointAnswer {
                accepts,
                camp,
                weight,
            },
        );
        Ballot {
            answers: self.answers.iter().map(answer).collect(),
            tiers: self.tiers.clone(),
            point,
            seat: None,
        }
    }

    /// What binds the person to this ballot: the commitment to everything but the salt, and to the
    /// question and round.
    #[must_use]
    pub fn commitment(&self, question: QuestionId, round: u32) -> Hash {
        let Self {
            person,
            salt,
            answers,
            tiers,
            point,
        } = self;
        let mut ballot = serde_json::json!({ "question": question, "round": round, "person": person, "answers": answers, "tiers": tiers });
        if let Some(point) = point {
            ballot["point"] = serde_json::json!(point);
        }
        commitment::commitment(&ballot, salt)
    }
}
