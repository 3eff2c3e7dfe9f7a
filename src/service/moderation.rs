//! Moderation: reports, the queue, decisions, appeals and the public log; here, where things stand and whose they are.
mod again;
pub mod appeals;
mod condition;
pub mod decisions;
pub mod item;
pub mod log;
pub mod places;
pub mod queue;
pub mod reports;
pub mod reversal;
pub mod uniting;

use super::{Outcome, command::Work, node::Node};
use crate::{
    domain::{
        Millis,
        account::AccountId,
        concession::ConcessionState,
        framework::FrameworkId,
        moderation::{Kind, Object, SITE},
        permission::{Sight, State, Viewer, visible_to},
        remit::Place,
        thread::{CommentState, Thread, ThreadId, ThreadState},
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
    /// The point under which the queue lists it: its own, or the one that the question above it asks about.
    pub point: Option<u32>,
    /// Where it is for a moderator's limits: under a card, the points that the card is about.
    pub place: Place,
    pub state: State,
    /// Since when it says what it says.
    pub worded_at: Millis,
    /// Whether its author took it back.
    pub taken_back: bool,
}

impl Located {
    /// The beginning of its words, as far as somebody sees them.
    pub fn excerpt_for(&self, viewer: Viewer) -> Option<String> {
        let author = self.author?;
        (visible_to(viewer, author, self.state) == Sight::Whole).then(|| self.excerpt.chars().take(EXCERPT).collect())
    }

    /// Its language.
    pub fn language(&self) -> Option<String> {
        match &self.place {
            Place::Thing { language, .. } => language.clone(),
            Place::Whole | Place::Point(_) => None,
        }
    }
}

pub(super) async fn locate(reader: &mut Reader, object: Object) -> store::Result<Option<Located>> {
    match object.kind {
        Kind::Comment => {
            let Some(comment) = reader.comment(object.id.cast()).await? else { return Ok(None) };
            let Some(thread) = reader.thread(comment.thread).await? else { return Ok(None) };
            let state = comment.sight_state(thread.state == ThreadState::Hidden);
            let (framework, author, thread_id) = (comment.framework, Some(comment.author.id), Some(thread.id));
            let (point, place) = stands(reader, &thread, Some(comment.language)).await?;
            let (worded_at, taken_back) = (comment.edited_at.unwrap_or(comment.created_at), comment.state == CommentState::Deleted);
            Ok(Some(Located { framework, author, excerpt: comment.body, thread: thread_id, point, place, state, worded_at, taken_back }))
        }
        Kind::Thread => {
            let Some(thread) = reader.thread(object.id.cast()).await? else { return Ok(None) };
            // A thread speaks the language of the comment that opened it.
            let first = reader.comments(thread.id, (Millis::MIN, String::new()), 1).await?.pop();
            let (point, place) = stands(reader, &thread, first.map(|comment| comment.language)).await?;
            let (framework, author, state) = (thread.framework, Some(thread.author.id), State::Thread(thread.state));
            let (worded_at, taken_back) = (thread.created_at, false);
            Ok(Some(Located { framework, author, excerpt: thread.title, thread: Some(thread.id), point, place, state, worded_at, taken_back }))
        }
        Kind::Concession => {
            let Some(card) = reader.concession(object.id.cast()).await? else { return Ok(None) };
            let (framework, author, state) = (card.framework, Some(card.author.id), State::Concession(card.state));
            let point = reader.question(card.question).await?.map(|question| question.point);
            let place = Place::Thing { points: card.terms.points, language: Some(card.terms.language) };
            let (worded_at, taken_back) = (card.edited_at.unwrap_or(card.created_at), card.state == ConcessionState::Withdrawn);
            Ok(Some(Located { framework, author, excerpt: card.terms.title, thread: None, point, place, state, worded_at, taken_back }))
        }
        Kind::Account | Kind::Framework | Kind::Site => Ok(None),
    }
}

/// Where a thread, or something in it in a language of its own, stands: the point of the queue, and the place for limits.
async fn stands(reader: &mut Reader, thread: &Thread, language: Option<String>) -> store::Result<(Option<u32>, Place)> {
    let card = match thread.concession {
        Some(card) => reader.concession(card).await?,
        None => None,
    };
    let Some(card) = card else {
        return Ok((thread.point, Place::Thing { points: thread.point.into_iter().collect(), language }));
    };
    let point = reader.question(card.question).await?.map(|question| question.point);
    Ok((point, Place::Thing { points: card.terms.points, language: language.or(Some(card.terms.language)) }))
}

/// Where a thing is, for a moderator's limits: people, the framework and the site are nobody's part of it.
pub(super) async fn place_of(reader: &mut Reader, object: Object) -> Outcome<Place> {
    match object.kind {
        Kind::Account | Kind::Framework | Kind::Site => Ok(Place::Whole),
        _ => Ok(locate(reader, object).await?.ok_or_else(Problem::not_found)?.place),
    }
}

/// The framework something stands in. Accounts and the site stand in every one: `named` says which is meant, else the first.
pub async fn framework_of(node: &Node, object: Object, named: Option<&str>) -> Outcome<FrameworkId> {
    if object.kind == Kind::Framework {
        return Ok(object.id.cast());
    }
    if let Some(framework) = node.known.place(object.id) {
        return Ok(framework);
    }
    let mut reader = node.store.read().await?;
    if let Some(located) = locate(&mut reader, object).await? {
        node.known.keep_place(object.id, located.framework);
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
    Problem::new(Code::Conflict, "It is already so, or it is no longer there. Look again.")
}
