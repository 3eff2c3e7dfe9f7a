//! The index of words: it proposes ids, and whoever reads decides by the rows as they are now. The one place that knows the
//! engines' own ways of searching: FTS5 on SQLite, a GIN index over `tsvector` on PostgreSQL. Words come folded and parted by
//! us, so that both find the same.
use sqlx::{FromRow, QueryBuilder};

use super::{
    db::{Driver, Reader, Result, Store, Tx, sql},
    many::Many,
    postgres,
    values::row,
    words::Word,
};
use crate::domain::{
    Millis,
    concession::{Concession, ConcessionId},
    framework::FrameworkId,
    markdown,
    moderation::ThingId,
    search::{Findable, Query, bag, card_texts},
    thread::{Comment, CommentId, Thread},
};

/// The words stand once, in `search_entry`; FTS5 indexes them by triggers. `secure-delete` takes words out of the index's pages
/// at once, rather than when they are merged.
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

/// The words are lexemes as they stand: no parser and no dictionary of the server's locale comes between.
const POSTGRES: &str = "
    SELECT pg_advisory_xact_lock(8390876);
    CREATE TABLE IF NOT EXISTS search_entry (object TEXT PRIMARY KEY, framework TEXT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL,
        words TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS search_entry_at ON search_entry (framework, at, object);
    CREATE INDEX IF NOT EXISTS search_entry_words ON search_entry USING gin (array_to_tsvector(string_to_array(words, ' ')));";

/// What the index knows of a thing.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub object: ThingId,
    /// Where it stands.
    pub framework: FrameworkId,
    /// What it is.
    pub kind: Findable,
    /// When it was made: the order of results.
    pub at: Millis,
    /// Its words, folded.
    pub words: String,
}

impl Entry {
    fn comment(id: CommentId, framework: FrameworkId, body: &str, at: Millis) -> Self {
        let words = bag([markdown::plain(body).as_str()]);
        Self { object: id.cast(), framework, kind: Findable::Comment, at, words }
    }

    fn thread(thread: &Thread) -> Self {
        let Thread { id, framework, title, created_at, .. } = thread;
        Self { object: id.cast(), framework: *framework, kind: Findable::Thread, at: *created_at, words: bag([title.as_str()]) }
    }

    fn card(card: &Concession) -> Self {
        let texts = card_texts(card);
        let words = bag(texts.iter().map(String::as_str));
        Self { object: card.id.cast(), framework: card.framework, kind: Findable::Concession, at: card.created_at, words }
    }
}

/// Something the index proposes.
#[derive(Clone, Debug)]
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

#[derive(FromRow)]
struct Row {
    object: ThingId,
    framework: FrameworkId,
    kind: Word<Findable>,
    at: Millis,
}

