//! Every value of every table, past the product.
use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use super::World;

/// A connection to a world's database.
pub enum Tables {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Tables {
    pub async fn of(world: &World) -> Self {
        match world.database_url() {
            Some(url) => Self::Postgres(PgConnection::connect(&url).await.unwrap()),
            None => {
                let file = format!("sqlite://{}", world.folder().join("demarche.db").display());
                Self::Sqlite(SqliteConnection::connect(&file).await.unwrap())
            }
        }
    }

    /// Changes what is there.
    pub async fn run(&mut self, change: &'static str) {
        match self {
            Self::Sqlite(conn) => conn.execute(change).await.map(|_| ()).unwrap(),
            Self::Postgres(conn) => conn.execute(change).await.map(|_| ()).unwrap(),
        }
    }

    /// Pairs of texts.
    async fn pairs(
        &mut self,
        sqlite: &'static str,
        postgres: &'static str,
    ) -> BTreeSet<(String, String)> {
        let pairs: Vec<(String, String)> = match self {
            Self::Sqlite(conn) => sqlx::query_as(sqlite).fetch_all(conn).await.unwrap(),
            Self::Postgres(conn) => sqlx::query_as(postgres).fetch_all(conn).await.unwrap(),
        };
        pairs.into_iter().collect()
    }

    /// Every column of every table.
    pub async fn columns(&mut self) -> BTreeSet<(String, String)> {
        self.pairs(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
            "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'",
        )
        .await
    }

    /// Every column that refers to `account` by a foreign key.
    pub async fn references(&mut self) -> BTreeSet<(String, String)> {
        self.pairs(
            "SELECT m.name, k.\"from\" FROM sqlite_master m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table' AND k.\"table\" = 'account'",
            "SELECT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
                WHERE c.contype = 'f' AND c.confrelid = 'account'::regclass",
        )
        .await
    }

    /// The columns in which a text stands anywhere, in any case of its bytes.
    pub async fn holding(&mut self, text: &str) -> BTreeSet<(String, String)> {
        let wanted: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut found = BTreeSet::new();
        for (table, column) in self.columns().await {
            let count: i64 = match self {
                Self::Sqlite(conn) => {
                    let query = format!(
                        "SELECT COUNT(*) FROM \"{table}\" WHERE lower(hex(CAST(\"{column}\" AS BLOB))) LIKE '%' || $1 || '%'"
                    );
                    // A table of FTS5 has columns that only commands use.
                    sqlx::query_scalar(AssertSqlSafe(query))
                        .bind(&wanted)
                        .fetch_one(conn)
                        .await
                        .unwrap_or(0)
                }
                Self::Postgres(conn) => {
                    let query = format!(
                        "SELECT COUNT(*) FROM \"{table}\" WHERE encode(convert_to(CAST(\"{column}\" AS TEXT), 'UTF8'), 'hex') LIKE '%' || $1 || '%'"
                    );
                    sqlx::query_scalar(AssertSqlSafe(query))
                        .bind(&wanted)
                        .fetch_one(conn)
                        .await
                        .unwrap()
                }
            };
            if count > 0 {
                found.insert((table, column));
            }
        }
        found
    }
}
