//! Whether what was put into a draft is a whole site, of this version or an earlier one.
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use sqlx::SqliteConnection;

use super::{
    draft::Draft,
    marks::{UNFINISHED, companions, io_at, open, tables_of_postgres, unfit},
    model,
};
use crate::store::{
    db::{Driver, Error, Result},
    migrations::{MIGRATIONS, readable},
    search,
};

/// Whether a file of SQLite holds a whole site, of this version or an earlier one, which is brought
/// up to date.
async fn whole(conn: &mut SqliteConnection) -> Result<()> {
    let no = |_| unfit("this is no copy of a site: it has none of its tables");
    let steps: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations WHERE success")
        .fetch_one(&mut *conn)
        .await
        .map_err(no)?;
    if steps == 0 {
        return Err(no(sqlx::Error::RowNotFound));
    }
    let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_all(&mut *conn)
        .await?;
    if said != ["ok"] {
        return Err(unfit(format!(
            "this copy is damaged or not whole: {}",
            said.join(", ")
        )));
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
        Some(column) => Err(unfit(format!(
            "this is no whole copy of a site: {column} is missing"
        ))),
        None => Ok(()),
    }
}

/// Rows whose other half is missing.
pub(super) async fn orphans(conn: &mut SqliteConnection) -> Result<()> {
    let orphans: Option<String> =
        sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
            .fetch_optional(conn)
            .await?;
    orphans.map_or(Ok(()), |table| {
        Err(unfit(format!(
            "this copy is not whole: rows of {table} name others that are missing"
        )))
    })
}

/// What SQLite keeps of a log in memory: nothing is lost without it.
fn is_index(beside: &Path) -> bool {
    beside.to_string_lossy().ends_with("-shm")
}

impl Draft {
    /// Puts a file in as the draft's contents and sees whether it holds a whole site; brings its
    /// tables up to date.
    ///
    /// # Errors
    /// When it does not, in words for the host.
    pub async fn take_file(&mut self, source: &Path) -> Result<()> {
        let Self::Sqlite { folder, conn } = self else {
            return Err(unfit("this is for SQLite alone"));
        };
        // A log to be read, or a journal to be undone.
        if companions(source)
            .iter()
            .any(|beside| !is_index(beside) && fs::metadata(beside).is_ok_and(|log| log.len() > 0))
        {
            return Err(unfit(format!(
                "{} is in use, and a part of it stands beside it: make a copy with `demarche backup`",
                source.display()
            )));
        }
        let draft = folder.join(UNFINISHED);
        fs::copy(source, &draft)
            .map_err(|error| unfit(format!("{}: {error}", source.display())))?;
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o600)).map_err(io_at(&draft))?;
        let named = |what: &str| unfit(format!("{}: {what}", source.display()));
        let mut opened = open(&draft)
            .await
            .map_err(|_| named("this is no copy of a site: not a database of SQLite"))?;
        let checked = whole(&mut opened).await;
        *conn = Some(opened);
        checked.map_err(|error| match error {
            Error::Unfit(words) => named(&words),
            error => named(&error.to_string()),
        })
    }

    /// Sees whether what was put into PostgreSQL is a whole site; brings its tables up to date.
    ///
    /// # Errors
    /// When it is not, in words for the host.
    pub async fn judge(&mut self) -> Result<()> {
        let Self::Postgres(conn) = self else {
            return Ok(());
        };
        if !tables_of_postgres(conn).await?.contains("_sqlx_migrations") {
            return Err(unfit(
                "this is no copy of a site: it has none of its tables",
            ));
        }
        MIGRATIONS.run(&mut *conn).await?;
        complete(self.driver()).await
    }
}
