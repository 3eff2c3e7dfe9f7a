//! Checkpoints: once a minute at most, where the shared streams of a framework stand is signed and
//! kept for others to save. A chain alone shows only that it fits itself; who holds an earlier
//! checkpoint sees whether it was made anew since.

use std::{sync::Arc, time::Duration};

use crate::{
    domain::{Millis, framework::FrameworkId, stream::Stream},
    protocol::{
        problem::Problem,
        rest::{CheckpointView, CheckpointsView},
    },
    service::{
        Outcome,
        caller::Asker,
        keep::chain_key::{self, Signer},
        node::Node,
        sight::{cursor, seen},
        way_out::feed,
    },
    store::Checkpoint,
};

/// How often heads are looked at.
const EVERY: Duration = Duration::from_secs(10);
/// How far checkpoints of a stream stand apart at least, in milliseconds.
pub const APART: Millis = 60_000;
/// The streams that are signed: an account's own is private, and may be erased whole.
const SIGNED: [Stream; 2] = [Stream::Public, Stream::Moderators];
/// Checkpoints on a page.
const PAGE: i64 = 1_000;

/// Makes checkpoints until the server stops. Every node looks; the framework's lock and the primary
/// key let one of them.
pub async fn run(node: Arc<Node>) {
    while node.rest(EVERY).await {
        if let Err(failure) = make_due(&node).await {
            tracing::warn!(problem = %failure.told(), "a checkpoint was not made; it is tried again");
        }
    }
}

/// Makes the checkpoints that are due.
///
/// # Errors
/// When the key cannot be read or the store fails.
pub async fn make_due(node: &Node) -> Outcome<()> {
    let due = node
        .store
        .read()
        .await?
        .unsigned_frameworks(node.now() - APART)
        .await?;
    for framework in due {
        sign(node, framework).await?;
    }
    Ok(())
}

async fn sign(node: &Node, framework: FrameworkId) -> Outcome<()> {
    let signer = signer(node)?;
    let mut tx = node.store.write().await?;
    let Some(framework) = tx.lock_framework(framework).await? else {
        return Ok(());
    };
    let at = node.clock.at(tx.time());
    for stream in SIGNED.map(|stream| stream.to_string()) {
        let head = tx.head(framework.id, &stream).await?;
        if head.seq > 0 {
            let checkpoint = signer.checkpoint(framework.id, &stream, &framework.epoch, head, at);
            tx.insert_checkpoint(&checkpoint).await?;
        }
    }
    tx.commit().await?;
    metrics::counter!("demarche_checkpoints").increment(1);
    Ok(())
}

fn signer(node: &Node) -> Outcome<&Signer> {
    let signer = node.options.chain_key.signer();
    Ok(signer.map_err(|error| {
        tracing::error!(%error, "the chain's key cannot be used");
        Problem::unavailable()
    })?)
}

/// A stream's checkpoints, oldest first, with the key that signs now.
pub async fn list(
    node: &Node,
    account: Option<Asker>,
    slug: &str,
    stream: Stream,
    after: Option<&str>,
) -> Outcome<CheckpointsView> {
    let mut seen = seen::see_slug(node, account, slug).await?;
    feed::may_follow(&seen.actor, stream)?;
    if !SIGNED.contains(&stream) {
        return Err(Problem::not_found().into());
    }
    let (at, seq) = after.map_or(Ok((Millis::MIN, "0".into())), cursor::place_of)?;
    let seq = seq
        .parse()
        .map_err(|_| Problem::field("after", "invalid", "Not a cursor of this list."))?;
    let found = seen
        .reader
        .checkpoints(seen.framework.id, &stream.to_string(), (at, seq), PAGE)
        .await?;
    let next = cursor::next(&found, PAGE, |last| (last.at, last.seq));
    let key = signer(node)?.public();
    Ok(CheckpointsView {
        items: found.into_iter().map(view).collect(),
        next,
        epoch: seen.framework.epoch,
        key,
    })
}

fn view(checkpoint: Checkpoint) -> CheckpointView {
    let Checkpoint {
        framework,
        stream,
        epoch,
        seq,
        hash,
        at,
        key,
        signature,
    } = checkpoint;
    CheckpointView {
        v: chain_key::VERSION,
        framework,
        stream,
        epoch,
        seq,
        hash,
        at,
        key,
        signature,
    }
}
