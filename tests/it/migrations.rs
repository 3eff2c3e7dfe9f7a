//! Migrations over data that earlier versions left: nothing of it changes, and one that fails
//! leaves the database as it was.
use std::{collections::BTreeMap, fs, path::Path};

use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection,
    migrate::{MigrateError, Migrator},
};
use tempfile::TempDir;

use crate::harness::{process::Place, project};

/// A connection past the product, to put in and take out what it would not.
pub enum Base {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The columns of each table.
pub type Columns = BTreeMap<String, Vec<String>>;
/// The rows of each table, as text, in an order of their own.
pub type Export = BTreeMap<String, Vec<Vec<Option<String>>>>;

/// Runs an expression on whichever connection it is.
macro_rules! on {
    ($base:expr, |$conn:ident| $query:expr) => {
        match $base {
            Base::Sqlite($conn) => $query,
            Base::Postgres($conn) => $query,
        }
    };
}

impl Base {
    pub async fn open(place: &Place) -> Self {
        match place.url() {
            Some(url) => Self::Postgres(PgConnection::connect(&url).await.unwrap()),
            None => {
                let file = format!(
                    "sqlite://{}?mode=rwc",
                    place.folder.path().join("demarche.db").display()
                );
                Self::Sqlite(SqliteConnection::connect(&file).await.unwrap())
            }
        }
    }

    pub async fn close(self) {
        on!(self, |conn| conn.close().await).unwrap();
    }

    pub async fn run(&mut self, text: String) {
        on!(self, |conn| conn
            .execute(sqlx::raw_sql(AssertSqlSafe(text)))
            .await
            .map(|_| ()))
        .unwrap();
    }

    /// Applies the project's migrations up to a number, and then others.
    async fn migrate(&mut self, last: usize, others: &[(&str, &str)]) -> Result<(), MigrateError> {
        let folder = TempDir::new().unwrap();
        for path in &migrations()[..last] {
            fs::copy(path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
        for (name, text) in others {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let migrator = Migrator::new(folder.path()).await?;
        on!(self, |conn| migrator.run(conn).await)
    }

    pub async fn columns(&mut self) -> Columns {
        const SQLITE: &str = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY c.cid";
        const POSTGRES: &str = "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'
            ORDER BY ordinal_position";
        let all: Vec<(String, String)> = match self {
            Self::Sqlite(conn) => sqlx::query_as(SQLITE).fetch_all(conn).await.unwrap(),
            Self::Postgres(conn) => sqlx::query_as(POSTGRES).fetch_all(conn).await.unwrap(),
        };
        let mut columns = Columns::new();
        for (table, column) in all
            .into_iter()
            .filter(|(table, _)| table != "_sqlx_migrations")
        {
            columns.entry(table).or_default().push(column);
        }
        columns
    }

    pub async fn export(&mut self, columns: &Columns) -> Export {
        let mut export = Export::new();
        for (table, columns) in columns {
            let texts: Vec<String> = columns
                .iter()
                .map(|column| format!("CAST({column} AS TEXT)"))
                .collect();
            let query = format!("SELECT {} FROM {table}", texts.join(", "));
            let mut rows: Vec<Vec<Option<String>>> = on!(&mut *self, |conn| {
                use sqlx::Row;
                let rows = conn.fetch_all(AssertSqlSafe(query)).await.unwrap();
                rows.iter()
                    .map(|row| (0..columns.len()).map(|place| row.get(place)).collect())
                    .collect()
            });
            rows.sort_unstable();
            export.insert(table.clone(), rows);
        }
        export
    }
}

/// The project's migrations, in order.
pub fn migrations() -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(project().join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort_unstable();
    files
}

/// The sample rows that go with a migration.
fn rows(migration: &Path) -> String {
    let number = &migration.file_name().unwrap().to_str().unwrap()[..4];
    let path = project().join(format!("tests/data/migrations/{number}.sql"));
    fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}: every migration has sample rows",
            path.display()
        )
    })
}

/// Tables that a later version took away.
const GONE: &[&str] = &["united_ballot"];

fn gone(table: &str) -> bool {
    GONE.contains(&table)
}

/// Sample rows as far as their tables are there still.
pub fn still_there(rows: &str) -> String {
    let into_gone = |part: &&str| {
        let table = part.trim_start().strip_prefix("INSERT INTO ");
        table.is_none_or(|rest| !gone(rest.split(' ').next().unwrap_or_default()))
    };
    rows.split_inclusive(";\n").filter(into_gone).collect()
}

/// A database as a version left it: migrated so far, each migration followed by its rows.
pub async fn left_by(version: usize, place: &Place) -> Base {
    let mut base = Base::open(place).await;
    for (number, path) in migrations()[..version].iter().enumerate() {
        base.migrate(number + 1, &[]).await.unwrap();
        base.run(rows(path)).await;
    }
    base
}

/// Opens the database as the product does, which migrates it.
async fn open(place: &Place) {
    place.store().await.close().await;
}

