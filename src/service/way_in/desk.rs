//! The one way in for writes inside a framework: every command of every door goes through
//! [`Desk::submit`].
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::value::RawValue;
use tokio::sync::oneshot;

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
            line::{self, Lane, Lanes},
            writer,
        },
    },
};

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
        self.0.await.unwrap_or_else(|_| {
            Err(Problem::new(
                Code::UnknownOutcome,
                "The server stopped meanwhile. Send the same again.",
            ))
        })
    }
}

/// Where writes go in.
#[derive(Clone)]
pub struct Desk {
    node: Arc<Node>,
    // A std mutex: held for a look-up, never across an await.
    queues: Arc<Mutex<HashMap<FrameworkId, Lanes<Job>>>>,
}

impl Desk {
    pub(crate) fn new(node: Arc<Node>) -> Self {
        Self {
            node,
            queues: Arc::default(),
        }
    }

    /// Carries out a command and returns once it is durable.
    ///
    /// # Errors
    /// The reason it was refused, with nothing changed; or `unknown_outcome`, to be sent again with
    /// the same id.
    pub async fn submit(
        &self,
        by: By,
        framework: FrameworkId,
        id: CommandId,
        command: Command,
    ) -> Result<Ack, Problem> {
        self.enqueue(by, framework, id, command)?.answer().await
    }

    /// Puts a command in line: those of one caller are carried out in this order.
    ///
    /// # Errors
    /// `overloaded`, before any work.
    pub fn enqueue(
        &self,
        by: By,
        framework: FrameworkId,
        id: CommandId,
        command: Command,
    ) -> Result<Waiting, Problem> {
        self.enqueue_in(Lane::Others, by, framework, id, command)
    }

    /// As [`Desk::enqueue`], in a lane.
    ///
    /// # Errors
    /// As [`Desk::enqueue`].
    pub fn enqueue_in(
        &self,
        lane: Lane,
        by: By,
        framework: FrameworkId,
        id: CommandId,
        command: Command,
    ) -> Result<Waiting, Problem> {
        self.put(lane, framework, id, Act::Command(by, command))
    }

    /// Has something done in an account's name that no door asks for, and returns once it is
    /// durable.
    ///
    /// # Errors
    /// As [`Desk::submit`].
    pub async fn errand(
        &self,
        account: AccountId,
        framework: FrameworkId,
        id: CommandId,
        errand: Errand,
    ) -> Result<Ack, Problem> {
        self.put(Lane::Others, framework, id, Act::Errand(account, errand))?
            .answer()
            .await
    }

    /// Has the site do something without an account, and returns once it is durable.
    ///
    /// # Errors
    /// As [`Desk::submit`].
    pub async fn site(&self, framework: FrameworkId, act: SiteAct) -> Result<Ack, Problem> {
        // What visitors send waits with what everyone sends; a clock and a host do not.
        let lane = if matches!(act, SiteAct::Notice(_)) {
            Lane::Others
        } else {
            Lane::Decisions
        };
        self.put(lane, framework, CommandId::new(), Act::Site(act))?
            .answer()
            .await
    }

    fn put(
        &self,
        lane: Lane,
        framework: FrameworkId,
        id: CommandId,
        act: Act,
    ) -> Result<Waiting, Problem> {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            act,
            id,
            charged: false,
            reply,
        };
        self.lanes(framework).put(lane, job).map_err(|_| Problem {
            retry_after_ms: Some(1_000),
            ..Problem::new(
                Code::Overloaded,
                "Too many people are writing just now. Nothing was changed; try again.",
            )
        })?;
        Ok(Waiting(answer))
    }

    fn lanes(&self, framework: FrameworkId) -> Lanes<Job> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let start = || {
            let (lanes, line) = line::line();
            self.node
                .tasks
                .spawn(writer::run(self.node.clone(), framework, line));
            lanes
        };
        let lanes = queues.entry(framework).or_insert_with(start);
        if lanes.is_closed() {
            // The writer broke on a command: whoever waited for it hears that nobody knows what
            // became of theirs.
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
        self.queues
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
