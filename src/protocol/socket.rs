//! Frames: one JSON object with a `type` per text message.
mod client;
mod server;

pub use self::{
    client::{ClientFrame, FrameFault},
    server::{Head, Limits, Mode, ServerFrame, Why},
};

/// The subprotocol a client must offer.
pub const SUBPROTOCOL: &str = "demarche.v1";
/// The version `hello` names.
pub const VERSION: u32 = 1;
/// The largest frame a client may send, in bytes.
pub const FRAME: usize = 64 * 1024;
/// How many streams one socket may follow.
pub const SUBSCRIPTIONS: usize = 32;
/// Time between the server's pings and heartbeats, in milliseconds; each is moved by up to 20 %
/// either way.
pub const HEARTBEAT: u64 = 25_000;
