//! Where a draft may begin: a folder, or a database, in which nobody has anything.
use std::{collections::BTreeSet, fs, os::unix::fs::OpenOptionsExt, path::Path};

use sqlx::{ConnectOptions, Connection, PgConnection, sqlite::SqliteConnectOptions};

use super::{
    draft::Draft,
    marks::{FILE, TOOL, UNFINISHED, clear, io_at, marked, remove, tables_of_postgres, unfit},
};
use crate::store::db::Result;

/// Whether there is nothing of anybody's in a database with these tables.
macro_rules! nobodys {
    ($conn:expr, $tables:expr) => {{
        let ours = ["_sqlx_migrations", "account", "framework"]
            .iter()
            .all(|name| $tables.contains(*name));
        let held = "SELECT (SELECT COUNT(*) FROM account) + (SELECT COUNT(*) FROM framework)";
        $tables.is_empty()
            || ours
                && sqlx::query_scalar::<_, i64>(held)
                    .fetch_one(&mut $conn)
                    .await?
                    == 0
    }};
}

/// Ends what a killed restore left at work, and waits until it is gone.
async fn end_tools(conn: &mut PgConnection) -> Result<()> {
    const SQL: &str = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
    while sqlx::query_scalar::<_, i64>(SQL)
        .bind(TOOL)
        .fetch_one(&mut *conn)
        .await?
        > 0
    {
        sqlx::query("SELECT pg_sleep(0.05)")
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

impl Draft {
    /// Begins a file in a folder that holds no site. What an earlier try left is written over.
    ///
    /// # Errors
    /// When there is a site, or the folder cannot be used.
    pub async fn in_folder(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        if file.exists() {
            let conn = SqliteConnectOptions::new().filename(&file).connect().await;
            let mut conn = conn.map_err(|_| {
                unfit(format!(
                    "{} exists and is no database: move it away",
                    file.display()
                ))
            })?;
            let tables = sqlx::query_scalar::<_, String>(
                "SELECT name FROM sqlite_master WHERE type = 'table'",
            )
            .fetch_all(&mut conn)
            .await;
            let tables: BTreeSet<String> = match tables {
                Ok(tables) => tables.into_iter().collect(),
                Err(_) => {
                    return Err(unfit(format!(
                        "{} exists and is no whole database: move it away",
                        file.display()
                    )));
                }
            };
            let empty = nobodys!(conn, tables);
            conn.close().await?;
            if !empty {
                return Err(unfit(format!(
                    "{} holds a site: name an empty folder",
                    file.display()
                )));
            }
        }
        let draft = folder.join(UNFINISHED);
        remove(&draft)?;
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)
            .map_err(io_at(&draft))?;
        Ok(Self::Sqlite {
            folder: folder.into(),
            conn: None,
        })
    }

    /// Marks a database of PostgreSQL that holds no site, and takes away what an earlier try left.
    ///
    /// # Errors
    /// When it holds anything else, is being filled by somebody else, or is away.
    pub async fn in_postgres(url: &str) -> Result<Self> {
        let mut conn = PgConnection::connect(url).await?;
        let alone = "SET lock_timeout = '10s'; SELECT pg_advisory_lock(8390877); SET lock_timeout = 0; SET statement_timeout = 0";
        sqlx::raw_sql(alone)
            .execute(&mut conn)
            .await
            .map_err(|error| match &error {
                sqlx::Error::Database(said) if said.code().as_deref() == Some("55P03") => {
                    unfit("another restore or copy into this database is under way")
                }
                _ => error.into(),
            })?;
        let tables = tables_of_postgres(&mut conn).await?;
        if !marked(&mut conn).await? {
            if !nobodys!(conn, tables) {
                return Err(unfit("the database is not empty: name one without tables"));
            }
            sqlx::query("CREATE TABLE demarche_unfinished (since TEXT NOT NULL)")
                .execute(&mut conn)
                .await?;
        }
        end_tools(&mut conn).await?;
        clear(&mut conn).await?;
        Ok(Self::Postgres(conn))
    }
}
