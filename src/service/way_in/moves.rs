//! Moves the running tallies, in order: a ballot's change that comes before its predecessors, as it
//! does when another node saved those, waits a little for them.
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tokio::sync::mpsc;

use crate::{
    domain::tally::{Applied, Delta},
    live::{Hint, RoundKey},
    service::node::Node,
};

/// How long a change waits for its predecessors, or for its tally; then the tally is recounted.
const PATIENCE: Duration = Duration::from_secs(1);
/// How many are on their way to the live state at a time: `join_all` sends off so many in their
/// order.
const LOT: usize = 30;
/// How many of a round may wait: to recount so many is quicker than to move them one by one.
const MANY: usize = 4_096;
/// How often it is tried.
const EVERY: Duration = Duration::from_millis(20);

/// Changes that have not found their place yet, by round and place.
#[derive(Default)]
pub(crate) struct Moves(BTreeMap<RoundKey, BTreeMap<i64, (Instant, Delta)>>);

impl Moves {
    /// Takes on what a batch changed.
    pub async fn take(&mut self, node: &Node, deltas: Vec<Delta>) {
        let until = Instant::now() + PATIENCE;
        for delta in deltas {
            self.0
                .entry((delta.question, delta.round))
                .or_default()
                .insert(delta.at_seq, (until, delta));
        }
        self.settle(node).await;
    }

    /// The moment to try again what waits; never, where nothing does.
    pub async fn due(&self) {
        if self.0.is_empty() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(EVERY).await;
    }

    /// Moves what is next, many at a time, and gives up on what waited too long.
    pub async fn settle(&mut self, node: &Node) {
        let mut lost = 0;
        for waiting in self.0.values_mut() {
            if waiting.len() > MANY {
                lost += waiting.len();
                waiting.clear();
            }
            while !waiting.is_empty() {
                // All on their way before the first is answered: in order, each finds its
                // predecessor there.
                let some: Vec<i64> = waiting.keys().copied().take(LOT).collect();
                let moved = some.iter().map(|place| {
                    node.live
                        .move_tally(&waiting[place].1, node.options.release, node.clock.now())
                });
                let became = join_all(moved).await;
                let mut stays = false;
                for (place, became) in some.into_iter().zip(became) {
                    let moved = matches!(became, Ok(Some(Applied::Yes | Applied::Old)));
                    let late = !moved && waiting[&place].0 <= Instant::now();
                    lost += usize::from(late);
                    if moved || late {
                        waiting.remove(&place);
                    } else {
                        stays = true;
                    }
                }
                // Those behind it cannot move either.
                if stays {
                    break;
                }
            }
        }
        self.0.retain(|_, waiting| !waiting.is_empty());
        if lost > 0 {
            // Whoever looks at the tally next finds it behind the ballots and recounts it.
            tracing::debug!(lost, "changes did not reach their tally");
        }
    }
}

/// What a batch did to tallies.
#[derive(Default)]
pub(crate) struct Moved {
    pub deltas: Vec<Delta>,
    pub recounts: Vec<RoundKey>,
}

impl Moved {
    pub fn is_empty(&self) -> bool {
        self.deltas.is_empty() && self.recounts.is_empty()
    }
}

/// Moves tallies, in commit order, until there is nobody to tell of more.
pub(crate) async fn run(node: std::sync::Arc<Node>, mut told: mpsc::Receiver<Moved>) {
    let mut moves = Moves::default();
    loop {
        let moved = tokio::select! {
            moved = told.recv() => moved,
            () = moves.due() => {
                moves.settle(&node).await;
                continue;
            }
        };
        let Some(Moved { deltas, recounts }) = moved else {
            return;
        };
        for round in recounts {
            // With the live state away, the tally is found behind its ballots and counted anew all
            // the same.
            let _ = node.live.forget_tally(round).await;
            node.live.publish(Hint::Tally(round.0));
        }
        moves.take(&node, deltas).await;
    }
}
