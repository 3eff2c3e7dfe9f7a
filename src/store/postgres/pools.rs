//! Connections to PostgreSQL: what each asks of the server, and a look at every one before it is
//! given out.
use std::{
    cell::Cell,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    Connection, PgConnection, Postgres, SqlSafeStr,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgTransactionManager},
};
use sqlx_core::transaction::TransactionManager;
use tokio::time::timeout;

#[cfg(target_os = "linux")]
use super::tcp;
use super::waits::{ACQUIRE, ANSWER, STATEMENT, late};

/// Enough for the readers of a small machine.
const READERS: u32 = 8;
/// Those that write have connections of their own: a flood of readers must not keep a decision
/// waiting.
const WRITERS: u32 = 4;
/// What every connection asks of the server. A peer that is gone is found within about fifteen
/// seconds; a reader that does nothing for a minute has forgotten its transaction.
const SESSION: [(&str, &str); 8] = [
    // No statement here takes as long as compiling one does.
    ("jit", "off"),
    ("statement_timeout", "5000"),
    ("lock_timeout", "5000"),
    ("idle_in_transaction_session_timeout", "60000"),
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "3"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "14000"),
];
/// What those that write ask besides. A node that is paused or cut off in the midst of a
/// transaction holds a framework's lock: the server ends it before those who wait for the lock give
/// up. And what is written is looked up by its key: a plan that was made while a table was small,
/// and is kept, must not go through all of it once it has grown.
const WRITING: [(&str, &str); 6] = [
    ("idle_in_transaction_session_timeout", "4000"),
    ("lock_timeout", "4000"),
    ("statement_timeout", "4500"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

/// Since when connections at rest are not believed in: one of them did not answer.
#[derive(Clone, Debug, Default)]
pub struct Doubt(Arc<Mutex<Option<Instant>>>);

impl Doubt {
    pub(super) fn raise(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection has been at rest since before the doubt arose.
    fn falls_on(&self, idle_for: Duration) -> bool {
        let raised = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        raised.is_some_and(|raised| idle_for > raised.elapsed())
    }
}

/// Options of the connections to a server.
pub(in crate::store) fn options(url: &str, statements: usize) -> sqlx::Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url)?
        .options(SESSION)
        .statement_cache_capacity(statements))
}

/// A connection beside the pool whose statements may take as long as they need: an upgrade goes
/// over whole tables.
///
/// # Errors
/// When PostgreSQL is away.
pub(in crate::store) async fn patient(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let options = options.clone().options([("statement_timeout", "0")]);
    timeout(ACQUIRE, PgConnection::connect_with(&options))
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// Connections, which are looked at before they are given out.
#[derive(Clone, Debug)]
pub struct Pools {
    pub(super) read: PgPool,
    pub(super) write: PgPool,
    pub(super) doubt: Doubt,
}

impl Pools {
    /// Connects.
    ///
    /// # Errors
    /// When PostgreSQL is away.
    pub(in crate::store) async fn connect(options: &PgConnectOptions) -> sqlx::Result<Self> {
        let doubt = Doubt::default();
        let read = pool(options, READERS, &doubt)
            .connect_with(options.clone())
            .await?;
        let write =
            pool(options, WRITERS, &doubt).connect_lazy_with(options.clone().options(WRITING));
        Ok(Self { read, write, doubt })
    }

    /// Asks one thing outside a transaction.
    ///
    /// # Errors
    /// The statement's own, or an `Io` error where no answer comes in time.
    pub(in crate::store) async fn ask<T>(
        &self,
        ask: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> sqlx::Result<T> {
        let mut conn = acquire(&self.read, &self.doubt, None).await?;
        if let Ok(answer) = timeout(STATEMENT, ask(&mut conn)).await {
            return answer;
        }
        self.doubt.raise();
        abandon(conn);
        Err(late())
    }

    /// Ends all connections.
    pub(in crate::store) async fn close(&self) {
        tokio::join!(self.read.close(), self.write.close());
    }
}

#[cfg_attr(
    not(target_os = "linux"),
    expect(unused_variables, reason = "options of sockets are set on Linux alone")
)]
fn pool(options: &PgConnectOptions, most: u32, doubt: &Doubt) -> PgPoolOptions {
    let pool = PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false);
    let pool = pool.before_acquire({
        let doubt = doubt.clone();
        move |_, meta| {
            let _ = OLD.try_with(|old| old.set(doubt.falls_on(meta.idle_for)));
            Box::pin(std::future::ready(Ok(true)))
        }
    });
    #[cfg(target_os = "linux")]
    let pool = pool.after_connect({
        let port = options.get_port();
        move |_, _| Box::pin(tcp::set_on(port))
    });
    pool
}

tokio::task_local! {
    /// Whether the connection that is being given out has been at rest since before a doubt arose.
    static OLD: Cell<bool>;
}

/// A connection that lives, with a transaction begun on it where one is wanted: that is the look at
/// it, and no trip besides. One that does not live casts doubt on all that rested with it: they are
/// made anew instead of costing everyone who is given one the same wait.
pub(super) async fn acquire(
    pool: &PgPool,
    doubt: &Doubt,
    begin: Option<&'static str>,
) -> sqlx::Result<PoolConnection<Postgres>> {
    let found = async {
        loop {
            let given =
                async { Ok::<_, sqlx::Error>((pool.acquire().await?, OLD.with(Cell::get))) };
            let (mut conn, old) = OLD.scope(Cell::new(false), given).await?;
            if !old {
                if matches!(timeout(ANSWER, look(&mut conn, begin)).await, Ok(Ok(()))) {
                    return Ok(conn);
                }
                doubt.raise();
            }
            abandon(conn);
        }
    };
    timeout(ACQUIRE, found)
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

async fn look(conn: &mut PgConnection, begin: Option<&'static str>) -> sqlx::Result<()> {
    match begin {
        Some(how) => PgTransactionManager::begin(conn, Some(how.into_sql_str())).await,
        None => conn.ping().await,
    }
}

/// Ends a connection without a word: to part in good order, TLS waits for an answer.
pub(super) fn abandon(conn: PoolConnection<Postgres>) {
    drop(conn.detach());
}
