//! A transaction on PostgreSQL whose every wait is bounded: sqlx waits for an answer as long as the connection stands, and one
//! over a dead line stands for ever.
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    Connection, PgConnection, Postgres, SqlSafeStr,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgTransactionManager},
};
use sqlx_core::transaction::TransactionManager;
use tokio::{runtime::Handle, time::timeout};

#[cfg(target_os = "linux")]
use super::tcp;

/// How long to wait for a connection: a command in flight ends within 5 s.
pub(super) const ACQUIRE: Duration = Duration::from_secs(4);
/// How long a statement, or the commit, may take. The server itself gives up after five seconds: who hears nothing for longer
/// than that speaks into a dead line.
const STATEMENT: Duration = Duration::from_secs(6);
/// How long a connection at rest may take to say that it lives.
const ANSWER: Duration = Duration::from_secs(1);
/// Enough for the one writer and readers on a small machine.
const CONNECTIONS: u32 = 12;

/// What every connection asks of the server. A peer that is gone is found within about fifteen seconds; a reader that does
/// nothing for a minute has forgotten its transaction.
const SESSION: [(&str, &str); 7] = [
    ("statement_timeout", "5000"),
    ("lock_timeout", "5000"),
    ("idle_in_transaction_session_timeout", "60000"),
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "3"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "14000"),
];
/// How a transaction that writes begins, in one round trip. A node that is paused or cut off in its midst holds a framework's
/// lock: the server ends it before those who wait for the lock give up.
const WRITE: &str = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 4000";
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Since when connections at rest are not believed in: one of them did not answer.
#[derive(Clone, Debug, Default)]
pub struct Doubt(Arc<Mutex<Option<Instant>>>);

impl Doubt {
    fn raise(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection has been at rest since before the doubt arose.
    fn falls_on(&self, idle_for: Duration) -> bool {
        let raised = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        raised.is_some_and(|raised| idle_for > raised.elapsed())
    }
}

/// A pool whose connections are looked at before they are given out.
///
/// # Errors
/// When PostgreSQL is away.
pub(super) async fn pool(options: PgConnectOptions, statements: usize) -> sqlx::Result<(PgPool, Doubt)> {
    let options = options.options(SESSION).statement_cache_capacity(statements);
    let doubt = Doubt::default();
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE).test_before_acquire(false);
    let pool = pool.before_acquire({
        let doubt = doubt.clone();
        move |conn, meta| Box::pin(lives(conn, meta.idle_for, doubt.clone()))
    });
    #[cfg(target_os = "linux")]
    let pool = pool.after_connect({
        let port = options.get_port();
        move |_, _| Box::pin(tcp::set_on(port))
    });
    Ok((pool.connect_with(options).await?, doubt))
}

/// Whether a connection that was at rest still lives. One that does not casts doubt on all that rested with it: they are made
/// anew instead of costing everyone who is given one the same wait.
async fn lives(conn: &mut PgConnection, idle_for: Duration, doubt: Doubt) -> sqlx::Result<bool> {
    if doubt.falls_on(idle_for) {
        return Ok(false);
    }
    let answered = matches!(timeout(ANSWER, conn.ping()).await, Ok(Ok(())));
    if !answered {
        doubt.raise();
    }
    Ok(answered)
}

/// Waits for a statement's answer.
///
/// # Errors
/// The statement's own, or an `Io` error where none comes in time.
pub(super) async fn within<T>(statement: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout(STATEMENT, statement).await.unwrap_or_else(|_| Err(late("PostgreSQL did not answer in time")))
}

fn late(what: &'static str) -> sqlx::Error {
    io::Error::new(io::ErrorKind::TimedOut, what).into()
}

/// A transaction under way; dropped, it is undone.
pub(super) struct Link {
    conn: PoolConnection<Postgres>,
    open: bool,
    doubt: Doubt,
}

impl Link {
    /// Begins a transaction that reads one consistent state.
    pub async fn read(pool: &PgPool, doubt: &Doubt) -> sqlx::Result<Self> {
        Self::begin(pool, doubt, READ).await
    }

    /// Begins a transaction that writes.
    pub async fn write(pool: &PgPool, doubt: &Doubt) -> sqlx::Result<Self> {
        Self::begin(pool, doubt, WRITE).await
    }

    async fn begin(pool: &PgPool, doubt: &Doubt, how: &'static str) -> sqlx::Result<Self> {
        let mut link = Self { conn: pool.acquire().await?, open: true, doubt: doubt.clone() };
        within(PgTransactionManager::begin(&mut link.conn, Some(how.into_sql_str()))).await?;
        Ok(link)
    }

    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.conn
    }

    /// Makes the writes durable; an `Io` error where nobody knows.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        within(PgTransactionManager::commit(&mut self.conn)).await?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Link {
    /// Gives the connection back, within the time of an answer: what does not answer is closed, and its place in the pool is free.
    fn drop(&mut self) {
        // Without a runtime the process ends, and its connections with it.
        let Ok(runtime) = Handle::try_current() else { return };
        if self.open {
            PgTransactionManager::start_rollback(&mut self.conn);
        }
        // What the pool does by itself when a connection is dropped, but without a bound.
        let (returned, doubt) = (self.conn.return_to_pool(), self.doubt.clone());
        runtime.spawn(async move {
            if timeout(ANSWER, returned).await.is_err() {
                doubt.raise();
            }
        });
    }
}
