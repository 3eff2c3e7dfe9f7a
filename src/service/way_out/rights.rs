//! What an account may do changed, or who may read a framework: every node looks at its sockets
//! again. A hint says so at once; the database says it to nodes that the hint did not reach.
use std::{collections::HashMap, sync::Arc, time::Duration};

use crate::{domain::Millis, live::Hint, service::node::Node};

/// How often changes are looked for that no hint told of.
const SWEEP: Duration = Duration::from_secs(1);
/// How far back a sweep looks, in milliseconds: longer than any transaction takes and any two
/// clocks differ.
const BACK: Millis = 60_000;

/// Heeds a hint about rights.
pub(crate) fn heed(node: &Node, hint: &Hint) {
    match hint {
        Hint::Rights(account) => {
            node.known.forget(*account);
            node.presence.recheck(*account);
        }
        Hint::Readers(_) => node.presence.recheck_all(),
        Hint::Streams { .. } | Hint::Tally(_) => {}
    }
}

/// Looks for changes until the server stops.
pub(crate) async fn run(node: Arc<Node>) {
    let mut tick = tokio::time::interval(SWEEP);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut heeded: HashMap<String, Millis> = HashMap::new();
    while node.stop.run_until_cancelled(tick.tick()).await.is_some() {
        let since = node.now() - BACK;
        heeded.retain(|_, at| *at > since);
        let read = async { node.store.read().await?.rights_changed_since(since).await };
        // The database is away: commands are refused by it anyway; the next look is in a second.
        let Ok(changes) = read.await else { continue };
        for (subject, at) in changes {
            if heeded.insert(subject.clone(), at) == Some(at) {
                continue;
            }
            if let Some(hint) = told_by(&subject) {
                heed(&node, &hint);
            }
        }
    }
}

/// The hint that a row stands for.
fn told_by(subject: &str) -> Option<Hint> {
    match subject.split_once('/')? {
        ("account", id) => id.parse().ok().map(Hint::Rights),
        ("framework", id) => id.parse().ok().map(Hint::Readers),
        _ => None,
    }
}
