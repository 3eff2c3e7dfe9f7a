//! The tables of a site, as the migrations make them: read from a database that was just made, so
//! that no list of them is typed by hand.
use std::collections::BTreeSet;

use sqlx::{Connection, SqliteConnection};

use crate::store::{
    db::{Driver, Error, Result},
    migrations::MIGRATIONS,
    search,
};

/// What a column holds, and how it crosses from one database to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Truth,
    Real,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
}

/// A table and its columns, in order.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

/// Tables and their columns as SQLite tells them, without what the engines keep for themselves:
/// virtual tables and theirs, and the rows' numbers, the only columns of type INTEGER.
const SQLITE: &str = "SELECT t.name, c.name, c.type FROM pragma_table_list t, pragma_table_info(t.name) c
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' AND t.name <> '_sqlx_migrations'
    AND c.type <> 'INTEGER' ORDER BY t.name, c.cid";

/// Every table of a site, by name.
pub(super) async fn tables() -> Result<Vec<Table>> {
    let mut conn = SqliteConnection::connect("sqlite::memory:").await?;
    MIGRATIONS.run(&mut conn).await?;
    search::prepare(Driver::Sqlite(&mut conn)).await?;
    let rows: Vec<(String, String, String)> = sqlx::query_as(SQLITE).fetch_all(&mut conn).await?;
    let mut tables: Vec<Table> = vec![];
    for (table, name, written) in rows {
        let kind = match written.as_str() {
            "TEXT" => Kind::Text,
            "BIGINT" => Kind::Integer,
            "BOOLEAN" => Kind::Truth,
            "DOUBLE PRECISION" => Kind::Real,
            _ => {
                return Err(Error::Unfit(format!(
                    "{table}.{name}: nobody knows how to copy {written}"
                )));
            }
        };
        if tables.last().is_none_or(|last| last.name != table) {
            tables.push(Table {
                name: table,
                columns: vec![],
            });
        }
        tables
            .last_mut()
            .expect("one was just put in")
            .columns
            .push(Column { name, kind });
    }
    Ok(tables)
}

/// The columns a database has, by table.
pub(super) async fn columns_of(driver: Driver<'_>) -> Result<BTreeSet<(String, String)>> {
    const POSTGRES: &str = "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c
        JOIN pg_tables t ON t.schemaname = c.table_schema AND t.tablename = c.table_name
        WHERE c.table_schema = current_schema() AND c.table_name NOT IN ('_sqlx_migrations', 'demarche_unfinished')";
    match driver {
        Driver::Sqlite(conn) => {
            let rows: Vec<(String, String, String)> =
                sqlx::query_as(SQLITE).fetch_all(conn).await?;
            Ok(rows
                .into_iter()
                .map(|(table, column, _)| (table, column))
                .collect())
        }
        Driver::Postgres(conn) => Ok(sqlx::query_as(POSTGRES)
            .fetch_all(conn)
            .await?
            .into_iter()
            .collect()),
    }
}

/// A column of the model that a database lacks.
pub(super) fn lacking(model: &[Table], found: &BTreeSet<(String, String)>) -> Option<String> {
    let all = model.iter().flat_map(|table| {
        table
            .columns
            .iter()
            .map(move |column| (table.name.clone(), column.name.clone()))
    });
    all.into_iter()
        .find(|one| !found.contains(one))
        .map(|(table, column)| format!("{table}.{column}"))
}

/// A column that a database has beyond the model.
pub(super) fn beyond(model: &[Table], found: &BTreeSet<(String, String)>) -> Option<String> {
    let known = |(table, column): &&(String, String)| {
        model
            .iter()
            .any(|one| one.name == *table && one.columns.iter().any(|known| known.name == *column))
    };
    found
        .iter()
        .find(|one| !known(one))
        .map(|(table, column)| format!("{table}.{column}"))
}
