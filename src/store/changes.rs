//! Streams: heads, changes, and the results of commands.
use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use super::{
    db::{Backend, Reader, Result, Store, Tx, sql},
    many::{Lookup, Many, padded},
    values::{Cell, Value, row},
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

/// What is added to a framework's streams at once.
#[derive(Debug, Default)]
pub struct News {
    /// Where streams stand after it, by name.
    pub heads: Vec<(String, Head)>,
    /// Changes, each with the salt of its content.
    pub changes: Vec<(Change, String)>,
    /// What became of commands: account, id, record.
    pub commands: Vec<(AccountId, String, CommandRecord)>,
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
        self.all(SQL, row![]).await
    }

    /// Where a stream stands.
    pub async fn head(&mut self, framework: FrameworkId, stream: &str) -> Result<Head> {
        const SQL: &str = "SELECT seq, hash FROM stream WHERE framework = $1 AND name = $2";
        Ok(self.found(SQL, row![framework, stream]).await?.unwrap_or_default())
    }

    /// Where every stream of a framework stands, by name.
    pub async fn heads(&mut self, framework: FrameworkId) -> Result<Vec<(String, i64)>> {
        const SQL: &str = "SELECT name, seq FROM stream WHERE framework = $1 ORDER BY name";
        self.all(SQL, row![framework]).await
    }

    /// The epoch of every framework, and how often it has been written to.
    pub async fn beats(&mut self) -> Result<Vec<(FrameworkId, String, i64)>> {
        self.all("SELECT id, epoch, beat FROM framework", row![]).await
    }

    /// Changes of a stream after a place, oldest first.
    pub async fn changes(&mut self, framework: FrameworkId, stream: &str, after: i64, limit: i64) -> Result<Vec<Change>> {
        const SQL: &str = "SELECT stream, seq, kind, object, version, actor, at, command, digest, hash, form FROM change
            WHERE framework = $1 AND stream = $2 AND seq > $3 ORDER BY seq LIMIT $4";
        let rows = self.all::<Row>(SQL, row![framework, stream, after, limit]).await?;
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
            let rows = wanted.iter().map(|(account, id)| row![account, id]).collect();
            Db::push_rows(&mut query, &padded(rows));
            query.push(") SELECT DISTINCT c.account, c.id, c.body_hash, c.result, c.epoch, c.stream, c.seq FROM wanted w");
            Db::push_join(&mut query, "JOIN", "command", "c", |query| _ = query.push("c.account = w.account AND c.id = w.id"));
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
        let lookup = Lookup { columns: "name, seq, hash", table: "stream", same: vec![("framework =", framework.value())], key: "name" };
        let found: Vec<Found> = self.looked_up(&lookup, streams).await?;
        Ok(found.into_iter().map(|row| (row.name, row.head)).collect())
    }
}

impl Tx {
    /// Keeps what is added to streams: where they stand now, changes with the salts of their contents, and what became of commands.
    /// One statement on PostgreSQL, where every trip counts.
    pub async fn add_to_streams(&mut self, framework: FrameworkId, news: &News) -> Result<()> {
        let heads: Vec<_> = news.heads.iter().map(|(name, head)| row![framework, name, head.seq, head.hash]).collect();
        let changes: Vec<_> = news.changes.iter().map(|change| change_row(framework, change)).collect();
        let commands: Vec<_> = news.commands.iter().map(command_row).collect();
        if self.backend() == Backend::Sqlite || heads.is_empty() || changes.is_empty() || commands.is_empty() {
            self.insert_rows(HEADS, &heads, AGAIN).await?;
            self.insert_rows(CHANGES, &changes, "").await?;
            return self.insert_rows(COMMANDS, &commands, "").await;
        }
        Ok(sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new("WITH heads AS (");
            Db::push_rows(query.push(HEADS), &heads);
            Db::push_rows(query.push(AGAIN).push("), changes AS (").push(CHANGES), &changes);
            Db::push_rows(query.push(") ").push(COMMANDS), &commands);
            query.build().execute(conn).await.map(|_| ())
        })?)
    }
}

const HEADS: &str = "INSERT INTO stream (framework, name, seq, hash) ";
const AGAIN: &str = " ON CONFLICT (framework, name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
const CHANGES: &str = "INSERT INTO change (framework, stream, seq, kind, object, version, actor, at, command, digest, hash, salt, form) ";
const COMMANDS: &str = "INSERT INTO command (account, id, body_hash, result, epoch, stream, seq) ";

fn change_row(framework: FrameworkId, (change, salt): &(Change, String)) -> [Value; 13] {
    let Change { stream, seq, kind, object, version, actor, at, command, digest, hash, form } = change;
    row![framework, stream, seq, kind, object, version, actor, at, command, digest, hash, salt, form]
}

fn command_row((account, id, record): &(AccountId, String, CommandRecord)) -> [Value; 7] {
    let CommandRecord { body_hash, result, epoch, stream, seq } = record;
    row![account, id, body_hash, result, epoch, stream, seq]
}
