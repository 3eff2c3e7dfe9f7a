//! What acts use of their node besides the transaction they are in.
use crate::{
    domain::{Millis, bridging::Rules},
    service::keep::{counting::Counting, dealing::Dealer},
    store::Store,
};

/// What a node lends to acts.
pub struct Host {
    /// Deals cards and checks anonymous hands.
    pub dealer: Dealer,
    /// How a round is counted when it closes.
    pub counting: Counting,
    /// From how many answers on cards rank.
    pub rules: Rules,
    /// For how long a new card is neither dealt nor answered, in milliseconds.
    pub settle: Millis,
    /// Whether roles of moderator and above wait for a second factor.
    pub second_factor: bool,
    /// Where the mutant that checks before it locks looks; `None` but in tests.
    pub(crate) unlocked: Option<Store>,
}
