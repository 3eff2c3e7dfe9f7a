//! The built server as a process of its own, to be killed.
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use demarche::{id, store::Store};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::{Instant, timeout},
};

use super::{admin, new_name, postgres, required, template};

/// How long a server may take to be ready.
const READY: Duration = Duration::from_secs(20);

/// Where servers keep their data: a folder, or a database of their own.
pub struct Place {
    pub folder: TempDir,
    database: Option<String>,
    /// A database that is somebody else's to remove.
    url: Option<String>,
}

impl Place {
    /// A new folder for SQLite, with nothing in it.
    pub fn empty() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            database: None,
            url: None,
        }
    }

    /// SQLite in a new folder, with the tests' framework.
    pub async fn embedded() -> Self {
        Self::empty().filled().await
    }

    /// A new database of PostgreSQL, with the tests' framework; `None`, said aloud, where there is
    /// none and none is required.
    pub async fn postgres() -> Option<Self> {
        let name = new_name("demarche_fault");
        let there = template::database(&name).await;
        Some(Self::made(there, name)?.filled().await)
    }

    /// A new database of PostgreSQL without tables; `None` as above.
    pub async fn empty_postgres() -> Option<Self> {
        let name = new_name("demarche_fault");
        let there = admin(format!("CREATE DATABASE {name}")).await;
        Self::made(there, name)
    }

    fn made(there: bool, name: String) -> Option<Self> {
        if !there {
            assert!(
                !required(),
                "PostgreSQL is required by DEMARCHE_REQUIRE_ALL"
            );
            eprintln!("SKIPPED: PostgreSQL does not answer; set DEMARCHE_TEST_DATABASE_URL");
            return None;
        }
        let mut place = Self::empty();
        place.database = Some(name);
        Some(place)
    }

    /// A database at an address, with the tests' framework.
    pub async fn at(url: String) -> Self {
        let mut place = Self::empty();
        place.url = Some(url);
        place.filled().await
    }

    async fn filled(self) -> Self {
        let framework = super::project().join("tests/data/framework.json");
        let done = command(&[], "import", self.folder.path(), self.url().as_deref())
            .arg(framework)
            .stdout(Stdio::null())
            .status()
            .await
            .unwrap();
        assert!(done.success(), "the framework was imported");
        self
    }

    /// The database's address, on PostgreSQL.
    pub fn url(&self) -> Option<String> {
        self.url
            .clone()
            .or_else(|| Some(format!("{}/{}", postgres(), self.database.as_ref()?)))
    }

    /// The database itself, from outside.
    pub async fn store(&self) -> Store {
        match self.url() {
            None => Store::sqlite(self.folder.path(), None).await.unwrap(),
            Some(url) => Store::postgres(&url).await.unwrap(),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(name) = self.database.take() {
            super::remove(name);
        }
    }
}

/// A running server.
pub struct Process {
    child: Child,
    command: Box<dyn Fn(&str) -> Command + Send + Sync>,
    address: SocketAddr,
    pub url: String,
}

impl Process {
    /// Starts a server on a port the kernel gives.
    pub async fn start(place: &Place, arguments: &[&str]) -> Self {
        Self::wrapped(place, vec![], arguments).await
    }

    /// Starts it by another program, such as one that watches it; that program must end with it.
    pub async fn wrapped(place: &Place, wrapped: Vec<String>, arguments: &[&str]) -> Self {
        Self::launch(wrapped, place.folder.path().into(), place.url(), arguments).await
    }

    async fn launch(
        wrapped: Vec<String>,
        folder: PathBuf,
        url: Option<String>,
        arguments: &[&str],
    ) -> Self {
        let arguments: Vec<String> = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect();
        let command = move |bind: &str| {
            let mut command = command(&wrapped, "serve", &folder, url.as_deref());
            command
                .args([
                    "--budgets",
                    "off",
                    "--second-factor",
                    "optional",
                    "--floor",
                    "1",
                    "--enough",
                    "3",
                    "--settle-minutes",
                    "0",
                    "--bind",
                    bind,
                ])
                .args(&arguments);
            command
        };
        let command = Box::new(command);
        let (child, address) = run(&command, &format!("127.0.0.1:{}", lasting_port())).await;
        Self {
            child,
            command,
            address,
            url: format!("http://{address}"),
        }
    }

    /// Starts a server that reaches its database by another address; what it writes to standard
    /// error is kept.
    pub async fn through(place: &Place, database: &str, arguments: &[&str]) -> Self {
        let said = place
            .folder
            .path()
            .join("said")
            .to_string_lossy()
            .into_owned();
        let keeps = [
            "sh",
            "-c",
            r#"said="$1"; shift; exec "$@" 2>"$said""#,
            "sh",
            &said,
        ]
        .map(str::to_owned)
        .to_vec();
        Self::launch(
            keeps,
            place.folder.path().into(),
            Some(database.to_owned()),
            arguments,
        )
        .await
    }

