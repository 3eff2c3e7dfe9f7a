//! How each database takes many values. PostgreSQL takes a list, and every column of rows, as one
//! array; SQLite takes lists in powers of two, and rows in some lengths.
use std::collections::BTreeSet;

use sqlx::{Database, Postgres, QueryBuilder, Sqlite};

use super::values::Value;

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
    /// Adds a join whose rows `on` finds by their key. PostgreSQL keeps a plan that it made for a
    /// small or an empty table: it is left no other way.
    fn push_join(
        query: &mut QueryBuilder<Self>,
        join: &str,
        table: &str,
        alias: &str,
        on: impl FnOnce(&mut QueryBuilder<Self>),
    );
    /// Adds a whole query for the rows of a table by one column of its key.
    fn push_lookup(query: &mut QueryBuilder<Self>, lookup: &Lookup, values: BTreeSet<String>);
}

/// Which rows are looked up: `columns` of `table`, where others of its columns are, say, `("round
/// =", …)`, by the last one of its key.
pub(super) struct Lookup {
    pub columns: &'static str,
    pub table: &'static str,
    pub same: Vec<(&'static str, Value)>,
    pub key: &'static str,
}

impl Lookup {
    /// The query as far as the last column of the key.
    fn push<DB: Many>(&self, query: &mut QueryBuilder<DB>) {
        query.push(format_args!(
            "SELECT {} FROM {} WHERE ",
            self.columns, self.table
        ));
        for (column, value) in &self.same {
            query.push(format_args!("{column} "));
            DB::push_value(query, value.clone());
            query.push(" AND ");
        }
        query.push(self.key);
    }
}

/// How many rows a statement may hold on SQLite: every number up to sixteen, and above it two to
/// each power of two. None above 256, so that a run of any table binds fewer values than it takes
/// (32,766).
const LENGTHS: [usize; 24] = [
    256, 192, 128, 96, 64, 48, 32, 24, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
];

impl Many for Sqlite {
    fn push_value(query: &mut QueryBuilder<Self>, value: Value) {
        query.push_bind(value);
    }
    fn lot(rows: usize) -> usize {
        LENGTHS
            .into_iter()
            .find(|length| *length <= rows)
            .unwrap_or_default()
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
    fn push_join(
        query: &mut QueryBuilder<Self>,
        join: &str,
        table: &str,
        alias: &str,
        on: impl FnOnce(&mut QueryBuilder<Self>),
    ) {
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
    fn push_value(query: &mut QueryBuilder<Self>, value: Value) {
        query.push_bind(value);
    }
    fn lot(rows: usize) -> usize {
        rows
    }
    fn push_in(query: &mut QueryBuilder<Self>, values: impl IntoIterator<Item: ToString>) {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        query.push(" = ANY(").push_bind(values).push(")");
    }
    fn push_join(
        query: &mut QueryBuilder<Self>,
        join: &str,
        table: &str,
        alias: &str,
        on: impl FnOnce(&mut QueryBuilder<Self>),
    ) {
        on(query.push(format_args!(
            " {join} LATERAL (SELECT {alias}.* FROM {table} {alias} WHERE "
        )));
        query.push(format_args!(" OFFSET 0) {alias} ON TRUE"));
    }
    fn push_lookup(query: &mut QueryBuilder<Self>, lookup: &Lookup, values: BTreeSet<String>) {
        query
            .push("SELECT f.* FROM UNNEST(")
            .push_bind(values.into_iter().collect::<Vec<_>>());
        lookup.push(query.push(") w (value) CROSS JOIN LATERAL ("));
        query.push(" = w.value OFFSET 0) f");
    }
    fn push_rows<const N: usize>(query: &mut QueryBuilder<Self>, rows: &[[Value; N]]) {
        macro_rules! column {
            ($kind:ident, $at:expr) => {{
                let value = |row: &[Value; N]| {
                    if let Value::$kind(value) = &row[$at] {
                        value.clone()
                    } else {
                        None
                    }
                };
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

#[cfg(test)]
mod tests {
    use super::{super::values::row, *};

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
            let rows: Vec<_> = (0..count)
                .map(|number| row![number, number.to_string(), None::<bool>])
                .collect();
            Postgres::push_rows(&mut query, &rows);
            query.into_string()
        };
        assert_eq!(texts(1), texts(300));
        assert_eq!(texts(1), " = ANY($1)SELECT * FROM UNNEST($2, $3, $4)");
    }
}
