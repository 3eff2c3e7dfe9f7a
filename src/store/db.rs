//! The two databases behind one type: a reader reads, a transaction also writes.
use std::{ops, path::Path, sync::LazyLock, time::Duration};

use futures_util::FutureExt;
use sqlx::{
    Connection, PgConnection, Sqlite, SqliteConnection, Transaction,
    migrate::Migrator,
    pool::PoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous},
};
use tokio::time::{Instant, timeout};

pub use super::error::{Error, Result};
use super::{
    draft,
    file::File,
    link::{self, ACQUIRE, Link, Pools},
};
use crate::{domain::Millis, settings::Mutant};

/// The migrations of this version. Those of a later one, whose nodes run beside this, are left alone.
pub(super) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut own = sqlx::migrate!("./migrations");
    own.set_ignore_missing(true);
    own
});

/// How often a transaction says that its node lives while that computes.
const BEAT: Duration = Duration::from_secs(1);

/// Readers of SQLite; the writer has its own connection.
const SQLITE_READERS: u32 = 4;

/// Prepared statements kept per connection: every text, with its lists and rows in each length, has room.
const STATEMENTS: usize = 1_024;

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
                let answer = $crate::store::link::by(due, async { $query }).await;
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
    async fn answers(&mut self) -> Result<()> {
        Ok(sql!(self, |conn| sqlx::query("SELECT 1").execute(conn).await.map(|_| ()))?)
    }

    /// Waits for a computation between two statements, and tells the database meanwhile that this node lives: the transaction of
    /// one that says nothing is ended, with its locks.
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
    /// What the server's clock showed once the lock of a framework was had, where it has one that counts for all nodes.
    #[must_use]
    pub fn time(&self) -> Option<Millis> {
        self.time
    }

    /// How often the framework that was locked last has been locked, this time with it.
    #[must_use]
    pub fn beat(&self) -> i64 {
        self.beat
    }

    /// Lets what follows in this transaction take longer: a statement fifteen seconds, and all of it a minute.
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
    /// Opens the SQLite file in `folder`, creating both.
    ///
    /// # Errors
    /// When it cannot be opened or does not keep its durability settings.
    pub async fn sqlite(folder: &Path, mutant: Option<Mutant>) -> Result<Self> {
        if draft::is_unfinished(folder) {
            return Err(Error::Unfit(draft::AGAIN.into()));
        }
        let relaxed = mutant == Some(Mutant::SynchronousNormal);
        let options = SqliteConnectOptions::new()
            .filename(folder.join(draft::FILE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(if relaxed { SqliteSynchronous::Normal } else { SqliteSynchronous::Full })
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(STATEMENTS)
            // What a statement of many rows would undo is kept in memory, not in a file.
            .pragma("temp_store", "memory")
            // A batch of the largest texts fits without spilling: 64 MiB, taken as needed.
            .pragma("cache_size", "-65536")
            // Fewer checkpoints: each one stalls the writer.
            .pragma("wal_autocheckpoint", "4000");
        let pool = || {
            // After a full disk SQLite has undone the transaction by itself, and the driver still believes in it: such a connection goes.
            let fit = |conn: &mut SqliteConnection| std::future::ready(Ok(!conn.is_in_transaction())).boxed();
            PoolOptions::new().test_before_acquire(false).before_acquire(move |conn, _| fit(conn)).acquire_timeout(ACQUIRE)
        };
        let write = pool().max_connections(1).connect_with(options.clone()).await?;
        MIGRATIONS.run(&write).await?;
        let read = options.read_only(true).pragma("mmap_size", "268435456").pragma("cache_size", "-8192");
        let read = pool().max_connections(SQLITE_READERS).connect_with(read).await?;
        let kept: (String, i64, i64) =
            sqlx::query_as("SELECT journal_mode, synchronous, foreign_keys FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys")
                .fetch_one(&write)
                .await?;
        if !relaxed && kept != ("wal".into(), 2, 1) {
            return Err(Error::Unsafe(format!("SQLite did not keep WAL, synchronous=FULL and foreign keys: {kept:?}")));
        }
        let store = Self::Sqlite { write, read, file: File::opened(folder.join(draft::FILE))? };
        store.ensure_readable().await?;
        store.prepare_search().await?;
        Ok(store)
    }

    /// Connects to PostgreSQL and migrates.
    ///
    /// # Errors
    /// When it is away, or runs without `fsync` or `synchronous_commit`.
    pub async fn postgres(url: &str) -> Result<Self> {
        let options = link::options(url, STATEMENTS)?;
        let pools = Pools::connect(&options).await?;
        let settings = "SELECT current_setting('fsync'), current_setting('synchronous_commit')";
        let (fsync, commit): (String, String) = pools.ask(async |conn| sqlx::query_as(settings).fetch_one(conn).await).await?;
        if fsync == "off" || commit == "off" {
            return Err(Error::Unsafe(format!(
                "PostgreSQL runs with fsync={fsync}, synchronous_commit={commit}: it could lose what was acknowledged"
            )));
        }
        let mut conn = link::patient(&options).await?;
        if draft::marked(&mut conn).await? {
            return Err(Error::Unfit(draft::AGAIN.into()));
        }
        MIGRATIONS.run(&mut conn).await?;
        conn.close().await?;
        let store = Self::Postgres(pools);
        store.ensure_readable().await?;
        store.prepare_search().await?;
        Ok(store)
    }

    /// Refuses a database from which a later version has taken something that this one needs: its migration said so.
    async fn ensure_readable(&self) -> Result<()> {
        draft::readable(self.read().await?.driver()).await
    }

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

    /// As [`Store::write`]; on PostgreSQL everything before the commit ends within so long, but for what takes its time.
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
        Ok(Tx { reader, time: None, beat: 0 })
    }

    /// Why nothing can be saved any more, whatever the database answers.
    #[must_use]
    pub fn unfit(&self) -> Option<String> {
        match self {
            Self::Sqlite { file, .. } => file.ensure_there().err().map(|error| error.to_string()),
            Self::Postgres(_) => None,
        }
    }

    /// Whether the database answers a reader and a writer.
    pub async fn answers(&self) -> bool {
        let asked = async {
            self.read().await?.answers().await?;
            self.write().await?.answers().await
        };
        matches!(timeout(ACQUIRE, asked).await, Ok(Ok(())))
    }

    /// What the server's clock shows; `None` on SQLite, which has that of this machine.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn time(&self) -> Result<Option<Millis>> {
        if self.backend() == Backend::Sqlite {
            return Ok(None);
        }
        let mut reader = self.read().await?;
        Ok(sql!(reader, |conn| sqlx::query_scalar("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)").fetch_one(conn).await)?)
    }

    /// Moves what the write-ahead log holds into SQLite's file; nothing on PostgreSQL.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn checkpoint(&self) -> Result<()> {
        if let Self::Sqlite { write, .. } = self {
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(write).await?;
        }
        Ok(())
    }

    /// Ends all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pools) => pools.close().await,
        }
    }
}
