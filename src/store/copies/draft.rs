//! A database that is being filled, by a restore or a copy. Until it is whole and has new epochs
//! nobody can take it for a site: SQLite's file has another name, PostgreSQL's tables stand beside
//! a mark that [`Store`](crate::store::Store) refuses.
use std::{fs, path::PathBuf};

use sqlx::{Connection, PgConnection, SqliteConnection};

use super::marks::{FILE, UNFINISHED, clear, io_at, open, remove};
use crate::{
    domain::framework::FrameworkId,
    id,
    store::{
        db::{Driver, Result},
        migrations::MIGRATIONS,
        search,
    },
};

/// A database that is being filled.
pub enum Draft {
    /// A file beside the one it will be.
    Sqlite {
        /// Where it will stand.
        folder: PathBuf,
        /// Absent while the file is put there from outside.
        conn: Option<SqliteConnection>,
    },
    /// A marked database.
    Postgres(PgConnection),
}

/// Runs one expression on whichever driver it is, without a deadline: whole tables pass here.
macro_rules! on {
    ($base:expr, |$conn:ident| $query:expr) => {
        match $base.driver() {
            $crate::store::db::Driver::Sqlite($conn) => {
                #[allow(dead_code, reason = "only some expressions name it")]
                type Db = sqlx::Sqlite;
                $query
            }
            $crate::store::db::Driver::Postgres($conn) => {
                #[allow(dead_code, reason = "only some expressions name it")]
                type Db = sqlx::Postgres;
                $query
            }
        }
    };
}
pub(super) use on;

impl Draft {
    pub(super) fn driver(&mut self) -> Driver<'_> {
        match self {
            Self::Sqlite { conn, .. } => {
                Driver::Sqlite(conn.as_mut().expect("it is opened before it is used"))
            }
            Self::Postgres(conn) => Driver::Postgres(conn),
        }
    }

    /// Makes the tables of a new site.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn make_tables(&mut self) -> Result<()> {
        if let Self::Sqlite { folder, conn } = self {
            *conn = Some(open(&folder.join(UNFINISHED)).await?);
        }
        on!(self, |conn| MIGRATIONS.run(conn).await)?;
        search::prepare(self.driver()).await
    }

    /// Rotates every epoch, so that no client takes an old place for a current one, and lets the
    /// site be opened.
    ///
    /// # Errors
    /// When the database or the disk fails; then it cannot be opened, and can be filled again.
    pub async fn finish(mut self) -> Result<()> {
        on!(self, |conn| {
            let mut tx = conn.begin().await?;
            for framework in sqlx::query_scalar::<Db, FrameworkId>("SELECT id FROM framework")
                .fetch_all(&mut *tx)
                .await?
            {
                let epoch = &id::secret()[..16];
                sqlx::query("UPDATE framework SET epoch = $2 WHERE id = $1")
                    .bind(framework)
                    .bind(epoch)
                    .execute(&mut *tx)
                    .await?;
            }
            sqlx::query("DROP TABLE IF EXISTS demarche_unfinished")
                .execute(&mut *tx)
                .await?;
            tx.commit().await
        })?;
        match self {
            Self::Postgres(conn) => conn.close().await?,
            Self::Sqlite { folder, conn } => {
                if let Some(conn) = conn {
                    conn.close().await?;
                }
                let (draft, file) = (folder.join(UNFINISHED), folder.join(FILE));
                fs::File::open(&draft)
                    .and_then(|file| file.sync_all())
                    .map_err(io_at(&draft))?;
                // An empty site may have stood here: its log must not meet this file.
                remove(&file)?;
                fs::rename(&draft, &file).map_err(io_at(&file))?;
                fs::File::open(&folder)
                    .and_then(|folder| folder.sync_all())
                    .map_err(io_at(&folder))?;
            }
        }
        Ok(())
    }

    /// Takes away what was filled in: the folder or database is as it was.
    pub async fn abandon(self) {
        let done = match self {
            Self::Sqlite { folder, conn } => {
                if let Some(conn) = conn {
                    // Its file goes.
                    let _ = conn.close().await;
                }
                remove(&folder.join(UNFINISHED))
            }
            Self::Postgres(mut conn) => {
                let cleared = async {
                    // A transaction may have been under way.
                    sqlx::raw_sql("ROLLBACK").execute(&mut conn).await?;
                    clear(&mut conn).await?;
                    sqlx::query("DROP TABLE IF EXISTS demarche_unfinished")
                        .execute(&mut conn)
                        .await?;
                    Ok(())
                };
                cleared.await
            }
        };
        if let Err(error) = done {
            tracing::warn!(%error, "what was filled in so far stays; the next try takes it away");
        }
    }
}
