//! What a database needs besides being read and written: whether it answers, what time it shows,
//! what has expired, its log, its copies, its end.
use std::path::Path;

use tokio::time::timeout;

use super::{
    db::{Backend, Error, Result, Store, Tx},
    postgres::ACQUIRE,
    values::row,
};
use crate::domain::Millis;

impl Store {
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
        const SQL: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        if self.backend() == Backend::Sqlite {
            return Ok(None);
        }
        self.read().await?.sole(SQL, row![]).await
    }

    /// Moves what the write-ahead log holds into SQLite's file; nothing on PostgreSQL.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn checkpoint(&self) -> Result<()> {
        if let Self::Sqlite { write, .. } = self {
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
                .execute(write)
                .await?;
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

    /// Writes a consistent copy of SQLite's file while writing goes on.
    ///
    /// # Errors
    /// When the copy cannot be written; PostgreSQL has its own tools.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        match self {
            Self::Sqlite { read, .. } => {
                sqlx::query("VACUUM INTO $1")
                    .bind(file.to_string_lossy().into_owned())
                    .execute(read)
                    .await?;
                Ok(())
            }
            Self::Postgres(_) => Err(Error::Unsafe("PostgreSQL is backed up by pg_dump".into())),
        }
    }
}

impl Tx {
    /// Ends what has expired. A deal holds a viewpoint, and is of no use once nobody may answer it
    /// any more.
    pub async fn delete_expired(&mut self, now: Millis) -> Result<()> {
        self.run("DELETE FROM session WHERE expires_at <= $1", row![now])
            .await?;
        self.run("DELETE FROM link WHERE expires_at <= $1", row![now])
            .await?;
        self.run("DELETE FROM deal WHERE expires_at <= $1", row![now])
            .await
    }
}
