//! Streams: heads, changes, and the results of commands.
use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use super::{
    db::{Reader, Result, Store, Tx, sql},
    rows::{padded, push_list, runs},
    words::Word,
};
use crate::domain::{Millis, account::AccountId, framework::FrameworkId, stream::EventKind};

/// Where a stream stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Head {
    /// Its last place; 0 where nothing happened yet.
    pub seq: i64,
    /// The last link of its chain.
    pub hash: String,
}

/// One change: a pointer, not a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// In which stream.
    pub stream: String,
    /// Its place.
    pub seq: i64,
    /// What happened.
    pub kind: Word<EventKind>,
    /// To what.
    pub object: String,
    /// The object's version after it.
    pub version: i64,
    /// Who did it; on `public` it is never shown.
    pub actor: Option<String>,
    /// When.
    pub at: Millis,
    /// By which command.
    pub command: String,
    /// A salted hash of the account and the content.
    pub digest: String,
    /// A hash over this row and the one before.
    pub hash: String,
    /// How digest and hash are made.
    pub form: i64,
}

#[derive(FromRow)]
struct Row {
    stream: String,
    seq: i64,
    kind: Word<EventKind>,
    object: String,
    version: i64,
    actor: Option<String>,
    at: Millis,
    command: String,
    digest: String,
    hash: String,
    form: i64,
}

impl From<Row> for Change {
    fn from(row: Row) -> Self {
        let Row { stream, seq, kind, object, version, actor, at, command, digest, hash, form } = row;
        Self { stream, seq, kind, object, version, actor, at, command, digest, hash, form }
    }
}

/// What became of a command.
#[derive(Clone, Debug, FromRow)]
pub struct CommandRecord {
    /// A hash of the command, to tell a repeat from a reuse of its id.
    pub body_hash: String,
    /// What it brought about, as JSON.
    pub result: String,
    /// The epoch of its last change.
    pub epoch: Option<String>,
    /// The stream of its last change.
    pub stream: Option<String>,
    /// The place of its last change.
    pub seq: Option<i64>,
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
        const SQL: &str = "SELECT COALESCE((SELECT seq FROM stream WHERE framework = $1 AND name = 'public'), 0),
            COALESCE((SELECT value FROM site WHERE key = 'named'), '')";
        Ok(match self {
            Self::Sqlite { read, .. } => sqlx::query_as(SQL).bind(framework).fetch_one(read).await?,
            Self::Postgres(pools) => pools.ask(async |conn| sqlx::query_as(SQL).bind(framework).fetch_one(conn).await).await?,
        })
    }

    /// A word that is another one after every change of a display name, which no stream tells.
    pub async fn named(&self) -> Result<String> {
        Ok(self.read().await?.site_value("named").await?.unwrap_or_default())
    }
}

