//! Where the log goes: to standard error, by a thread of its own. Nothing that the server does
//! waits for whoever reads it, and a reader that is slow or gone stops nothing: what has no room is
//! lost. It says as much as the settings ask for of this program, and of what it is built from only
//! what is meant for a host: below that, libraries print what passes through them, frames,
//! requests, pieces of texts that people wrote.
use std::{
    fmt::Display,
    io::{self, Write},
    sync::{
        OnceLock,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt,
};

/// How many lines may wait to be written.
const LINES: usize = 4_096;
/// How long the end of the process waits for them.
const LAST: Duration = Duration::from_millis(300);

/// The way to the thread; there is one log to a process.
static WAY: OnceLock<SyncSender<Said>> = OnceLock::new();

enum Said {
    Line(Vec<u8>),
    /// Everything before this was written.
    End(SyncSender<()>),
}

/// One line of the log.
struct Line;

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Some(way) = WAY.get() {
            let _ = way.try_send(Said::Line(line.to_vec()));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts the log with this filter, as JSON or as text. A second call, in tests, keeps the first.
pub fn start(asked: &str, json: bool) {
    let (way, said) = sync_channel(LINES);
    if WAY.set(way).is_err() {
        return;
    }
    thread::spawn(move || write(&said));
    let safe = filter_fn(|said| {
        *said.level() <= Level::INFO
            || said.target().split("::").next() == Some(env!("CARGO_CRATE_NAME"))
    });
    let lines = tracing_subscriber::fmt::layer().with_writer(|| Line);
    let lines = if json {
        lines.json().boxed()
    } else {
        lines.boxed()
    };
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(safe))
        .with(EnvFilter::new(asked))
        .try_init();
}

fn write(said: &Receiver<Said>) {
    while let Ok(said) = said.recv() {
        match said {
            Said::Line(line) => {
                let _ = io::stderr().write_all(&line);
            }
            Said::End(written) => {
                let _ = written.try_send(());
            }
        }
    }
}

/// Writes the last line, and gives what waits a moment.
pub fn end(error: Option<&dyn Display>) {
    let line = error.map(|error| format!("demarche: {error:#}\n").into_bytes());
    let Some(way) = WAY.get() else {
        let _ = io::stderr().write_all(&line.unwrap_or_default());
        return;
    };
    let (written, end) = sync_channel(1);
    let last = line.map(Said::Line).into_iter().chain([Said::End(written)]);
    if last.map(|said| way.try_send(said)).all(|sent| sent.is_ok()) {
        let _ = end.recv_timeout(LAST);
    }
}

/// Says something on standard output, to whoever may still listen.
pub fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}
