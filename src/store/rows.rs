//! Many rows in one statement, with few texts: sqlx prepares a text once per connection, so lists come in powers of two, and rows in
//! some lengths.
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

/// How many rows a statement may hold: every number up to sixteen, for a small batch is one trip to the database then, and above it
/// two to each power of two. None above 256, so that a run of any table binds fewer values than either database takes (SQLite 32,766,
/// PostgreSQL 65,535).
const LENGTHS: [usize; 24] = [256, 192, 128, 96, 64, 48, 32, 24, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/// The rows in runs of [`LENGTHS`], longest first.
pub(super) fn runs<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = LENGTHS.into_iter().find(|length| *length <= rows.len())?;
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
    fn lists_come_in_powers_of_two_and_runs_in_few_lengths_hold_every_row_once() {
        assert_eq!(padded([1, 2, 3, 4, 5]), [1, 2, 3, 4, 5, 5, 5, 5]);
        assert_eq!(padded(Vec::<i32>::new()), Vec::<i32>::new());
        let rows: Vec<usize> = (0..600).collect();
        let lengths: Vec<usize> = runs(&rows).map(<[usize]>::len).collect();
        assert_eq!(lengths, [256, 256, 64, 24]);
        for count in 0..=600 {
            assert_eq!(runs(&rows[..count]).flatten().copied().collect::<Vec<_>>(), rows[..count]);
            assert!(runs(&rows[..count]).count() <= 3 + count / 256, "{count} rows");
        }
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
