//! Changes: reading a stream, and adding to streams.
use sqlx::{FromRow, QueryBuilder};

use super::{commands::CommandRecord, heads::Head};
use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId, stream::EventKind},
    store::{
        db::{Backend, Reader, Result, Tx, sql},
        many::Many,
        values::{Value, row},
        words::Word,
    },
};

/// One change: a pointer, not a body.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
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

const HEADS: &str = "INSERT INTO stream (framework, name, seq, hash) ";

const AGAIN: &str =
    " ON CONFLICT (framework, name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";

const CHANGES: &str = "INSERT INTO change (framework, stream, seq, kind, object, version, actor, at, command, digest, hash, salt, form) ";

const COMMANDS: &str = "INSERT INTO command (account, id, body_hash, result, epoch, stream, seq) ";

fn change_row(framework: FrameworkId, (change, salt): &(Change, String)) -> [Value; 13] {
    let Change {
        stream,
        seq,
        kind,
        object,
        version,
        actor,
        at,
        command,
        digest,
        hash,
        form,
    } = change;
    row![
        framework, stream, seq, kind, object, version, actor, at, command, digest, hash, salt, form
    ]
}

fn command_row((account, id, record): &(AccountId, String, CommandRecord)) -> [Value; 7] {
    let CommandRecord {
        body_hash,
        result,
        epoch,
        stream,
        seq,
    } = record;
    row![account, id, body_hash, result, epoch, stream, seq]
}

impl Reader {
    /// Changes of a stream after a place, oldest first.
    pub async fn changes(
        &mut self,
        framework: FrameworkId,
        stream: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Change>> {
        const SQL: &str = "SELECT stream, seq, kind, object, version, actor, at, command, digest, hash, form FROM change
            WHERE framework = $1 AND stream = $2 AND seq > $3 ORDER BY seq LIMIT $4";
        self.all(SQL, row![framework, stream, after, limit]).await
    }
}

impl Tx {
    /// Keeps what is added to streams: where they stand now, changes with the salts of their
    /// contents, and what became of commands. One statement on PostgreSQL, where every trip counts.
    pub async fn add_to_streams(&mut self, framework: FrameworkId, news: &News) -> Result<()> {
        let heads: Vec<_> = news
            .heads
            .iter()
            .map(|(name, head)| row![framework, name, head.seq, head.hash])
            .collect();
        let changes: Vec<_> = news
            .changes
            .iter()
            .map(|change| change_row(framework, change))
            .collect();
        let commands: Vec<_> = news.commands.iter().map(command_row).collect();
        if self.backend() == Backend::Sqlite
            || heads.is_empty()
            || changes.is_empty()
            || commands.is_empty()
        {
            self.insert_rows(HEADS, &heads, AGAIN).await?;
            self.insert_rows(CHANGES, &changes, "").await?;
            return self.insert_rows(COMMANDS, &commands, "").await;
        }
        Ok(sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new("WITH heads AS (");
            Db::push_rows(query.push(HEADS), &heads);
            Db::push_rows(
                query.push(AGAIN).push("), changes AS (").push(CHANGES),
                &changes,
            );
            Db::push_rows(query.push(") ").push(COMMANDS), &commands);
            query.build().execute(conn).await.map(|_| ())
        })?)
    }
}
