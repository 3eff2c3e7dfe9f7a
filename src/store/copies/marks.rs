//! By what an unfinished database is known on either side, and how what was filled in so far is
//! taken away.
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::store::db::{Error, Result};

/// The file that SQLite keeps a site in.
pub(in crate::store) const FILE: &str = "demarche.db";
/// What it is called until it is whole; the next restore or copy writes over it.
pub(super) const UNFINISHED: &str = ".demarche.db.unfinished";
/// By what others' tools are known that a killed restore left at work.
pub const TOOL: &str = "demarche restore";
/// What is said of a place that a restore or a copy has not filled to the end.
pub(in crate::store) const AGAIN: &str =
    "a restore or a copy into it has not ended: run it again, which begins anew";

/// Whether a restore or a copy into this folder has not ended.
pub(in crate::store) fn is_unfinished(folder: &Path) -> bool {
    folder.join(UNFINISHED).exists()
}

/// Whether a restore or a copy into this database has not ended.
pub(in crate::store) async fn marked(conn: &mut PgConnection) -> Result<bool> {
    Ok(
        sqlx::query_scalar("SELECT to_regclass('demarche_unfinished') IS NOT NULL")
            .fetch_one(conn)
            .await?,
    )
}

pub(super) async fn tables_of_postgres(conn: &mut PgConnection) -> Result<BTreeSet<String>> {
    const SQL: &str = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'demarche_unfinished'";
    Ok(sqlx::query_scalar::<_, String>(SQL)
        .fetch_all(conn)
        .await?
        .into_iter()
        .collect())
}

/// Drops every table but the mark.
pub(super) async fn clear(conn: &mut PgConnection) -> Result<()> {
    let tables = tables_of_postgres(conn).await?;
    if !tables.is_empty() {
        let list: Vec<String> = tables
            .iter()
            .map(|table| format!("\"{}\"", table.replace('"', "\"\"")))
            .collect();
        sqlx::query(AssertSqlSafe(format!(
            "DROP TABLE {} CASCADE",
            list.join(", ")
        )))
        .execute(conn)
        .await?;
    }
    Ok(())
}

pub(super) async fn open(file: &Path) -> Result<SqliteConnection> {
    // Whoever is killed begins anew, so nothing needs to be safe before the end, where the whole
    // file is synced.
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off);
    Ok(options
        .foreign_keys(false)
        .pragma("temp_store", "memory")
        .connect()
        .await?)
}

pub(super) fn unfit(words: impl Into<String>) -> Error {
    Error::Unfit(words.into())
}

pub(super) fn io_at(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    move |error| unfit(format!("{}: {error}", path.display()))
}

/// Removes a file of SQLite and what stands beside it, where they are.
pub(super) fn remove(file: &Path) -> Result<()> {
    for path in companions(file).iter().map(PathBuf::as_path).chain([file]) {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(io_at(path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The files of SQLite that stand beside its database.
pub(super) fn companions(file: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|end| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        name.into()
    })
}
