//! The two databases behind one type: a reader reads, a transaction also writes.
use std::{ops, time::Duration};

use sqlx::{PgConnection, Sqlite, SqliteConnection, Transaction, sqlite::SqlitePool};
use tokio::time::{Instant, timeout};

pub use super::error::{Error, Result};
use super::{
    file::File,
    postgres::{Link, Pools},
};
use crate::domain::Millis;

/// How often a transaction says that its node lives while that computes.
const BEAT: Duration = Duration::from_secs(1);

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite in one file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// The database.
#[derive(Clone, Debug)]
pub enum Store {
    /// One file: a writer and some readers.
    Sqlite {
        /// One connection.
        write: SqlitePool,
        /// Several, read-only.
        read: SqlitePool,
        /// The file they opened.
        file: File,
    },
    /// A server.
    Postgres(Pools),
}

enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Link),
}

/// The driver that is live; see `sql!`.
pub(super) enum Driver<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Driver<'_> {
    /// The same connection, for a shorter time.
    pub(super) fn again(&mut self) -> Driver<'_> {
        match self {
            Self::Sqlite(conn) => Driver::Sqlite(conn),
            Self::Postgres(conn) => Driver::Postgres(conn),
        }
    }
}

/// Reads one consistent state.
pub struct Reader(Conn);

/// Reads and writes; what is not committed is undone.
pub struct Tx {
    reader: Reader,
    pub(super) time: Option<Millis>,
    pub(super) beat: i64,
}

impl ops::Deref for Tx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}
impl ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

/// Runs one query expression on whichever driver is live; `Db` names that driver.
macro_rules! sql {
    ($reader:expr, |$conn:ident| $query:expr) => {
        match ($reader.due(), $reader.driver()) {
            (_, $crate::store::db::Driver::Sqlite($conn)) => {
                #[allow(dead_code, reason = "only some queries name it")]
                type Db = sqlx::Sqlite;
                $query
            }
            (due, $crate::store::db::Driver::Postgres($conn)) => {
                #[allow(dead_code, reason = "only some queries name it")]
                type Db = sqlx::Postgres;
                let answer = $crate::store::postgres::by(due, async { $query }).await;
                $reader.heard(answer)
            }
        }
    };
}
pub(super) use sql;

impl Reader {
    pub(super) fn backend(&self) -> Backend {
        match self.0 {
            Conn::Sqlite(_) => Backend::Sqlite,
            Conn::Postgres(_) => Backend::Postgres,
        }
    }

    pub(super) fn driver(&mut self) -> Driver<'_> {
        match &mut self.0 {
            Conn::Sqlite(transaction) => Driver::Sqlite(transaction),
            Conn::Postgres(link) => Driver::Postgres(link.conn()),
        }
    }

    /// When the next statement must have been answered, on PostgreSQL.
    pub(super) fn due(&self) -> Instant {
        match &self.0 {
            Conn::Sqlite(_) => Instant::now(),
            Conn::Postgres(link) => link.due(),
        }
    }

    /// Notes what became of a statement on PostgreSQL.
    pub(super) fn heard<T>(&mut self, answer: sqlx::Result<T>) -> sqlx::Result<T> {
        match &mut self.0 {
            Conn::Sqlite(_) => answer,
            Conn::Postgres(link) => link.heard(answer),
        }
    }
}

impl Reader {
    /// That it is answered at all.
    pub(super) async fn answers(&mut self) -> Result<()> {
        Ok(sql!(self, |conn| sqlx::query("SELECT 1")
            .execute(conn)
            .await
            .map(|_| ()))?)
    }

    /// Waits for a computation between two statements, and tells the database meanwhile that this
    /// node lives: the transaction of one that says nothing is ended, with its locks.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn beside<T>(&mut self, computation: impl Future<Output = T>) -> Result<T> {
        tokio::pin!(computation);
        loop {
            match timeout(BEAT, &mut computation).await {
                Ok(done) => return Ok(done),
                Err(_) => self.answers().await?,
            }
        }
    }
}

impl Tx {
    /// What the server's clock showed once the lock of a framework was had, where it has one that
    /// counts for all nodes.
    #[must_use]
    pub fn time(&self) -> Option<Millis> {
        self.time
    }

    /// How often the framework that was locked last has been locked, this time with it.
    #[must_use]
    pub fn beat(&self) -> i64 {
        self.beat
    }

    /// Lets what follows in this transaction take longer: a statement fifteen seconds, and all of
    /// it a minute.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take_time(&mut self) -> Result<()> {
        match &mut self.reader.0 {
            Conn::Sqlite(_) => {}
            Conn::Postgres(link) => link.take_time().await?,
        }
        Ok(())
    }

    /// Makes the writes durable.
    ///
    /// # Errors
    /// When they are not, or nobody knows ([`Error::is_disconnect`]).
    pub async fn commit(self) -> Result<()> {
        match self.reader.0 {
            Conn::Sqlite(transaction) => transaction.commit().await?,
            Conn::Postgres(link) => link.commit().await?,
        }
        Ok(())
    }
}

impl Store {
    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite { .. } => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }

    /// One consistent state to read from.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn read(&self) -> Result<Reader> {
        Ok(Reader(match self {
            Self::Sqlite { read, .. } => Conn::Sqlite(read.begin_with("BEGIN").await?),
            Self::Postgres(pools) => Conn::Postgres(Link::read(pools).await?),
        }))
    }

    /// A transaction that writes.
    ///
    /// # Errors
    /// When no connection is to be had or, on SQLite, the write lock.
    pub async fn write(&self) -> Result<Tx> {
        self.begin(None).await
    }

    /// As [`Store::write`]; on PostgreSQL everything before the commit ends within so long, but for
    /// what takes its time.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_within(&self, long: Duration) -> Result<Tx> {
        self.begin(Some(long)).await
    }

    async fn begin(&self, within: Option<Duration>) -> Result<Tx> {
        // A plain BEGIN that reads and then writes fails when another writer came between.
        let reader = Reader(match self {
            Self::Sqlite { write, file, .. } => {
                file.ensure_there()?;
                Conn::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)
            }
            Self::Postgres(pools) => Conn::Postgres(Link::write(pools, within).await?),
        });
        Ok(Tx {
            reader,
            time: None,
            beat: 0,
        })
    }
}
