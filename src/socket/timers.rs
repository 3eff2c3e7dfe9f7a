//! When something is due at a socket.
use std::time::Duration;

use tokio::time::Instant;

use super::line::PATIENCE;
use crate::{id, protocol::socket::HEARTBEAT};

/// Messages a client may send in ten seconds before it is a flood.
const FLOOD: u32 = 2_000;
/// How often a session is looked at again.
pub const RECHECK: Duration = Duration::from_secs(60);

/// When things are due.
pub struct Timers {
    pub ping: Instant,
    pub pong: Option<Instant>,
    pub first: Option<Instant>,
    pub recheck: Instant,
    window: (Instant, u32),
}

impl Timers {
    pub fn start() -> Self {
        let now = Instant::now();
        Self {
            ping: now + beat(),
            pong: None,
            first: Some(now + PATIENCE),
            recheck: now + RECHECK,
            window: (now, 0),
        }
    }

    pub fn next(&self) -> Instant {
        [Some(self.ping), self.pong, self.first, Some(self.recheck)]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(self.ping)
    }

    /// Counts a message; true where there were too many.
    pub fn flooded(&mut self) -> bool {
        if self.window.0.elapsed() > PATIENCE {
            self.window = (Instant::now(), 0);
        }
        self.window.1 += 1;
        self.window.1 > FLOOD
    }
}

/// The time to the next ping: 25 s, up to a fifth more or less, so that ten thousand sockets do not
/// beat as one.
pub fn beat() -> Duration {
    Duration::from_millis(HEARTBEAT * 4 / 5 + id::below(HEARTBEAT * 2 / 5))
}
