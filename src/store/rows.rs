//! Many rows in one statement, with few texts: sqlx prepares a text once per connection, so lists come in powers of two.
use sqlx::{Database, Encode, FromRow, Postgres, QueryBuilder, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};

use super::db::{Reader, Result, sql};

/// The values, with the last one repeated up to the next power of two.
pub(super) fn padded<T: Clone>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// The rows in runs whose lengths are powers of two, longest first; none above 256, so that a run of any table binds fewer
/// values than either database takes (SQLite 32,766, PostgreSQL 65,535).
pub(super) fn runs<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = 1 << rows.len().checked_ilog2()?.min(8);
        let (run, rest) = rows.split_at(length);
        rows = rest;
        Some(run)
    })
}

/// Adds `($n, $n + 1, …)`.
pub(super) fn push_list<'q, DB: Database, T>(query: &mut QueryBuilder<DB>, values: impl IntoIterator<Item = T>)
where
    T: Encode<'q, DB> + Type<DB> + Send + 'q,
{
    query.push("(");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

impl Reader {
    /// The rows of a query that ends with `IN`, for a list of values, in no order; none for an empty list.
    pub(super) async fn rows_in<R, T>(&mut self, select: &'static str, values: &[T]) -> Result<Vec<R>>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
        T: Clone + Send + 'static + for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres>,
    {
        if values.is_empty() {
            return Ok(vec![]);
        }
        Ok(sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(select);
            push_list(&mut query, padded(values.iter().cloned()));
            query.build_query_as().fetch_all(conn).await
        })?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_powers_of_two_and_runs_hold_every_row_once() {
        assert_eq!(padded([1, 2, 3, 4, 5]), [1, 2, 3, 4, 5, 5, 5, 5]);
        assert_eq!(padded(Vec::<i32>::new()), Vec::<i32>::new());
        let rows: Vec<usize> = (0..600).collect();
        let lengths: Vec<usize> = runs(&rows).map(<[usize]>::len).collect();
        assert_eq!(lengths, [256, 256, 64, 16, 8]);
        assert_eq!(runs(&rows).flatten().copied().collect::<Vec<_>>(), rows);
    }
}
