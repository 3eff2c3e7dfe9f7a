//! Telling everyone how many are here.
use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::{
    domain::{framework::FrameworkId, presence::Here},
    service::node::Node,
};

/// How often presence is said and shown.
const EVERY: Duration = Duration::from_secs(2);

/// Says and shows presence until the server stops.
pub async fn run(node: Arc<Node>) {
    let mut shown: BTreeMap<FrameworkId, Here> = BTreeMap::new();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while node.stop.run_until_cancelled(tick.tick()).await.is_some() {
        let mut said = node.presence.said();
        for framework in shown.keys() {
            said.entry(*framework).or_default();
        }
        for (framework, here) in said {
            let now = node.now();
            if let Err(error) = node.live.say_here(&node.boot, framework, here, now).await {
                tracing::debug!(%error, "presence was not said");
            }
            let here = node.presence.shown(&node.live, framework, now).await;
            if shown.get(&framework) != Some(&here) {
                node.presence.show(framework, &here);
            }
            if here == Here::default() {
                shown.remove(&framework);
            } else {
                shown.insert(framework, here);
            }
        }
    }
    for framework in shown.into_keys() {
        // A clean stop need not wait for the word to expire.
        let _ = node
            .live
            .say_here(&node.boot, framework, Here::default(), node.now())
            .await;
    }
}
