//! One person's judgement: answers to dealt cards, and an order above the no-deal line.
mod answer;

use std::collections::{BTreeMap, BTreeSet};

pub use self::answer::{Acceptance, Answer, Assent, PointAnswer, Realism};
use super::{Millis, concession::ConcessionId, text::Fault};

/// How many cards one deal holds.
pub const HAND: usize = 5;
/// How long a dealt card may be answered, in milliseconds.
pub const DEAL_LIFE: Millis = super::DAY;
/// The weight of a standing account's answer, in permille.
pub const WEIGHT_STANDING: i64 = 1_000;
/// The weight of a new account's answer, in permille.
pub const WEIGHT_NEW: i64 = 200;
/// How often a viewpoint may change.
pub const CAMP_CHANGE_EVERY: Millis = 14 * super::DAY;

/// What one person's answers count for in a question's round: one seat a person, and every answer
/// follows it. Taking an answer back and giving it again changes nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The viewpoint it counts for; `None` until one is declared.
    pub camp: Option<String>,
    /// Permille.
    pub weight: i64,
}

impl Seat {
    /// The seat of somebody with this viewpoint and weight now, who had this one: the first
    /// viewpoint stays for the round, and the weight rises with the account's but never falls.
    #[must_use]
    pub fn of(before: Option<&Self>, camp: Option<&String>, weight: i64) -> Self {
        let kept = before.and_then(|seat| seat.camp.as_ref());
        Self {
            camp: kept.or(camp).cloned(),
            weight: before.map_or(weight, |seat| seat.weight.max(weight)),
        }
    }
}

/// One person's answers and order for a question and round.
#[derive(Clone, Debug, Default)]
pub struct Ballot {
    /// Answers by card.
    pub answers: BTreeMap<ConcessionId, Answer>,
    /// Accepted cards, best first; those not named share the last tier.
    pub tiers: Vec<Vec<ConcessionId>>,
    /// What they say of the question's point as it stands, where said.
    pub point: Option<PointAnswer>,
    /// What all of it counts for, once something counts.
    pub seat: Option<Seat>,
}

impl Ballot {
    /// Gives its owner a seat, which all that was dealt to them follows.
    pub fn sit(&mut self, seat: Seat) {
        for answer in self.answers.values_mut().filter(|answer| answer.dealt) {
            (answer.camp, answer.weight) = (seat.camp.clone(), seat.weight);
        }
        if let Some(point) = &mut self.point {
            (point.camp, point.weight) = (seat.camp.clone(), seat.weight);
        }
        self.seat = Some(seat);
    }

    /// How many answers enter a score.
    #[must_use]
    pub fn scoring(&self) -> usize {
        self.answers
            .values()
            .filter(|answer| answer.scores())
            .count()
    }

    /// The order `tiers` would give, or why it cannot stand: only cards answered *yes*, each once,
    /// no empty tier.
    ///
    /// # Errors
    /// A fault of the field `tiers`.
    pub fn ordered(&self, tiers: Vec<Vec<ConcessionId>>) -> Result<Vec<Vec<ConcessionId>>, Fault> {
        let mut seen = BTreeSet::new();
        for (place, tier) in tiers.iter().enumerate() {
            let field = format!("tiers.{place}");
            if tier.is_empty() {
                return Err(Fault::new(
                    &field,
                    "required",
                    "A tier holds at least one proposal.",
                ));
            }
            for card in tier {
                if !seen.insert(*card) {
                    return Err(Fault::new(
                        &field,
                        "duplicate",
                        format!("The card {card} is named twice."),
                    ));
                }
                if self
                    .answers
                    .get(card)
                    .is_none_or(|answer| answer.acceptance != Acceptance::Yes)
                {
                    return Err(Fault::new(
                        &field,
                        "not_accepted",
                        format!("Only proposals you answered yes to can be placed: {card}."),
                    ));
                }
            }
        }
        Ok(tiers)
    }

    /// Takes out of the order what is no longer accepted.
    pub fn tidy(&mut self) {
        let answers = &self.answers;
        for tier in &mut self.tiers {
            tier.retain(|card| {
                answers
                    .get(card)
                    .is_some_and(|answer| answer.acceptance == Acceptance::Yes)
            });
        }
        self.tiers.retain(|tier| !tier.is_empty());
    }
}
