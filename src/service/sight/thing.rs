//! Where a thing stands, whose it is, and its words.
use crate::{
    domain::{
        Millis,
        account::AccountId,
        concession::ConcessionState,
        framework::FrameworkId,
        moderation::{Kind, Object},
        permission::{Sight, State, Viewer, visible_to},
        remit::Place,
        thread::{Comment, CommentId, CommentState, Thread, ThreadId, ThreadState},
    },
    protocol::problem::Problem,
    service::Outcome,
    store::{self, Reader},
};

/// How much of a text the queue shows, in characters.
pub(crate) const EXCERPT: usize = 280;

/// Where a thing is, whose it is, and its words.
pub(crate) struct Located {
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

pub(crate) async fn locate(reader: &mut Reader, object: Object) -> store::Result<Option<Located>> {
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
pub(crate) async fn place_of(reader: &mut Reader, object: Object) -> Outcome<Place> {
    match object.kind {
        Kind::Account | Kind::Framework | Kind::Site => Ok(Place::Whole),
        _ => Ok(locate(reader, object).await?.ok_or_else(Problem::not_found)?.place),
    }
}

/// In the order of their ids' list.
pub fn in_order(mut comments: Vec<Comment>, ids: &[CommentId]) -> Vec<Comment> {
    comments.sort_by_key(|comment| ids.iter().position(|id| *id == comment.id));
    comments
}
