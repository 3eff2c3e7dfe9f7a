//! The steps by which a site's tables came about, and whether this version knows enough of them.
use std::sync::LazyLock;

use sqlx::migrate::Migrator;

use super::db::{Driver, Error, Result};

/// The migrations of this version. Those of a later one, whose nodes run beside this, are left
/// alone.
pub(super) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut own = sqlx::migrate!("./migrations");
    own.set_ignore_missing(true);
    own
});

/// Whether this version can work with a site: a later one may have taken something away that this
/// one needs.
pub(super) async fn readable(mut driver: Driver<'_>) -> Result<()> {
    const SQL: &str = "SELECT value FROM site WHERE key = 'least_migration'";
    let least: Option<String> = match driver.again() {
        Driver::Sqlite(conn) => sqlx::query_scalar(SQL).fetch_optional(conn).await?,
        Driver::Postgres(conn) => sqlx::query_scalar(SQL).fetch_optional(conn).await?,
    };
    let least = least.and_then(|number| number.parse().ok()).unwrap_or(0);
    let own = MIGRATIONS.iter().map(|one| one.version).max().unwrap_or(0);
    if own < least {
        let why = format!(
            "the database is of a later version, which needs migration {least}; this one knows {own}: start the later one"
        );
        return Err(Error::Unsafe(why));
    }
    Ok(())
}
