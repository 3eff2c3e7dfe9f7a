//! A database that is being filled, by a restore or a copy. Until it is whole and has new epochs nobody can take it for a site:
//! SQLite's file has another name, PostgreSQL's tables stand beside a mark that [`Store`](super::Store) refuses.
use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{
    db::{Driver, Error, Result},
    migrations::{MIGRATIONS, readable},
    model, search,
};
use crate::{domain::framework::FrameworkId, id};

/// The file that SQLite keeps a site in.
pub(super) const FILE: &str = "demarche.db";
/// What it is called until it is whole; the next restore or copy writes over it.
const UNFINISHED: &str = ".demarche.db.unfinished";
/// By what others' tools are known that a killed restore left at work.
pub const TOOL: &str = "demarche restore";

/// What is said of a place that a restore or a copy has not filled to the end.
pub(super) const AGAIN: &str = "a restore or a copy into it has not ended: run it again, which begins anew";

/// Whether a restore or a copy into this folder has not ended.
pub(super) fn is_unfinished(folder: &Path) -> bool {
    folder.join(UNFINISHED).exists()
}

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

fn unfit(words: impl Into<String>) -> Error {
    Error::Unfit(words.into())
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    move |error| unfit(format!("{}: {error}", path.display()))
}

/// Whether there is nothing of anybody's in a database with these tables.
macro_rules! nobodys {
    ($conn:expr, $tables:expr) => {{
        let ours = ["_sqlx_migrations", "account", "framework"].iter().all(|name| $tables.contains(*name));
        let held = "SELECT (SELECT COUNT(*) FROM account) + (SELECT COUNT(*) FROM framework)";
        $tables.is_empty() || ours && sqlx::query_scalar::<_, i64>(held).fetch_one(&mut $conn).await? == 0
    }};
}

async fn tables_of_postgres(conn: &mut PgConnection) -> Result<BTreeSet<String>> {
    const SQL: &str = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'demarche_unfinished'";
    Ok(sqlx::query_scalar::<_, String>(SQL).fetch_all(conn).await?.into_iter().collect())
}

/// Drops every table but the mark.
async fn clear(conn: &mut PgConnection) -> Result<()> {
    let tables = tables_of_postgres(conn).await?;
    if !tables.is_empty() {
        let list: Vec<String> = tables.iter().map(|table| format!("\"{}\"", table.replace('"', "\"\""))).collect();
        sqlx::query(AssertSqlSafe(format!("DROP TABLE {} CASCADE", list.join(", ")))).execute(conn).await?;
    }
    Ok(())
}

