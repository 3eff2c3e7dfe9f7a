//! The way out: what the streams tell, to whom, and the checkpoints that vouch for it.
pub mod changes;
pub mod checkpoints;
pub mod events;
pub mod feed;
pub mod presence;
pub mod rights;
