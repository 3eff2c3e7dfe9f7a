//! Streams to sockets: one hub per watched stream keeps recent frames, encoded once, and hands them to its followers.
mod resume;
mod ring;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::value::{RawValue, to_raw_value};
use tokio::{
    sync::{Mutex as AsyncMutex, Semaphore, broadcast::error::RecvError},
    time::{Instant, sleep_until},
};

use crate::{
    domain::{
        framework::{Framework, FrameworkId},
        permission::Actor,
        stream::{Stream, StreamKey},
    },
    live::Hint,
    protocol::{
        frame::{Frame, encode},
        problem::Problem,
        socket::{Head, Mode, ServerFrame, Why},
    },
    service::{
        Failure, Outcome,
        caller::Asker,
        keep::outbox::Outbox,
        node::Node,
        reads::{frameworks, moderation::queue},
        sight::seen,
        way_out::{
            events,
            feed::{resume::AT_ONCE, ring::Ring},
            rights,
        },
    },
    settings::Mutant,
    store::{Change, Reader},
};

pub use self::resume::Progress;

/// How many changes a hub keeps, and how many a resume may ask for.
const WINDOW: i64 = 1_000;
/// How many changes a hub reads at a time.
const READ: i64 = 256;
/// How many heads one query of a sweep asks for.
const HEADS: usize = 1_024;
/// How long a stream rests between two readings: events that come closer than that go out together, by one write to each socket instead
/// of many. One that comes alone goes out at once.
const GATHER: Duration = Duration::from_millis(10);
/// How often heads are swept for hints that were lost.
const SWEEP: Duration = Duration::from_secs(1);

/// All hubs of this node.
pub struct Feed {
    node: Arc<Node>,
    hubs: Mutex<HashMap<StreamKey, Arc<Hub>>>,
    /// Taken by resumes that read the log.
    log_turns: Semaphore,
}

/// One watched stream.
struct Hub {
    key: StreamKey,
    /// Held while the hub reads from the database: one reader at a time, and nobody attaches in between.
    reading: AsyncMutex<()>,
    state: Mutex<HubState>,
}

#[derive(Default)]
struct HubState {
    epoch: String,
    /// The last place handed out.
    head: i64,
    ring: Ring,
    followers: HashMap<u64, Follower>,
    snapshot: Option<(i64, Arc<RawValue>)>,
    /// When something was last handed out.
    told: Option<Instant>,
}

struct Follower {
    outbox: Arc<Outbox>,
    /// Gets what is beyond this place.
    after: i64,
    /// Whether it is still on its way to what happens now.
    behind: bool,
}

/// A request to follow a stream.
pub struct Follow<'a> {
    /// The socket.
    pub socket: u64,
    /// Its queue.
    pub outbox: &'a Arc<Outbox>,
    /// The client's name for the request.
    pub reference: String,
    /// Where the client left off: epoch and place.
    pub from: Option<(String, i64)>,
}

impl Hub {
    fn state(&self) -> MutexGuard<'_, HubState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Feed {
    pub(crate) fn new(node: Arc<Node>) -> Self {
        Self { node, hubs: Mutex::default(), log_turns: Semaphore::new(AT_ONCE) }
    }

    fn hubs(&self) -> MutexGuard<'_, HashMap<StreamKey, Arc<Hub>>> {
        self.hubs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hub(&self, key: StreamKey) -> Arc<Hub> {
        let new = || Arc::new(Hub { key, reading: AsyncMutex::default(), state: Mutex::default() });
        self.hubs().entry(key).or_insert_with(new).clone()
    }

