//! Everything that is kept about an account, table by table.
mod sections;

use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;

pub use self::sections::{LEFT_OUT, SECTIONS, Section, TOLD};
use crate::{
    domain::account::AccountId,
    store::{
        db::{Driver, Reader, Result},
        postgres,
    },
};

/// Columns that hold JSON, and those that hold yes or no: SQLite knows neither.
const DOCUMENTS: [&str; 7] = [
    "remit",
    "receivers",
    "points",
    "sources",
    "tiers",
    "tiers_after",
    "because",
];

const FLAGS: [&str; 10] = [
    "admin",
    "vouched",
    "sample",
    "recovered",
    "joined",
    "dealt",
    "territorial",
    "cleared",
    "automated",
    "moved",
];

/// A row alike on both databases.
fn tidy(mut row: Map<String, Value>) -> Value {
    for (name, value) in &mut row {
        if DOCUMENTS.contains(&name.as_str()) {
            let parsed = value
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok());
            *value = parsed.unwrap_or(Value::Null);
        } else if FLAGS.contains(&name.as_str()) {
            *value = Value::Bool(value.as_bool().unwrap_or(false) || value.as_i64() == Some(1));
        }
    }
    Value::Object(row)
}

impl Reader {
    /// The rows of a section that are an account's.
    pub async fn exported(&mut self, section: &Section, account: AccountId) -> Result<Vec<Value>> {
        let Section {
            table,
            whose,
            columns,
            ..
        } = section;
        let pairs: Vec<String> = columns
            .split_whitespace()
            .map(|column| format!("'{column}', {column}"))
            .collect();
        let pairs = pairs.join(", ");
        let due = self.due();
        let rows: Vec<String> = match self.driver() {
            Driver::Sqlite(conn) => {
                let query = format!("SELECT json_object({pairs}) FROM {table} WHERE {whose}");
                sqlx::query_scalar(AssertSqlSafe(query))
                    .bind(account)
                    .fetch_all(conn)
                    .await?
            }
            Driver::Postgres(conn) => {
                let query = format!(
                    "SELECT CAST(json_build_object({pairs}) AS TEXT) FROM {table} WHERE {whose}"
                );
                let answer = postgres::by(
                    due,
                    sqlx::query_scalar(AssertSqlSafe(query))
                        .bind(account)
                        .fetch_all(conn),
                )
                .await;
                self.heard(answer)?
            }
        };
        let mut rows: Vec<Value> = rows
            .iter()
            .map(|row| tidy(serde_json::from_str(row).expect("the database made JSON")))
            .collect();
        // The order of time: ids are made of it.
        rows.sort_by_cached_key(|row| {
            (
                row["created_at"].as_i64().or(row["at"].as_i64()),
                row.to_string(),
            )
        });
        Ok(rows)
    }
}
