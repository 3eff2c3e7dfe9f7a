//! The index of words: it proposes ids, and whoever reads decides by the rows as they are now. The
//! one place that knows the engines' own ways of searching: FTS5 on SQLite, a GIN index over
//! `tsvector` on PostgreSQL. Words come folded and parted by us, so that both find the same.
mod index;

use sqlx::{FromRow, QueryBuilder};

use super::{
    db::{Driver, Reader, Result, Store, sql},
    many::Many,
    postgres,
    words::Word,
};
use crate::domain::{
    Millis,
    framework::FrameworkId,
    moderation::ThingId,
    search::{Findable, Query},
};

/// The words stand once, in `search_entry`; FTS5 indexes them by triggers. `secure-delete` takes
/// words out of the index's pages at once, rather than when they are merged.
const SQLITE: &str = "
    CREATE TABLE IF NOT EXISTS search_entry (place INTEGER PRIMARY KEY, object TEXT NOT NULL UNIQUE, framework TEXT NOT NULL,
        kind TEXT NOT NULL, at BIGINT NOT NULL, words TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS search_entry_at ON search_entry (framework, at, object);
    CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5(words, content='search_entry', content_rowid='place',
        tokenize='unicode61 remove_diacritics 0');
    CREATE TRIGGER IF NOT EXISTS search_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_words (rowid, words) VALUES (new.place, new.words);
    END;
    CREATE TRIGGER IF NOT EXISTS search_removed AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.place, old.words);
    END;
    CREATE TRIGGER IF NOT EXISTS search_changed AFTER UPDATE OF words ON search_entry BEGIN
        INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.place, old.words);
        INSERT INTO search_words (rowid, words) VALUES (new.place, new.words);
    END;
    INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);";

/// The words are lexemes as they stand: no parser and no dictionary of the server's locale comes
/// between.
const POSTGRES: &str = "
    SELECT pg_advisory_xact_lock(8390876);
    CREATE TABLE IF NOT EXISTS search_entry (object TEXT PRIMARY KEY, framework TEXT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL,
        words TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS search_entry_at ON search_entry (framework, at, object);
    CREATE INDEX IF NOT EXISTS search_entry_words ON search_entry USING gin (array_to_tsvector(string_to_array(words, ' ')));";

/// Something the index proposes.
#[derive(Clone, Debug, FromRow)]
pub struct Proposed {
    /// Its id.
    pub object: ThingId,
    /// Where it stands.
    pub framework: FrameworkId,
    /// What it is.
    pub kind: Word<Findable>,
    /// When it was made.
    pub at: Millis,
}

/// What to look through, and how far.
#[derive(Clone, Debug)]
pub struct Within<'a> {
    /// In which frameworks.
    pub frameworks: &'a [FrameworkId],
    /// One kind of thing, or all.
    pub kind: Option<Findable>,
    /// Older than this place: time, then id.
    pub before: (Millis, String),
    /// At most so many.
    pub limit: i64,
}

/// As [`Store::prepare_search`], on one connection.
pub(super) async fn prepare(driver: Driver<'_>) -> Result<()> {
    match driver {
        Driver::Sqlite(conn) => sqlx::raw_sql(SQLITE).execute(conn).await.map(|_| ()),
        Driver::Postgres(conn) => postgres::within(sqlx::raw_sql(POSTGRES).execute(conn))
            .await
            .map(|_| ()),
    }?;
    Ok(())
}

/// A query as FTS5 reads it: each word in quotes, so that it is a word and no operator.
fn for_sqlite(query: &Query) -> String {
    let (words, last) = query.parts();
    let more = if query.goes_on() { "*" } else { "" };
    words
        .iter()
        .map(|word| format!("\"{word}\" "))
        .collect::<String>()
        + &format!("\"{last}\"{more}")
}

/// A query as a `tsquery`: each word in quotes, so that it is a word and no operator.
fn for_postgres(query: &Query) -> String {
    let (words, last) = query.parts();
    let more = if query.goes_on() { ":*" } else { "" };
    words
        .iter()
        .map(|word| format!("'{word}' & "))
        .collect::<String>()
        + &format!("'{last}'{more}")
}

fn push_within<DB: Many>(asked: &mut QueryBuilder<DB>, within: &Within<'_>)
where
    for<'q> String: sqlx::Encode<'q, DB> + sqlx::Type<DB>,
    for<'q> i64: sqlx::Encode<'q, DB> + sqlx::Type<DB>,
{
    let (at, id) = within.before.clone();
    asked.push(" AND e.framework");
    DB::push_in(asked, within.frameworks);
    if let Some(kind) = within.kind {
        asked.push(" AND e.kind = ").push_bind(
            serde_json::to_value(kind)
                .expect("a word")
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        );
    }
    asked
        .push(" AND (e.at, e.object) < (")
        .push_bind(at)
        .push(", ")
        .push_bind(id)
        .push(")");
    asked
        .push(" ORDER BY e.at DESC, e.object DESC LIMIT ")
        .push_bind(within.limit);
}

impl Store {
    /// Makes what searching needs, if it is not there.
    pub(super) async fn prepare_search(&self) -> Result<()> {
        let mut tx = self.write().await?;
        prepare(tx.driver()).await?;
        tx.commit().await
    }
}

impl Reader {
    /// What may answer a query, newest first.
    pub async fn proposed(&mut self, query: &Query, within: &Within<'_>) -> Result<Vec<Proposed>> {
        const WORDS: &str = "SELECT e.object, e.framework, e.kind, e.at FROM search_words w JOIN search_entry e ON e.place = w.rowid
            WHERE w.search_words MATCH ";
        const LEXEMES: &str = "SELECT e.object, e.framework, e.kind, e.at FROM search_entry e
            WHERE array_to_tsvector(string_to_array(e.words, ' ')) @@ CAST(CAST(";
        let due = self.due();
        Ok(match self.driver() {
            Driver::Sqlite(conn) => {
                let mut asked = QueryBuilder::new(WORDS);
                asked.push_bind(for_sqlite(query));
                push_within(&mut asked, within);
                asked.build_query_as().fetch_all(conn).await?
            }
            Driver::Postgres(conn) => {
                let mut asked = QueryBuilder::new(LEXEMES);
                asked
                    .push_bind(for_postgres(query))
                    .push(" AS TEXT) AS tsquery)");
                push_within(&mut asked, within);
                let answer = postgres::by(due, asked.build_query_as().fetch_all(conn)).await;
                self.heard(answer)?
            }
        })
    }

    /// What was written last, newest first; hidden things too.
    pub async fn latest(&mut self, within: &Within<'_>) -> Result<Vec<Proposed>> {
        Ok(sql!(self, |conn| {
            let mut asked = QueryBuilder::<Db>::new(
                "SELECT e.object, e.framework, e.kind, e.at FROM search_entry e WHERE TRUE",
            );
            push_within(&mut asked, within);
            asked.build_query_as().fetch_all(conn).await
        })?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_reach_the_engines_as_words() {
        let query = Query::read("OR \"near\" п'ять*").unwrap();
        assert_eq!(for_sqlite(&query), "\"near\" \"or\" \"пять\"*");
        assert_eq!(for_postgres(&query), "'near' & 'or' & 'пять':*");
    }
}