    /// Attaches a socket to a stream it may see: queues `subscribed` with a snapshot, or with the first page of what it missed;
    /// the events follow.
    pub async fn follow(&self, framework: &Framework, stream: Stream, actor: &Actor, follow: Follow<'_>) -> Outcome<Progress> {
        let hub = self.hub((framework.id, stream));
        let reading = hub.reading.lock().await;
        let mut reader = self.node.store.read().await?;
        let framework = reader.framework(framework.id).await?.ok_or_else(Problem::not_found)?;
        self.catch_up(&hub, &framework, &mut reader).await?;
        let head = hub.state().head;
        let Follow { socket, outbox, reference, from } = follow;
        let answer = |mode, reason, snapshot| {
            let (framework, epoch) = (framework.id, framework.epoch.clone());
            encode(&ServerFrame::Subscribed { r#ref: reference, framework, stream: stream.to_string(), epoch, seq: head, mode, reason, snapshot })
        };
        let (why, after) = match &from {
            None => (Some(Why::First), head),
            Some((epoch, _)) if *epoch != framework.epoch => (Some(Why::Epoch), head),
            Some((_, after)) if *after > head => (Some(Why::Ahead), head),
            Some((_, after)) if head - after > WINDOW => (Some(Why::Window), head),
            Some((_, after)) => (None, after + i64::from(self.node.options.mutant == Some(Mutant::ResumeOffByOne))),
        };
        let snapshot = match why {
            Some(_) => Some((*snapshot(&hub, &framework, &mut reader, actor, &self.node).await?).to_owned()),
            None => None,
        };
        // What waits of an earlier subscription is part of what is sent now.
        outbox.forget(hub.key);
        outbox.answer(answer(if why.is_none() { Mode::Resumed } else { Mode::Snapshot }, why, snapshot));
        hub.state().followers.insert(socket, Follower { outbox: outbox.clone(), after, behind: after < head });
        // The rest takes its own time, and a reader of its own.
        drop((reading, reader));
        Ok(self.go_on(socket, hub.key).await)
    }

    /// Detaches a socket from a stream.
    pub fn unfollow(&self, socket: u64, key: StreamKey) {
        let mut hubs = self.hubs();
        let Some(hub) = hubs.get(&key) else { return };
        let mut state = hub.state();
        state.followers.remove(&socket);
        // Nobody else holds the hub: whoever is about to follow it has a clone.
        if state.followers.is_empty() && Arc::strong_count(hub) == 1 {
            drop(state);
            hubs.remove(&key);
        }
    }

    /// The heads of streams, as this node knows them.
    #[must_use]
    pub fn heads(&self, keys: &[StreamKey]) -> Vec<Head> {
        let hubs = self.hubs();
        let head = |key: &StreamKey| {
            let hub = hubs.get(key)?;
            let state = hub.state();
            Some(Head { framework: key.0, stream: key.1.to_string(), epoch: state.epoch.clone(), seq: state.head })
        };
        keys.iter().filter_map(head).collect()
    }

    /// Reads what happened since the hub's head and hands it out. The caller holds `reading`.
    async fn catch_up(&self, hub: &Hub, framework: &Framework, reader: &mut Reader) -> Outcome<()> {
        let (epoch, mut from) = {
            let state = hub.state();
            (state.epoch.clone(), state.head)
        };
        let head = reader.head(framework.id, &hub.key.1.to_string()).await?.seq;
        if epoch != framework.epoch {
            return self.begin(hub, framework, head);
        }
        while from < head {
            let changes = reader.changes(framework.id, &hub.key.1.to_string(), from, READ).await?;
            let Some(last) = changes.last() else { break };
            from = last.seq;
            let frames = frames(reader, framework, hub.key.1, &changes).await?;
            for (change, frame) in changes.iter().zip(frames) {
                self.hand_out(hub, change, frame);
            }
        }
        Ok(())
    }

    /// Starts a hub at the head; followers of another epoch are told to subscribe again.
    #[expect(clippy::unnecessary_wraps, reason = "reads as the other branch does")]
    fn begin(&self, hub: &Hub, framework: &Framework, head: i64) -> Outcome<()> {
        let mut state = hub.state();
        let followers = std::mem::take(&mut state.followers);
        *state = HubState { epoch: framework.epoch.clone(), head, ..HubState::default() };
        drop(state);
        for follower in followers.into_values() {
            follower.outbox.lag(hub.key);
        }
        Ok(())
    }

    fn hand_out(&self, hub: &Hub, change: &Change, frame: Frame) {
        let mut state = hub.state();
        state.ring.push(change, frame.clone(), self.node.clock.now());
        state.head = change.seq;
        state.told = Some(Instant::now());
        metrics::counter!("demarche_events_delivered").increment(u64::try_from(state.followers.len()).unwrap_or(0));
        let has = |follower: &Follower| follower.behind || follower.after >= change.seq;
        state.followers.retain(|_, follower| has(follower) || follower.outbox.event(hub.key, frame.clone()));
    }

    /// When to read a stream that is said to stand at a place; `None` where nobody follows it, or all of that was handed out.
    fn due(&self, key: StreamKey, epoch: &str, seq: i64) -> Option<Instant> {
        let hub = self.hubs().get(&key).cloned()?;
        let state = hub.state();
        let behind = state.epoch != epoch || state.head < seq;
        behind.then(|| state.told.map_or_else(Instant::now, |told| told + GATHER))
    }

    /// Brings a watched stream up to date; false where it could not be read.
    async fn refresh(&self, key: StreamKey) -> bool {
        let Some(hub) = self.hubs().get(&key).cloned() else { return true };
        let _reading = hub.reading.lock().await;
        let run = async {
            let mut reader = self.node.store.read().await?;
            let framework = reader.framework(key.0).await?.ok_or_else(Problem::not_found)?;
            self.catch_up(&hub, &framework, &mut reader).await
        };
        match run.await {
            Ok(()) | Err(Failure::Problem(_)) => true,
            Err(Failure::Store(error)) => {
                // The sweep tries again within a second.
                tracing::warn!(%error, "a stream could not be read");
                false
            }
        }
    }

    /// Finds streams that moved without a hint, where their framework was written to since the last sweep that found nothing.
    async fn sweep(&self, swept: &mut HashMap<FrameworkId, (String, i64)>) {
        let mut watched: HashMap<FrameworkId, Vec<Stream>> = HashMap::new();
        for (framework, stream) in self.hubs().keys() {
            watched.entry(*framework).or_default().push(*stream);
        }
        let Ok(beats) = self.beats().await else { return };
        for (framework, epoch, beat) in beats {
            let Some(streams) = watched.get(&framework) else { continue };
            // A stream that began to be watched since has caught up when it was followed.
            if swept.get(&framework).is_some_and(|(was, at)| *was == epoch && *at == beat) {
                continue;
            }
            if self.sweep_framework(framework, &epoch, streams).await.unwrap_or(false) {
                swept.insert(framework, (epoch, beat));
            }
        }
    }

    async fn beats(&self) -> crate::store::Result<Vec<(FrameworkId, String, i64)>> {
        self.node.store.read().await?.beats().await
    }

    /// Whether all of these streams are up to date afterwards.
    async fn sweep_framework(&self, framework: FrameworkId, epoch: &str, streams: &[Stream]) -> crate::store::Result<bool> {
        let mut whole = true;
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        let mut heads = HashMap::new();
        for some in names.chunks(HEADS) {
            heads.extend(self.node.store.read().await?.heads_of(framework, some).await?);
        }
        for (stream, name) in streams.iter().zip(names) {
            let known = self.hubs().get(&(framework, *stream)).map(|hub| {
                let state = hub.state();
                (state.head, state.epoch == epoch)
            });
            let Some((known, current)) = known else { continue };
            if known < heads.get(&name).map_or(0, |head| head.seq) || !current {
                metrics::counter!("demarche_lost_hints").increment(1);
                whole &= self.refresh((framework, *stream)).await;
            }
        }
        Ok(whole)
    }
}

async fn frames(reader: &mut Reader, framework: &Framework, stream: Stream, changes: &[Change]) -> Outcome<Vec<Frame>> {
    let events = events::materialise(reader, framework, stream, changes).await?;
    Ok(events.into_iter().map(|event| encode(&ServerFrame::Event(Box::new(event)))).collect())
}

/// The state of a stream at the hub's head; that of the public stream is built once per place. The caller holds `reading`.
async fn snapshot(hub: &Hub, framework: &Framework, reader: &mut Reader, actor: &Actor, node: &Node) -> Outcome<Arc<RawValue>> {
    let head = hub.state().head;
    if let Some((_, made)) = hub.state().snapshot.as_ref().filter(|(at, _)| *at == head && hub.key.1 == Stream::Public) {
        return Ok(made.clone());
    }
    let body = match hub.key.1 {
        Stream::Public => to_raw_value(&frameworks::snapshot(reader, framework, head).await?),
        Stream::Moderators => {
            let account = actor.account.ok_or_else(Problem::unauthenticated)?;
            to_raw_value(&queue::page(node, account.into(), &framework.slug, queue::Filter::default(), None).await?)
        }
        Stream::Account(_) => to_raw_value(&frameworks::you(reader, framework, actor).await?),
    };
    let made: Arc<RawValue> = body.expect("a body is JSON").into();
    hub.state().snapshot = Some((head, made.clone()));
    Ok(made)
}

/// Whether somebody may follow a stream.
///
/// # Errors
/// Why not.
pub fn may_follow(actor: &Actor, stream: Stream) -> Result<(), Problem> {
    match stream {
        Stream::Account(id) if actor.account != Some(id) => Err(Problem::not_found()),
        _ => Ok(actor.may(stream.needs(), false)?),
    }
}

/// What an account is in a framework now.
pub async fn actor(node: &Node, framework: &Framework, account: Option<Asker>) -> Outcome<Actor> {
    let reader = node.store.read().await?;
    Ok(seen::see(node, account, framework.clone(), reader).await?.actor)
}

/// Follows the hints until the server stops.
pub async fn run(feed: Arc<Feed>) {
    let node = feed.node.clone();
    let mut hints = node.live.hints();
    let mut sweep = tokio::time::interval(SWEEP);
    sweep.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut swept, mut due) = (HashMap::new(), HashMap::<StreamKey, Instant>::new());
    loop {
        let next = due.values().min().copied();
        tokio::select! {
            () = node.stop.cancelled() => return,
            _ = sweep.tick() => feed.sweep(&mut swept).await,
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {
                let now = Instant::now();
                for (key, _) in due.extract_if(|_, at| *at <= now).collect::<Vec<_>>() {
                    feed.refresh(key).await;
                }
            }
            hint = hints.recv() => match hint.inspect(|hint| if hint.tells_everyone() { node.shelf.turn() }) {
                Ok(Hint::Streams { framework, epoch, heads }) => {
                    for (stream, seq) in heads {
                        let key = (framework, stream);
                        match feed.due(key, &epoch, seq) {
                            None => {}
                            Some(at) if at <= Instant::now() => {
                                feed.refresh(key).await;
                            }
                            Some(at) => {
                                due.entry(key).or_insert(at);
                            }
                        }
                    }
                }
                Ok(hint) => rights::heed(&node, &hint),
                // The sweep finds what was lost.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
        }
    }
}