    /// Sends a signal, such as `STOP`.
    pub async fn signal(&self, signal: &str) {
        let id = self.child.id().expect("it runs").to_string();
        assert!(
            Command::new("kill")
                .args([&format!("-{signal}"), &id])
                .status()
                .await
                .unwrap()
                .success()
        );
    }

    /// Waits until it has ended by itself: its exit code, and what `through` kept.
    pub async fn ended(mut self, place: &Place) -> (Option<i32>, String) {
        let status = timeout(READY, self.child.wait())
            .await
            .expect("an end in time")
            .unwrap();
        (
            status.code(),
            std::fs::read_to_string(place.folder.path().join("said")).unwrap_or_default(),
        )
    }

    /// Starts a server whose files may not grow beyond so many blocks of `ulimit`, as on a disk
    /// that is full.
    pub async fn within(place: &Place, blocks: &str) -> Self {
        Self::wrapped(place, limited(blocks), &[]).await
    }

    /// Lifts the limit of `within`.
    pub async fn give_room(&self) {
        let id = self.child.id().expect("it runs").to_string();
        let done = Command::new("prlimit")
            .args(["--fsize=unlimited:unlimited", "--pid", &id])
            .status()
            .await;
        assert!(done.expect("prlimit is there").success());
    }

    /// The process' number.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// SIGKILL: nothing is said, saved or closed.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Starts again on the same port; how long it took to be ready.
    pub async fn restart(&mut self) -> Duration {
        let begun = Instant::now();
        (self.child, _) = run(&self.command, &self.address.to_string()).await;
        begun.elapsed()
    }
}

/// A free port below those that the kernel gives to whoever asks for any: nobody else has it by the
/// time that a server which was killed comes back to it.
pub fn lasting_port() -> u16 {
    loop {
        let port = 10_000 + u16::try_from(id::below(20_000)).expect("it is below 65,536");
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A shell that runs a command under a limit of the size of files. Without the trap a signal would
/// end it.
fn limited(blocks: &str) -> Vec<String> {
    [
        "sh",
        "-c",
        r#"trap "" XFSZ; ulimit -S -f "$1"; shift; exec "$@""#,
        "sh",
        blocks,
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Starts a server that must end by itself, perhaps under a limit of the size of files: its exit
/// code and what it said.
pub async fn refused(folder: &Path, blocks: Option<&str>) -> (Option<i32>, String) {
    let wrapped = blocks.map(limited).unwrap_or_default();
    let output = command(&wrapped, "serve", folder, None)
        .args(["--bind", "127.0.0.1:0"])
        .output();
    let output = timeout(READY, output)
        .await
        .expect("an end in time")
        .unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// A command of the built binary on a place's data.
pub fn demarche(place: &Place, verb: &str) -> Command {
    command(&[], verb, place.folder.path(), place.url().as_deref())
}

/// What a command said, on both ways out, and whether it was content.
pub async fn said(command: &mut Command) -> (bool, String) {
    let output = timeout(READY * 3, command.output())
        .await
        .expect("an end in time")
        .unwrap();
    (
        output.status.success(),
        [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .concat(),
    )
}

/// The built binary on some data, by a program that wraps it or by itself.
pub fn command(wrapped: &[String], verb: &str, folder: &Path, database: Option<&str>) -> Command {
    let line = [wrapped, &[env!("CARGO_BIN_EXE_demarche").to_owned()]].concat();
    let mut command = Command::new(&line[0]);
    for name in [
        "DEMARCHE_REDIS_URL",
        "DEMARCHE_DATABASE_URL",
        "DEMARCHE_TEST_MUTANT",
        "DEMARCHE_PUBLIC_URL",
        "DEMARCHE_METRICS_BIND",
    ] {
        command.env_remove(name);
    }
    command
        .env("DEMARCHE_LOG", "error")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
        .args(&line[1..])
        .arg(verb)
        .arg("--data-dir")
        .arg(folder);
    if let Some(url) = database {
        command.arg("--database-url").arg(url);
    }
    command
}

/// Starts a server and waits until it is ready. Its port may be in use for a moment: somebody's
/// outgoing connection has it.
async fn run(command: &(dyn Fn(&str) -> Command + Send + Sync), bind: &str) -> (Child, SocketAddr) {
    let deadline = Instant::now() + READY;
    loop {
        let mut child = command(bind).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = timeout(READY, said.next_line())
            .await
            .expect("an address in time")
            .unwrap();
        if let Some(address) = line.and_then(|line| line.rsplit_once("http://")?.1.parse().ok()) {
            ready(address, deadline).await;
            return (child, address);
        }
        assert!(
            Instant::now() < deadline,
            "the server does not start: {:?}",
            child.wait().await
        );
    }
}

async fn ready(address: SocketAddr, deadline: Instant) {
    let client = reqwest::Client::new();
    loop {
        let answer = client.get(format!("http://{address}/readyz")).send().await;
        if answer.is_ok_and(|answer| answer.status() == 200) {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{address} is not ready in {READY:?}"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
