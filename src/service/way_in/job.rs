//! A command that waits.

use tokio::sync::oneshot;

use crate::{
    protocol::command::{Command, CommandId},
    service::way_in::{desk::By, ledger::Answer},
};

/// A command that waits.
pub(crate) struct Job {
    pub by: By,
    pub id: CommandId,
    pub command: Command,
    /// Whether the budget of its kind was charged: once, also where it has to be run again.
    pub charged: bool,
    pub reply: oneshot::Sender<Answer>,
}
