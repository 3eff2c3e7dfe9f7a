//! A thing that is decided about, read once for each look and each decision: where it stands, whose
//! it is, and its words.
use crate::{
    domain::{
        Millis,
        account::{Account, AccountId},
        concession::{Concession, ConcessionState},
        framework::{Framework, FrameworkId},
        moderation::{Object, SITE},
        permission::{Sight, State, Viewer, visible_to},
        remit::Place,
        thread::{Comment, CommentId, CommentState, Thread, ThreadId, ThreadState},
    },
    store::{self, Reader},
};

/// How much of a text the queue shows, in characters.
const EXCERPT: usize = 280;

/// The beginning of a text, as the queue shows it.
pub(crate) fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

/// A thing as it was read.
pub(crate) enum Thing {
    /// A comment in its thread.
    Comment(Comment, Thread),
    Thread(Thread),
    Concession(Concession),
    Account(Account),
    Framework(Framework),
    Site,
}

/// Where a thing stands.
pub(crate) struct Spot {
    /// The point under which the queue lists it: its own, or the one that the question above it
    /// asks about.
    pub point: Option<u32>,
    /// Where it is for a moderator's limits: under a card, the points that the card is about.
    pub place: Place,
}

impl Spot {
    /// Of people, the framework and the site: nobody's part of it.
    pub const WHOLE: Self = Self {
        point: None,
        place: Place::Whole,
    };

    /// The language of what stands there.
    pub fn language(&self) -> Option<String> {
        match &self.place {
            Place::Thing { language, .. } => language.clone(),
            Place::Whole | Place::Point(_) => None,
        }
    }
}

impl Thing {
    /// What stands under a kind and an id; `None` where nothing does.
    pub async fn read(reader: &mut Reader, object: Object) -> store::Result<Option<Self>> {
        Ok(match object {
            Object::Comment(id) => {
                let Some(comment) = reader.comment(id).await? else {
                    return Ok(None);
                };
                reader
                    .thread(comment.thread)
                    .await?
                    .map(|thread| Self::Comment(comment, thread))
            }
            Object::Thread(id) => reader.thread(id).await?.map(Self::Thread),
            Object::Concession(id) => reader.concession(id).await?.map(Self::Concession),
            Object::Account(id) => reader.account(id).await?.map(Self::Account),
            Object::Framework(id) => reader.framework(id).await?.map(Self::Framework),
            Object::Site(id) => (id == SITE.into()).then_some(Self::Site),
        })
    }

    pub fn object(&self) -> Object {
        match self {
            Self::Comment(comment, _) => Object::Comment(comment.id),
            Self::Thread(thread) => Object::Thread(thread.id),
            Self::Concession(card) => Object::Concession(card.id),
            Self::Account(account) => Object::Account(account.id),
            Self::Framework(framework) => Object::Framework(framework.id),
            Self::Site => Object::Site(SITE.into()),
        }
    }

    /// The framework it is a part of; people and the site are of every one.
    pub const fn framework(&self) -> Option<FrameworkId> {
        match self {
            Self::Comment(comment, _) => Some(comment.framework),
            Self::Thread(thread) => Some(thread.framework),
            Self::Concession(card) => Some(card.framework),
            Self::Framework(framework) => Some(framework.id),
            Self::Account(_) | Self::Site => None,
        }
    }

    /// Whose it is, or who it is.
    pub const fn whose(&self) -> Option<AccountId> {
        match self {
            Self::Comment(comment, _) => Some(comment.author.id),
            Self::Thread(thread) => Some(thread.author.id),
            Self::Concession(card) => Some(card.author.id),
            Self::Account(account) => Some(account.id),
            Self::Framework(_) | Self::Site => None,
        }
    }

