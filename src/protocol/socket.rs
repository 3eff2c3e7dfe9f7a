//! Frames: one JSON object with a `type` per text message.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{
    command::{Command, CommandId},
    event::Event,
    limits,
    problem::Problem,
    strict,
};
use crate::domain::{
    bridging::{Item, Waiting},
    framework::{FrameworkId, QuestionId},
    text::Fault,
};

/// The subprotocol a client must offer.
pub const SUBPROTOCOL: &str = "demarche.v1";
/// The version `hello` names.
pub const VERSION: u32 = 1;
/// The largest frame a client may send, in bytes.
pub const FRAME: usize = 64 * 1024;
/// How many streams one socket may follow.
pub const SUBSCRIPTIONS: usize = 32;
/// Time between the server's pings and heartbeats, in milliseconds; each is moved by up to 20 % either way.
pub const HEARTBEAT: u64 = 25_000;

/// What a client sends.
#[derive(Clone, Debug, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[ts(tag = "type")]
pub enum ClientFrame {
    /// Follow a stream.
    Subscribe {
        /// Comes back in the answer; 1 to 64 bytes.
        r#ref: String,
        /// Whose stream.
        framework: FrameworkId,
        /// `public`, `moderators`, `account/<id>` or `tally/<question>`.
        stream: String,
        /// With `after`: where one left off.
        #[serde(default)]
        #[ts(optional)]
        epoch: Option<String>,
        /// The last place one has.
        #[serde(default, deserialize_with = "strict::natural_or_none")]
        #[ts(optional)]
        after: Option<i64>,
    },
    /// Follow it no more.
    Unsubscribe {
        /// Whose.
        framework: FrameworkId,
        /// Which.
        stream: String,
    },
    /// Write.
    Command {
        /// Made and kept by the client before it sends.
        id: CommandId,
        /// Where.
        framework: FrameworkId,
        /// What.
        #[schema(value_type = Command)]
        #[ts(as = "Command")]
        command: Map<String, Value>,
    },
    /// Say where one is.
    Here {
        /// In which framework.
        framework: FrameworkId,
        /// At which point.
        #[serde(default)]
        #[ts(optional)]
        point: Option<u32>,
    },
}

const TYPES: [&str; 4] = ["subscribe", "unsubscribe", "command", "here"];

/// Why a frame was not taken.
#[derive(Debug)]
pub enum FrameFault {
    /// Not an object with a known `type`: the socket closes with 1002.
    Protocol,
    /// Anything else: answered by a `nack` that names the frame's `id` or `ref`, if it had one.
    Nack {
        /// The frame's `id`.
        id: Option<String>,
        /// Its `ref`.
        reference: Option<String>,
        /// What is wrong.
        problem: Box<Problem>,
    },
}

impl ClientFrame {
    /// Reads a text message.
    ///
    /// # Errors
    /// Whether to close or to answer.
    pub fn read(text: &str) -> Result<Self, FrameFault> {
        let body = match strict::object(text.as_bytes()) {
            Ok(body) => body,
            // An object with a key that stands twice is still an object.
            Err(problem) if text.trim_start().starts_with('{') && problem.detail.contains("stands twice") => {
                return Err(FrameFault::Nack { id: None, reference: None, problem: Box::new(problem) });
            }
            Err(_) => return Err(FrameFault::Protocol),
        };
        if !body.get("type").and_then(Value::as_str).is_some_and(|name| TYPES.contains(&name)) {
            return Err(FrameFault::Protocol);
        }
        let word = |key: &str| body.get(key).and_then(Value::as_str).filter(|word| limits::text(key, word).is_ok()).map(str::to_owned);
        let (id, reference) = (word("id"), word("ref"));
        if let Err(fault) = limits::body(&body) {
            // A command's fields are named as on REST, without the frame around them.
            let field = fault.field.strip_prefix("command.").unwrap_or(&fault.field).to_owned();
            return Err(FrameFault::Nack { id, reference, problem: Box::new(Fault { field, ..fault }.into()) });
        }
        strict::tagged(body).map_err(|problem| FrameFault::Nack { id, reference, problem: Box::new(problem) })
    }
}

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
