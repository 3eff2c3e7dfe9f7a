//! The index for searching: it follows the public streams.
use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::{
    domain::{framework::Framework, search::Findable},
    service::{Outcome, node::Node},
};

/// How many rows one transaction indexes anew.
const REBUILT: i64 = 500;
/// How often it is looked for what was posted, and how often in vain while people go on posting.
const EVERY: Duration = Duration::from_secs(1);
const LOOKS: u32 = 10;
/// How long a search waits for what was posted before it.
const PATIENCE: Duration = Duration::from_secs(2);
/// The site's value that says for which way of indexing the index was built.
const BUILT_FOR: &str = "search_built";
/// This way of indexing.
const WAY: &str = "3";

/// Indexes what was posted, as the public streams tell it, up to where they stand now. Comments
/// come in floods, and an index is dear to write: so they are indexed in lots, past the writers'
/// transactions, and before anybody searches.
///
/// # Errors
/// When the store fails; what is indexed stays.
pub(crate) async fn catch_up(node: &Node) -> Outcome<()> {
    let unindexed = node.store.read().await?.unindexed().await?;
    for (framework, now) in unindexed {
        loop {
            let mut tx = node.store.write().await?;
            tx.lock_framework(framework).await?;
            let place = tx.index_posted(framework, REBUILT).await?;
            tx.commit().await?;
            if place >= now {
                break;
            }
        }
    }
    Ok(())
}

/// Whoever searches finds what was posted before; what could not be indexed in time, or with the
/// disk full, is not found yet.
pub(crate) async fn caught_up(node: &Node) {
    match timeout(PATIENCE, catch_up(node)).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => {
            tracing::warn!(problem = %failure.told(), "new comments were not indexed")
        }
        Err(_) => tracing::warn!("new comments were not all indexed in time"),
    }
}

/// Indexes what was posted, until the server stops: once nobody has posted for a moment, so that
/// those who write in a flood do not wait for the index as well, but not much later.
pub async fn follow(node: Arc<Node>) {
    let (mut before, mut looks) = (vec![], 0);
    while node.rest(EVERY).await {
        let found = async { node.store.read().await?.unindexed().await };
        let Ok(unindexed) = found.await else { continue };
        let enough = unindexed == before || looks >= LOOKS;
        looks = if enough { 0 } else { looks + 1 };
        if enough && !unindexed.is_empty() {
            // Whoever searches tries again, and says what is amiss.
            let _ = catch_up(&node).await;
        }
        before = unindexed;
    }
}

/// Builds the index if it was not built for this way of indexing: after an upgrade, or where a
/// backup brought none.
///
/// # Errors
/// When the store fails.
pub async fn build(node: &Node) -> Outcome<()> {
    if node
        .store
        .read()
        .await?
        .site_value(BUILT_FOR)
        .await?
        .as_deref()
        == Some(WAY)
    {
        return Ok(());
    }
    rebuild(node).await.map(|_| ())
}

/// Builds the index anew; how many things it holds. Searching goes on meanwhile and finds what is
/// indexed so far.
///
/// # Errors
/// When the store fails; what was done stays, and it can be run again.
pub async fn rebuild(node: &Node) -> Outcome<usize> {
    let mut tx = node.store.write().await?;
    tx.clear_index().await?;
    tx.commit().await?;
    let mut count = 0;
    // Read after the clearing: what comes later indexes itself.
    let frameworks = node.store.read().await?.frameworks().await?;
    for Framework { id, .. } in frameworks {
        for kind in [Findable::Thread, Findable::Comment, Findable::Concession] {
            let mut after = String::new();
            loop {
                let mut tx = node.store.write().await?;
                // Nothing of this framework changes between reading its words and keeping them.
                tx.lock_framework(id).await?;
                let Some((last, done)) = tx.reindex(id, kind, &after, REBUILT).await? else {
                    break;
                };
                tx.commit().await?;
                (after, count) = (last, count + done);
            }
        }
    }
    let mut tx = node.store.write().await?;
    tx.set_site_value(BUILT_FOR, WAY).await?;
    tx.commit().await?;
    Ok(count)
}
