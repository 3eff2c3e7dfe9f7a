//! Many values in one statement, with few texts, for a text is prepared once per connection.
use sqlx::QueryBuilder;

use super::{
    ask::Found,
    db::{Reader, Result, Tx, sql},
    many::{Lookup, Many},
    values::Value,
};

impl Tx {
    /// Keeps rows: `INSERT INTO table (columns)`, and what follows them.
    pub(super) async fn insert_rows<const N: usize>(
        &mut self,
        into: &'static str,
        mut rows: &[[Value; N]],
        then: &'static str,
    ) -> Result<()> {
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

    /// Changes rows of a table by those named `news`: `WITH news (columns) AS (…)`, and what
    /// follows.
    pub(super) async fn update_rows<const N: usize>(
        &mut self,
        with: &'static str,
        mut rows: &[[Value; N]],
        then: &'static str,
    ) -> Result<()> {
        while !rows.is_empty() {
            rows = sql!(self, |conn| {
                let (run, rest) = rows.split_at(Db::lot(rows.len()));
                let mut query = QueryBuilder::<Db>::new(with);
                query.push(" AS (");
                Db::push_rows(&mut query, run);
                query
                    .push(") ")
                    .push(then)
                    .build()
                    .execute(conn)
                    .await
                    .map(|_| rest)
            })?;
        }
        Ok(())
    }
}

impl Reader {
    /// The rows of a query that ends with the column whose values these are, in no order; none for
    /// an empty list.
    pub(super) async fn rows_in<R, T>(
        &mut self,
        select: &'static str,
        values: &[T],
    ) -> Result<Vec<R>>
    where
        R: Found,
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
        R: Found,
        T: ToString,
    {
        if values.is_empty() {
            return Ok(vec![]);
        }
        Ok(sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new("");
            Db::push_lookup(
                &mut query,
                lookup,
                values.iter().map(ToString::to_string).collect(),
            );
            query.build_query_as().fetch_all(conn).await
        })?)
    }
}