impl From<Row> for Proposed {
    fn from(Row { object, framework, kind, at }: Row) -> Self {
        Self { object, framework, kind, at }
    }
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

impl Store {
    /// Makes what searching needs, if it is not there.
    pub(super) async fn prepare_search(&self) -> Result<()> {
        let mut tx = self.write().await?;
        prepare(tx.driver()).await?;
        tx.commit().await
    }
}

/// As [`Store::prepare_search`], on one connection.
pub(super) async fn prepare(driver: Driver<'_>) -> Result<()> {
    match driver {
        Driver::Sqlite(conn) => sqlx::raw_sql(SQLITE).execute(conn).await.map(|_| ()),
        Driver::Postgres(conn) => postgres::within(sqlx::raw_sql(POSTGRES).execute(conn)).await.map(|_| ()),
    }?;
    Ok(())
}

/// A query as FTS5 reads it: each word in quotes, so that it is a word and no operator.
fn for_sqlite(query: &Query) -> String {
    let (words, last) = query.parts();
    let more = if query.goes_on() { "*" } else { "" };
    words.iter().map(|word| format!("\"{word}\" ")).collect::<String>() + &format!("\"{last}\"{more}")
}

/// A query as a `tsquery`: each word in quotes, so that it is a word and no operator.
fn for_postgres(query: &Query) -> String {
    let (words, last) = query.parts();
    let more = if query.goes_on() { ":*" } else { "" };
    words.iter().map(|word| format!("'{word}' & ")).collect::<String>() + &format!("'{last}'{more}")
}

impl Reader {
    /// What may answer a query, newest first.
    pub async fn proposed(&mut self, query: &Query, within: &Within<'_>) -> Result<Vec<Proposed>> {
        const WORDS: &str = "SELECT e.object, e.framework, e.kind, e.at FROM search_words w JOIN search_entry e ON e.place = w.rowid
            WHERE w.search_words MATCH ";
        const LEXEMES: &str = "SELECT e.object, e.framework, e.kind, e.at FROM search_entry e
            WHERE array_to_tsvector(string_to_array(e.words, ' ')) @@ CAST(CAST(";
        let due = self.due();
        let rows: Vec<Row> = match self.driver() {
            Driver::Sqlite(conn) => {
                let mut asked = QueryBuilder::new(WORDS);
                asked.push_bind(for_sqlite(query));
                push_within(&mut asked, within);
                asked.build_query_as().fetch_all(conn).await?
            }
            Driver::Postgres(conn) => {
                let mut asked = QueryBuilder::new(LEXEMES);
                asked.push_bind(for_postgres(query)).push(" AS TEXT) AS tsquery)");
                push_within(&mut asked, within);
                let answer = postgres::by(due, asked.build_query_as().fetch_all(conn)).await;
                self.heard(answer)?
            }
        };
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// What was written last, newest first; hidden things too.
    pub async fn latest(&mut self, within: &Within<'_>) -> Result<Vec<Proposed>> {
        let rows: Vec<Row> = sql!(self, |conn| {
            let mut asked = QueryBuilder::<Db>::new("SELECT e.object, e.framework, e.kind, e.at FROM search_entry e WHERE TRUE");
            push_within(&mut asked, within);
            asked.build_query_as().fetch_all(conn).await
        })?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The frameworks whose public stream has gone on since words were last taken from it, each with its place.
    pub async fn unindexed(&mut self) -> Result<Vec<(FrameworkId, i64)>> {
        const SQL: &str = "SELECT s.framework, s.seq FROM stream s LEFT JOIN search_indexed i ON i.framework = s.framework
            WHERE s.name = 'public' AND s.seq > COALESCE(i.seq, 0)";
        self.all(SQL, row![]).await
    }

    /// Ids of a framework's things of a kind after an id, in order, for rebuilding.
    async fn ids_after(&mut self, framework: FrameworkId, kind: Findable, after: &str, limit: i64) -> Result<Vec<ThingId>> {
        const THREADS: &str = "SELECT id FROM thread WHERE framework = $1 AND id > $2 ORDER BY id LIMIT $3";
        const COMMENTS: &str = "SELECT id FROM comment WHERE framework = $1 AND id > $2 ORDER BY id LIMIT $3";
        const CARDS: &str = "SELECT id FROM concession WHERE framework = $1 AND id > $2 ORDER BY id LIMIT $3";
        let statement = match kind {
            Findable::Thread => THREADS,
            Findable::Comment => COMMENTS,
            Findable::Concession => CARDS,
        };
        self.column(statement, row![framework, after, limit]).await
    }
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
        asked.push(" AND e.kind = ").push_bind(serde_json::to_value(kind).expect("a word").as_str().unwrap_or_default().to_owned());
    }
    asked.push(" AND (e.at, e.object) < (").push_bind(at).push(", ").push_bind(id).push(")");
    asked.push(" ORDER BY e.at DESC, e.object DESC LIMIT ").push_bind(within.limit);
}

impl Tx {
    /// Keeps the words of things, new or changed; called wherever words change, in the same transaction.
    async fn index(&mut self, entries: &[Entry]) -> Result<()> {
        const SQL: &str = "INSERT INTO search_entry (object, framework, kind, at, words) ";
        let row = |entry: &Entry| row![entry.object, entry.framework, Word::Known(entry.kind), entry.at, entry.words];
        self.insert_rows(SQL, &entries.iter().map(row).collect::<Vec<_>>(), " ON CONFLICT (object) DO UPDATE SET words = excluded.words").await
    }

    /// Keeps the words of comments.
    pub async fn index_comments(&mut self, comments: &[Comment]) -> Result<()> {
        let entry = |comment: &Comment| Entry::comment(comment.id, comment.framework, &comment.body, comment.created_at);
        self.index(&comments.iter().map(entry).collect::<Vec<_>>()).await
    }

    /// Keeps the words of threads.
    pub(super) async fn index_threads(&mut self, threads: &[Thread]) -> Result<()> {
        self.index(&threads.iter().map(Entry::thread).collect::<Vec<_>>()).await
    }

    /// Keeps the words of a card as it stands, with its translations.
    pub(super) async fn index_card(&mut self, id: ConcessionId) -> Result<()> {
        let cards: Vec<Entry> = self.concession(id).await?.iter().map(Entry::card).collect();
        self.index(&cards).await
    }

    /// Indexes anew a framework's things of a kind after an id; the last id, and how many they were.
    pub async fn reindex(&mut self, framework: FrameworkId, kind: Findable, after: &str, limit: i64) -> Result<Option<(String, usize)>> {
        let ids = self.ids_after(framework, kind, after, limit).await?;
        let Some(last) = ids.last().map(ToString::to_string) else { return Ok(None) };
        match kind {
            Findable::Thread => {
                let threads = self.threads(&ids.iter().map(|id| id.cast()).collect::<Vec<_>>()).await?;
                self.index_threads(&threads).await?;
            }
            Findable::Comment => {
                let comments = self.comments_of(&ids.iter().map(|id| id.cast()).collect::<Vec<_>>()).await?;
                self.index_comments(&comments).await?;
            }
            Findable::Concession => {
                let cards = self.concessions_of(&ids.iter().map(|id| id.cast()).collect::<Vec<_>>()).await?;
                self.index(&cards.iter().map(Entry::card).collect::<Vec<_>>()).await?;
            }
        }
        Ok(Some((last, ids.len())))
    }

    /// Keeps the words of comments that a framework's public stream told of, from where this was last done on, `limit` places of it
    /// at most; up to which place. The framework's lock is held: nothing changes between reading words and keeping them.
    pub async fn index_posted(&mut self, framework: FrameworkId, limit: i64) -> Result<i64> {
        // What was erased meanwhile has no words.
        const SQL: &str = "SELECT c.id, c.body, c.created_at FROM change h JOIN comment c ON c.id = h.object
            WHERE h.framework = $1 AND h.stream = 'public' AND h.seq > $2 AND h.seq <= $3 AND h.kind = 'comment_posted' AND c.body <> ''";
        const AFTER: &str = "SELECT COALESCE((SELECT seq FROM search_indexed WHERE framework = $1), 0)";
        const MARK: &str = "INSERT INTO search_indexed (framework, seq) VALUES ($1, $2) ON CONFLICT (framework) DO UPDATE SET seq = excluded.seq";
        let after: i64 = self.sole(AFTER, row![framework]).await?;
        let place = self.head(framework, "public").await?.seq.min(after + limit);
        let rows: Vec<(CommentId, String, Millis)> = self.all(SQL, row![framework, after, place]).await?;
        let entries: Vec<Entry> = rows.iter().map(|(id, body, at)| Entry::comment(*id, framework, body, *at)).collect();
        self.index(&entries).await?;
        self.run(MARK, row![framework, place]).await?;
        Ok(place)
    }

    /// Forgets every word; [`Tx::reindex`] puts them back.
    pub async fn clear_index(&mut self) -> Result<()> {
        self.run("DELETE FROM search_entry", row![]).await
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