async fn open(file: &Path) -> Result<SqliteConnection> {
    // Whoever is killed begins anew, so nothing needs to be safe before the end, where the whole file is synced.
    let options = SqliteConnectOptions::new().filename(file).journal_mode(SqliteJournalMode::Memory).synchronous(SqliteSynchronous::Off);
    Ok(options.foreign_keys(false).pragma("temp_store", "memory").connect().await?)
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
            let mut conn = conn.map_err(|_| unfit(format!("{} exists and is no database: move it away", file.display())))?;
            let tables = sqlx::query_scalar::<_, String>("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(&mut conn).await;
            let tables: BTreeSet<String> = match tables {
                Ok(tables) => tables.into_iter().collect(),
                Err(_) => return Err(unfit(format!("{} exists and is no whole database: move it away", file.display()))),
            };
            let empty = nobodys!(conn, tables);
            conn.close().await?;
            if !empty {
                return Err(unfit(format!("{} holds a site: name an empty folder", file.display())));
            }
        }
        let draft = folder.join(UNFINISHED);
        remove(&draft)?;
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(io_at(&draft))?;
        Ok(Self::Sqlite { folder: folder.into(), conn: None })
    }

    /// Marks a database of PostgreSQL that holds no site, and takes away what an earlier try left.
    ///
    /// # Errors
    /// When it holds anything else, is being filled by somebody else, or is away.
    pub async fn in_postgres(url: &str) -> Result<Self> {
        let mut conn = PgConnection::connect(url).await?;
        let alone = "SET lock_timeout = '10s'; SELECT pg_advisory_lock(8390877); SET lock_timeout = 0; SET statement_timeout = 0";
        sqlx::raw_sql(alone).execute(&mut conn).await.map_err(|error| match &error {
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
            sqlx::query("CREATE TABLE demarche_unfinished (since TEXT NOT NULL)").execute(&mut conn).await?;
        }
        end_tools(&mut conn).await?;
        clear(&mut conn).await?;
        Ok(Self::Postgres(conn))
    }

    pub(super) fn driver(&mut self) -> Driver<'_> {
        match self {
            Self::Sqlite { conn, .. } => Driver::Sqlite(conn.as_mut().expect("it is opened before it is used")),
            Self::Postgres(conn) => Driver::Postgres(conn),
        }
    }

    /// Puts a file in as the draft's contents and sees whether it holds a whole site; brings its tables up to date.
    ///
    /// # Errors
    /// When it does not, in words for the host.
    pub async fn take_file(&mut self, source: &Path) -> Result<()> {
        let Self::Sqlite { folder, conn } = self else { return Err(unfit("this is for SQLite alone")) };
        // A log to be read, or a journal to be undone.
        if model::companions(source).iter().any(|beside| !is_index(beside) && fs::metadata(beside).is_ok_and(|log| log.len() > 0)) {
            return Err(unfit(format!("{} is in use, and a part of it stands beside it: make a copy with `demarche backup`", source.display())));
        }
        let draft = folder.join(UNFINISHED);
        fs::copy(source, &draft).map_err(|error| unfit(format!("{}: {error}", source.display())))?;
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o600)).map_err(io_at(&draft))?;
        let named = |what: &str| unfit(format!("{}: {what}", source.display()));
        let mut opened = open(&draft).await.map_err(|_| named("this is no copy of a site: not a database of SQLite"))?;
        let checked = whole(&mut opened).await;
        *conn = Some(opened);
        checked.map_err(|error| match error {
            Error::Unfit(words) => named(&words),
            error => named(&error.to_string()),
        })
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

    /// Sees whether what was put into PostgreSQL is a whole site; brings its tables up to date.
    ///
    /// # Errors
    /// When it is not, in words for the host.
    pub async fn judge(&mut self) -> Result<()> {
        let Self::Postgres(conn) = self else { return Ok(()) };
        if !tables_of_postgres(conn).await?.contains("_sqlx_migrations") {
            return Err(unfit("this is no copy of a site: it has none of its tables"));
        }
        MIGRATIONS.run(&mut *conn).await?;
        complete(self.driver()).await
    }

    /// Rotates every epoch, so that no client takes an old place for a current one, and lets the site be opened.
    ///
    /// # Errors
    /// When the database or the disk fails; then it cannot be opened, and can be filled again.
    pub async fn finish(mut self) -> Result<()> {
        on!(self, |conn| {
            let mut tx = conn.begin().await?;
            for framework in sqlx::query_scalar::<Db, FrameworkId>("SELECT id FROM framework").fetch_all(&mut *tx).await? {
                let epoch = &id::secret()[..16];
                sqlx::query("UPDATE framework SET epoch = $2 WHERE id = $1").bind(framework).bind(epoch).execute(&mut *tx).await?;
            }
            sqlx::query("DROP TABLE IF EXISTS demarche_unfinished").execute(&mut *tx).await?;
            tx.commit().await
        })?;
        match self {
            Self::Postgres(conn) => conn.close().await?,
            Self::Sqlite { folder, conn } => {
                if let Some(conn) = conn {
                    conn.close().await?;
                }
                let (draft, file) = (folder.join(UNFINISHED), folder.join(FILE));
                fs::File::open(&draft).and_then(|file| file.sync_all()).map_err(io_at(&draft))?;
                // An empty site may have stood here: its log must not meet this file.
                remove(&file)?;
                fs::rename(&draft, &file).map_err(io_at(&file))?;
                fs::File::open(&folder).and_then(|folder| folder.sync_all()).map_err(io_at(&folder))?;
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
                    sqlx::query("DROP TABLE IF EXISTS demarche_unfinished").execute(&mut conn).await?;
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

/// Whether a restore or a copy into this database has not ended.
pub(super) async fn marked(conn: &mut PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT to_regclass('demarche_unfinished') IS NOT NULL").fetch_one(conn).await?)
}

/// Ends what a killed restore left at work, and waits until it is gone.
async fn end_tools(conn: &mut PgConnection) -> Result<()> {
    const SQL: &str = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
    while sqlx::query_scalar::<_, i64>(SQL).bind(TOOL).fetch_one(&mut *conn).await? > 0 {
        sqlx::query("SELECT pg_sleep(0.05)").execute(&mut *conn).await?;
    }
    Ok(())
}

/// Whether a file of SQLite holds a whole site, of this version or an earlier one, which is brought up to date.
async fn whole(conn: &mut SqliteConnection) -> Result<()> {
    let no = |_| unfit("this is no copy of a site: it has none of its tables");
    let steps: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations WHERE success").fetch_one(&mut *conn).await.map_err(no)?;
    if steps == 0 {
        return Err(no(sqlx::Error::RowNotFound));
    }
    let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_all(&mut *conn).await?;
    if said != ["ok"] {
        return Err(unfit(format!("this copy is damaged or not whole: {}", said.join(", "))));
    }
    MIGRATIONS.run(&mut *conn).await?;
    complete(Driver::Sqlite(&mut *conn)).await?;
    orphans(conn).await
}

/// Whether a database that was brought up to date has all that a site has.
async fn complete(mut driver: Driver<'_>) -> Result<()> {
    readable(driver.again()).await?;
    search::prepare(driver.again()).await?;
    match model::lacking(&model::tables().await?, &model::columns_of(driver).await?) {
        Some(column) => Err(unfit(format!("this is no whole copy of a site: {column} is missing"))),
        None => Ok(()),
    }
}

/// Rows whose other half is missing.
pub(super) async fn orphans(conn: &mut SqliteConnection) -> Result<()> {
    let orphans: Option<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1").fetch_optional(conn).await?;
    orphans.map_or(Ok(()), |table| Err(unfit(format!("this copy is not whole: rows of {table} name others that are missing"))))
}

/// What SQLite keeps of a log in memory: nothing is lost without it.
fn is_index(beside: &Path) -> bool {
    beside.to_string_lossy().ends_with("-shm")
}

/// Removes a file of SQLite and what stands beside it, where they are.
fn remove(file: &Path) -> Result<()> {
    for path in model::companions(file).iter().map(PathBuf::as_path).chain([file]) {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_at(path)(error)),
            _ => {}
        }
    }
    Ok(())
}
