//! Changes of a stream over REST, for readers without a socket.
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use crate::{
    domain::stream::Stream,
    protocol::{
        event::Event,
        problem::{Code, Problem},
    },
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        sight::seen,
        way_out::{events, feed},
    },
};

/// The most changes in one answer.
const MOST: usize = 1_000;
/// The bytes at which an answer is full: a thousand of the longest texts would be seventy times as
/// much.
const FULL: usize = 1024 * 1024;
/// How many are made into events at a time.
const PIECE: i64 = 32;

/// Changes after a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangesView {
    /// In order, without gaps.
    #[schema(value_type = Vec<Event>)]
    pub items: Vec<Box<RawValue>>,
    /// Whether there are more.
    pub more: bool,
    /// The stream's epoch.
    pub epoch: String,
    /// The stream's head.
    pub seq: i64,
}

/// Changes of a stream after a place of an epoch.
pub async fn since(
    node: &Node,
    account: Option<Asker>,
    slug: &str,
    stream: Stream,
    epoch: Option<String>,
    after: i64,
) -> Outcome<ChangesView> {
    let mut seen = seen::see_slug(node, account, slug).await?;
    feed::may_follow(&seen.actor, stream)?;
    let seq = seen
        .reader
        .head(seen.framework.id, &stream.to_string())
        .await?
        .seq;
    if epoch.is_some_and(|epoch| epoch != seen.framework.epoch) || after > seq {
        return Err(Problem::new(
            Code::Conflict,
            "This place is not of this stream any more. Read the framework again.",
        )
        .into());
    }
    let (name, mut place) = (stream.to_string(), after);
    let (mut items, mut bytes): (Vec<Box<RawValue>>, usize) = (vec![], 0);
    while items.len() < MOST && bytes < FULL && place < seq {
        let changes = seen
            .reader
            .changes(seen.framework.id, &name, place, PIECE)
            .await?;
        let Some(last) = changes.last() else { break };
        place = last.seq;
        for event in
            events::materialise(&mut seen.reader, &seen.framework, stream, &changes).await?
        {
            let event = to_raw_value(&event).expect("an event is JSON");
            bytes += event.get().len();
            items.push(event);
        }
    }
    Ok(ChangesView {
        items,
        more: place < seq,
        epoch: seen.framework.epoch,
        seq,
    })
}
