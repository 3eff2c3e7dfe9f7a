//! Many values in one statement, with few texts, for a text is prepared once per connection: PostgreSQL takes a list, and every column
//! of rows, as one array; SQLite takes lists in powers of two, and rows in some lengths.
use std::collections::BTreeSet;

use serde::Serialize;
use sqlx::{Database, FromRow, Postgres, QueryBuilder, Sqlite, postgres::PgRow, sqlite::SqliteRow};

use super::{
    db::{Reader, Result, Tx, sql},
    words::{self, Doc, Word},
};
use crate::id::Id;

/// A value of a row, by the kind of its column.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Truth(Option<bool>),
    Real(Option<f64>),
}

/// What stands in a column.
pub(super) trait Cell {
    /// Where there is none.
    const NONE: Value;
    /// As the database gets it.
    fn value(&self) -> Value;
}

macro_rules! cell {
    ($type:ty, $kind:ident, |$it:ident| $value:expr $(, $($of:tt)+)?) => {
        impl$(<$($of)+>)? Cell for $type {
            const NONE: Value = Value::$kind(None);
            fn value(&self) -> Value {
                let $it = self;
                Value::$kind(Some($value))
            }
        }
    };
}
cell!(String, Text, |text| text.clone());
cell!(i64, Integer, |number| *number);
cell!(bool, Truth, |truth| *truth);
cell!(f64, Real, |number| *number);
cell!(Id<T>, Text, |id| id.to_string(), T);
cell!(Word<T>, Text, |word| words::word_text(word).expect("a word is text"), T: Serialize);
cell!(Doc<T>, Text, |doc| words::doc_text(doc).expect("a document is JSON"), T: Serialize);

impl<T: Cell> Cell for Option<T> {
    const NONE: Value = T::NONE;
    fn value(&self) -> Value {
        self.as_ref().map_or(T::NONE, T::value)
    }
}

/// The values of a row, in the order of its columns.
macro_rules! row {
    ($($value:expr),+ $(,)?) => { [$($crate::store::rows::Cell::value(&$value)),+] };
}
pub(super) use row;

/// The values, with the last one repeated up to the next power of two.
pub(super) fn padded<T: Clone>(mut values: Vec<T>) -> Vec<T> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// How a database takes many values.
pub(super) trait Many: Database {
    /// How many of so many rows the next statement takes.
    fn lot(rows: usize) -> usize;
    /// Adds a value.
    fn push_value(query: &mut QueryBuilder<Self>, value: Value);
    /// Adds ` IN (…)`, or what says the same.
    fn push_in(query: &mut QueryBuilder<Self>, values: impl IntoIterator<Item: ToString>);
    /// Adds rows, to be inserted or named; at least one.
    fn push_rows<const N: usize>(query: &mut QueryBuilder<Self>, rows: &[[Value; N]]);
    /// Adds a join whose rows `on` finds by their key. PostgreSQL keeps a plan that it made for a small or an empty table: it is left
    /// no other way.
    fn push_join(query: &mut QueryBuilder<Self>, join: &str, table: &str, alias: &str, on: impl FnOnce(&mut QueryBuilder<Self>));
    /// Adds a whole query for the rows of a table by one column of its key.
    fn push_lookup(query: &mut QueryBuilder<Self>, lookup: &Lookup, values: BTreeSet<String>);
}

