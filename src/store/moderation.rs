//! What people report, what waits for moderators, and what they decide.
mod accesses;
mod appeals;
mod closing;
mod decisions;
mod notices;
mod queue;
mod reports;

pub use self::{
    appeals::Appeal,
    decisions::Decision,
    notices::PublicNotice,
    queue::{QueueFilter, QueuePlace, Waiting},
    reports::Report,
};
