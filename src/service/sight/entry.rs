//! A thing that waits, as every moderator sees it.
use crate::{
    domain::{framework::FrameworkId, permission::Viewer},
    protocol::rest::{ConditionView, QueueEntry},
    service::sight::{condition::condition, thing::Thing},
    store::{self, Reader, Waiting},
};

/// A thing that waits, as every moderator sees it.
pub(crate) async fn entry(
    reader: &mut Reader,
    framework: FrameworkId,
    waiting: Waiting,
) -> store::Result<QueueEntry> {
    let thing = Thing::read(reader, waiting.object).await?;
    entry_of(reader, framework, waiting, thing.as_ref()).await
}

/// As [`entry`], of what was read already.
pub(crate) async fn entry_of(
    reader: &mut Reader,
    framework: FrameworkId,
    waiting: Waiting,
    thing: Option<&Thing>,
) -> store::Result<QueueEntry> {
    let Waiting {
        object,
        point,
        language,
        score,
        because,
        opened_at,
        claim,
    } = waiting;
    let excerpt = thing.and_then(|thing| thing.excerpt_for(Viewer::MODERATORS));
    let (claimed_by, claimed_until) = claim.unzip();
    let condition = match thing {
        Some(thing) => condition(reader, framework, thing)
            .await?
            .view(object.kind()),
        None => ConditionView::default(),
    };
    Ok(QueueEntry {
        object,
        excerpt,
        point,
        language,
        score,
        because,
        opened_at,
        claimed_by,
        claimed_until,
        condition,
    })
}
