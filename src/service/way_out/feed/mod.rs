//! Streams to sockets: one hub per watched stream keeps recent frames, encoded once, and hands them
//! to its followers.
mod hints;
mod resume;
mod ring;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::value::{RawValue, to_raw_value};
use tokio::{
    sync::{Mutex as AsyncMutex, Semaphore},
    time::Instant,
};

use crate::{
    domain::{
        framework::Framework,
        permission::Actor,
        stream::{Stream, StreamKey},
    },
    protocol::{
        frame::{Frame, encode},
        problem::Problem,
        socket::{Head, Mode, ServerFrame, Why},
    },
    service::{
        Outcome,
        caller::Asker,
        keep::outbox::Outbox,
        node::Node,
        reads::{frameworks, moderation::queue},
        sight::seen,
        way_out::{
            events,
            feed::{resume::AT_ONCE, ring::Ring},
        },
    },
    settings::Mutant,
    store::{Change, Reader},
};

pub use self::{hints::run, resume::Progress};

/// How many changes a hub keeps, and how many a resume may ask for.
const WINDOW: i64 = 1_000;
/// How many changes a hub reads at a time.
const READ: i64 = 256;
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
    /// Held while the hub reads from the database: one reader at a time, and nobody attaches in
    /// between.
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
        Self {
            node,
            hubs: Mutex::default(),
            log_turns: Semaphore::new(AT_ONCE),
        }
    }

    fn hubs(&self) -> MutexGuard<'_, HashMap<StreamKey, Arc<Hub>>> {
        self.hubs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hub(&self, key: StreamKey) -> Arc<Hub> {
        let new = || {
            Arc::new(Hub {
                key,
                reading: AsyncMutex::default(),
                state: Mutex::default(),
            })
        };
        self.hubs().entry(key).or_insert_with(new).clone()
    }

    /// Attaches a socket to a stream it may see: queues `subscribed` with a snapshot, or with the
    /// first page of what it missed; the events follow.
    pub async fn follow(
        &self,
        framework: &Framework,
        stream: Stream,
        actor: &Actor,
        follow: Follow<'_>,
    ) -> Outcome<Progress> {
        let hub = self.hub((framework.id, stream));
        let reading = hub.reading.lock().await;
        let mut reader = self.node.store.read().await?;
        let framework = reader
            .framework(framework.id)
            .await?
            .ok_or_else(Problem::not_found)?;
        self.catch_up(&hub, &framework, &mut reader).await?;
        let head = hub.state().head;
        let Follow {
            socket,
            outbox,
            reference,
            from,
        } = follow;
        let (why, after) = self.begins(from.as_ref(), &framework.epoch, head);
        let snapshot = match why {
            Some(_) => Some(
                (*snapshot(&hub, &framework, &mut reader, actor, &self.node).await?).to_owned(),
            ),
            None => None,
        };
        // What waits of an earlier subscription is part of what is sent now.
        outbox.forget(hub.key);
        let mode = if why.is_none() {
            Mode::Resumed
        } else {
            Mode::Snapshot
        };
        outbox.answer(encode(&ServerFrame::Subscribed {
            r#ref: reference,
            framework: framework.id,
            stream: stream.to_string(),
            epoch: framework.epoch,
            seq: head,
            mode,
            reason: why,
            snapshot,
        }));
        hub.state().followers.insert(
            socket,
            Follower {
                outbox: outbox.clone(),
                after,
                behind: after < head,
            },
        );
        // The rest takes its own time, and a reader of its own.
        drop((reading, reader));
        Ok(self.go_on(socket, hub.key).await)
    }

    /// After which place a follower begins; and where it cannot go on from where it left off, why.
    fn begins(&self, from: Option<&(String, i64)>, epoch: &str, head: i64) -> (Option<Why>, i64) {
        match from {
            None => (Some(Why::First), head),
            Some((known, _)) if known != epoch => (Some(Why::Epoch), head),
            Some((_, after)) if *after > head => (Some(Why::Ahead), head),
            Some((_, after)) if head - after > WINDOW => (Some(Why::Window), head),
            Some((_, after)) => (
                None,
                after + i64::from(self.node.options.mutant == Some(Mutant::ResumeOffByOne)),
            ),
        }
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
            Some(Head {
                framework: key.0,
                stream: key.1.to_string(),
                epoch: state.epoch.clone(),
                seq: state.head,
            })
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
            let changes = reader
                .changes(framework.id, &hub.key.1.to_string(), from, READ)
                .await?;
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
        *state = HubState {
            epoch: framework.epoch.clone(),
            head,
            ..HubState::default()
        };
        drop(state);
        for follower in followers.into_values() {
            follower.outbox.lag(hub.key);
        }
        Ok(())
    }

    fn hand_out(&self, hub: &Hub, change: &Change, frame: Frame) {
        let mut state = hub.state();
        state
            .ring
            .push(change, frame.clone(), self.node.clock.now());
        state.head = change.seq;
        state.told = Some(Instant::now());
        metrics::counter!("demarche_events_delivered")
            .increment(u64::try_from(state.followers.len()).unwrap_or(0));
        let has = |follower: &Follower| follower.behind || follower.after >= change.seq;
        state
            .followers
            .retain(|_, follower| has(follower) || follower.outbox.event(hub.key, frame.clone()));
    }
}

async fn frames(
    reader: &mut Reader,
    framework: &Framework,
    stream: Stream,
    changes: &[Change],
) -> Outcome<Vec<Frame>> {
    let events = events::materialise(reader, framework, stream, changes).await?;
    Ok(events
        .into_iter()
        .map(|event| encode(&ServerFrame::Event(Box::new(event))))
        .collect())
}

/// The state of a stream at the hub's head; that of the public stream is built once per place. The
/// caller holds `reading`.
async fn snapshot(
    hub: &Hub,
    framework: &Framework,
    reader: &mut Reader,
    actor: &Actor,
    node: &Node,
) -> Outcome<Arc<RawValue>> {
    let head = hub.state().head;
    if let Some((_, made)) = hub
        .state()
        .snapshot
        .as_ref()
        .filter(|(at, _)| *at == head && hub.key.1 == Stream::Public)
    {
        return Ok(made.clone());
    }
    let body = match hub.key.1 {
        Stream::Public => to_raw_value(&frameworks::snapshot(reader, framework, head).await?),
        Stream::Moderators => {
            let account = actor.account.ok_or_else(Problem::unauthenticated)?;
            to_raw_value(
                &queue::page(
                    node,
                    account.into(),
                    &framework.slug,
                    queue::Filter::default(),
                    None,
                )
                .await?,
            )
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
    Ok(seen::see(node, account, framework.clone(), reader)
        .await?
        .actor)
}
