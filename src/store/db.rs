//! The two databases behind one type: a reader reads, a transaction also writes.
use std::{ops, path::Path, str::FromStr, sync::LazyLock, time::Duration};

use futures_util::FutureExt;
use sqlx::{
    Connection, PgConnection, Sqlite, SqliteConnection, Transaction,
    migrate::Migrator,
    pool::PoolOptions,
    postgres::{PgConnectOptions, PgPool},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous},
};

use super::{
    draft,
    link::{self, ACQUIRE, Doubt, Link},
};
use crate::{domain::Millis, settings::Mutant};

/// The migrations of this version. Those of a later one, whose nodes run beside this, are left alone.
pub(super) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut own = sqlx::migrate!("./migrations");
    own.set_ignore_missing(true);
    own
});

/// Readers of SQLite; the writer has its own connection.
const SQLITE_READERS: u32 = 4;

/// Prepared statements kept per connection: every text, with its lists in each power of two, has room.
const STATEMENTS: usize = 512;

/// What went wrong below; never shown to users.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or is away.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// A migration could not be applied.
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database runs with settings that could lose what was acknowledged.
    #[error("{0}")]
    Unsafe(String),
    /// It is not what was asked for: no site, half a site, another's.
    #[error("{0}")]
    Unfit(String),
}

impl Error {
    /// Whether the one unique constraint that can break here broke.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether the connection went away while something was under way, so that nobody knows whether it took effect.
    #[must_use]
    pub fn is_disconnect(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)) => true,
            // Class 08, connection exceptions, and 57P0x: the server ended the session.
            Self::Sql(sqlx::Error::Database(error)) => error.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P0")),
            _ => false,
        }
    }

    /// Whether the database is away, or somebody else holds what is wanted: to try the parts of what failed one by one would
    /// only wait as long for each.
    #[must_use]
    pub fn is_away(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::BeginFailed) => true,
            // A lock that was not to be had, a session that was ended, no room for another one.
            Self::Sql(sqlx::Error::Database(error)) if error.code().is_some_and(|code| code == "55P03" || code.starts_with("53")) => true,
            _ => self.is_disconnect(),
        }
    }
}

/// The result of a query.
pub type Result<T> = std::result::Result<T, Error>;

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
    },
    /// A server.
    Postgres {
        /// Its connections.
        pool: PgPool,
        /// Whether they are believed in.
        doubt: Doubt,
    },
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
        match $reader.driver() {
            $crate::store::db::Driver::Sqlite($conn) => {
                #[allow(dead_code, reason = "only some queries name it")]
                type Db = sqlx::Sqlite;
                $query
            }
            $crate::store::db::Driver::Postgres($conn) => {
                #[allow(dead_code, reason = "only some queries name it")]
                type Db = sqlx::Postgres;
                $crate::store::link::within(async { $query }).await
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
}

impl Reader {
    async fn answers(&mut self) -> Result<()> {
        Ok(sql!(self, |conn| sqlx::query("SELECT 1").execute(conn).await.map(|_| ()))?)
    }
}

impl Tx {
    /// What the server's clock showed once the lock of a framework was had, where it has one that counts for all nodes.
    #[must_use]
    pub fn time(&self) -> Option<Millis> {
        self.time
    }

    /// Lets a long computation stand between two statements of this transaction: a minute instead of four seconds.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take_time(&mut self) -> Result<()> {
        if self.backend() == Backend::Postgres {
            sql!(self, |conn| sqlx::query("SET LOCAL idle_in_transaction_session_timeout = 60000").execute(conn).await.map(|_| ()))?;
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
        let store = Self::Sqlite { write, read };
        store.ensure_readable().await?;
        store.prepare_search().await?;
        Ok(store)
    }

    /// Connects to PostgreSQL and migrates.
    ///
    /// # Errors
    /// When it is away, or runs without `fsync` or `synchronous_commit`.
    pub async fn postgres(url: &str) -> Result<Self> {
        let (pool, doubt) = link::pool(PgConnectOptions::from_str(url)?, STATEMENTS).await?;
        let (fsync, commit): (String, String) =
            sqlx::query_as("SELECT current_setting('fsync'), current_setting('synchronous_commit')").fetch_one(&pool).await?;
        if fsync == "off" || commit == "off" {
            return Err(Error::Unsafe(format!(
                "PostgreSQL runs with fsync={fsync}, synchronous_commit={commit}: it could lose what was acknowledged"
            )));
        }
        if draft::marked(&mut *pool.acquire().await?).await? {
            return Err(Error::Unfit(draft::AGAIN.into()));
        }
        MIGRATIONS.run(&pool).await?;
        let store = Self::Postgres { pool, doubt };
        store.ensure_readable().await?;
        store.prepare_search().await?;
        Ok(store)
    }

    /// Refuses a database from which a later version has taken something that this one needs: its migration said so.
    async fn ensure_readable(&self) -> Result<()> {
        let least = self.read().await?.site_value("least_migration").await?.and_then(|number| number.parse().ok()).unwrap_or(0);
        let own = MIGRATIONS.iter().map(|one| one.version).max().unwrap_or(0);
        if own < least {
            let why = format!("the database is of a later version, which needs migration {least}; this one knows {own}: start the later one");
            return Err(Error::Unsafe(why));
        }
        Ok(())
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite { .. } => Backend::Sqlite,
            Self::Postgres { .. } => Backend::Postgres,
        }
    }

    /// One consistent state to read from.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn read(&self) -> Result<Reader> {
        Ok(Reader(match self {
            Self::Sqlite { read, .. } => Conn::Sqlite(read.begin_with("BEGIN").await?),
            Self::Postgres { pool, doubt } => Conn::Postgres(Link::read(pool, doubt).await?),
        }))
    }

    /// A transaction that writes.
    ///
    /// # Errors
    /// When no connection is to be had or, on SQLite, the write lock.
    pub async fn write(&self) -> Result<Tx> {
        // A plain BEGIN that reads and then writes fails when another writer came between.
        let reader = Reader(match self {
            Self::Sqlite { write, .. } => Conn::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres { pool, doubt } => Conn::Postgres(Link::write(pool, doubt).await?),
        });
        Ok(Tx { reader, time: None })
    }

    /// Whether the database answers a reader and a writer.
    pub async fn answers(&self) -> bool {
        let asked = async {
            self.read().await?.answers().await?;
            self.write().await?.answers().await
        };
        matches!(tokio::time::timeout(ACQUIRE, asked).await, Ok(Ok(())))
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

    /// Writes a consistent copy of SQLite's file while writing goes on.
    ///
    /// # Errors
    /// When the copy cannot be written; PostgreSQL has its own tools.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        match self {
            Self::Sqlite { read, .. } => {
                sqlx::query("VACUUM INTO $1").bind(file.to_string_lossy().into_owned()).execute(read).await?;
                Ok(())
            }
            Self::Postgres { .. } => Err(Error::Unsafe("PostgreSQL is backed up by pg_dump".into())),
        }
    }

    /// Ends all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}
