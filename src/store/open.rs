//! Opening either database: what is asked of it is read back, and its tables are brought up to
//! date.
use std::{path::Path, time::Duration};

use futures_util::FutureExt;
use sqlx::{
    Connection, Sqlite, SqliteConnection,
    pool::PoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous},
};

use super::{
    copies,
    db::{Error, Result, Store},
    file::File,
    migrations::{MIGRATIONS, readable},
    postgres::{self, ACQUIRE, Pools},
};
use crate::settings::Mutant;

/// Readers of SQLite; the writer has its own connection.
const SQLITE_READERS: u32 = 4;
/// Prepared statements kept per connection: every text, with its lists and rows in each length, has
/// room.
const STATEMENTS: usize = 1_024;

/// How a file of SQLite is opened to be written.
fn writing(file: &Path, relaxed: bool) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if relaxed {
            SqliteSynchronous::Normal
        } else {
            SqliteSynchronous::Full
        })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(STATEMENTS)
        // What a statement of many rows would undo is kept in memory, not in a file.
        .pragma("temp_store", "memory")
        // A batch of the largest texts fits without spilling: 64 MiB, taken as needed.
        .pragma("cache_size", "-65536")
        // Fewer checkpoints: each one stalls the writer.
        .pragma("wal_autocheckpoint", "4000")
}

/// Connections to a file of SQLite.
fn pool(most: u32) -> PoolOptions<Sqlite> {
    // After a full disk SQLite has undone the transaction by itself, and the driver still believes
    // in it: such a connection goes.
    let fit =
        |conn: &mut SqliteConnection| std::future::ready(Ok(!conn.is_in_transaction())).boxed();
    let pool = PoolOptions::new()
        .max_connections(most)
        .test_before_acquire(false);
    pool.before_acquire(move |conn, _| fit(conn))
        .acquire_timeout(ACQUIRE)
}

/// Refuses a file whose settings did not stick: it could lose what was acknowledged.
async fn ensure_durable(write: &SqlitePool) -> Result<()> {
    const SQL: &str = "SELECT journal_mode, synchronous, foreign_keys FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys";
    let kept: (String, i64, i64) = sqlx::query_as(SQL).fetch_one(write).await?;
    if kept != ("wal".into(), 2, 1) {
        return Err(Error::Unsafe(format!(
            "SQLite did not keep WAL, synchronous=FULL and foreign keys: {kept:?}"
        )));
    }
    Ok(())
}

impl Store {
    /// Opens the SQLite file in `folder`, creating both.
    ///
    /// # Errors
    /// When it cannot be opened or does not keep its durability settings.
    pub async fn sqlite(folder: &Path, mutant: Option<Mutant>) -> Result<Self> {
        if copies::is_unfinished(folder) {
            return Err(Error::Unfit(copies::AGAIN.into()));
        }
        let relaxed = mutant == Some(Mutant::SynchronousNormal);
        let file = folder.join(copies::FILE);
        let options = writing(&file, relaxed);
        let write = pool(1).connect_with(options.clone()).await?;
        MIGRATIONS.run(&write).await?;
        let read = options
            .read_only(true)
            .pragma("mmap_size", "268435456")
            .pragma("cache_size", "-8192");
        let read = pool(SQLITE_READERS).connect_with(read).await?;
        if !relaxed {
            ensure_durable(&write).await?;
        }
        Self::Sqlite {
            write,
            read,
            file: File::opened(file)?,
        }
        .made_fit()
        .await
    }

    /// Connects to PostgreSQL and migrates.
    ///
    /// # Errors
    /// When it is away, or runs without `fsync` or `synchronous_commit`.
    pub async fn postgres(url: &str) -> Result<Self> {
        let options = postgres::options(url, STATEMENTS)?;
        let pools = Pools::connect(&options).await?;
        let settings = "SELECT current_setting('fsync'), current_setting('synchronous_commit')";
        let (fsync, commit): (String, String) = pools
            .ask(async |conn| sqlx::query_as(settings).fetch_one(conn).await)
            .await?;
        if fsync == "off" || commit == "off" {
            return Err(Error::Unsafe(format!(
                "PostgreSQL runs with fsync={fsync}, synchronous_commit={commit}: it could lose what was acknowledged"
            )));
        }
        let mut conn = postgres::patient(&options).await?;
        if copies::marked(&mut conn).await? {
            return Err(Error::Unfit(copies::AGAIN.into()));
        }
        MIGRATIONS.run(&mut conn).await?;
        conn.close().await?;
        Self::Postgres(pools).made_fit().await
    }

    /// Refuses a database from which a later version has taken something that this one needs, as
    /// its migration said, and makes what searching needs.
    async fn made_fit(self) -> Result<Self> {
        readable(self.read().await?.driver()).await?;
        self.prepare_search().await?;
        Ok(self)
    }
}
