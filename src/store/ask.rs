//! The one door of statements: a text, the values that stand in it, and what is made of the answer.
use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};

use super::{
    db::{Reader, Result, Tx, sql},
    values::Value,
};

/// What is read from a row, on either database.
pub(super) trait Found:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> Found for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// The values of a statement, in the order of their places.
pub(super) trait Values: IntoIterator<Item = Value> + Send {}
impl<T> Values for T where T: IntoIterator<Item = Value> + Send {}

/// A statement of either driver, with its values.
macro_rules! bound {
    ($query:expr, $values:expr) => {
        $values
            .into_iter()
            .fold($query, |query, value| query.bind(value))
    };
}

impl Reader {
    /// All rows.
    pub(super) async fn all<R: Found>(
        &mut self,
        text: &'static str,
        values: impl Values,
    ) -> Result<Vec<R>> {
        Ok(sql!(self, |conn| bound!(
            sqlx::query_as::<Db, R>(text),
            values
        )
        .fetch_all(conn)
        .await)?)
    }

    /// The row, where there is one.
    pub(super) async fn found<R: Found>(
        &mut self,
        text: &'static str,
        values: impl Values,
    ) -> Result<Option<R>> {
        Ok(sql!(self, |conn| bound!(
            sqlx::query_as::<Db, R>(text),
            values
        )
        .fetch_optional(conn)
        .await)?)
    }

    /// The row of a query that always has one.
    pub(super) async fn only<R: Found>(
        &mut self,
        text: &'static str,
        values: impl Values,
    ) -> Result<R> {
        Ok(sql!(self, |conn| bound!(
            sqlx::query_as::<Db, R>(text),
            values
        )
        .fetch_one(conn)
        .await)?)
    }

    /// As [`Reader::all`], of one column.
    pub(super) async fn column<T>(
        &mut self,
        text: &'static str,
        values: impl Values,
    ) -> Result<Vec<T>>
    where
        (T,): Found,
    {
        Ok(self
            .all::<(T,)>(text, values)
            .await?
            .into_iter()
            .map(|(value,)| value)
            .collect())
    }

    /// As [`Reader::found`], of one column.
    pub(super) async fn value<T>(
        &mut self,
        text: &'static str,
        values: impl Values,
    ) -> Result<Option<T>>
    where
        (T,): Found,
    {
        Ok(self
            .found::<(T,)>(text, values)
            .await?
            .map(|(value,)| value))
    }

    /// As [`Reader::only`], of one column.
    pub(super) async fn sole<T>(&mut self, text: &'static str, values: impl Values) -> Result<T>
    where
        (T,): Found,
    {
        Ok(self.only::<(T,)>(text, values).await?.0)
    }
}

impl Tx {
    /// Carries a statement out.
    pub(super) async fn run(&mut self, text: &'static str, values: impl Values) -> Result<()> {
        self.changed(text, values).await.map(|_| ())
    }

    /// Carries a statement out; how many rows it changed.
    pub(super) async fn changed(&mut self, text: &'static str, values: impl Values) -> Result<u64> {
        Ok(sql!(self, |conn| bound!(sqlx::query::<Db>(text), values)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?)
    }
}
