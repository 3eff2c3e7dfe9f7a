//! Going on where a client left off. What it missed is queued a page at a time, and the next page
//! is made when the client has taken the one before: a resume costs the same however far back it
//! reaches and however slowly it is read.
use crate::{
    domain::stream::StreamKey,
    protocol::{frame::Frame, problem::Problem},
    service::{
        Failure, Outcome,
        keep::outbox::Room,
        way_out::feed::{Feed, Follower, Hub, HubState, frames},
    },
};

/// How many changes are read from the log at a time, to be made into frames: of the longest texts,
/// two megabytes.
const PIECE: i64 = 32;
/// How many resumes read the log at once: the rest of the store's readers are everybody else's.
pub const AT_ONCE: usize = 3;

/// How far a follower has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It gets what happens as it happens.
    Level,
    /// There is more for it: ask again when it has taken what was queued.
    Behind,
}

impl HubState {
    fn behind(&self, socket: u64) -> Option<&Follower> {
        self.followers
            .get(&socket)
            .filter(|follower| follower.behind)
    }
}

impl Feed {
    /// Queues the next page of what a follower missed. Where that cannot be read the follower is
    /// told to subscribe again.
    pub async fn go_on(&self, socket: u64, key: StreamKey) -> Progress {
        let Some(hub) = self.hubs().get(&key).cloned() else {
            return Progress::Level;
        };
        self.page(&hub, socket).await.unwrap_or_else(|failure| {
            if let Failure::Store(error) = failure {
                tracing::warn!(%error, "a resume was given up");
            }
            lose(&mut hub.state(), socket, key);
            Progress::Level
        })
    }

    pub(super) async fn page(&self, hub: &Hub, socket: u64) -> Outcome<Progress> {
        let (after, room, kept) = {
            let state = hub.state();
            let Some(follower) = state.behind(socket) else {
                return Ok(Progress::Level);
            };
            let room = follower.outbox.room();
            if room == Room::default() {
                return Ok(Progress::Behind);
            }
            (follower.after, room, state.ring.after(follower.after, room))
        };
        let frames = match kept {
            Some(frames) => frames,
            None => self.logged(hub, after, room).await?,
        };
        let mut state = hub.state();
        let head = state.head;
        // It may have left meanwhile, or the stream may have begun anew.
        let Some(follower) = state
            .followers
            .get_mut(&socket)
            .filter(|follower| follower.behind)
        else {
            return Ok(Progress::Level);
        };
        if frames.is_empty() && room != Room::ALL {
            return Ok(Progress::Behind);
        }
        if frames.is_empty() {
            lose(&mut state, socket, hub.key);
            return Ok(Progress::Level);
        }
        let outbox = follower.outbox.clone();
        for (seq, frame) in frames {
            follower.after = seq;
            if !outbox.event(hub.key, frame) {
                state.followers.remove(&socket);
                return Ok(Progress::Level);
            }
        }
        follower.behind = follower.after < head;
        Ok(if follower.behind {
            Progress::Behind
        } else {
            Progress::Level
        })
    }

    /// The frames after a place from the log, as many as there is room for.
    async fn logged(&self, hub: &Hub, after: i64, mut room: Room) -> Outcome<Vec<(i64, Frame)>> {
        let _turn = self
            .log_turns
            .acquire()
            .await
            .expect("the semaphore is never closed");
        metrics::counter!("demarche_resume_log_reads").increment(1);
        let mut reader = self.node.store.read().await?;
        let framework = reader
            .framework(hub.key.0)
            .await?
            .ok_or_else(Problem::not_found)?;
        let (name, mut place, mut page) = (hub.key.1.to_string(), after, vec![]);
        loop {
            let changes = reader.changes(framework.id, &name, place, PIECE).await?;
            let Some(last) = changes.last() else {
                return Ok(page);
            };
            place = last.seq;
            for (change, frame) in changes
                .iter()
                .zip(frames(&mut reader, &framework, hub.key.1, &changes).await?)
            {
                if !room.take(frame.len()) {
                    return Ok(page);
                }
                page.push((change.seq, frame));
            }
        }
    }
}

/// Detaches a follower who has to subscribe again.
fn lose(state: &mut HubState, socket: u64, key: StreamKey) {
    if let Some(follower) = state.followers.remove(&socket) {
        follower.outbox.lag(key);
    }
}
