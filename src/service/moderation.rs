//! Moderation: reports, the queue, decisions, appeals and the public log; here, where things stand and whose they are.
pub mod appeals;
pub mod decisions;
pub mod item;
pub mod log;
pub mod places;
pub mod queue;
pub mod reports;
pub mod reversal;

use super::{Outcome, Services, command::Work};
use crate::{
    domain::{
        account::AccountId,
        framework::FrameworkId,
        moderation::{Kind, Object, SITE},
        permission::{Sight, State, Viewer, visible_to},
        thread::{ThreadId, ThreadState},
    },
    protocol::problem::{Code, Problem},
    store::{self, Reader},
};

/// How much of a text the queue shows, in characters.
pub(super) const EXCERPT: usize = 280;

/// Where a thing is, whose it is, and its words.
pub(super) struct Located {
    pub framework: FrameworkId,
    pub author: Option<AccountId>,
    pub excerpt: String,
    pub thread: Option<ThreadId>,
    /// On or under which point.
    pub point: Option<u32>,
    pub language: Option<String>,
    pub state: State,
}

impl Located {
    /// The beginning of its words, as far as somebody sees them.
    pub fn excerpt_for(&self, viewer: Viewer) -> Option<String> {
        let author = self.author?;
        (visible_to(viewer, author, self.state) == Sight::Whole).then(|| self.excerpt.chars().take(EXCERPT).collect())
    }
}

pub(super) async fn locate(reader: &mut Reader, object: Object) -> store::Result<Option<Located>> {
    match object.kind {
        Kind::Comment => {
            let Some(comment) = reader.comment(object.id.cast()).await? else { return Ok(None) };
            let Some(thread) = reader.thread(comment.thread).await? else { return Ok(None) };
            let state = comment.sight_state(thread.state == ThreadState::Hidden);
            Ok(Some(Located {
                framework: comment.framework,
                author: Some(comment.author.id),
                excerpt: comment.body,
                thread: Some(thread.id),
                point: point_under(reader, thread.point, thread.concession).await?,
                language: Some(comment.language),
                state,
            }))
        }
        Kind::Thread => {
            let Some(thread) = reader.thread(object.id.cast()).await? else { return Ok(None) };
            Ok(Some(Located {
                framework: thread.framework,
                author: Some(thread.author.id),
                excerpt: thread.title,
                thread: Some(thread.id),
                point: point_under(reader, thread.point, thread.concession).await?,
                language: None,
                state: State::Thread(thread.state),
            }))
        }
        Kind::Concession => {
            let Some(card) = reader.concession(object.id.cast()).await? else { return Ok(None) };
            Ok(Some(Located {
                framework: card.framework,
                author: Some(card.author.id),
                excerpt: card.terms.title,
                thread: None,
                point: reader.question(card.question).await?.map(|question| question.point),
                language: Some(card.terms.language),
                state: State::Concession(card.state),
            }))
        }
        Kind::Account | Kind::Framework | Kind::Site => Ok(None),
    }
}

/// The point a thread stands on, or the one its card's question asks about.
async fn point_under(reader: &mut Reader, point: Option<u32>, card: Option<crate::domain::concession::ConcessionId>) -> store::Result<Option<u32>> {
    let (None, Some(card)) = (point, card) else { return Ok(point) };
    let Some(card) = reader.concession(card).await? else { return Ok(None) };
    Ok(reader.question(card.question).await?.map(|question| question.point))
}

/// The framework something stands in. Accounts and the site stand in every one: `named` says which is meant, else the first.
pub async fn framework_of(services: &Services, object: Object, named: Option<&str>) -> Outcome<FrameworkId> {
    if object.kind == Kind::Framework {
        return Ok(object.id.cast());
    }
    if let Some(framework) = services.known.place(object.id) {
        return Ok(framework);
    }
    let mut reader = services.store.read().await?;
    if let Some(located) = locate(&mut reader, object).await? {
        services.known.keep_place(object.id, located.framework);
        return Ok(located.framework);
    }
    // Always the same one for the site: two who pause it at once then wait for each other in one queue, and hold no locks crosswise.
    let known = match object.kind {
        Kind::Account => reader.account(object.id.cast()).await?.is_some(),
        kind => kind == Kind::Site && object.id == SITE.into(),
    };
    if !known {
        return Err(Problem::not_found().into());
    }
    let named = named.filter(|_| object.kind == Kind::Account);
    let found = match named {
        Some(slug) => reader.framework_by_slug(slug).await?,
        None => reader.frameworks().await?.into_iter().next(),
    };
    Ok(found.ok_or_else(Problem::not_found)?.id)
}

/// A thing of this framework, and whose it is; nobody's are the framework itself and the site.
pub(super) async fn whose(work: &mut Work<'_>, object: Object) -> Outcome<(Option<AccountId>, Option<Located>)> {
    match object.kind {
        Kind::Framework if object.id == work.framework.id.cast() => Ok((None, None)),
        Kind::Site if object.id == SITE.into() => Ok((None, None)),
        Kind::Account => {
            let account = work.tx.account(object.id.cast()).await?.ok_or_else(Problem::not_found)?;
            Ok((Some(account.id), None))
        }
        _ => {
            let located = locate(work.tx, object).await?.filter(|located| located.framework == work.framework.id);
            let located = located.ok_or_else(Problem::not_found)?;
            Ok((located.author, Some(located)))
        }
    }
}

/// Nothing is left to do.
pub fn already() -> Problem {
    Problem::new(Code::Conflict, "It is already so, or it is no longer there: look again.")
}
