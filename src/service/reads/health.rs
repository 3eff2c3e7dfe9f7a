//! Whether this node can do its work, and what is amiss while it does: for the log, once, and for
//! whoever asks.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{clock::Clock, service::node::Node, store::Store};

/// How often the clocks are compared.
const EVERY: Duration = Duration::from_secs(5);
/// From how many milliseconds on a machine's clock is called wrong.
const WRONG: u64 = 2_000;

/// What is found of a node.
pub struct Health {
    /// Whether it takes requests.
    pub ready: bool,
    /// What whoever runs it should know, one line each.
    pub notes: Vec<String>,
}

/// Looks at everything this node needs.
pub async fn look(node: &Node) -> Health {
    let mut notes = vec![];
    let stopping = node.stop.is_cancelled();
    if stopping {
        notes.push("it is stopping".to_owned());
    }
    let stuck = node.busy.stuck();
    if stuck {
        notes.push("a writer waits for the database".to_owned());
    }
    let unfit = node.unfit.get().cloned().or_else(|| node.store.unfit());
    notes.extend(unfit.clone());
    let answers = !stopping && node.store.answers().await;
    if !stopping && !answers && unfit.is_none() {
        notes.push("the database does not answer".to_owned());
    }
    if node.live.is_away() {
        notes.push("Redis is away: tallies are counted from the answers, and who is here is known of this node alone".to_owned());
    }
    notes.extend(wrong(&node.clock));
    Health {
        ready: answers && !stuck && unfit.is_none(),
        notes,
    }
}

/// How wrong this machine's clock is, in words, where it is.
fn wrong(clock: &Clock) -> Option<String> {
    let off = clock.off();
    let by = off.unsigned_abs();
    let way = if off > 0 { "ahead of" } else { "behind" };
    (by > WRONG).then(|| {
        format!(
            "this machine's clock is {}.{} s {way} the database's, which decides",
            by / 1_000,
            by % 1_000 / 100
        )
    })
}

/// Sets a clock by the database's, where nodes share one.
///
/// # Errors
/// When the database is away.
pub(crate) async fn set(store: &Store, clock: &Clock) -> crate::store::Result<()> {
    let begun = Instant::now();
    if let Some(time) = store.time().await? {
        clock.heed(time, begun.elapsed());
    }
    Ok(())
}

/// Compares the clocks until the server stops, and says once that this machine's is wrong.
pub(crate) async fn run(node: Arc<Node>) {
    let mut said = false;
    loop {
        let wrong = wrong(&node.clock);
        match (&wrong, said) {
            (Some(wrong), false) => tracing::warn!("{wrong}"),
            (None, true) => tracing::info!("this machine's clock is right again"),
            _ => {}
        }
        said = wrong.is_some();
        if !node.rest(EVERY).await {
            return;
        }
        // The database is away: the clock counts on by itself.
        let _ = set(&node.store, &node.clock).await;
    }
}
