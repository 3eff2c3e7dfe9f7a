//! Moderation: reports, decisions, appeals, and what waits for a decision.
pub mod appeals;
pub mod check;
pub mod decisions;
pub mod effects;
pub mod notices;
pub mod permit;
pub mod places;
pub mod queue;
pub mod reports;
pub mod reversal;
pub mod uniting;
pub mod waiting;
