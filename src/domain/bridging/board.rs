//! The order as it is published: ranked cards, and cards that need answers.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::concession::ConcessionId;

/// What one camp said of one card, as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct CampNumbers {
    /// Yes, with changes and no together.
    pub answered: i64,
    /// Yes.
    pub yes: i64,
    /// Only with changes.
    pub with_changes: i64,
    /// No.
    pub no: i64,
    /// Can't say.
    pub cannot_say: i64,
    /// How likely they find it.
    pub realism: RealismNumbers,
    /// Lower end of the 80 % interval of the share of yes.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// How likely people find it that the giver would do it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RealismNumbers {
    /// Likely.
    pub likely: i64,
    /// Maybe.
    pub maybe: i64,
    /// Unlikely.
    pub unlikely: i64,
}

/// The camp that accepts a card least.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct HeldBack {
    /// Its key.
    pub camp: String,
    /// Its share of yes, 0 to 1.
    pub share: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How many of it answered.
    pub answered: i64,
}

/// Numbers per camp: `null` below the floor.
pub type Camps = BTreeMap<String, Option<CampNumbers>>;

/// A card in the order.
#[derive(Clone, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct Item {
    /// The card.
    pub concession: ConcessionId,
    /// Its place from 1; cards that are tied share it. `null` where only a part of the board shows.
    pub rank: Option<u32>,
    /// Whether it shares its place.
    pub tied: bool,
    /// `B`: the least lower bound over the counting camps.
    pub bridging: f64,
    /// Both sides could live with it: `B` at or above 0.5.
    pub badge: bool,
    /// What holds it back.
    pub held_back_by: HeldBack,
    /// Realism over all camps.
    pub realism: RealismNumbers,
    /// Numbers per camp.
    pub camps: Camps,
}

/// A card that needs answers before it can be ranked.
#[derive(Clone, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct Waiting {
    /// The card.
    pub concession: ConcessionId,
    /// How many more answers each camp must give.
    pub needs: BTreeMap<String, i64>,
    /// Realism over all camps.
    pub realism: RealismNumbers,
    /// Numbers per camp.
    pub camps: Camps,
}

/// The whole order of a question and round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS, ToSchema)]
pub struct Board {
    /// People with at least one scoring answer, per camp; `null`-free: camps below the floor are
    /// absent.
    pub voters: BTreeMap<String, i64>,
    /// Ranked cards, best first.
    pub items: Vec<Item>,
    /// Cards that need answers, fewest missing first.
    pub waiting: Vec<Waiting>,
}
