//! Closed loops, percentiles, medians of three.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::sleep_until;

use crate::{client::Http, process::Server};

/// What one run of one point gave.
#[derive(Clone, Copy, Default)]
pub struct Sample {
    /// A second.
    pub rate: f64,
    /// CPU seconds of the server per million.
    pub cpu: f64,
    /// Milliseconds.
    pub p50: f64,
    /// Milliseconds.
    pub p99: f64,
}

/// A stretch of time: nothing counts before it (warm-up) or after it.
#[derive(Clone, Copy)]
pub struct Window {
    pub from: Instant,
    pub until: Instant,
}

impl Window {
    /// Begins after a warm-up of a quarter of its length.
    pub fn after_warm_up(time: Duration) -> Self {
        let from = Instant::now() + time / 4;
        Self {
            from,
            until: from + time,
        }
    }

    pub fn seconds(&self) -> f64 {
        (self.until - self.from).as_secs_f64()
    }

    /// Waits for its end; what `read` grows by meanwhile.
    pub async fn growth(&self, read: impl Fn() -> f64) -> f64 {
        sleep_until(self.from.into()).await;
        let before = read();
        sleep_until(self.until.into()).await;
        read() - before
    }
}

/// Latencies in a window.
#[derive(Default)]
pub struct Latencies(pub Vec<Duration>);

impl Latencies {
    /// In milliseconds; 0 where there are none.
    pub fn percentile(&mut self, part: f64) -> f64 {
        if self.0.is_empty() {
            return 0.0;
        }
        self.0.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index within the list"
        )]
        let place = (as_float(self.0.len() - 1) * part).round() as usize;
        self.0[place].as_secs_f64() * 1_000.0
    }

    /// A sample of these, given the CPU time meanwhile.
    pub fn sample(mut self, window: Window, cpu: f64) -> Sample {
        let count = as_float(self.0.len());
        let (p50, p99) = (self.percentile(0.5), self.percentile(0.99));
        Sample {
            rate: count / window.seconds(),
            cpu: cpu / count.max(1.0) * 1e6,
            p50,
            p99,
        }
    }
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub fn as_float(count: usize) -> f64 {
    count as f64
}

/// Makes the request of a client's turn.
pub type Requests = Arc<dyn Fn(usize, usize) -> Vec<u8> + Send + Sync>;

/// So many clients on connections they keep, each with one request under way.
pub async fn closed_loop(
    server: &Server,
    clients: usize,
    time: Duration,
    requests: Requests,
) -> anyhow::Result<Sample> {
    let mut connections = Vec::with_capacity(clients);
    for _ in 0..clients {
        connections.push(Http::connect(server.address).await?);
    }
    let window = Window::after_warm_up(time);
    let running: Vec<_> = connections
        .into_iter()
        .enumerate()
        .map(|(client, connection)| {
            tokio::spawn(one_client(connection, client, window, requests.clone()))
        })
        .collect();
    let cpu = window.growth(|| server.cpu()).await;
    let mut all = Latencies::default();
    for client in running {
        all.0.extend(client.await??);
    }
    Ok(all.sample(window, cpu))
}

async fn one_client(
    mut connection: Http,
    client: usize,
    window: Window,
    requests: Requests,
) -> anyhow::Result<Vec<Duration>> {
    let mut latencies = vec![];
    for turn in 0.. {
        let request = requests(client, turn);
        let sent = Instant::now();
        connection.send(&request).await?;
        let answered = Instant::now();
        if answered > window.until {
            break;
        }
        if answered >= window.from {
            latencies.push(answered - sent);
        }
    }
    Ok(latencies)
}

/// The middle of some runs, and their least and most.
#[derive(Clone, Copy)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    /// Of one figure of each run.
    pub fn of(runs: &[Sample], figure: impl Fn(&Sample) -> f64) -> Self {
        Self::over(runs.iter().map(figure).collect())
    }

    pub fn over(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or(0.0);
        Self {
            median: at(values.len() / 2),
            least: at(0),
            most: at(values.len().saturating_sub(1)),
        }
    }
}