async fn outlive(place: impl AsyncFn() -> Option<Place>) {
    for version in 1..=migrations().len() {
        let Some(place) = place().await else { return };
        let mut base = left_by(version, &place).await;
        let columns = base.columns().await;
        let before = base.export(&columns).await;
        for (table, rows) in &before {
            assert!(
                rows.len() > 1,
                "{table} has {} sample rows after migration {version}",
                rows.len()
            );
        }
        base.close().await;
        open(&place).await;
        let mut base = Base::open(&place).await;
        let columns = columns
            .into_iter()
            .filter(|(table, _)| !gone(table))
            .collect();
        let after = base.export(&columns).await;
        for (table, mut rows) in before.into_iter().filter(|(table, _)| !gone(table)) {
            let mut after = after[&table].clone();
            // Each migration may say anew which one is needed.
            for rows in [&mut rows, &mut after] {
                rows.retain(|row| !row.contains(&Some("least_migration".to_owned())));
            }
            assert_eq!(rows, after, "{table} of version {version}");
        }
        base.close().await;
    }
}

async fn hidden_threads_are_filled_in(place: impl AsyncFn() -> Option<Place>) {
    let Some(place) = place().await else { return };
    left_by(1, &place).await.close().await;
    open(&place).await;
    let mut base = Base::open(&place).await;
    let kept = Columns::from([("thread".into(), vec!["title".into(), "restores_to".into()])]);
    let locked = base.export(&kept).await["thread"]
        .iter()
        .filter(|row| row[1].is_some())
        .cloned()
        .collect::<Vec<_>>();
    assert_eq!(
        locked,
        [[
            Some("Закрита, потім схована".to_owned()),
            Some("locked".to_owned())
        ]]
    );
    base.close().await;
}

async fn threads_of_notes_are_marked(place: impl AsyncFn() -> Option<Place>) {
    const FOUND: &str = "UPDATE thread SET title = 'What would have to change' WHERE id = '0199f0a2-0000-7000-8000-000000000052';
        INSERT INTO thread (id, framework, point, concession, title, state, version, author, comments, last_at, created_at)
            SELECT '0199f0a2-0000-7000-8000-0000000000f1', framework, NULL, concession, title, 'open', 1, author, 0, 0, 0 FROM thread
            WHERE id = '0199f0a2-0000-7000-8000-000000000052';";
    let Some(place) = place().await else { return };
    let mut base = left_by(13, &place).await;
    base.run(FOUND.into()).await;
    base.close().await;
    open(&place).await;
    let mut base = Base::open(&place).await;
    let kept = Columns::from([("thread".into(), vec!["id".into(), "notes_of".into()])]);
    let marked = base.export(&kept).await["thread"]
        .iter()
        .filter(|row| row[1].is_some())
        .cloned()
        .collect::<Vec<_>>();
    // The older one of the same title holds no note.
    assert_eq!(
        marked,
        [[
            Some("0199f0a2-0000-7000-8000-000000000052".to_owned()),
            Some("0199f0a2-0000-7000-8000-000000000071".to_owned())
        ]]
    );
    base.close().await;
}

/// A migration that fails in its last statement, after it changed and made and filled something.
const BROKEN: &str = "UPDATE thread SET title = 'gone'; CREATE TABLE half (id TEXT PRIMARY KEY); INSERT INTO half (id) VALUES ('a');
    ALTER TABLE comment ADD COLUMN half TEXT; DELETE FROM salt; INSERT INTO no_such_table (id) VALUES ('a');";

/// Whether a migration that fails left something behind.
async fn leaves_traces(place: &Place, broken: &str) -> bool {
    let all = migrations().len();
    let mut base = left_by(all, place).await;
    let columns = base.columns().await;
    let before = (columns.clone(), base.export(&columns).await);
    assert!(
        base.migrate(all, &[("9999_broken.sql", broken)])
            .await
            .is_err()
    );
    base.close().await;
    let mut base = Base::open(place).await;
    let now = base.columns().await;
    let after = (now, base.export(&columns).await);
    base.close().await;
    before != after
}

async fn leaves_it_as_it_was(place: impl AsyncFn() -> Option<Place>) {
    let Some(place) = place().await else { return };
    assert!(!leaves_traces(&place, BROKEN).await);
    open(&place).await;
}

async fn is_caught(place: impl AsyncFn() -> Option<Place>) {
    let Some(place) = place().await else { return };
    let halfway = BROKEN.replacen("DELETE", "COMMIT; BEGIN; DELETE", 1);
    assert!(
        leaves_traces(&place, &halfway).await,
        "half a migration stayed and nobody saw it"
    );
}

/// Runs a test on both databases: it makes places without tables as it needs them.
macro_rules! both {
    ($($name:ident: $test:ident;)+) => {
        $(mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn embedded() {
                $test(async || Some(Place::empty())).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $test(Place::empty_postgres).await;
            }
        })+
    };
}

both! {
    what_every_version_left_outlives_all_migrations: outlive;
    threads_that_were_hidden_locked_are_restored_locked: hidden_threads_are_filled_in;
    threads_of_notes_are_known_by_the_notes_in_them: threads_of_notes_are_marked;
    a_migration_that_fails_leaves_the_database_as_it_was: leaves_it_as_it_was;
    a_migration_that_commits_halfway_is_caught: is_caught;
}

#[test]
fn no_migration_leaves_its_transaction() {
    for path in migrations() {
        let text = fs::read_to_string(&path).unwrap().to_uppercase();
        assert!(
            !text.contains("NO-TRANSACTION") && !text.contains("COMMIT;"),
            "{}",
            path.display()
        );
    }
}
