//! What became of commands.
use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use crate::{
    domain::account::AccountId,
    store::{
        db::{Reader, Result, sql},
        many::{Many, padded},
        values::row,
    },
};

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

impl Reader {
    /// What became of commands, by account and id; those never seen are absent.
    pub async fn commands(
        &mut self,
        wanted: &[(AccountId, String)],
    ) -> Result<HashMap<(AccountId, String), CommandRecord>> {
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
            let rows = wanted
                .iter()
                .map(|(account, id)| row![account, id])
                .collect();
            Db::push_rows(&mut query, &padded(rows));
            query.push(") SELECT DISTINCT c.account, c.id, c.body_hash, c.result, c.epoch, c.stream, c.seq FROM wanted w");
            Db::push_join(&mut query, "JOIN", "command", "c", |query| {
                _ = query.push("c.account = w.account AND c.id = w.id")
            });
            query.build_query_as().fetch_all(conn).await
        })?;
        Ok(found
            .into_iter()
            .map(|row| ((row.account, row.id), row.record))
            .collect())
    }
}
