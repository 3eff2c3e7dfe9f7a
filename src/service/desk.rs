//! The one way in for writes inside a framework: every command of every door goes through [`Desk::submit`].
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

use super::writer::{self, Job, Shared};
use crate::{
    domain::{account::AccountId, framework::FrameworkId},
    protocol::{
        command::{Command, CommandId},
        problem::{Code, Problem},
    },
};

/// How many commands may wait for one framework's writer; beyond it they are refused at once, before any work.
const QUEUE: usize = 4_096;

/// A command that was carried out, now or before.
#[derive(Clone, Debug)]
pub struct Ack {
    /// The stream of its last change.
    pub stream: Option<String>,
    /// The epoch of its last change.
    pub epoch: Option<String>,
    /// The place of its last change.
    pub seq: Option<i64>,
    /// Whether it had been carried out before.
    pub duplicate: bool,
    /// What it brought about: a `CommandResult` as JSON.
    pub result: Box<RawValue>,
}

/// Who commands, and by which session; an import has none.
#[derive(Clone, Debug)]
pub struct By {
    /// The account.
    pub account: AccountId,
    /// The session's id; checked again inside the transaction.
    pub session: Option<String>,
}

/// A command in line.
pub struct Waiting(oneshot::Receiver<Result<Ack, Problem>>);

impl Waiting {
    /// What became of it, once it is durable.
    ///
    /// # Errors
    /// As [`Desk::submit`].
    pub async fn answer(self) -> Result<Ack, Problem> {
        self.0.await.unwrap_or_else(|_| Err(Problem::new(Code::UnknownOutcome, "The server stopped meanwhile. Send the same again.")))
    }
}

/// Where writes go in.
#[derive(Clone)]
pub struct Desk {
    shared: Shared,
    tasks: TaskTracker,
    // A std mutex: held for a look-up, never across an await.
    queues: Arc<Mutex<HashMap<FrameworkId, mpsc::Sender<Job>>>>,
}

impl Desk {
    pub(super) fn new(shared: Shared, tasks: TaskTracker) -> Self {
        Self { shared, tasks, queues: Arc::default() }
    }

    /// Carries out a command and returns once it is durable.
    ///
    /// # Errors
    /// The reason it was refused, with nothing changed; or `unknown_outcome`, to be sent again with the same id.
    pub async fn submit(&self, by: By, framework: FrameworkId, id: CommandId, command: Command) -> Result<Ack, Problem> {
        self.enqueue(by, framework, id, command)?.answer().await
    }

    /// Puts a command in line: those of one caller are carried out in this order.
    ///
    /// # Errors
    /// `overloaded`, before any work.
    pub fn enqueue(&self, by: By, framework: FrameworkId, id: CommandId, command: Command) -> Result<Waiting, Problem> {
        let (reply, answer) = oneshot::channel();
        let job = Job { by, id, command, reply };
        self.queue(framework).try_send(job).map_err(|_| Problem {
            retry_after_ms: Some(1_000),
            ..Problem::new(Code::Overloaded, "Too many people are writing just now. Nothing was changed; try again.")
        })?;
        Ok(Waiting(answer))
    }

    fn queue(&self, framework: FrameworkId) -> mpsc::Sender<Job> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let start = || {
            let (send, receive) = mpsc::channel(QUEUE);
            self.tasks.spawn(writer::run(self.shared.clone(), framework, receive));
            send
        };
        queues.entry(framework).or_insert_with(start).clone()
    }

    /// Takes no more commands; those that wait are still carried out.
    pub fn close(&self) {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
