//! The two databases behind one type: a reader reads, a transaction also writes.
use std::{ops, path::Path, str::FromStr, time::Duration};

use futures_util::FutureExt;
use sqlx::{
    Connection, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction,
    migrate::Migrator,
    pool::PoolOptions,
    postgres::{PgConnectOptions, PgPool},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous},
};

#[cfg(target_os = "linux")]
use super::nodelay;
use crate::settings::Mutant;

/// The migrations of this version. Those of a later one, whose nodes run beside this, are left alone.
fn migrations() -> Migrator {
    let mut own = sqlx::migrate!("./migrations");
    own.set_ignore_missing(true);
    own
}

/// How long to wait for a connection: a command in flight ends within 5 s.
const ACQUIRE: Duration = Duration::from_secs(4);
/// Enough for the one writer and readers on a small machine.
const POSTGRES_CONNECTIONS: u32 = 12;
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
        matches!(self, Self::Sql(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)))
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
    Postgres(PgPool),
}

enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The driver that is live; see `sql!`.
pub(super) enum Driver<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Reads one consistent state.
pub struct Reader(Conn);

/// Reads and writes; what is not committed is undone.
pub struct Tx(Reader);

impl ops::Deref for Tx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.0
    }
}
impl ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.0
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
                $query
            }
        }
    };
}
pub(super) use sql;

impl Reader {
    pub(super) fn driver(&mut self) -> Driver<'_> {
        match &mut self.0 {
            Conn::Sqlite(transaction) => Driver::Sqlite(transaction),
            Conn::Postgres(transaction) => Driver::Postgres(transaction),
        }
    }
}

impl Tx {
    /// Makes the writes durable.
    ///
    /// # Errors
    /// When they are not, or nobody knows ([`Error::is_disconnect`]).
    pub async fn commit(self) -> Result<()> {
        match self.0.0 {
            Conn::Sqlite(transaction) => transaction.commit().await?,
            Conn::Postgres(transaction) => transaction.commit().await?,
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
        let relaxed = mutant == Some(Mutant::SynchronousNormal);
        let options = SqliteConnectOptions::new()
            .filename(folder.join("demarche.db"))
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
        migrations().run(&write).await?;
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
        let options =
            PgConnectOptions::from_str(url)?.options([("statement_timeout", "5000"), ("lock_timeout", "5000")]).statement_cache_capacity(STATEMENTS);
        let pool = PoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE);
        #[cfg(target_os = "linux")]
        let pool = pool.after_connect({
            let port = options.get_port();
            move |_, _| Box::pin(nodelay::set_on(port))
        });
        let pool = pool.connect_with(options).await?;
        let (fsync, commit): (String, String) =
            sqlx::query_as("SELECT current_setting('fsync'), current_setting('synchronous_commit')").fetch_one(&pool).await?;
        if fsync == "off" || commit == "off" {
            return Err(Error::Unsafe(format!(
                "PostgreSQL runs with fsync={fsync}, synchronous_commit={commit}: it could lose what was acknowledged"
            )));
        }
        migrations().run(&pool).await?;
        let store = Self::Postgres(pool);
        store.ensure_readable().await?;
        store.prepare_search().await?;
        Ok(store)
    }

    /// Refuses a database from which a later version has taken something that this one needs: its migration said so.
    async fn ensure_readable(&self) -> Result<()> {
        let least = self.read().await?.site_value("least_migration").await?.and_then(|number| number.parse().ok()).unwrap_or(0);
        let own = migrations().iter().map(|one| one.version).max().unwrap_or(0);
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
            Self::Postgres(pool) => Conn::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?),
        }))
    }

    /// A transaction that writes.
    ///
    /// # Errors
    /// When no connection is to be had or, on SQLite, the write lock.
    pub async fn write(&self) -> Result<Tx> {
        // A plain BEGIN that reads and then writes fails when another writer came between.
        Ok(Tx(Reader(match self {
            Self::Sqlite { write, .. } => Conn::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Conn::Postgres(pool.begin().await?),
        })))
    }

    /// Whether the database answers.
    pub async fn answers(&self) -> bool {
        let asked = async { sql!(self.read().await?, |conn| sqlx::query("SELECT 1").execute(conn).await.map(|_| ())).map_err(Error::from) };
        matches!(tokio::time::timeout(ACQUIRE, asked).await, Ok(Ok(())))
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
            Self::Postgres(_) => Err(Error::Unsafe("PostgreSQL is backed up by pg_dump".into())),
        }
    }

    /// Ends all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
