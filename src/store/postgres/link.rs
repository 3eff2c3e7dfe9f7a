//! A transaction on PostgreSQL whose every wait is bounded.
use std::{io, time::Duration};

use sqlx::{
    PgConnection, Postgres,
    pool::PoolConnection,
    postgres::{PgPool, PgTransactionManager},
};
use sqlx_core::transaction::TransactionManager;
use tokio::{
    runtime::Handle,
    time::{Instant, timeout, timeout_at},
};

use super::{
    pools::{Doubt, Pools, abandon, acquire},
    waits::{ANSWER, COMMIT, LONG, LONGEST, STATEMENT, WRITTEN, by},
};

const WRITE: &str = "BEGIN";
/// As a statement over a whole round needs it.
const TAKE_TIME: &str = "SET LOCAL statement_timeout = 15000; SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on";
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A transaction under way; dropped, it is undone.
pub(in crate::store) struct Link {
    /// Until it is dropped.
    conn: Option<PoolConnection<Postgres>>,
    open: bool,
    /// It did not answer in time.
    late: bool,
    doubt: Doubt,
    /// How long a statement may take, and until when all of them.
    answer: Duration,
    until: Instant,
}

impl Link {
    /// Begins a transaction that reads one consistent state.
    pub async fn read(pools: &Pools) -> sqlx::Result<Self> {
        Self::begin(&pools.read, &pools.doubt, READ, STATEMENT, LONGEST).await
    }

    /// Begins a transaction that writes. Everything before its commit ends within so long, the wait
    /// for a connection too: that of the parts may add up to much more.
    pub async fn write(pools: &Pools, within: Option<Duration>) -> sqlx::Result<Self> {
        Self::begin(
            &pools.write,
            &pools.doubt,
            WRITE,
            WRITTEN,
            within.unwrap_or(LONGEST),
        )
        .await
    }

    async fn begin(
        pool: &PgPool,
        doubt: &Doubt,
        how: &'static str,
        answer: Duration,
        within: Duration,
    ) -> sqlx::Result<Self> {
        let until = Instant::now() + within;
        let conn = timeout_at(until, acquire(pool, doubt, Some(how)))
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        Ok(Self {
            conn: Some(conn),
            open: true,
            late: false,
            doubt: doubt.clone(),
            answer,
            until,
        })
    }

    pub fn conn(&mut self) -> &mut PgConnection {
        self.conn.as_mut().expect("it is there until it is dropped")
    }

    /// When the next statement must have been answered.
    pub fn due(&self) -> Instant {
        self.until.min(Instant::now() + self.answer)
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
        (self.answer, self.until) = (LONG, Instant::now() + LONGEST);
        Ok(())
    }

    /// Makes the writes durable; an `Io` error where nobody knows.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        let within = if self.answer == LONG { LONG } else { COMMIT };
        let done = by(
            Instant::now() + within,
            PgTransactionManager::commit(self.conn()),
        )
        .await;
        self.heard(done)?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Link {
    /// Gives the connection back, within the time of an answer: what does not answer is closed, and
    /// its place in the pool is free.
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else {
            return;
        };
        if self.late {
            // Nobody knows what state it is in, and those at rest beside it may be no better.
            self.doubt.raise();
            return abandon(conn);
        }
        // Without a runtime the process ends, and its connections with it.
        let Ok(runtime) = Handle::try_current() else {
            return abandon(conn);
        };
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
