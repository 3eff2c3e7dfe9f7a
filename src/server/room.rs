//! How many may be connected: the limit of one address, and what the system's limit of open files
//! leaves for all.
use std::sync::Arc;

use crate::{http::Held, settings::Settings};

/// Connections of one address: a browser holds up to seven, and a newsroom shares an address.
const PER_ADDRESS: u32 = 512;
/// Files the server opens for itself: databases with their logs, Redis, the listener.
const OWN: usize = 64;
/// With fewer files than this a host should hear of it.
const FEW: usize = 4_096;

/// How many connections one address may hold, and all together: as many as the system lets us open
/// files, which is raised to what it allows, less those that databases and files need.
#[must_use]
pub fn held(settings: &Settings) -> Arc<Held> {
    let any = if settings.budgets == "on" {
        PER_ADDRESS
    } else {
        0
    };
    let per_address = match settings.connections_per_address.unwrap_or(any) {
        0 => usize::MAX,
        count => count.try_into().unwrap_or(usize::MAX),
    };
    let files = raise_files().map_or(usize::MAX, |files| files.try_into().unwrap_or(usize::MAX));
    if files < FEW {
        tracing::warn!(
            files,
            "the system lets this server open few files, so few people can be connected: raise LimitNOFILE, or ulimit -n"
        );
    }
    Held::new(per_address, files.saturating_sub(OWN).max(OWN))
}

/// Raises the number of files this process may have open to the most the system allows; what it is
/// then, where there is a limit.
#[cfg(target_os = "linux")]
fn raise_files() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        },
    );
    if raised.is_ok() {
        limit.maximum
    } else {
        limit.current
    }
}

#[cfg(not(target_os = "linux"))]
fn raise_files() -> Option<u64> {
    None
}
