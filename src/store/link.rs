//! A transaction on PostgreSQL whose every wait is bounded: sqlx waits for an answer as long as the connection stands, and one
//! over a dead line stands for ever.
use std::{
    cell::Cell,
    io,
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
use tokio::{
    runtime::Handle,
    time::{Instant as Moment, timeout, timeout_at},
};

#[cfg(target_os = "linux")]
use super::tcp;

/// How long to wait for a connection.
pub(super) const ACQUIRE: Duration = Duration::from_secs(4);
/// How long a page's statement may take. The server itself gives up a second earlier: who hears nothing for longer than that
/// speaks into a dead line.
const STATEMENT: Duration = Duration::from_secs(6);
/// The same of a statement that writes, for which somebody holds or awaits a lock.
const WRITTEN: Duration = Duration::from_secs(5);
/// The same of what was said to take its time, and how long all of it may take.
const LONG: (Duration, Duration) = (Duration::from_secs(16), Duration::from_secs(60));
/// How long a commit may take.
const COMMIT: Duration = Duration::from_millis(3_500);
/// How long a connection at rest may take to say that it lives; on a machine that is overloaded that is no moment.
const ANSWER: Duration = Duration::from_secs(2);
/// Enough for the readers of a small machine.
const READERS: u32 = 8;
/// Those that write have connections of their own: a flood of readers must not keep a decision waiting.
const WRITERS: u32 = 4;

/// What every connection asks of the server. A peer that is gone is found within about fifteen seconds; a reader that does
/// nothing for a minute has forgotten its transaction.
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
/// What those that write ask besides. A node that is paused or cut off in the midst of a transaction holds a framework's lock: the
/// server ends it before those who wait for the lock give up. And what is written is looked up by its key: a plan that was made
/// while a table was small, and is kept, must not go through all of it once it has grown.
const WRITING: [(&str, &str); 6] = [
    ("idle_in_transaction_session_timeout", "4000"),
    ("lock_timeout", "4000"),
    ("statement_timeout", "4500"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];
const WRITE: &str = "BEGIN";
/// As a statement over a whole round needs it.
const TAKE_TIME: &str = "SET LOCAL statement_timeout = 15000; SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on";
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

/// Options of the connections to a server.
pub(super) fn options(url: &str, statements: usize) -> sqlx::Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url)?.options(SESSION).statement_cache_capacity(statements))
}