/// Which rows are looked up: `columns` of `table`, where others of its columns are, say, `("round =", …)`, by the last one of its key.
pub(super) struct Lookup {
    pub columns: &'static str,
    pub table: &'static str,
    pub same: Vec<(&'static str, Value)>,
    pub key: &'static str,
}

impl Lookup {
    /// The query as far as the last column of the key.
    fn push<DB: Many>(&self, query: &mut QueryBuilder<DB>) {
        query.push(format_args!("SELECT {} FROM {} WHERE ", self.columns, self.table));
        for (column, value) in &self.same {
            query.push(format_args!("{column} "));
            DB::push_value(query, value.clone());
            query.push(" AND ");
        }
        query.push(self.key);
    }
}

/// How many rows a statement may hold on SQLite: every number up to sixteen, and above it two to each power of two. None above 256, so
/// that a run of any table binds fewer values than it takes (32,766).
const LENGTHS: [usize; 24] = [256, 192, 128, 96, 64, 48, 32, 24, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/// The same of either driver.
macro_rules! push_value {
    () => {
        fn push_value(query: &mut QueryBuilder<Self>, value: Value) {
            match value {
                Value::Text(text) => query.push_bind(text),
                Value::Integer(number) => query.push_bind(number),
                Value::Truth(truth) => query.push_bind(truth),
                Value::Real(number) => query.push_bind(number),
            };
        }
    };
}

impl Many for Sqlite {
    push_value!();
    fn lot(rows: usize) -> usize {
        LENGTHS.into_iter().find(|length| *length <= rows).unwrap_or_default()
    }
    fn push_in(query: &mut QueryBuilder<Self>, values: impl IntoIterator<Item: ToString>) {
        let values = padded(values.into_iter().map(|value| value.to_string()).collect());
        query.push(" IN (");
        let mut list = query.separated(", ");
        for value in values {
            list.push_bind(value);
        }
        query.push(")");
    }
    fn push_join(query: &mut QueryBuilder<Self>, join: &str, table: &str, alias: &str, on: impl FnOnce(&mut QueryBuilder<Self>)) {
        on(query.push(format_args!(" {join} {table} {alias} ON ")));
    }
    fn push_lookup(query: &mut QueryBuilder<Self>, lookup: &Lookup, values: BTreeSet<String>) {
        lookup.push(query);
        Self::push_in(query, values);
    }
    fn push_rows<const N: usize>(query: &mut QueryBuilder<Self>, rows: &[[Value; N]]) {
        query.push("VALUES ");
        for (at, row) in rows.iter().enumerate() {
            query.push(if at == 0 { "(" } else { ", (" });
            for (place, value) in row.iter().enumerate() {
                if place > 0 {
                    query.push(", ");
                }
                Self::push_value(query, value.clone());
            }
            query.push(")");
        }
    }
}

impl Many for Postgres {
    push_value!();
    fn lot(rows: usize) -> usize {
        rows
    }
    fn push_in(query: &mut QueryBuilder<Self>, values: impl IntoIterator<Item: ToString>) {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        query.push(" = ANY(").push_bind(values).push(")");
    }
    fn push_join(query: &mut QueryBuilder<Self>, join: &str, table: &str, alias: &str, on: impl FnOnce(&mut QueryBuilder<Self>)) {
        on(query.push(format_args!(" {join} LATERAL (SELECT {alias}.* FROM {table} {alias} WHERE ")));
        query.push(format_args!(" OFFSET 0) {alias} ON TRUE"));
    }
    fn push_lookup(query: &mut QueryBuilder<Self>, lookup: &Lookup, values: BTreeSet<String>) {
        query.push("SELECT f.* FROM UNNEST(").push_bind(values.into_iter().collect::<Vec<_>>());
        lookup.push(query.push(") w (value) CROSS JOIN LATERAL ("));
        query.push(" = w.value OFFSET 0) f");
    }
    fn push_rows<const N: usize>(query: &mut QueryBuilder<Self>, rows: &[[Value; N]]) {
        macro_rules! column {
            ($kind:ident, $at:expr) => {{
                let value = |row: &[Value; N]| if let Value::$kind(value) = &row[$at] { value.clone() } else { None };
                query.push_bind(rows.iter().map(value).collect::<Vec<_>>());
            }};
        }
        query.push("SELECT * FROM UNNEST(");
        for at in 0..N {
            if at > 0 {
                query.push(", ");
            }
            match &rows[0][at] {
                Value::Text(_) => column!(Text, at),
                Value::Integer(_) => column!(Integer, at),
                Value::Truth(_) => column!(Truth, at),
                Value::Real(_) => column!(Real, at),
            }
        }
        query.push(")");
    }
}

impl Tx {
    /// Keeps rows: `INSERT INTO table (columns)`, and what follows them.
    pub(super) async fn insert_rows<const N: usize>(&mut self, into: &'static str, mut rows: &[[Value; N]], then: &'static str) -> Result<()> {
        while !rows.is_empty() {
            rows = sql!(self, |conn| {
                let (run, rest) = rows.split_at(Db::lot(rows.len()));
                let mut query = QueryBuilder::<Db>::new(into);
                Db::push_rows(&mut query, run);
                query.push(then).build().execute(conn).await.map(|_| rest)
            })?;
        }
        Ok(())
    }

    /// Changes rows of a table by those named `news`: `WITH news (columns) AS (…)`, and what follows.
    pub(super) async fn update_rows<const N: usize>(&mut self, with: &'static str, mut rows: &[[Value; N]], then: &'static str) -> Result<()> {
        while !rows.is_empty() {
            rows = sql!(self, |conn| {
                let (run, rest) = rows.split_at(Db::lot(rows.len()));
                let mut query = QueryBuilder::<Db>::new(with);
                query.push(" AS (");
                Db::push_rows(&mut query, run);
                query.push(") ").push(then).build().execute(conn).await.map(|_| rest)
            })?;
        }
        Ok(())
    }
}

/// A part of a list that goes on from place to place. Rows that this version cannot read are not in it, and end nothing: it reads
/// on until it is full or there are no more.
pub(super) struct Part<T> {
    /// What was read so far, in order.
    pub things: Vec<T>,
    limit: usize,
}

impl<T> Part<T> {
    /// At most `limit` things, to be read by so many rows at a time.
    pub fn of(limit: i64) -> Self {
        Self { things: vec![], limit: usize::try_from(limit).unwrap_or_default() }
    }

    /// Takes the next rows; where to read on from, if the part is not full and there may be more.
    pub fn take<R, P>(&mut self, rows: Vec<R>, place: impl Fn(&R) -> P) -> Option<P>
    where
        Option<T>: From<R>,
    {
        let on = rows.last().filter(|_| rows.len() >= self.limit).map(place);
        self.things.extend(rows.into_iter().filter_map(Option::<T>::from));
        self.things.truncate(self.limit);
        on.filter(|_| self.things.len() < self.limit)
    }
}

impl Reader {
    /// The rows of a query that ends with the column whose values these are, in no order; none for an empty list.
    pub(super) async fn rows_in<R, T>(&mut self, select: &'static str, values: &[T]) -> Result<Vec<R>>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
        T: ToString,
    {
        if values.is_empty() {
            return Ok(vec![]);
        }
        Ok(sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(select);
            Db::push_in(&mut query, values.iter().map(ToString::to_string));
            query.build_query_as().fetch_all(conn).await
        })?)
    }

    /// The rows of a table by one column of its key, in no order; none for an empty list.
    pub(super) async fn looked_up<R, T>(&mut self, lookup: &Lookup, values: &[T]) -> Result<Vec<R>>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
        T: ToString,
    {
        if values.is_empty() {
            return Ok(vec![]);
        }
        Ok(sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new("");
            Db::push_lookup(&mut query, lookup, values.iter().map(ToString::to_string).collect());
            query.build_query_as().fetch_all(conn).await
        })?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_sqlite_lists_come_in_powers_of_two_and_runs_in_few_lengths_hold_every_row_once() {
        let listed = |count: usize| {
            let mut query = QueryBuilder::<Sqlite>::new("");
            Sqlite::push_in(&mut query, 0..count);
            query.into_string().matches('?').count()
        };
        assert_eq!([0, 1, 2, 3, 5, 8, 9].map(listed), [0, 1, 2, 4, 8, 8, 16]);
        for count in 1..=600 {
            let (mut rest, mut runs) = (count, 0);
            while rest > 0 {
                rest -= Sqlite::lot(rest);
                runs += 1;
            }
            assert!(runs <= 3 + count / 256, "{count} rows");
        }
    }

    #[test]
    fn on_postgresql_lists_and_rows_of_any_length_have_one_text() {
        let texts = |count: i64| {
            let mut query = QueryBuilder::<Postgres>::new("");
            Postgres::push_in(&mut query, 0..count);
            let rows: Vec<_> = (0..count).map(|number| row![number, number.to_string(), None::<bool>]).collect();
            Postgres::push_rows(&mut query, &rows);
            query.into_string()
        };
        assert_eq!(texts(1), texts(300));
        assert_eq!(texts(1), " = ANY($1)SELECT * FROM UNNEST($2, $3, $4)");
    }

    #[test]
    fn what_cannot_be_read_shortens_no_part_of_a_list() {
        struct Row(i64);
        impl From<Row> for Option<i64> {
            fn from(row: Row) -> Self {
                Some(row.0).filter(|number| number % 3 == 0)
            }
        }
        let all = |after: i64| (after + 1..=10).map(Row).take(4).collect::<Vec<_>>();
        let (mut part, mut after, mut reads) = (Part::of(4), 0, 0);
        while let Some(on) = part.take(all(after), |row| row.0) {
            (after, reads) = (on, reads + 1);
        }
        assert_eq!((part.things, reads), (vec![3, 6, 9], 2));
        let mut full = Part::<i64>::of(2);
        assert_eq!(full.take(vec![Row(3), Row(6)], |row| row.0), None, "a full part asks no more");
        assert_eq!(full.things, [3, 6]);
    }
}