impl Reader {
    /// Streams whose head was set back, as where a part of a copy was put over a database; some of them.
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
        Ok(sql!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await)?)
    }

    /// Where a stream stands.
    pub async fn head(&mut self, framework: FrameworkId, stream: &str) -> Result<Head> {
        const SQL: &str = "SELECT seq, hash FROM stream WHERE framework = $1 AND name = $2";
        Ok(sql!(self, |conn| sqlx::query_as(SQL).bind(framework).bind(stream).fetch_optional(conn).await)?.unwrap_or_default())
    }

    /// Where every stream of a framework stands, by name.
    pub async fn heads(&mut self, framework: FrameworkId) -> Result<Vec<(String, i64)>> {
        const SQL: &str = "SELECT name, seq FROM stream WHERE framework = $1 ORDER BY name";
        Ok(sql!(self, |conn| sqlx::query_as(SQL).bind(framework).fetch_all(conn).await)?)
    }

    /// The epoch of every framework, and how often it has been written to.
    pub async fn beats(&mut self) -> Result<Vec<(FrameworkId, String, i64)>> {
        Ok(sql!(self, |conn| sqlx::query_as("SELECT id, epoch, beat FROM framework").fetch_all(conn).await)?)
    }

    /// Changes of a stream after a place, oldest first.
    pub async fn changes(&mut self, framework: FrameworkId, stream: &str, after: i64, limit: i64) -> Result<Vec<Change>> {
        const SQL: &str = "SELECT stream, seq, kind, object, version, actor, at, command, digest, hash, form FROM change
            WHERE framework = $1 AND stream = $2 AND seq > $3 ORDER BY seq LIMIT $4";
        let rows = sql!(self, |conn| sqlx::query_as::<_, Row>(SQL).bind(framework).bind(stream).bind(after).bind(limit).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// What became of commands, by account and id; those never seen are absent.
    pub async fn commands(&mut self, wanted: &[(AccountId, String)]) -> Result<HashMap<(AccountId, String), CommandRecord>> {
        #[derive(FromRow)]
        struct Found {
            account: AccountId,
            id: String,
            #[sqlx(flatten)]
            record: CommandRecord,
        }
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let found: Vec<Found> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new("WITH wanted (account, id) AS (");
            query.push_values(padded(wanted.iter().cloned()), |mut row, (account, id)| {
                row.push_bind(account).push_bind(id);
            });
            query.push(") SELECT DISTINCT c.account, c.id, c.body_hash, c.result, c.epoch, c.stream, c.seq");
            query.push(" FROM wanted w JOIN command c ON c.account = w.account AND c.id = w.id");
            query.build_query_as().fetch_all(conn).await
        })?;
        Ok(found.into_iter().map(|row| ((row.account, row.id), row.record)).collect())
    }

    /// Where some streams of a framework stand; those where nothing happened yet are absent.
    pub async fn heads_of(&mut self, framework: FrameworkId, streams: &[String]) -> Result<HashMap<String, Head>> {
        #[derive(FromRow)]
        struct Found {
            name: String,
            #[sqlx(flatten)]
            head: Head,
        }
        if streams.is_empty() {
            return Ok(HashMap::new());
        }
        let found: Vec<Found> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new("SELECT name, seq, hash FROM stream WHERE framework = ");
            query.push_bind(framework).push(" AND name IN ");
            push_list(&mut query, padded(streams.iter().cloned()));
            query.build_query_as().fetch_all(conn).await
        })?;
        Ok(found.into_iter().map(|row| (row.name, row.head)).collect())
    }
}

impl Tx {
    /// Keeps changes, each with the salt of its content.
    pub async fn insert_changes(&mut self, framework: FrameworkId, changes: &[(Change, String)]) -> Result<()> {
        for run in runs(changes) {
            sql!(self, |conn| {
                let mut query = QueryBuilder::<Db>::new(
                    "INSERT INTO change (framework, stream, seq, kind, object, version, actor, at, command, digest, hash, salt, form) ",
                );
                query.push_values(run, |mut row, (change, salt)| {
                    row.push_bind(framework)
                        .push_bind(change.stream.clone())
                        .push_bind(change.seq)
                        .push_bind(change.kind.clone())
                        .push_bind(change.object.clone())
                        .push_bind(change.version)
                        .push_bind(change.actor.clone())
                        .push_bind(change.at)
                        .push_bind(change.command.clone())
                        .push_bind(change.digest.clone())
                        .push_bind(change.hash.clone())
                        .push_bind(salt.clone())
                        .push_bind(change.form);
                });
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Keeps where streams stand.
    pub async fn put_heads(&mut self, framework: FrameworkId, heads: &[(String, Head)]) -> Result<()> {
        for run in runs(heads) {
            sql!(self, |conn| {
                let mut query = QueryBuilder::<Db>::new("INSERT INTO stream (framework, name, seq, hash) ");
                query.push_values(run, |mut row, (name, head)| {
                    row.push_bind(framework).push_bind(name.clone()).push_bind(head.seq).push_bind(head.hash.clone());
                });
                query.push(" ON CONFLICT (framework, name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash");
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Keeps what became of commands: account, id, record.
    pub async fn insert_commands(&mut self, records: &[(AccountId, String, CommandRecord)]) -> Result<()> {
        for run in runs(records) {
            sql!(self, |conn| {
                let mut query = QueryBuilder::<Db>::new("INSERT INTO command (account, id, body_hash, result, epoch, stream, seq) ");
                query.push_values(run, |mut row, (account, id, record)| {
                    row.push_bind(*account)
                        .push_bind(id.clone())
                        .push_bind(record.body_hash.clone())
                        .push_bind(record.result.clone())
                        .push_bind(record.epoch.clone())
                        .push_bind(record.stream.clone())
                        .push_bind(record.seq);
                });
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }
}
