//! What a socket's frames mean: a session follows streams, passes commands to the desk, and answers through its outbox.
use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use tokio::sync::Semaphore;

use crate::{
    domain::{
        framework::{FrameworkId, QuestionId},
        permission::Actor,
        stream::{Stream, StreamKey},
    },
    protocol::{
        command::{Command, CommandId},
        frame::{Frame, encode},
        problem::{Code, Problem},
        socket::{ClientFrame, FRAME, FrameFault, HEARTBEAT, Limits, SUBSCRIPTIONS, ServerFrame, VERSION},
    },
    service::{
        Failure, Outcome, Services,
        boards::{follow, tally},
        caller::{Asker, Caller},
        keep::{
            budgets::COMMANDS,
            outbox::{self, Outbox},
            presence,
        },
        people::{accounts, sessions},
        sight::seen,
        way_out::feed::{self, Follow, Progress},
    },
    settings::Mutant,
};

/// How many commands of one socket may be under way; beyond it the socket is not read.
const UNDER_WAY: usize = 256;

/// Why a socket closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    Protocol,
    Binary,
    Text,
    Size,
    Flood,
    Endless,
    Restart,
    SessionEnded,
    Banned,
    Slow,
    Silent,
    /// The peer is gone or closed first: nothing is sent.
    Gone,
}

impl From<outbox::Farewell> for Farewell {
    fn from(farewell: outbox::Farewell) -> Self {
        match farewell {
            outbox::Farewell::SessionEnded => Self::SessionEnded,
            outbox::Farewell::Banned => Self::Banned,
        }
    }
}

/// A socket's state.
pub struct Session {
    services: Services,
    caller: Option<Caller>,
    outbox: Arc<Outbox>,
    number: u64,
    streams: BTreeSet<StreamKey>,
    /// Streams that there is more of than was queued.
    behind: VecDeque<StreamKey>,
    boards: BTreeSet<(FrameworkId, QuestionId)>,
    under_way: Arc<Semaphore>,
}

impl Session {
    /// Enters, with a `hello` in the outbox.
    pub fn enter(services: Services, caller: Option<Caller>, visitor: String, outbox: Arc<Outbox>) -> Self {
        let account = caller.as_ref().map(|caller| caller.account);
        let number = services.presence.enter(account, visitor, outbox.clone());
        outbox.answer(encode(&ServerFrame::Hello {
            v: VERSION,
            node: services.boot.to_string(),
            connection: number.to_string(),
            server_time: services.now(),
            heartbeat_ms: HEARTBEAT,
            features: vec![],
            limits: Limits { frame: FRAME, commands_per_minute: COMMANDS.0, subscriptions: SUBSCRIPTIONS },
        }));
        let under_way = Arc::new(Semaphore::new(UNDER_WAY));
        Self { services, caller, outbox, number, streams: BTreeSet::new(), behind: VecDeque::new(), boards: BTreeSet::new(), under_way }
    }

    /// Leaves every stream.
    pub fn leave(&mut self) {
        for key in std::mem::take(&mut self.streams) {
            self.services.feed.unfollow(self.number, key);
        }
        for (_, question) in std::mem::take(&mut self.boards) {
            self.services.boards.unfollow(question, self.number);
        }
        self.services.presence.leave(self.number);
    }

    /// The word that the server stops.
    pub fn drain(&self, reconnect_in_ms: u64) -> Frame {
        encode(&ServerFrame::Drain { reconnect_in_ms })
    }

    /// Puts the heads of the streams followed into the outbox, so that a lost tail shows.
    pub fn heartbeat(&self) {
        // The head of one that is on its way there would read as if its tail were lost.
        let keys: Vec<StreamKey> = self.streams.iter().filter(|key| !self.behind.contains(key)).copied().collect();
        self.outbox.answer(encode(&ServerFrame::Heartbeat { heads: self.services.feed.heads(&keys) }));
    }

    /// Whether something is still to come of what it missed.
    pub fn is_behind(&self) -> bool {
        !self.behind.is_empty()
    }

    /// Puts the next page of what it is behind with into the outbox. Asked for whenever the client has taken what was there.
    pub async fn go_on(&mut self) {
        if let Some(key) = self.behind.pop_front() {
            let progress = self.services.feed.go_on(self.number, key).await;
            self.note(key, progress);
        }
    }

    fn note(&mut self, key: StreamKey, progress: Progress) {
        self.behind.retain(|other| *other != key);
        if progress == Progress::Behind {
            self.behind.push_back(key);
        }
    }

