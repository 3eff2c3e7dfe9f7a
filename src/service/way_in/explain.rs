//! Explaining what an older version left in the queue.
use serde_json::Value;

use crate::{
    domain::stream::{EventKind, Stream},
    service::{Outcome, acts::moderation::waiting::refresh, node::Node, way_in::ledger, work::Pending},
};

/// Explains what an older version left in the queue.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn explain(node: &Node) -> Outcome<()> {
    let unexplained = node.store.read().await?.unexplained().await?;
    for (framework, object) in unexplained {
        let mut tx = node.store.write().await?;
        if let Some(framework) = tx.lock_framework(framework).await? {
            let (object_id, now) = (object.id.to_string(), node.now());
            refresh(&mut tx, framework.id, object, now).await?;
            let changed = Pending { stream: Stream::Moderators, kind: EventKind::QueueChanged, object: object_id, version: 0, content: Value::Null };
            let hint = ledger::append_of_site(&mut tx, &framework, now, vec![changed]).await?;
            tx.commit().await?;
            node.live.publish(hint);
        }
    }
    Ok(())
}
