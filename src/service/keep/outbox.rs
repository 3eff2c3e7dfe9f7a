//! What waits to be sent to one socket: bounded, so that a slow reader costs the server nothing but
//! its place.
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::{
    domain::{
        framework::{FrameworkId, QuestionId},
        stream::StreamKey,
    },
    protocol::{
        frame::{Frame, encode},
        socket::ServerFrame,
    },
};

/// How many event frames may wait.
const FRAMES: usize = 256;
/// How many bytes of event frames may wait.
const BYTES: usize = 256 * 1024;

/// How many answers may wait before the socket is read on.
const ANSWERS: usize = 64;

/// How much more may wait; nothing, by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Frames.
    pub frames: usize,
    /// Bytes of them.
    pub bytes: usize,
}

impl Room {
    /// Nothing waits.
    pub const ALL: Self = Self {
        frames: FRAMES,
        bytes: BYTES,
    };

    /// Takes the room of one frame, if there is so much.
    pub fn take(&mut self, bytes: usize) -> bool {
        let left = self
            .frames
            .checked_sub(1)
            .zip(self.bytes.checked_sub(bytes));
        if let Some((frames, bytes)) = left {
            *self = Self { frames, bytes };
        }
        left.is_some()
    }
}

/// Why a socket must close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// The session has ended.
    SessionEnded,
    /// The account was barred.
    Banned,
}

/// The queue of one socket.
#[derive(Default)]
pub struct Outbox {
    // A std mutex: held for a push or a swap, never across an await.
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Default)]
struct Waiting {
    /// Answers to this socket's own frames: a lane of their own, bounded by what it may have under
    /// way.
    answers: VecDeque<Frame>,
    events: VecDeque<(StreamKey, Frame)>,
    bytes: usize,
    /// Latest wins.
    tallies: BTreeMap<QuestionId, Frame>,
    presence: BTreeMap<FrameworkId, Frame>,
    recheck: bool,
    farewell: Option<Farewell>,
}

/// What a socket takes at a time.
#[derive(Default, Debug)]
pub struct Taken {
    /// Frames in the order to send.
    pub frames: Vec<Frame>,
    /// Look at the session and the streams again.
    pub recheck: bool,
    /// Close after the frames.
    pub farewell: Option<Farewell>,
}

impl Outbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one of the socket's own frames.
    pub fn answer(&self, frame: Frame) {
        self.waiting().answers.push_back(frame);
        self.wake.notify_one();
    }

    /// Adds an event. False: too much waits, the stream's frames were dropped and `lagging` is sent
    /// instead; the stream must be subscribed again.
    #[must_use]
    pub fn event(&self, key: StreamKey, frame: Frame) -> bool {
        let mut waiting = self.waiting();
        if waiting.events.len() >= FRAMES || waiting.bytes + frame.len() > BYTES {
            drop(waiting);
            self.lag(key);
            return false;
        }
        waiting.bytes += frame.len();
        waiting.events.push_back((key, frame));
        drop(waiting);
        self.wake.notify_one();
        true
    }

    /// Says that a stream must be subscribed again, and drops what waits of it.
    pub fn lag(&self, key: StreamKey) {
        self.forget(key);
        self.answer(encode(&ServerFrame::Lagging {
            framework: key.0,
            stream: key.1.to_string(),
        }));
    }

    /// Drops what waits of a stream.
    pub fn forget(&self, key: StreamKey) {
        let mut waiting = self.waiting();
        waiting.events.retain(|(stream, _)| *stream != key);
        waiting.bytes = waiting.events.iter().map(|(_, frame)| frame.len()).sum();
    }

    /// How much more of events may wait; nothing while half of it is taken, so that pages are worth
    /// their making.
    #[must_use]
    pub fn room(&self) -> Room {
        let waiting = self.waiting();
        let half = waiting.events.len() > FRAMES / 2 || waiting.bytes > BYTES / 2;
        if half {
            Room::default()
        } else {
            Room {
                frames: FRAMES - waiting.events.len(),
                bytes: BYTES - waiting.bytes,
            }
        }
    }

    /// Replaces the tally that waits.
    pub fn tally(&self, question: QuestionId, frame: Frame) {
        self.waiting().tallies.insert(question, frame);
        self.wake.notify_one();
    }

    /// Says that a board may no longer be followed, and drops what waits of it.
    pub fn end_tally(&self, framework: FrameworkId, question: QuestionId) {
        let mut waiting = self.waiting();
        waiting.tallies.remove(&question);
        waiting.answers.push_back(encode(&ServerFrame::Revoked {
            framework,
            stream: format!("tally/{question}"),
        }));
        drop(waiting);
        self.wake.notify_one();
    }

    /// Says that a stream may no longer be followed, and drops what waits of it.
    pub fn end_stream(&self, key: StreamKey) {
        self.forget(key);
        self.answer(encode(&ServerFrame::Revoked {
            framework: key.0,
            stream: key.1.to_string(),
        }));
    }

    /// Drops the presence that waits of a framework.
    pub fn end_presence(&self, framework: FrameworkId) {
        self.waiting().presence.remove(&framework);
    }

    /// Replaces the presence that waits.
    pub fn presence(&self, framework: FrameworkId, frame: Frame) {
        self.waiting().presence.insert(framework, frame);
        self.wake.notify_one();
    }

    /// Whether so many answers wait that the socket must not be read until it has taken some.
    #[must_use]
    pub fn crowded(&self) -> bool {
        let waiting = self.waiting();
        waiting.answers.len() >= ANSWERS
            || waiting
                .answers
                .iter()
                .map(|frame| frame.len())
                .sum::<usize>()
                >= BYTES
    }

    /// Asks the socket to look at its rights again.
    pub fn recheck(&self) {
        self.waiting().recheck = true;
        self.wake.notify_one();
    }

    /// Asks the socket to close.
    pub fn farewell(&self, farewell: Farewell) {
        self.waiting().farewell = Some(farewell);
        self.wake.notify_one();
    }

    /// Waits until something is there and takes all of it.
    pub async fn take(&self) -> Taken {
        loop {
            let taken = self.take_now();
            if !taken.frames.is_empty() || taken.recheck || taken.farewell.is_some() {
                return taken;
            }
            self.wake.notified().await;
        }
    }

    /// Takes what is there.
    #[must_use]
    pub fn take_now(&self) -> Taken {
        let mut waiting = self.waiting();
        let mut frames: Vec<Frame> = waiting.answers.drain(..).collect();
        frames.extend(waiting.events.drain(..).map(|(_, frame)| frame));
        waiting.bytes = 0;
        frames.extend(std::mem::take(&mut waiting.tallies).into_values());
        frames.extend(std::mem::take(&mut waiting.presence).into_values());
        Taken {
            frames,
            recheck: std::mem::take(&mut waiting.recheck),
            farewell: waiting.farewell.take(),
        }
    }
}
