//! What moderators read: the queue, a thing with all that is known of it, the log.
pub mod again;
pub mod held;
pub mod item;
pub mod log;
pub mod queue;
pub mod reports;
