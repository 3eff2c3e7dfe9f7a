//! What one node keeps in memory: limits, secrets' keepers, who is connected, what deals and
//! counts.
pub mod boards;
pub mod budgets;
pub mod busy;
pub mod chain_key;
pub mod counting;
pub mod dealing;
pub mod devices;
pub mod hand;
pub mod host;
pub mod known;
pub mod logo;
pub mod opinions;
pub mod outbox;
pub mod presence;
pub mod record;
pub mod secrets;
pub mod shelf;
pub mod tries;
pub mod turns;
