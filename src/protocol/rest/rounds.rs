//! Bodies about rounds: what came out of one, and the receipt of a ballot.
use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    concession::{ConcessionId, ConcessionState},
    framework::{Camp, QuestionId},
    opinions::unfreeze::Unfreeze,
    recount::{CountedWith, RankedCard, WaitingCard},
};

/// A closed round in a list.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct RoundEntry {
    /// Its number, from 1.
    pub round: u32,
    /// When it was opened, where that is known.
    pub opened_at: Option<i64>,
    /// When it was closed.
    pub closed_at: i64,
    /// How many ballots were in.
    pub ballots: i64,
    /// The root over their commitments (RFC 6962, SHA-256), in hexadecimal.
    pub root: String,
}

/// What came out of a round: frozen when it closed.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct RoundView {
    /// Of which question.
    pub question: QuestionId,
    /// As in the list.
    #[serde(flatten)]
    pub entry: RoundEntry,
    /// The numbers it was counted with.
    pub rules: CountedWith,
    /// The camps, as they were.
    pub camps: Vec<Camp>,
    /// The cards that were counted.
    pub cards: Vec<RoundCard>,
    /// People with at least one scoring answer, per camp; camps below the floor are absent.
    pub voters: BTreeMap<String, i64>,
    /// Ranked cards, best first.
    pub ranked: Vec<RankedCard>,
    /// Cards that had too few answers.
    pub waiting: Vec<WaitingCard>,
    /// What would unfreeze the question's point, by card: those of which it shows for some camp.
    pub unfreeze: BTreeMap<ConcessionId, Unfreeze>,
}

/// A card of a closed round.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct RoundCard {
    /// Its id.
    pub id: ConcessionId,
    /// Its version when the round closed.
    pub version: i64,
    /// Its title then; `null` where the card has been taken from view since.
    pub title: Option<String>,
    /// The title's language.
    pub language: String,
    /// Its state now.
    pub state: ConcessionState,
}

/// What shows a voter that their ballot was counted: a path in the tree, and nothing of what the
/// ballot says.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ReceiptView {
    /// The question.
    pub question: QuestionId,
    /// The round.
    pub round: u32,
    /// The commitment to the ballot, in hexadecimal: its leaf in the tree.
    pub commitment: String,
    /// Its place in the tree, from 0; `null` until the round closes.
    pub index: Option<u32>,
    /// How many ballots the tree holds.
    pub size: Option<u32>,
    /// The hashes from the leaf's sibling up to below the root, in hexadecimal.
    pub path: Vec<String>,
    /// The published root; `null` until the round closes.
    pub root: Option<String>,
}