    /// Its words, or the name of somebody.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Comment(comment, _) => Some(&comment.body),
            Self::Thread(thread) => Some(&thread.title),
            Self::Concession(card) => Some(&card.terms.title),
            Self::Account(account) => Some(&account.handle),
            Self::Framework(_) | Self::Site => None,
        }
    }

    /// What decides who sees it; `None` for what has no words to be seen.
    pub fn state(&self) -> Option<State> {
        match self {
            Self::Comment(comment, thread) => {
                Some(comment.sight_state(thread.state == ThreadState::Hidden))
            }
            Self::Thread(thread) => Some(State::Thread(thread.state)),
            Self::Concession(card) => Some(State::Concession(card.state)),
            Self::Account(_) | Self::Framework(_) | Self::Site => None,
        }
    }

    /// The version of its words; `None` for what has no words.
    pub const fn version(&self) -> Option<i64> {
        match self {
            Self::Comment(comment, _) => Some(comment.version),
            Self::Thread(thread) => Some(thread.version),
            Self::Concession(card) => Some(card.version),
            Self::Account(_) | Self::Framework(_) | Self::Site => None,
        }
    }

    /// Since when it says what it says.
    pub fn worded_at(&self) -> Option<Millis> {
        match self {
            Self::Comment(comment, _) => Some(comment.edited_at.unwrap_or(comment.created_at)),
            Self::Thread(thread) => Some(thread.created_at),
            Self::Concession(card) => Some(card.edited_at.unwrap_or(card.created_at)),
            Self::Account(_) | Self::Framework(_) | Self::Site => None,
        }
    }

    /// Whether its author took it back.
    pub fn taken_back(&self) -> bool {
        match self {
            Self::Comment(comment, _) => comment.state == CommentState::Deleted,
            Self::Concession(card) => card.state == ConcessionState::Withdrawn,
            Self::Thread(_) | Self::Account(_) | Self::Framework(_) | Self::Site => false,
        }
    }

    /// The thread it is, or is in.
    pub const fn thread(&self) -> Option<ThreadId> {
        match self {
            Self::Comment(_, thread) | Self::Thread(thread) => Some(thread.id),
            Self::Concession(_) | Self::Account(_) | Self::Framework(_) | Self::Site => None,
        }
    }

    /// The beginning of its words, as far as somebody sees them.
    pub fn excerpt_for(&self, viewer: Viewer) -> Option<String> {
        let (author, words) = (self.whose()?, self.words()?);
        let shows = self
            .state()
            .is_none_or(|state| visible_to(viewer, author, state) == Sight::Whole);
        shows.then(|| excerpt(words))
    }

    /// Where it stands.
    pub async fn spot(&self, reader: &mut Reader) -> store::Result<Spot> {
        match self {
            Self::Comment(comment, thread) => {
                under(reader, thread, Some(comment.language.clone())).await
            }
            Self::Thread(thread) => {
                // A thread speaks the language of the comment that opened it.
                let first = reader
                    .comments(thread.id, (Millis::MIN, String::new()), 1)
                    .await?
                    .pop();
                under(reader, thread, first.map(|comment| comment.language)).await
            }
            Self::Concession(card) => about(reader, card, None).await,
            Self::Account(_) | Self::Framework(_) | Self::Site => Ok(Spot::WHOLE),
        }
    }
}

/// Where a thread stands, or something in it in a language of its own.
async fn under(
    reader: &mut Reader,
    thread: &Thread,
    language: Option<String>,
) -> store::Result<Spot> {
    let card = match thread.concession {
        Some(card) => reader.concession(card).await?,
        None => None,
    };
    match card {
        Some(card) => about(reader, &card, language).await,
        None => Ok(Spot {
            point: thread.point,
            place: Place::Thing {
                points: thread.point.into_iter().collect(),
                language,
            },
        }),
    }
}

/// Where a card stands, or something under it in a language of its own.
async fn about(
    reader: &mut Reader,
    card: &Concession,
    language: Option<String>,
) -> store::Result<Spot> {
    let point = reader
        .question(card.question)
        .await?
        .map(|question| question.point);
    let language = language.or_else(|| Some(card.terms.language.clone()));
    Ok(Spot {
        point,
        place: Place::Thing {
            points: card.terms.points.clone(),
            language,
        },
    })
}

/// Where a decision would put a thing: under this card, or beside the threads at this one's place.
pub(crate) async fn place_of(reader: &mut Reader, object: Object) -> store::Result<Option<Place>> {
    match Thing::read(reader, object).await? {
        Some(thing) => Ok(Some(thing.spot(reader).await?.place)),
        None => Ok(None),
    }
}

/// In the order of their ids' list.
pub fn in_order(mut comments: Vec<Comment>, ids: &[CommentId]) -> Vec<Comment> {
    comments.sort_by_key(|comment| ids.iter().position(|id| *id == comment.id));
    comments
}
