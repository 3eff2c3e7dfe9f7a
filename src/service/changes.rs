//! Changes of a stream over REST, for readers without a socket.
use serde::Serialize;
use utoipa::ToSchema;

use super::{Outcome, Services, accounts::Asker, events, feed, frameworks};
use crate::{
    domain::stream::Stream,
    protocol::{
        event::Event,
        problem::{Code, Problem},
    },
};

/// The most changes in one answer.
const MOST: i64 = 1_000;

/// Changes after a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangesView {
    /// In order, without gaps.
    pub items: Vec<Event>,
    /// Whether there are more.
    pub more: bool,
    /// The stream's epoch.
    pub epoch: String,
    /// The stream's head.
    pub seq: i64,
}

/// Changes of a stream after a place of an epoch.
pub async fn since(
    services: &Services,
    account: Option<Asker>,
    slug: &str,
    stream: Stream,
    (epoch, after): (Option<String>, i64),
) -> Outcome<ChangesView> {
    let mut seen = frameworks::see_slug(services, account, slug).await?;
    feed::may_follow(&seen.actor, stream)?;
    let seq = seen.reader.head(seen.framework.id, &stream.to_string()).await?.seq;
    if epoch.is_some_and(|epoch| epoch != seen.framework.epoch) || after > seq || after < 0 {
        return Err(Problem::new(Code::Conflict, "This place is not of this stream any more. Read the framework again.").into());
    }
    let changes = seen.reader.changes(seen.framework.id, &stream.to_string(), after, MOST).await?;
    let items = events::materialise(&mut seen.reader, &seen.framework, stream, &changes).await?;
    let more = changes.last().is_some_and(|last| last.seq < seq);
    Ok(ChangesView { items, more, epoch: seen.framework.epoch, seq })
}
