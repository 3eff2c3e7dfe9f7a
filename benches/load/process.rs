//! Servers as child processes, and what the kernel says of them.
use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command as Plain, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::Options;

/// Ticks of `/proc/<pid>/stat` in a second: Linux shows 100 to programs whatever it counts in.
const TICKS: f64 = 100.0;

/// A server in a process of its own; killed when dropped.
pub struct Server {
    child: Child,
    pid: u32,
    pub address: SocketAddr,
}

impl Server {
    /// The released binary over a prepared data folder or database.
    pub async fn product(
        options: &Options,
        data: &Path,
        database: Option<&str>,
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(&options.binary);
        command
            .arg("serve")
            .args(["--bind", "127.0.0.1:0", "--data-dir"])
            .arg(data);
        command
            .env("DEMARCHE_BUDGETS", "off")
            .env("DEMARCHE_LOG", "error");
        if let Some(url) = database {
            command.args(["--database-url", url]);
        }
        Self::start(command)
            .await
            .with_context(|| format!("{} could not be started", options.binary.display()))
    }

    /// The reference, from this very program.
    pub async fn reference(data: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["reference", "--data-dir"]).arg(data);
        if let Some(url) = database {
            command.args(["--database-url", url]);
        }
        Self::start(command)
            .await
            .context("the reference could not be started")
    }

    async fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let pid = child.id().context("it ended at once")?;
        let mut lines = BufReader::new(child.stdout.take().context("it has no output")?).lines();
        let said = timeout(Duration::from_secs(30), lines.next_line())
            .await
            .context("it did not say where it listens")??;
        let Some(address) = said
            .as_deref()
            .and_then(|line| line.split("http://").nth(1))
        else {
            bail!("it said {said:?}")
        };
        let address = address.trim().parse()?;
        // What it says further is read, so that its pipe never fills.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            child,
            pid,
            address,
        })
    }

    /// CPU time used so far, in seconds.
    pub fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        // The name may hold spaces; utime and stime are the 12th and 13th field after it.
        let fields = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace();
        fields
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<f64>().ok())
            .sum::<f64>()
            / TICKS
    }

    /// Waits for what it does once all is acknowledged, as indexing words, which begins within two
    /// seconds; the CPU time of that, in seconds.
    pub async fn rest(&self) -> f64 {
        let begun = self.cpu();
        for _ in 0..10 {
            let before = self.cpu();
            sleep(Duration::from_millis(2_400)).await;
            if self.cpu() - before < 0.02 {
                break;
            }
        }
        self.cpu() - begun
    }

    /// Resident memory, in bytes.
    pub fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap_or_default();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap_or_default();
        line.split_whitespace()
            .next()
            .and_then(|kilobytes| kilobytes.parse::<f64>().ok())
            .unwrap_or(0.0)
            * 1024.0
    }

    /// Ends it.
    pub async fn stop(mut self) {
        let _ = self.child.kill().await;
    }
}

/// How many files this process may open.
pub fn limit() -> u64 {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(3)
        .and_then(|soft| soft.parse().ok())
        .unwrap_or(1_024)
}

/// How many ports the kernel may choose from towards one server.
pub fn ports() -> usize {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let ends: Vec<usize> = range
        .split_whitespace()
        .filter_map(|end| end.parse().ok())
        .collect();
    ends.get(1)
        .zip(ends.first())
        .map_or(28_000, |(last, first)| (last + 1).saturating_sub(*first))
}

/// Raises the limit of open files, which the servers inherit, as far as the machine lets us.
pub fn raise_limit(wanted: u64) {
    let me = std::process::id().to_string();
    let set = |value: &str| {
        let made = Plain::new("prlimit")
            .args(["--pid", &me, &format!("--nofile={value}")])
            .stderr(Stdio::null())
            .status();
        made.is_ok_and(|status| status.success())
    };
    if limit() < wanted && !set(&format!("{wanted}:{wanted}")) {
        // Without the right to raise the hard limit, the soft one can still reach it.
        set(&format!("{wanted}:"));
    }
}
