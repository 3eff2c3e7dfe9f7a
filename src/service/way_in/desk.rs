//! The one way in for writes inside a framework: every command of every door goes through [`Desk::submit`].
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use crate::{
    domain::{account::AccountId, framework::FrameworkId},
    protocol::{
        command::{Command, CommandId},
        problem::{Code, Problem},
    },
    service::{
        node::Node,
        way_in::{
            job::{Act, Errand, Job, SiteAct},
            writer,
        },
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
    node: Arc<Node>,
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
pub(crate) struct Line {
    decisions: Queue,
    others: Queue,
    /// Where the last batch was taken from.
    last: Lane,
}

/// The writer's end of one lane.
struct Queue {
    /// What a batch took and did not come to.
    left: VecDeque<Job>,
    coming: mpsc::Receiver<Job>,
}

impl Queue {
    fn new(coming: mpsc::Receiver<Job>) -> Self {
        Self { left: VecDeque::new(), coming }
    }

    /// Takes what waits now, `most` at most.
    fn take(&mut self, into: &mut Vec<Job>, most: usize) {
        let next = || self.left.pop_front().or_else(|| self.coming.try_recv().ok());
        into.extend(std::iter::from_fn(next).take(most));
    }
}

impl Line {
    /// Takes what waits, `most` at most, decisions first and by themselves: they must not wait for a batch of others. False once
    /// the desk has closed and nothing waits any more.
    pub async fn take(&mut self, waiting: &mut Vec<Job>, most: usize) -> bool {
        for (lane, queue) in [(Lane::Decisions, &mut self.decisions), (Lane::Others, &mut self.others)] {
            queue.take(waiting, most);
            self.last = lane;
            if !waiting.is_empty() {
                return true;
            }
        }
        let (first, lane, queue) = tokio::select! {
            biased;
            first = self.decisions.coming.recv() => (first, Lane::Decisions, &mut self.decisions),
            first = self.others.coming.recv() => (first, Lane::Others, &mut self.others),
        };
        self.last = lane;
        if let Some(first) = first {
            waiting.push(first);
            queue.take(waiting, most - 1);
            return true;
        }
        // Both close at once; what waits in the other is still carried out.
        self.last = if lane == Lane::Decisions { Lane::Others } else { Lane::Decisions };
        let other = if lane == Lane::Decisions { &mut self.others } else { &mut self.decisions };
        other.coming.recv_many(waiting, most).await > 0
    }

    /// Puts back what a batch did not come to, before what has come since.
    pub fn give_back(&mut self, jobs: Vec<Job>) {
        let queue = if self.last == Lane::Decisions { &mut self.decisions } else { &mut self.others };
        jobs.into_iter().rev().for_each(|job| queue.left.push_front(job));
    }

    /// Takes everything that waits.
    pub fn drain(&mut self) -> Vec<Job> {
        let mut all = vec![];
        self.decisions.take(&mut all, usize::MAX);
        self.others.take(&mut all, usize::MAX);
        all
    }
}

impl Desk {
    pub(crate) fn new(node: Arc<Node>) -> Self {
        Self { node, queues: Arc::default() }
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
        self.put(lane, framework, id, Act::Command(by, command))
    }

    /// Has something done in an account's name that no door asks for, and returns once it is durable.
    ///
    /// # Errors
    /// As [`Desk::submit`].
    pub async fn errand(&self, account: AccountId, framework: FrameworkId, id: CommandId, errand: Errand) -> Result<Ack, Problem> {
        self.put(Lane::Others, framework, id, Act::Errand(account, errand))?.answer().await
    }

    /// Has the site do something without an account, and returns once it is durable.
    ///
    /// # Errors
    /// As [`Desk::submit`].
    pub async fn site(&self, framework: FrameworkId, act: SiteAct) -> Result<Ack, Problem> {
        // What visitors send waits with what everyone sends; a clock and a host do not.
        let lane = if matches!(act, SiteAct::Notice(_)) { Lane::Others } else { Lane::Decisions };
        self.put(lane, framework, CommandId::new(), Act::Site(act))?.answer().await
    }

    fn put(&self, lane: Lane, framework: FrameworkId, id: CommandId, act: Act) -> Result<Waiting, Problem> {
        let (reply, answer) = oneshot::channel();
        let job = Job { act, id, charged: false, reply };
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
            self.node.tasks.spawn(writer::run(
                self.node.clone(),
                framework,
                Line { decisions: Queue::new(first), others: Queue::new(second), last: Lane::Others },
            ));
            Lanes { decisions, others }
        };
        let lanes = queues.entry(framework).or_insert_with(start);
        if lanes.others.is_closed() {
            // The writer broke on a command: whoever waited for it hears that nobody knows what became of theirs.
            tracing::error!(%framework, "a writer ended before its time; another one takes over");
            *lanes = start();
        }
        lanes.clone()
    }

    /// The node whose desk it is.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Takes no more commands; those that wait are still carried out.
    pub fn close(&self) {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(number: u8) -> Job {
        let command = serde_json::json!({ "type": "join", "camp": null, "consent": true });
        let command = Command::read(command.as_object().unwrap().clone()).unwrap();
        let session = Some(number.to_string());
        let act = Act::Command(By { account: AccountId::new(), session }, command);
        Job { act, id: CommandId::new(), charged: false, reply: oneshot::channel().0 }
    }

    fn numbers(jobs: &mut Vec<Job>) -> Vec<String> {
        let session = |job: Job| if let Act::Command(by, _) = job.act { by.session } else { None };
        jobs.drain(..).filter_map(session).collect()
    }

    #[tokio::test]
    async fn what_a_batch_did_not_come_to_stays_in_its_place_and_decisions_come_between() {
        let ((decisions, first), (others, second)) = (mpsc::channel(8), mpsc::channel(8));
        let mut line = Line { decisions: Queue::new(first), others: Queue::new(second), last: Lane::Others };
        let mut taken = vec![];
        for number in 1..=4 {
            others.try_send(job(number)).unwrap();
        }
        assert!(line.take(&mut taken, 3).await);
        line.give_back(taken.split_off(1));
        assert_eq!(numbers(&mut taken), ["1"]);
        decisions.try_send(job(8)).unwrap();
        decisions.try_send(job(9)).unwrap();
        assert!(line.take(&mut taken, 3).await);
        line.give_back(taken.split_off(1));
        assert_eq!(numbers(&mut taken), ["8"]);
        assert!(line.take(&mut taken, 3).await);
        assert_eq!(numbers(&mut taken), ["9"]);
        assert!(line.take(&mut taken, 2).await);
        assert_eq!(numbers(&mut taken), ["2", "3"]);
        assert_eq!(numbers(&mut line.drain()), ["4"]);
        others.try_send(job(5)).unwrap();
        drop((decisions, others));
        assert!(line.take(&mut taken, 3).await);
        assert_eq!(numbers(&mut taken), ["5"]);
        assert!(!line.take(&mut taken, 3).await, "the desk has closed and nothing waits");
    }
}
