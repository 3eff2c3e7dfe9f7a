//! `demarche verify` as a program of its own, and hands that write past the product.
use std::path::{Path, PathBuf};

use serde_json::Value;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, sqlite::SqliteConnectOptions,
};
use tokio::process::Command;

/// Which database.
#[derive(Clone)]
pub struct Tables {
    pub folder: PathBuf,
    pub url: Option<String>,
}

/// What was found: the exit code, and the report where there is one.
pub struct Found {
    pub code: i32,
    pub report: Value,
}

impl Found {
    /// A stream of the first framework.
    pub fn stream(&self, name: &str) -> &Value {
        let streams = self.report["frameworks"][0]["streams"].as_array().unwrap();
        streams
            .iter()
            .find(|stream| stream["stream"] == name)
            .unwrap_or_else(|| panic!("no stream {name} in {}", self.report))
    }

    /// The first place of a stream that does not fit, and what is said of it.
    pub fn first_bad(&self, name: &str) -> (Option<i64>, String) {
        let stream = self.stream(name);
        (
            stream["first_bad"].as_i64(),
            stream["faults"][0]["why"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    }

    /// Every fault of every stream.
    pub fn faults(&self) -> Vec<Value> {
        let streams = self.report["frameworks"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|one| one["streams"].as_array().unwrap());
        streams
            .flat_map(|stream| stream["faults"].as_array().unwrap().clone())
            .collect()
    }
}

impl Tables {
    /// Verifies.
    pub async fn verify(&self, arguments: &[&str]) -> Found {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
        command
            .env_remove("DEMARCHE_DATABASE_URL")
            .args(["verify", "--json", "--data-dir"])
            .arg(&self.folder)
            .args(arguments);
        if let Some(url) = &self.url {
            command.args(["--database-url", url]);
        }
        let output = command.output().await.unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let code = output.status.code().unwrap();
        let report = if code == 2 {
            Value::String(String::from_utf8(output.stderr).unwrap())
        } else {
            serde_json::from_str(&text).unwrap()
        };
        Found { code, report }
    }

    /// As `verify`, of what must be sound.
    pub async fn sound(&self, arguments: &[&str]) -> Found {
        let found = self.verify(arguments).await;
        assert_eq!(found.code, 0, "{}", found.report);
        found
    }

    /// Runs statements, by a connection that knows no foreign keys.
    pub async fn run(&self, text: &str) {
        let text = AssertSqlSafe(text.to_owned());
        match &self.url {
            Some(url) => {
                let mut conn = PgConnection::connect(url).await.unwrap();
                conn.execute("SET session_replication_role = replica")
                    .await
                    .unwrap();
                conn.execute(sqlx::raw_sql(text)).await.unwrap();
            }
            None => {
                let options = SqliteConnectOptions::new()
                    .filename(self.folder.join("demarche.db"))
                    .foreign_keys(false);
                let mut conn = options
                    .busy_timeout(std::time::Duration::from_secs(20))
                    .connect()
                    .await
                    .unwrap();
                conn.execute(sqlx::raw_sql(text)).await.unwrap();
            }
        }
    }

    /// One value, as text.
    pub async fn one(&self, query: &str) -> String {
        let query = AssertSqlSafe(query.to_owned());
        match &self.url {
            Some(url) => sqlx::query_scalar(query)
                .fetch_one(&mut PgConnection::connect(url).await.unwrap())
                .await
                .unwrap(),
            None => {
                let mut conn = SqliteConnectOptions::new()
                    .filename(self.folder.join("demarche.db"))
                    .connect()
                    .await
                    .unwrap();
                sqlx::query_scalar(query)
                    .fetch_one(&mut conn)
                    .await
                    .unwrap()
            }
        }
    }
}

/// Keeps a text in a file of a folder.
pub fn keep(folder: &Path, name: &str, text: impl ToString) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text.to_string()).unwrap();
    path.to_string_lossy().into_owned()
}
