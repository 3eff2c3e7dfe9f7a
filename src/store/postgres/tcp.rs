//! Options of the sockets to PostgreSQL that sqlx 0.9.0 leaves alone. Nagle's algorithm is on, and
//! every statement larger than a segment then waits 40 ms for a delayed acknowledgement (its issue
//! 4335; mended after 0.9.0). Keepalive is off, and a peer that went without a word is never
//! missed.
use std::{fs, io, time::Duration};

use rustix::{
    net::{self, sockopt},
    process::{self, PidfdFlags, PidfdGetfdFlags},
};

/// Silence after which the peer is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(5);
/// The time between questions.
const BETWEEN: Duration = Duration::from_secs(3);
/// How many questions may stay open.
const QUESTIONS: u32 = 3;
/// How long sent bytes may stay unacknowledged, in milliseconds.
const UNHEARD: u32 = 14_000;

/// As [`set`], off the reactor. A connection without it is slower and right all the same: every
/// statement has its deadline.
pub(super) async fn set_on(port: u16) -> sqlx::Result<()> {
    if let Ok(Err(error)) = tokio::task::spawn_blocking(move || set(port)).await {
        tracing::info!(%error, "Nagle's algorithm stays on for PostgreSQL, and keepalive off: large batches wait longer");
    }
    Ok(())
}

/// Sets the options on every socket of this process whose peer listens on `port`. A handle made by
/// `pidfd_getfd` (Linux 5.6) shares the socket and its options; without it nothing changes but
/// speed. An error where no socket could be reached: a container's seccomp profile may refuse the
/// call, and a Unix socket has no port and no need.
fn set(port: u16) -> io::Result<()> {
    let mut reached = false;
    let this = process::pidfd_open(process::getpid(), PidfdFlags::empty())?;
    for entry in fs::read_dir("/proc/self/fd")? {
        let name = entry?.file_name();
        let Some(number) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // Closed meanwhile, or no socket: not the one.
        let Ok(handle) = process::pidfd_getfd(&this, number, PidfdGetfdFlags::empty()) else {
            continue;
        };
        let Ok(Some(peer)) = net::getpeername(&handle) else {
            continue;
        };
        if std::net::SocketAddr::try_from(peer).is_ok_and(|peer| peer.port() == port) {
            sockopt::set_tcp_nodelay(&handle, true)?;
            sockopt::set_socket_keepalive(&handle, true)?;
            sockopt::set_tcp_keepidle(&handle, SILENCE)?;
            sockopt::set_tcp_keepintvl(&handle, BETWEEN)?;
            sockopt::set_tcp_keepcnt(&handle, QUESTIONS)?;
            sockopt::set_tcp_user_timeout(&handle, UNHEARD)?;
            reached = true;
        }
    }
    if reached {
        Ok(())
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}