    /// Takes one text message.
    pub async fn read(&mut self, text: &str) -> Result<(), Farewell> {
        let frame = match ClientFrame::read(text) {
            Ok(frame) => frame,
            Err(FrameFault::Protocol) => return Err(Farewell::Protocol),
            Err(FrameFault::Nack { id, reference, problem }) => {
                self.outbox.answer(encode(&ServerFrame::Nack { id, r#ref: reference, problem: *problem }));
                return Ok(());
            }
        };
        match frame {
            ClientFrame::Command { id, framework, command } => self.command(id, framework, command).await,
            ClientFrame::Subscribe { r#ref, framework, stream, epoch, after } => {
                let from = epoch.zip(after);
                if let Err(failure) = self.subscribe(&r#ref, framework, &stream, from).await {
                    self.outbox.answer(encode(&ServerFrame::Nack { id: None, r#ref: Some(r#ref), problem: failure.told() }));
                }
            }
            ClientFrame::Unsubscribe { framework, stream } => self.unsubscribe(framework, &stream),
            ClientFrame::Here { framework, point } => self.here(framework, point).await,
        }
        Ok(())
    }

    /// Takes what had been sent before a farewell: commands alone, so that each has its answer. The writer refuses what is not
    /// allowed any more.
    pub async fn read_last(&self, text: &str) {
        if let Ok(ClientFrame::Command { id, framework, command }) = ClientFrame::read(text) {
            self.command(id, framework, command).await;
        }
    }

    /// Waits until every command has its answer in the outbox.
    pub fn answered(&self) -> impl Future<Output = ()> + use<> {
        let under_way = self.under_way.clone();
        async move {
            let all = u32::try_from(UNDER_WAY).expect("a socket's commands are few");
            let _ = under_way.acquire_many(all).await;
        }
    }

    /// Says where the reader is, in a framework they may read, and answers with who else is.
    async fn here(&self, framework: FrameworkId, point: Option<u32>) {
        // Whoever follows one of its streams may read it.
        let follows = self.streams.iter().any(|key| key.0 == framework);
        if follows || self.actor(framework).await.is_ok() {
            self.services.presence.here(self.number, framework, point);
            let here = self.services.presence.shown(&self.services.live, framework, self.services.now()).await;
            // Until this node has said so, the reader alone knows that they are here.
            if here.count > 0 {
                self.outbox.presence(framework, presence::frame(framework, &here));
            }
        }
    }

    /// Passes a command on, in the order it came; its answer follows when it is durable.
    async fn command(&self, id: CommandId, framework: FrameworkId, command: serde_json::Map<String, serde_json::Value>) {
        let turn = self.under_way.clone().acquire_owned().await.expect("the semaphore is never closed");
        let submitted = match (&self.caller, Command::read(command)) {
            (_, Err(problem)) => Err(problem),
            (None, _) => Err(Problem::unauthenticated()),
            (Some(caller), Ok(command)) => match self.services.knows(framework).await {
                Ok(true) => self.services.enqueue(caller, framework, id, command).await,
                Ok(false) => Err(Problem::not_found()),
                Err(failure) => Err(failure.told()),
            },
        };
        let outbox = self.outbox.clone();
        let answer = move |ack: Result<crate::service::way_in::desk::Ack, Problem>| {
            outbox.answer(encode(&match ack {
                Ok(ack) => ServerFrame::Ack { id, stream: ack.stream, epoch: ack.epoch, seq: ack.seq, duplicate: ack.duplicate, result: ack.result },
                Err(problem) => ServerFrame::Nack { id: Some(id.to_string()), r#ref: None, problem },
            }));
        };
        match submitted {
            Err(problem) => answer(Err(problem)),
            Ok(waiting) => {
                self.services.tasks.spawn(async move {
                    answer(waiting.answer().await);
                    drop(turn);
                });
            }
        }
    }

    async fn actor(&self, framework: FrameworkId) -> Outcome<(crate::domain::framework::Framework, Actor)> {
        let seen = seen::see_id(&self.services, self.caller.as_ref().map(Asker::from), framework).await?;
        Ok((seen.framework, seen.actor))
    }

    async fn subscribe(&mut self, reference: &str, framework: FrameworkId, stream: &str, from: Option<(String, i64)>) -> Outcome<()> {
        if reference.is_empty() || reference.len() > 64 {
            return Err(Problem::field("ref", "length", "1 to 64 bytes.").into());
        }
        if self.services.budgets.on() && self.streams.len() + self.boards.len() >= SUBSCRIPTIONS {
            return Err(Problem { retry_after_ms: None, ..Problem::new(Code::RateLimited, "A socket follows at most 32 streams.") }.into());
        }
        if let Some(question) = stream.strip_prefix("tally/") {
            let question = question.parse().map_err(|_| Problem::not_found())?;
            return self.follow_board(reference, framework, question).await;
        }
        let stream: Stream = stream.parse().map_err(|_| Problem::not_found())?;
        let (framework, actor) = self.actor(framework).await?;
        feed::may_follow(&actor, stream)?;
        let follow = Follow { socket: self.number, outbox: &self.outbox, reference: reference.to_owned(), from };
        let progress = self.services.feed.follow(&framework, stream, &actor, follow).await?;
        self.streams.insert((framework.id, stream));
        self.note((framework.id, stream), progress);
        Ok(())
    }

    /// Follows a board, once one may see all of it: attached first, then read, so that nothing falls between.
    async fn follow_board(&mut self, reference: &str, framework: FrameworkId, question: QuestionId) -> Outcome<()> {
        let asker = self.caller.as_ref().map(Asker::from);
        let round = follow::round_of(&self.services, question).await?;
        self.services.boards.follow(question, round, self.number, self.outbox.clone());
        let shown = tally::view(&self.services, asker, question, None).await;
        let view = match shown {
            Ok(view) if view.complete && view.round == round => view,
            other => {
                self.services.boards.unfollow(question, self.number);
                other?;
                return Err(Problem::new(Code::Forbidden, "The results open once you have judged a set of proposals.").into());
            }
        };
        self.boards.insert((framework, question));
        let snapshot = serde_json::value::to_raw_value(&view).expect("a board is JSON");
        self.outbox.answer(encode(&ServerFrame::Subscribed {
            r#ref: reference.to_owned(),
            framework,
            stream: format!("tally/{question}"),
            epoch: view.epoch,
            seq: view.at_seq,
            mode: crate::protocol::socket::Mode::Snapshot,
            reason: Some(crate::protocol::socket::Why::First),
            snapshot: Some(snapshot),
        }));
        Ok(())
    }

    fn unsubscribe(&mut self, framework: FrameworkId, stream: &str) {
        if let Some(question) = stream.strip_prefix("tally/").and_then(|id| id.parse().ok()) {
            self.boards.remove(&(framework, question));
            self.services.boards.unfollow(question, self.number);
        } else if let Ok(stream) = stream.parse() {
            self.streams.remove(&(framework, stream));
            self.behind.retain(|key| *key != (framework, stream));
            self.services.feed.unfollow(self.number, (framework, stream));
        }
    }

    /// Looks at the session and its streams again: what is no longer allowed is left at once.
    pub async fn recheck(&mut self) -> Result<(), Farewell> {
        if self.services.options.mutant == Some(Mutant::RightsAtHandshake) {
            return Ok(());
        }
        if let Some(caller) = self.caller.clone() {
            match sessions::stands(&self.services, &caller).await {
                Ok(true) => {}
                Ok(false) => return Err(Farewell::SessionEnded),
                // The database is away: commands are refused by it anyway; look again in a minute.
                Err(_) => return Ok(()),
            }
            if accounts::barred(&self.services, caller.account).await.unwrap_or(false) {
                return Err(Farewell::Banned);
            }
        }
        self.leave_forbidden().await;
        Ok(())
    }

    /// Leaves the streams, boards and places that are no longer for this reader, who may also be nobody in particular.
    async fn leave_forbidden(&mut self) {
        let places = self.services.presence.places(self.number);
        let streams = self.streams.iter().map(|key| key.0);
        let frameworks: BTreeSet<FrameworkId> = streams.chain(self.boards.iter().map(|board| board.0)).chain(places).collect();
        for framework in frameworks {
            let actor = match self.actor(framework).await {
                Ok((_, actor)) => Some(actor),
                Err(Failure::Problem(_)) => None,
                Err(Failure::Store(_)) => continue,
            };
            let allows = |stream| actor.as_ref().is_some_and(|actor| feed::may_follow(actor, stream).is_ok());
            let lost: Vec<StreamKey> = self.streams.iter().copied().filter(|key| key.0 == framework && !allows(key.1)).collect();
            for key in lost {
                self.unsubscribe(framework, &key.1.to_string());
                self.outbox.end_stream(key);
            }
            if actor.is_none() {
                self.leave_unseen(framework);
            }
        }
    }

    /// Leaves what remains of a framework that is not to be seen any more.
    fn leave_unseen(&mut self, framework: FrameworkId) {
        let lost: Vec<QuestionId> = self.boards.iter().filter(|board| board.0 == framework).map(|board| board.1).collect();
        for question in lost {
            self.unsubscribe(framework, &format!("tally/{question}"));
            self.outbox.end_tally(framework, question);
        }
        self.services.presence.away(self.number, framework);
        self.outbox.end_presence(framework);
    }
}
