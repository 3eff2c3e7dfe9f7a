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
/// How many of those who keep a debate in order may wait besides.
const RESERVED: usize = 256;

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

/// Where a command waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// With those of everyone.
    Others,
    /// With what only moderators and above may do: for accounts that are.
    Decisions,
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
    queues: Arc<Mutex<HashMap<FrameworkId, Lanes>>>,
}

/// Where commands wait, in the order they came: the decisions of moderators in a lane of their own, so that a flood that fills the
/// other does not keep them from stopping it.
#[derive(Clone)]
struct Lanes {
    decisions: mpsc::Sender<Job>,
    others: mpsc::Sender<Job>,
}

/// The writer's end of the lanes.
pub(super) struct Line {
    decisions: mpsc::Receiver<Job>,
    others: mpsc::Receiver<Job>,
}

impl Line {
    /// Takes what waits, `most` at most, decisions first and by themselves: they must not wait for a batch of others. False once
    /// the desk has closed and nothing waits any more.
    pub async fn take(&mut self, waiting: &mut Vec<Job>, most: usize) -> bool {
        let (first, lane, other) = tokio::select! {
            biased;
            first = self.decisions.recv() => (first, &mut self.decisions, &mut self.others),
            first = self.others.recv() => (first, &mut self.others, &mut self.decisions),
        };
        let Some(first) = first else {
            // Both close at once; what waits in the other is still carried out.
            return other.recv_many(waiting, most).await > 0;
        };
        waiting.push(first);
        while waiting.len() < most
            && let Ok(next) = lane.try_recv()
        {
            waiting.push(next);
        }
        true
    }
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
        self.enqueue_in(Lane::Others, by, framework, id, command)
    }

    /// As [`Desk::enqueue`], in a lane.
    ///
    /// # Errors
    /// As [`Desk::enqueue`].
    pub fn enqueue_in(&self, lane: Lane, by: By, framework: FrameworkId, id: CommandId, command: Command) -> Result<Waiting, Problem> {
        let (reply, answer) = oneshot::channel();
        let job = Job { by, id, command, reply };
        let lanes = self.lanes(framework);
        let lane = if lane == Lane::Decisions { lanes.decisions } else { lanes.others };
        lane.try_send(job).map_err(|_| Problem {
            retry_after_ms: Some(1_000),
            ..Problem::new(Code::Overloaded, "Too many people are writing just now. Nothing was changed; try again.")
        })?;
        Ok(Waiting(answer))
    }

    fn lanes(&self, framework: FrameworkId) -> Lanes {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let start = || {
            let ((decisions, first), (others, second)) = (mpsc::channel(RESERVED), mpsc::channel(QUEUE));
            self.tasks.spawn(writer::run(self.shared.clone(), framework, Line { decisions: first, others: second }));
            Lanes { decisions, others }
        };
        queues.entry(framework).or_insert_with(start).clone()
    }

    /// Takes no more commands; those that wait are still carried out.
    pub fn close(&self) {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
