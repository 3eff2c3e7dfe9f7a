//! The database, read in one consistent state and never written.
use std::path::Path;

use sqlx::{
    ConnectOptions, Connection, FromRow, PgConnection, SqliteConnection,
    sqlite::SqliteConnectOptions,
};

use super::checkpoints::Checkpoint;

/// Either database.
pub enum Base {
    /// SQLite's file.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(PgConnection),
}

/// Runs a query on whichever it is.
macro_rules! on {
    ($base:expr, |$conn:ident| $query:expr) => {
        match $base {
            $crate::verify::base::Base::Sqlite($conn) => $query,
            $crate::verify::base::Base::Postgres($conn) => $query,
        }
    };
}
pub(super) use on;

/// A framework and what its row says of pauses.
#[derive(FromRow)]
pub struct Framework {
    pub id: String,
    pub slug: String,
    pub epoch: String,
    pub paused: bool,
    pub site_paused: bool,
    /// Whether anyone may read it.
    pub public: bool,
    /// What slows its debate down, as JSON.
    pub pace: String,
}

/// Where the table says a stream stands.
#[derive(FromRow)]
pub struct Head {
    pub name: String,
    pub seq: i64,
    pub hash: String,
}

/// A row of the chain.
#[derive(FromRow)]
pub struct Change {
    pub seq: i64,
    pub kind: String,
    pub object: String,
    pub version: i64,
    pub actor: Option<String>,
    pub at: i64,
    pub command: String,
    pub digest: String,
    pub hash: String,
    pub salt: Option<String>,
    pub form: i64,
}

impl Base {
    /// Opens a database and one state of it.
    pub async fn open(url: Option<&str>, folder: &Path) -> anyhow::Result<Self> {
        if let Some(url) = url {
            let mut conn = PgConnection::connect(url).await?;
            sqlx::query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .execute(&mut conn)
                .await?;
            return Ok(Self::Postgres(conn));
        }
        let file = folder.join("demarche.db");
        anyhow::ensure!(file.exists(), "{}: there is no such file", file.display());
        let options = SqliteConnectOptions::new().filename(&file).read_only(true);
        let mut conn = options
            .busy_timeout(std::time::Duration::from_secs(5))
            .connect()
            .await?;
        sqlx::query("BEGIN").execute(&mut conn).await?;
        Ok(Self::Sqlite(conn))
    }

    /// Ends the reading.
    pub async fn close(self) {
        // Nothing was written: however it ends, nothing is lost.
        let _ = on!(self, |conn| conn.close().await);
    }

    /// All frameworks, oldest first.
    pub async fn frameworks(&mut self) -> sqlx::Result<Vec<Framework>> {
        const SQL: &str = "SELECT id, slug, epoch, paused, EXISTS (SELECT 1 FROM site WHERE key = 'paused') AS site_paused, public, pace
            FROM framework ORDER BY created_at, id";
        on!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await)
    }

    /// What the table says of a framework's streams.
    pub async fn heads(&mut self, framework: &str) -> sqlx::Result<Vec<Head>> {
        const SQL: &str = "SELECT name, seq, hash FROM stream WHERE framework = $1 ORDER BY name";
        on!(self, |conn| sqlx::query_as(SQL)
            .bind(framework)
            .fetch_all(conn)
            .await)
    }

    /// The streams that have changes.
    pub async fn streams(&mut self, framework: &str) -> sqlx::Result<Vec<String>> {
        const SQL: &str = "SELECT DISTINCT stream FROM change WHERE framework = $1 ORDER BY stream";
        on!(self, |conn| sqlx::query_scalar(SQL)
            .bind(framework)
            .fetch_all(conn)
            .await)
    }

    /// Changes of a stream after a place.
    pub async fn changes(
        &mut self,
        framework: &str,
        stream: &str,
        after: i64,
        limit: i64,
    ) -> sqlx::Result<Vec<Change>> {
        const SQL: &str = "SELECT seq, kind, object, version, actor, at, command, digest, hash, salt, form FROM change
            WHERE framework = $1 AND stream = $2 AND seq > $3 ORDER BY seq LIMIT $4";
        on!(self, |conn| sqlx::query_as(SQL)
            .bind(framework)
            .bind(stream)
            .bind(after)
            .bind(limit)
            .fetch_all(conn)
            .await)
    }

    /// The checkpoints in the table.
    pub async fn checkpoints(&mut self, framework: &str) -> sqlx::Result<Vec<Checkpoint>> {
        const SQL: &str = "SELECT CAST(1 AS BIGINT) AS v, framework, stream, epoch, seq, hash, at, key, signature FROM checkpoint WHERE framework = $1";
        on!(self, |conn| sqlx::query_as(SQL)
            .bind(framework)
            .fetch_all(conn)
            .await)
    }
}