/// A connection beside the pool whose statements may take as long as they need: an upgrade goes over whole tables.
///
/// # Errors
/// When PostgreSQL is away.
pub(super) async fn patient(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let options = options.clone().options([("statement_timeout", "0")]);
    timeout(ACQUIRE, PgConnection::connect_with(&options)).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// Connections, which are looked at before they are given out.
#[derive(Clone, Debug)]
pub struct Pools {
    read: PgPool,
    write: PgPool,
    doubt: Doubt,
}

impl Pools {
    /// Connects.
    ///
    /// # Errors
    /// When PostgreSQL is away.
    pub(super) async fn connect(options: &PgConnectOptions) -> sqlx::Result<Self> {
        let doubt = Doubt::default();
        let read = pool(options, READERS, &doubt).connect_with(options.clone()).await?;
        let write = pool(options, WRITERS, &doubt).connect_lazy_with(options.clone().options(WRITING));
        Ok(Self { read, write, doubt })
    }

    /// Asks one thing outside a transaction.
    ///
    /// # Errors
    /// The statement's own, or an `Io` error where no answer comes in time.
    pub(super) async fn ask<T>(&self, ask: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>) -> sqlx::Result<T> {
        let mut conn = acquire(&self.read, &self.doubt, None).await?;
        if let Ok(answer) = timeout(STATEMENT, ask(&mut conn)).await {
            return answer;
        }
        self.doubt.raise();
        abandon(conn);
        Err(late("PostgreSQL did not answer in time"))
    }

    /// Ends all connections.
    pub(super) async fn close(&self) {
        tokio::join!(self.read.close(), self.write.close());
    }
}

#[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "options of sockets are set on Linux alone"))]
fn pool(options: &PgConnectOptions, most: u32, doubt: &Doubt) -> PgPoolOptions {
    let pool = PgPoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE).test_before_acquire(false);
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

/// A connection that lives, with a transaction begun on it where one is wanted: that is the look at it, and no trip besides. One that
/// does not live casts doubt on all that rested with it: they are made anew instead of costing everyone who is given one the same wait.
async fn acquire(pool: &PgPool, doubt: &Doubt, begin: Option<&'static str>) -> sqlx::Result<PoolConnection<Postgres>> {
    let found = async {
        loop {
            let given = async { Ok::<_, sqlx::Error>((pool.acquire().await?, OLD.with(Cell::get))) };
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
    timeout(ACQUIRE, found).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

async fn look(conn: &mut PgConnection, begin: Option<&'static str>) -> sqlx::Result<()> {
    match begin {
        Some(how) => PgTransactionManager::begin(conn, Some(how.into_sql_str())).await,
        None => conn.ping().await,
    }
}

/// Ends a connection without a word: to part in good order, TLS waits for an answer.
fn abandon(conn: PoolConnection<Postgres>) {
    drop(conn.detach());
}

/// Waits for the answer to a statement that takes its time.
///
/// # Errors
/// As [`by`].
pub(super) async fn within<T>(statement: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    by(Moment::now() + LONG.0, statement).await
}

/// Waits for a statement's answer until then.
///
/// # Errors
/// The statement's own, or an `Io` error where none comes in time.
pub(super) async fn by<T>(due: Moment, statement: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout_at(due, statement).await.unwrap_or_else(|_| Err(late("PostgreSQL did not answer in time")))
}

fn late(what: &'static str) -> sqlx::Error {
    io::Error::new(io::ErrorKind::TimedOut, what).into()
}

/// A transaction under way; dropped, it is undone.
pub(super) struct Link {
    /// Until it is dropped.
    conn: Option<PoolConnection<Postgres>>,
    open: bool,
    /// It did not answer in time.
    late: bool,
    doubt: Doubt,
    /// How long a statement may take, and until when all of them.
    answer: Duration,
    until: Moment,
}

impl Link {
    /// Begins a transaction that reads one consistent state.
    pub async fn read(pools: &Pools) -> sqlx::Result<Self> {
        Self::begin(&pools.read, &pools.doubt, READ, STATEMENT, LONG.1).await
    }

    /// Begins a transaction that writes. Everything before its commit ends within so long, the wait for a connection too: that of
    /// the parts may add up to much more.
    pub async fn write(pools: &Pools, within: Option<Duration>) -> sqlx::Result<Self> {
        Self::begin(&pools.write, &pools.doubt, WRITE, WRITTEN, within.unwrap_or(LONG.1)).await
    }

    async fn begin(pool: &PgPool, doubt: &Doubt, how: &'static str, answer: Duration, within: Duration) -> sqlx::Result<Self> {
        let until = Moment::now() + within;
        let conn = timeout_at(until, acquire(pool, doubt, Some(how))).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        Ok(Self { conn: Some(conn), open: true, late: false, doubt: doubt.clone(), answer, until })
    }

    pub fn conn(&mut self) -> &mut PgConnection {
        self.conn.as_mut().expect("it is there until it is dropped")
    }

    /// When the next statement must have been answered.
    pub fn due(&self) -> Moment {
        self.until.min(Moment::now() + self.answer)
    }

    /// Notes what became of a statement.
    pub fn heard<T>(&mut self, answer: sqlx::Result<T>) -> sqlx::Result<T> {
        self.late |= matches!(&answer, Err(sqlx::Error::Io(error)) if error.kind() == io::ErrorKind::TimedOut);
        answer
    }

    /// Lets what follows take longer.
    pub async fn take_time(&mut self) -> sqlx::Result<()> {
        let asked = by(self.due(), sqlx::raw_sql(TAKE_TIME).execute(self.conn())).await;
        self.heard(asked)?;
        (self.answer, self.until) = (LONG.0, Moment::now() + LONG.1);
        Ok(())
    }

    /// Makes the writes durable; an `Io` error where nobody knows.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        let within = if self.answer == LONG.0 { LONG.0 } else { COMMIT };
        let done = by(Moment::now() + within, PgTransactionManager::commit(self.conn())).await;
        self.heard(done)?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Link {
    /// Gives the connection back, within the time of an answer: what does not answer is closed, and its place in the pool is free.
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        if self.late {
            // Nobody knows what state it is in, and those at rest beside it may be no better.
            self.doubt.raise();
            return abandon(conn);
        }
        // Without a runtime the process ends, and its connections with it.
        let Ok(runtime) = Handle::try_current() else { return abandon(conn) };
        if self.open {
            PgTransactionManager::start_rollback(&mut conn);
        }
        // What the pool does by itself when a connection is dropped, but without a bound.
        let (returned, doubt) = (conn.return_to_pool(), self.doubt.clone());
        runtime.spawn(async move {
            if timeout(ANSWER, returned).await.is_err() {
                doubt.raise();
            }
        });
    }
}
