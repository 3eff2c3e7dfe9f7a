//! The one way in: a desk for each framework, one writer at a time behind it, batches that are
//! durable before they are answered.
pub mod batch;
pub mod carry_out;
pub mod chain;
pub mod clock;
pub mod desk;
pub mod errands;
pub mod explain;
pub mod job;
pub mod ledger;
pub mod line;
pub mod moves;
pub mod receipts;
pub mod writer;
