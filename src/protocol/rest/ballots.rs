//! Bodies about cards dealt, answers and ballots.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::ConcessionView;
use crate::domain::{
    ballot::{Acceptance, Assent, Realism},
    concession::ConcessionId,
};

/// Cards to judge.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct DealView {
    /// A signed token of this hand, for visitors without an account.
    pub deal: String,
    /// At most 5.
    pub cards: Vec<ConcessionView>,
    /// Until when they can be answered.
    pub expires_at: i64,
}

/// One's own answer.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AnswerView {
    /// The card.
    pub concession: ConcessionId,
    /// The version that was judged.
    pub version: i64,
    /// Acceptance.
    pub acceptance: Acceptance,
    /// Realism.
    pub realism: Option<Realism>,
    /// Whether one would accept the question's point if the card were granted.
    pub unfreezes: Option<Assent>,
    /// Whether it was dealt: only then it scores. Else it is a reaction: to a card one sought out,
    /// or to words that the card had before.
    pub dealt: bool,
}

/// One's own ballot.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct BallotView {
    /// The viewpoint now.
    pub camp: Option<String>,
    /// The round.
    pub round: u32,
    /// Answers.
    pub answers: Vec<AnswerView>,
    /// The order.
    pub tiers: Vec<Vec<ConcessionId>>,
    /// Whether one accepts the question's point as it stands; `null` where not said.
    pub accepts: Option<Assent>,
}
