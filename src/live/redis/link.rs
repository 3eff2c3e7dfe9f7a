//! The way to Redis and back: a connection that is tried again and again.
use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use redis::{
    Client, ErrorKind, IntoConnectionInfo, ProtocolVersion, RedisError, RedisResult,
    ServerErrorKind,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::time::{sleep, timeout};

use super::ears::Ears;
use crate::live::Away;

/// How long a call may take; the crate's default of half a second is short for a machine under
/// load.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the connection is tried.
const BEAT: Duration = Duration::from_millis(500);
/// After so many failed tries in a row the connection is made anew: one over a dead link never
/// breaks by itself.
const ENOUGH: u32 = 3;
/// What is said where no answer comes.
const LATE: &str = "Redis did not answer in time";

/// The way to Redis.
pub(super) struct Link {
    client: Client,
    // A std lock: nothing waits while it is held.
    manager: RwLock<ConnectionManager>,
    /// Whether calls are worth trying: a Redis that stalls must not cost each of them its patience.
    up: AtomicBool,
    /// Redis answers as a replica: the one to ask is reached by connecting anew.
    demoted: AtomicBool,
    pub ears: Ears,
}

fn config(ears: &Ears) -> ConnectionManagerConfig {
    let listening = ears.clone();
    ConnectionManagerConfig::new()
        .set_response_timeout(Some(PATIENCE))
        .set_connection_timeout(Some(PATIENCE))
        // The beat tries again; a caller does not wait for it.
        .set_number_of_retries(0)
        .set_push_sender(move |push| {
            listening.push(push);
            Ok::<(), redis::aio::SendError>(())
        })
        .set_automatic_resubscription()
}

/// Connects and listens, within twice the patience.
async fn connect(client: &Client, ears: &Ears) -> RedisResult<ConnectionManager> {
    let mut manager = ConnectionManager::new_with_config(client.clone(), config(ears)).await?;
    probe(&mut manager, ears).await?;
    Ok(manager)
}

/// Listens, and sees whether writes are taken: a replica, or a server that reads its file, listens
/// and takes none. To listen again changes nothing, and mends a subscription that got lost on the
/// way.
async fn probe(manager: &mut ConnectionManager, ears: &Ears) -> RedisResult<()> {
    manager.subscribe(ears.channel()).await?;
    // There is no such key: a server that is full takes this write, and hints with it.
    redis::cmd("UNLINK")
        .arg(format!("{}:none", ears.prefix))
        .exec_async(manager)
        .await
}

/// Whether Redis may take us later, where nothing needs to be changed here: all but a password, a
/// right, or a protocol that it does not have.
fn passes(error: &RedisError) -> bool {
    let refused = matches!(
        error.kind(),
        ErrorKind::AuthenticationFailed
            | ErrorKind::InvalidClientConfig
            | ErrorKind::Parse
            | ErrorKind::RESP3NotSupported
            | ErrorKind::Server(ServerErrorKind::NoPerm)
    );
    !refused && !matches!(error.code(), Some("NOAUTH" | "WRONGPASS"))
}

impl Link {
    /// A way to the Redis at an address, whether or not it answers yet.
    ///
    /// # Errors
    /// When the address is none, or what answers there refuses.
    pub async fn open(url: &str, ears: Ears) -> Result<Self, Away> {
        let away = |error: RedisError| Away(error.to_string());
        let info = url.into_connection_info().map_err(away)?;
        let settings = info
            .redis_settings()
            .clone()
            .set_protocol(ProtocolVersion::RESP3);
        // Nagle's algorithm would hold small commands back.
        let tcp = info.tcp_settings().clone().set_nodelay(true);
        let client =
            Client::open(info.set_redis_settings(settings).set_tcp_settings(tcp)).map_err(away)?;
        let (manager, why) = match timeout(2 * PATIENCE, connect(&client, &ears)).await {
            Ok(Ok(manager)) => (manager, None),
            Ok(Err(error)) if !passes(&error) => return Err(away(error)),
            other => {
                let why = other.map_or_else(
                    |_| LATE.to_owned(),
                    |refused| {
                        refused
                            .err()
                            .map(|error| error.to_string())
                            .unwrap_or_default()
                    },
                );
                (
                    ConnectionManager::new_lazy_with_config(client.clone(), config(&ears))
                        .map_err(away)?,
                    Some(why),
                )
            }
        };
        let link = Self {
            client,
            manager: RwLock::new(manager),
            up: AtomicBool::new(true),
            demoted: AtomicBool::new(false),
            ears,
        };
        if let Some(why) = why {
            link.lost(&why);
        }
        Ok(link)
    }

    pub fn is_up(&self) -> bool {
        self.up.load(Relaxed)
    }

    pub fn manager(&self) -> ConnectionManager {
        self.manager
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn lost(&self, why: &str) {
        if self.up.swap(false, Relaxed) {
            tracing::warn!(why, "Redis is away: tallies are counted from the ballots");
        }
    }

    fn found(&self) {
        if !self.up.swap(true, Relaxed) {
            tracing::info!("Redis is back");
        }
    }

    /// Waits for an answer, within the patience.
    pub async fn within<T>(&self, asked: impl Future<Output = RedisResult<T>>) -> Result<T, Away> {
        let error = match timeout(PATIENCE, asked).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error,
            Err(_) => {
                self.lost(LATE);
                return Err(Away(LATE.into()));
            }
        };
        let demoted = error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly);
        let busy = matches!(
            error.kind(),
            ErrorKind::Server(ServerErrorKind::BusyLoading | ServerErrorKind::MasterDown)
        );
        if demoted || busy || error.is_io_error() {
            self.demoted.fetch_or(demoted, Relaxed);
            self.lost(&error.to_string());
        }
        Err(Away(error.to_string()))
    }

    /// Tries the connection again and again, and makes it anew where that does not help.
    pub async fn beat(self: Arc<Self>) {
        let mut failed = 0;
        loop {
            sleep(BEAT).await;
            if self.demoted.swap(false, Relaxed) || failed >= ENOUGH {
                let fresh = connect(&self.client, &self.ears);
                if let Ok(Ok(fresh)) = timeout(2 * PATIENCE, fresh).await {
                    *self.manager.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                }
            }
            let mut manager = self.manager();
            match self.within(probe(&mut manager, &self.ears)).await {
                Ok(()) => {
                    failed = 0;
                    self.found();
                }
                Err(Away(why)) => {
                    failed += 1;
                    self.lost(&why);
                }
            }
        }
    }
}
