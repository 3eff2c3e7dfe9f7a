//! Moves the running tallies, in order: a ballot's change that comes before its predecessors, as it does when another node
//! saved those, waits a little for them.
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::writer::Shared;
use crate::{
    domain::tally::{Applied, Delta},
    live::RoundKey,
};

/// How long a change waits for its predecessors, or for its tally; then the tally is recounted.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is tried.
const EVERY: Duration = Duration::from_millis(20);

/// Changes that have not found their place yet, by round and place.
#[derive(Default)]
pub(super) struct Moves(BTreeMap<RoundKey, BTreeMap<i64, (Instant, Delta)>>);

impl Moves {
    /// Takes on what a batch changed.
    pub async fn take(&mut self, shared: &Shared, deltas: Vec<Delta>) {
        let until = Instant::now() + PATIENCE;
        for delta in deltas {
            self.0.entry((delta.question, delta.round)).or_default().insert(delta.at_seq, (until, delta));
        }
        self.settle(shared).await;
    }

    /// The moment to try again what waits; never, where nothing does.
    pub async fn due(&self) {
        if self.0.is_empty() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(EVERY).await;
    }

    /// Moves what is next, and gives up on what waited too long.
    pub async fn settle(&mut self, shared: &Shared) {
        let mut lost = 0;
        for waiting in self.0.values_mut() {
            while let Some(first) = waiting.first_entry() {
                let (until, delta) = first.get();
                match shared.live.move_tally(delta, shared.options.release, shared.clock.now()).await {
                    Ok(Some(Applied::Yes | Applied::Old)) => {}
                    _ if *until <= Instant::now() => lost += 1,
                    // Those behind it cannot move either.
                    _ => break,
                }
                first.remove();
            }
        }
        self.0.retain(|_, waiting| !waiting.is_empty());
        if lost > 0 {
            // Whoever looks at the tally next finds it behind the ballots and recounts it.
            tracing::debug!(lost, "changes did not reach their tally");
        }
    }
}
