//! Streams: where they stand, what changed, by which commands, and where they stood when it was
//! signed.
mod changes;
mod checkpoints;
mod commands;
mod heads;

pub use self::{
    changes::{Change, News},
    checkpoints::Checkpoint,
    commands::CommandRecord,
    heads::{Head, SetBack},
};
