//! What a server sends.
use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    domain::{
        bridging::{Item, Waiting},
        framework::{FrameworkId, QuestionId},
    },
    protocol::{command::CommandId, event::Event, problem::Problem},
};

/// What a server sends.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// First.
    Hello {
        /// The protocol's version.
        v: u32,
        /// The node.
        node: String,
        /// This connection.
        connection: String,
        /// Unix milliseconds.
        server_time: i64,
        /// Milliseconds between heartbeats.
        heartbeat_ms: u64,
        /// What this server understands beyond version 1.
        features: Vec<String>,
        /// What it allows.
        limits: Limits,
    },
    /// A stream is followed.
    Subscribed {
        /// The client's.
        r#ref: String,
        /// Whose.
        framework: FrameworkId,
        /// Which.
        stream: String,
        /// Its epoch.
        epoch: String,
        /// The head (resumed) or the place of the snapshot.
        seq: i64,
        /// `resumed`: events after the client's place follow. `snapshot`: start from it.
        mode: Mode,
        /// Why a snapshot.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<Why>,
        /// The state at `seq`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Object>)]
        #[ts(type = "unknown", optional)]
        snapshot: Option<Box<serde_json::value::RawValue>>,
    },
    /// Something happened.
    Event(Box<Event>),
    /// A command was carried out.
    Ack {
        /// The command's.
        id: CommandId,
        /// The stream of its last change.
        stream: Option<String>,
        /// Its epoch.
        epoch: Option<String>,
        /// Its place.
        seq: Option<i64>,
        /// Whether it had been carried out before.
        duplicate: bool,
        /// What it brought about.
        #[schema(value_type = crate::protocol::rest::CommandResult)]
        #[ts(type = "CommandResult")]
        result: Box<serde_json::value::RawValue>,
    },
    /// A frame was refused.
    Nack {
        /// The command's.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        id: Option<String>,
        /// The subscription's.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        r#ref: Option<String>,
        /// Why.
        problem: Problem,
    },
    /// Results moved: the whole board, latest wins.
    Tally {
        /// Whose.
        framework: FrameworkId,
        /// Which question's.
        question: QuestionId,
        /// Of which round.
        round: u32,
        /// How many ballot changes it holds.
        at_seq: i64,
        /// People per camp.
        voters: BTreeMap<String, i64>,
        /// Ranked cards.
        items: Vec<Item>,
        /// Unranked cards.
        waiting: Vec<Waiting>,
    },
    /// Who is here.
    Presence {
        /// Where.
        framework: FrameworkId,
        /// People.
        count: i64,
        /// Whether the count is rounded.
        approximate: bool,
        /// People per point.
        points: BTreeMap<u32, i64>,
    },
    /// The heads of the streams followed, so that a lost tail shows.
    Heartbeat {
        /// One per stream.
        heads: Vec<Head>,
    },
    /// Frames of a stream were dropped for this socket: subscribe again from the last place.
    Lagging {
        /// Whose.
        framework: FrameworkId,
        /// Which.
        stream: String,
    },
    /// The server stops.
    Drain {
        /// When to come back.
        reconnect_in_ms: u64,
    },
    /// A stream may no longer be followed.
    Revoked {
        /// Whose.
        framework: FrameworkId,
        /// Which.
        stream: String,
    },
}

/// What a server allows.
#[derive(Clone, Copy, Debug, Serialize, TS, ToSchema)]
pub struct Limits {
    /// Bytes of a frame.
    pub frame: usize,
    /// Commands a minute.
    pub commands_per_minute: u32,
    /// Streams followed.
    pub subscriptions: usize,
}

/// How a subscription starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Where the client left off.
    Resumed,
    /// From the state as it is.
    Snapshot,
}

/// Why a subscription starts from a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The client named no place.
    First,
    /// The client's place is of another epoch.
    Epoch,
    /// Too much has happened since.
    Window,
    /// The client's place has not been reached.
    Ahead,
}

/// Where a stream stands.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct Head {
    /// Whose.
    pub framework: FrameworkId,
    /// Which.
    pub stream: String,
    /// Its epoch.
    pub epoch: String,
    /// Its last place.
    pub seq: i64,
}
