//! What the log says: as much as `DEMARCHE_LOG` asks for of this program, and of what it is built from only what is meant for
//! a host. Below that, libraries print what passes through them: frames, requests, pieces of texts that people wrote.
use tracing::Level;
use tracing_subscriber::{EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts the log with this filter, as JSON or as text.
pub fn start(asked: &str, json: bool) {
    let asked = EnvFilter::new(asked);
    let safe = filter_fn(|said| *said.level() <= Level::INFO || said.target().split("::").next() == Some(env!("CARGO_CRATE_NAME")));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if json { lines.json().boxed() } else { lines.boxed() };
    // A second call, in tests, keeps the first.
    let _ = tracing_subscriber::registry().with(lines.with_filter(safe)).with(asked).try_init();
}
