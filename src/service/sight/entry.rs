//! A thing that waits, as every moderator sees it.
use crate::{
    domain::{framework::FrameworkId, moderation::Kind, permission::Viewer},
    protocol::rest::QueueEntry,
    service::sight::{condition::condition, thing::locate},
    store::{self, Reader, Waiting},
};

/// A thing that waits, as every moderator sees it.
pub(crate) async fn entry(reader: &mut Reader, framework: FrameworkId, waiting: Waiting) -> store::Result<QueueEntry> {
    let Waiting { object, point, language, score, because, opened_at, claim } = waiting;
    let excerpt = match locate(reader, object).await? {
        Some(located) => located.excerpt_for(Viewer::MODERATORS),
        None if object.kind == Kind::Account => reader.account(object.id.cast()).await?.map(|account| account.handle),
        None => None,
    };
    let (claimed_by, claimed_until) = claim.unzip();
    let condition = condition(reader, framework, object).await?.map(|found| found.view(object.kind)).unwrap_or_default();
    Ok(QueueEntry { object, excerpt, point, language, score, because, opened_at, claimed_by, claimed_until, condition })
}
