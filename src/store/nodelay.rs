//! Takes Nagle's algorithm off the connections to PostgreSQL. sqlx 0.9.0 leaves it on, and every statement larger than a
//! segment then waits 40 ms for a delayed acknowledgement (its issue 4335; mended after 0.9.0). Goes with the next release.
use std::{fs, io};

use rustix::{
    net::{self, sockopt},
    process::{self, PidfdFlags, PidfdGetfdFlags},
};

/// As [`set`], off the reactor. A connection without it is slower and right all the same.
pub(super) async fn set_on(port: u16) -> sqlx::Result<()> {
    if let Ok(Err(error)) = tokio::task::spawn_blocking(move || set(port)).await {
        tracing::info!(%error, "Nagle's algorithm stays on for PostgreSQL: large batches wait longer");
    }
    Ok(())
}

/// Sets `TCP_NODELAY` on every socket of this process whose peer listens on `port`. A handle made by `pidfd_getfd` (Linux 5.6)
/// shares the socket and its options; without it nothing changes but speed. An error where no socket could be reached: a
/// container's seccomp profile may refuse the call, and a Unix socket has no port and no need.
fn set(port: u16) -> io::Result<()> {
    let mut reached = false;
    let this = process::pidfd_open(process::getpid(), PidfdFlags::empty())?;
    for entry in fs::read_dir("/proc/self/fd")? {
        let name = entry?.file_name();
        let Some(number) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // Closed meanwhile, or no socket: not the one.
        let Ok(handle) = process::pidfd_getfd(&this, number, PidfdGetfdFlags::empty()) else { continue };
        let Ok(Some(peer)) = net::getpeername(&handle) else { continue };
        if std::net::SocketAddr::try_from(peer).is_ok_and(|peer| peer.port() == port) {
            sockopt::set_tcp_nodelay(&handle, true)?;
            reached = true;
        }
    }
    if reached { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}
