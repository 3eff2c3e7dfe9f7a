//! Where streams stand.
use std::collections::HashMap;

use sqlx::FromRow;

use crate::{
    domain::framework::FrameworkId,
    store::{
        db::{Reader, Result, Store},
        many::Lookup,
        values::{Cell, row},
    },
};

/// Where a stream stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Head {
    /// Its last place; 0 where nothing happened yet.
    pub seq: i64,
    /// The last link of its chain.
    pub hash: String,
}

/// A stream whose head stands before the end of its log: nothing can be added to it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SetBack {
    /// The framework's name in addresses.
    pub slug: String,
    /// The stream.
    pub stream: String,
    /// Where the head stands.
    pub head: i64,
    /// The last place of the log.
    pub last: i64,
}

impl Store {
    /// The place of a framework's `public` now and [`Store::named`], read by themselves.
    pub async fn public_place(&self, framework: FrameworkId) -> Result<(i64, String)> {
        const SQL: &str =
            "SELECT COALESCE((SELECT seq FROM stream WHERE framework = $1 AND name = 'public'), 0),
            COALESCE((SELECT value FROM site WHERE key = 'named'), '')";
        Ok(match self {
            Self::Sqlite { read, .. } => {
                sqlx::query_as(SQL).bind(framework).fetch_one(read).await?
            }
            Self::Postgres(pools) => {
                pools
                    .ask(async |conn| sqlx::query_as(SQL).bind(framework).fetch_one(conn).await)
                    .await?
            }
        })
    }
}

impl Reader {
    /// Streams whose head was set back, as where a part of a copy was put over a database; some of
    /// them.
    pub async fn set_back(&mut self) -> Result<Vec<SetBack>> {
        const SQL: &str = "WITH head (framework, name, seq) AS (
                SELECT framework, name, seq FROM stream
                UNION ALL SELECT f.id, n.name, 0 FROM framework f, (SELECT 'public' AS name UNION ALL SELECT 'moderators') n
                    WHERE NOT EXISTS (SELECT 1 FROM stream s WHERE s.framework = f.id AND s.name = n.name)
            ), both_ends AS (
                SELECT h.framework, h.name, h.seq,
                    (SELECT MAX(c.seq) FROM change c WHERE c.framework = h.framework AND c.stream = h.name) AS last FROM head h
            )
            SELECT f.slug, b.name AS stream, b.seq AS head, b.last FROM both_ends b JOIN framework f ON f.id = b.framework
            WHERE b.last > b.seq ORDER BY f.slug, b.name LIMIT 5";
        self.all(SQL, row![]).await
    }

    /// Where a stream stands.
    pub async fn head(&mut self, framework: FrameworkId, stream: &str) -> Result<Head> {
        const SQL: &str = "SELECT seq, hash FROM stream WHERE framework = $1 AND name = $2";
        Ok(self
            .found(SQL, row![framework, stream])
            .await?
            .unwrap_or_default())
    }

    /// Where every stream of a framework stands, by name.
    pub async fn heads(&mut self, framework: FrameworkId) -> Result<Vec<(String, i64)>> {
        const SQL: &str = "SELECT name, seq FROM stream WHERE framework = $1 ORDER BY name";
        self.all(SQL, row![framework]).await
    }

    /// Where some streams of a framework stand; those where nothing happened yet are absent.
    pub async fn heads_of(
        &mut self,
        framework: FrameworkId,
        streams: &[String],
    ) -> Result<HashMap<String, Head>> {
        #[derive(FromRow)]
        struct Found {
            name: String,
            #[sqlx(flatten)]
            head: Head,
        }
        let lookup = Lookup {
            columns: "name, seq, hash",
            table: "stream",
            same: vec![("framework =", framework.value())],
            key: "name",
        };
        let found: Vec<Found> = self.looked_up(&lookup, streams).await?;
        Ok(found.into_iter().map(|row| (row.name, row.head)).collect())
    }

    /// The epoch of every framework, and how often it has been written to.
    pub async fn beats(&mut self) -> Result<Vec<(FrameworkId, String, i64)>> {
        self.all("SELECT id, epoch, beat FROM framework", row![])
            .await
    }
}
