//! Bodies about what ballots come to: the board, and what other ways of counting say.
use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    bridging::{Item, Waiting},
    concession::ConcessionId,
    framework::QuestionId,
    opinions::{SecondOpinions, unfreeze::Unfreeze},
};

/// A question's board, as much as the reader may see.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct TallyView {
    /// The question.
    pub question: QuestionId,
    /// The round.
    pub round: u32,
    /// How many ballot changes it holds.
    pub at_seq: i64,
    /// The framework's epoch.
    pub epoch: String,
    /// Whether nothing shows yet.
    pub hidden: bool,
    /// Why: `answer_first` or `until_close`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// Whether all cards show, not only those the reader answered.
    pub complete: bool,
    /// People per camp with at least one scoring answer; camps below the floor are absent.
    pub voters: BTreeMap<String, i64>,
    /// Ranked cards.
    pub items: Vec<Item>,
    /// Cards that need answers.
    pub waiting: Vec<Waiting>,
}

/// What other ways of counting say of the same ballots; never the order.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct OpinionsView {
    /// The question.
    pub question: QuestionId,
    /// The round.
    pub round: u32,
    /// How many ballot changes they hold: fewer than the board's where they are older.
    pub at_seq: i64,
    /// Whether nothing shows yet: they show where the whole board does.
    pub hidden: bool,
    /// Why: `answer_first` or `until_close`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// Ranked cards, in the order of the board of the same ballots.
    pub items: Vec<OpinionItem>,
    /// Cards of which it shows, for some camp, whether they would unfreeze the question's point;
    /// oldest first.
    pub unfreeze: Vec<UnfreezeItem>,
}

/// Second opinions of one ranked card.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct OpinionItem {
    /// The card.
    pub concession: ConcessionId,
    /// Its place on the board of the same ballots.
    pub rank: Option<u32>,
    /// What the others say.
    #[serde(flatten)]
    #[ts(flatten)]
    pub opinions: SecondOpinions,
}

/// Whether one card would unfreeze the question's point.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct UnfreezeItem {
    /// The card.
    pub concession: ConcessionId,
    /// By how much acceptance of the point would rise.
    #[serde(flatten)]
    #[ts(flatten)]
    pub measure: Unfreeze,
}
