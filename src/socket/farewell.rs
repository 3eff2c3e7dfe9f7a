//! Why a socket closes, and by which code it says so.
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::service::keep::outbox;

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

/// The close codes of the protocol beyond those of RFC 6455.
pub fn close_code(farewell: Farewell) -> (CloseCode, &'static str) {
    match farewell {
        Farewell::Protocol => (CloseCode::Protocol, "not a frame of this protocol"),
        Farewell::Binary => (CloseCode::Unsupported, "text only"),
        Farewell::Text => (CloseCode::Invalid, "not UTF-8"),
        Farewell::Size => (CloseCode::Size, "larger than 64 KiB"),
        Farewell::Endless => (CloseCode::Policy, "a message without an end"),
        Farewell::Flood => (CloseCode::Policy, "too many frames"),
        Farewell::Restart => (CloseCode::Restart, "restarting"),
        Farewell::SessionEnded => (CloseCode::Library(4001), "the session has ended"),
        Farewell::Banned => (CloseCode::Library(4003), "the account was barred"),
        Farewell::Slow => (CloseCode::Library(4008), "too slow"),
        Farewell::Silent => (CloseCode::Library(4008), "no sign of life"),
        Farewell::Gone => (CloseCode::Normal, ""),
    }
}
