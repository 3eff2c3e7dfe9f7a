//! What a client sends, and why a frame is not taken.
use serde::Deserialize;
use serde_json::{Map, Value};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    domain::{framework::FrameworkId, text::Fault},
    protocol::{
        command::{Command, CommandId},
        limits,
        problem::Problem,
        strict,
    },
};

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
            Err(problem)
                if text.trim_start().starts_with('{')
                    && problem.detail.contains("stands twice") =>
            {
                return Err(FrameFault::Nack {
                    id: None,
                    reference: None,
                    problem: Box::new(problem),
                });
            }
            Err(_) => return Err(FrameFault::Protocol),
        };
        if !body
            .get("type")
            .and_then(Value::as_str)
            .is_some_and(|name| TYPES.contains(&name))
        {
            return Err(FrameFault::Protocol);
        }
        let word = |key: &str| {
            body.get(key)
                .and_then(Value::as_str)
                .filter(|word| limits::text(key, word).is_ok())
                .map(str::to_owned)
        };
        let (id, reference) = (word("id"), word("ref"));
        if let Err(fault) = limits::body(&body) {
            // A command's fields are named as on REST, without the frame around them.
            let field = fault
                .field
                .strip_prefix("command.")
                .unwrap_or(&fault.field)
                .to_owned();
            return Err(FrameFault::Nack {
                id,
                reference,
                problem: Box::new(Fault { field, ..fault }.into()),
            });
        }
        strict::tagged(body).map_err(|problem| FrameFault::Nack {
            id,
            reference,
            problem: Box::new(problem),
        })
    }
}
