//! A PostgreSQL of one's own, to be stopped at once.
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Stdio,
};

use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;
use tokio::process::Command;

use super::{process::lasting_port, required};

/// A running cluster.
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    /// Whose it is: PostgreSQL refuses root.
    owner: Option<(u32, u32)>,
}

impl Cluster {
    /// `None`, said aloud, where PostgreSQL is not installed and not required.
    pub async fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                !required(),
                "PostgreSQL's programs are required by DEMARCHE_REQUIRE_ALL"
            );
            eprintln!("SKIPPED: there is no initdb under /usr/lib/postgresql");
            return None;
        };
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let port = lasting_port();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        let owner = if fs::metadata(&data).unwrap().uid() == 0 {
            Some((number("-u").await, number("-g").await))
        } else {
            None
        };
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(&data, Some(user), Some(group)).unwrap();
        }
        let cluster = Self {
            folder,
            programs,
            port,
            owner,
        };
        cluster
            .run("initdb", &["-U", "postgres", "-A", "trust", "--no-sync"])
            .await;
        cluster.again().await;
        Some(cluster)
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs a statement.
    pub async fn execute(&self, statement: &'static str) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        connection.execute(statement).await.unwrap();
    }

    /// Stops without a checkpoint and without a word to anybody, as when the machine loses its
    /// power but for what the disk has.
    pub async fn stop_at_once(&self) {
        self.run("pg_ctl", &["-m", "immediate", "-w", "stop"]).await;
    }

    /// Starts, and recovers what was synced.
    pub async fn again(&self) {
        let data = self.data();
        let options = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1",
            self.port,
            data.display()
        );
        let log = data.join("log");
        self.run(
            "pg_ctl",
            &["-o", &options, "-l", log.to_str().unwrap(), "-w", "start"],
        )
        .await;
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .arg("-D")
            .arg(self.data())
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    async fn run(&self, program: &str, arguments: &[&str]) {
        assert!(
            self.command(program, arguments)
                .status()
                .await
                .unwrap()
                .success(),
            "{program} {arguments:?}"
        );
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The test's runtime may be ending: nothing is awaited.
        let _ = self
            .command("pg_ctl", &["-m", "immediate", "-w", "stop"])
            .as_std_mut()
            .status();
    }
}

/// Where the newest PostgreSQL's programs are.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir(Path::new("/usr/lib/postgresql"))
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin"));
    versions
        .filter(|programs| programs.join("initdb").exists())
        .max()
}

/// A number of the account `postgres`.
async fn number(which: &str) -> u32 {
    let output = Command::new("id")
        .args([which, "postgres"])
        .output()
        .await
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .expect("there is an account postgres")
}
