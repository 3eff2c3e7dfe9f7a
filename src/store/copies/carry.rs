//! Carries a whole site from one database into another: every column of every table, read in one
//! consistent state, and read back before it is done.
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, QueryBuilder, Row as _};

use super::{
    draft::{Draft, on},
    model::{self, Kind, Table},
    sums::Sum,
    whole,
};
use crate::store::{
    db::{Driver, Error, Reader, Result, Store},
    values::Value,
};

/// Rows in one statement, at most.
const ROWS: usize = 500;
/// Values in one statement: SQLite takes 32,766.
const VALUES: usize = 30_000;

/// What was carried.
#[derive(Clone, Copy, Debug, Default)]
pub struct Carried {
    /// Tables.
    pub tables: usize,
    /// Rows.
    pub rows: u64,
}

/// Whatever rows are read from.
trait Base {
    fn driver(&mut self) -> Driver<'_>;
}

impl Base for Reader {
    fn driver(&mut self) -> Driver<'_> {
        Reader::driver(self)
    }
}

impl Base for Draft {
    fn driver(&mut self) -> Driver<'_> {
        Draft::driver(self)
    }
}

/// Reads a table, a few rows at a time.
async fn read(
    base: &mut impl Base,
    table: &Table,
    mut each: impl AsyncFnMut(Vec<Vec<Value>>) -> Result<()>,
) -> Result<Sum> {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("\"{}\"", column.name))
        .collect();
    let query = format!("SELECT {} FROM \"{}\"", columns.join(", "), table.name);
    let most = ROWS.min(VALUES / table.columns.len());
    let (mut sum, mut waiting) = (Sum::default(), vec![]);
    on!(base, |conn| {
        let mut rows = sqlx::query(AssertSqlSafe(query)).fetch(conn);
        while let Some(row) = rows.try_next().await? {
            let value = |(at, column): (usize, &model::Column)| {
                Ok(match column.kind {
                    Kind::Text => Value::Text(row.try_get(at)?),
                    Kind::Integer => Value::Integer(row.try_get(at)?),
                    Kind::Truth => Value::Truth(row.try_get(at)?),
                    Kind::Real => Value::Real(row.try_get(at)?),
                })
            };
            let values = table
                .columns
                .iter()
                .enumerate()
                .map(value)
                .collect::<Result<Vec<Value>>>()?;
            sum.add(table, &values);
            waiting.push(values);
            if waiting.len() == most {
                each(std::mem::take(&mut waiting)).await?;
            }
        }
    });
    if !waiting.is_empty() {
        each(waiting).await?;
    }
    Ok(sum)
}

async fn write(draft: &mut Draft, table: &Table, rows: Vec<Vec<Value>>) -> Result<()> {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("\"{}\"", column.name))
        .collect();
    let head = format!("INSERT INTO \"{}\" ({}) ", table.name, columns.join(", "));
    on!(draft, |conn| {
        let mut query = QueryBuilder::<Db>::new(head);
        query.push_values(rows, |mut row, values| {
            for value in values {
                row.push_bind(value);
            }
        });
        query
            .build()
            .persistent(false)
            .execute(conn)
            .await
            .map(|_| ())
    })?;
    Ok(())
}

/// Takes the foreign keys of PostgreSQL away, so that the order of tables is free; the statements
/// that bring them back, and look at every row as they do.
async fn unbind(draft: &mut Draft) -> Result<Vec<String>> {
    const SQL: &str = "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname";
    let Driver::Postgres(conn) = draft.driver() else {
        return Ok(vec![]);
    };
    let keys: Vec<(String, String, String)> = sqlx::query_as(SQL).fetch_all(&mut *conn).await?;
    for (table, name, _) in &keys {
        sqlx::query(AssertSqlSafe(format!(
            "ALTER TABLE {table} DROP CONSTRAINT {name}"
        )))
        .execute(&mut *conn)
        .await?;
    }
    Ok(keys
        .into_iter()
        .map(|(table, name, rule)| format!("ALTER TABLE {table} ADD CONSTRAINT {name} {rule}"))
        .collect())
}

async fn statement(draft: &mut Draft, text: &str) -> Result<()> {
    on!(draft, |conn| sqlx::raw_sql(AssertSqlSafe(text))
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

fn named(table: &Table, error: &Error) -> Error {
    Error::Unfit(format!("{}: {error}", table.name))
}

impl Store {
    /// Carries the site into a draft, which is then ready to be finished.
    ///
    /// # Errors
    /// When either database fails, or the copy is not equal; the draft is then to be abandoned.
    pub async fn carry_into(&self, draft: &mut Draft) -> Result<Carried> {
        let model = model::tables().await?;
        let mut source = self.read().await?;
        if let Driver::Postgres(conn) = source.driver() {
            // Reading a large table takes longer than any page may.
            sqlx::raw_sql("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0").execute(conn).await?;
        }
        let found = model::columns_of(source.driver()).await?;
        let odd = model::lacking(&model, &found).or_else(|| model::beyond(&model, &found));
        if let Some(column) = odd {
            return Err(Error::Unfit(format!(
                "{column}: this site was made by another version; copy it with that one"
            )));
        }
        draft.make_tables().await?;
        statement(draft, "BEGIN").await?;
        let keys = unbind(draft).await?;
        let (mut carried, mut sums) = (Carried::default(), vec![]);
        for table in &model {
            // What a migration wrote here, it wrote in the source as well.
            statement(draft, &format!("DELETE FROM \"{}\"", table.name)).await?;
            let sum = read(&mut source, table, async |rows| {
                write(draft, table, rows).await
            })
            .await;
            let sum = sum.map_err(|error| named(table, &error))?;
            carried.rows += sum.rows;
            carried.tables += 1;
            sums.push(sum);
        }
        for key in keys {
            statement(draft, &key).await?;
        }
        for (table, sum) in model.iter().zip(sums) {
            let back = read(draft, table, async |_| Ok(())).await?;
            if back != sum {
                return Err(Error::Unfit(format!(
                    "{}: what was read back is not what was written",
                    table.name
                )));
            }
        }
        statement(draft, "COMMIT").await?;
        if let Driver::Sqlite(conn) = draft.driver() {
            whole::orphans(conn).await?;
        }
        Ok(carried)
    }
}
