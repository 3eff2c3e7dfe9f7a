//! Searching, and what was written last: the index proposes, the rows as they are now and
//! `visible_to` decide. What somebody may not see is not counted either.
use std::collections::{BTreeSet, HashMap};

use crate::{
    domain::{
        account::AccountId,
        concession::{Concession, ConcessionId},
        framework::{Framework, FrameworkId},
        markdown,
        permission::{Actor, Sight, State, Viewer, visible_to},
        search::{Findable, Query, Snippet, card_texts, card_titles},
        thread::{Comment, CommentId, Thread, ThreadId, ThreadState},
    },
    protocol::{
        problem::Problem,
        rest::{FoundView, List},
    },
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        reads::search_index::caught_up,
        sight::{actor, cursor},
    },
    store::{Proposed, Reader, Result, Within},
};

/// Results on a page.
const PAGE: usize = 20;
/// How many the index proposes at a time.
const PROPOSALS: i64 = 100;
/// How often it is asked for one page: what is hidden is rare.
const LOOKS: usize = 50;

/// What somebody looks for.
pub struct Asked {
    /// The words.
    pub q: String,
    /// In one framework, by its name in addresses.
    pub framework: Option<String>,
    /// One kind of thing.
    pub kind: Option<Findable>,
    /// Where the list goes on.
    pub after: Option<String>,
}

/// A thing that may be seen, with what it stands in.
pub(crate) enum Seen {
    Thread(Thread),
    Comment(Comment, Thread),
    Concession(Concession),
}

impl Seen {
    /// What of it is searched.
    fn texts(&self) -> Vec<String> {
        match self {
            Self::Thread(thread) => vec![thread.title.clone()],
            Self::Comment(comment, _) => vec![markdown::plain(&comment.body)],
            Self::Concession(card) => card_texts(card),
        }
    }

    /// What it is, and its id.
    fn name(&self) -> (Findable, String) {
        match self {
            Self::Thread(thread) => (Findable::Thread, thread.id.to_string()),
            Self::Comment(comment, _) => (Findable::Comment, comment.id.to_string()),
            Self::Concession(card) => (Findable::Concession, card.id.to_string()),
        }
    }

    /// The thread it is or stands in, or the card it is.
    const fn above(&self) -> (Option<&Thread>, Option<&Concession>) {
        match self {
            Self::Thread(thread) | Self::Comment(_, thread) => (Some(thread), None),
            Self::Concession(card) => (None, Some(card)),
        }
    }
}

/// The rows behind proposals, with what they stand in.
struct Rows {
    comments: HashMap<CommentId, Comment>,
    threads: HashMap<ThreadId, Thread>,
    cards: HashMap<ConcessionId, Concession>,
}

impl Rows {
    async fn read(reader: &mut Reader, proposed: &[Proposed]) -> Result<Self> {
        let of = |kind| proposed.iter().filter(move |one| one.kind == kind);
        let comments: Vec<CommentId> = of(Findable::Comment).map(|one| one.object.cast()).collect();
        let comments: HashMap<_, _> = reader
            .comments_of(&comments)
            .await?
            .into_iter()
            .map(|one| (one.id, one))
            .collect();
        let mut threads: BTreeSet<ThreadId> =
            of(Findable::Thread).map(|one| one.object.cast()).collect();
        threads.extend(comments.values().map(|comment| comment.thread));
        let threads: Vec<ThreadId> = threads.into_iter().collect();
        let threads: HashMap<_, _> = reader
            .threads(&threads)
            .await?
            .into_iter()
            .map(|one| (one.id, one))
            .collect();
        let mut cards: BTreeSet<ConcessionId> = of(Findable::Concession)
            .map(|one| one.object.cast())
            .collect();
        cards.extend(threads.values().filter_map(|thread| thread.concession));
        let cards: Vec<ConcessionId> = cards.into_iter().collect();
        let cards = reader
            .concessions_of(&cards)
            .await?
            .into_iter()
            .map(|one| (one.id, one))
            .collect();
        Ok(Self {
            comments,
            threads,
            cards,
        })
    }

    /// A card, if the viewer sees it whole.
    fn card(&self, id: ConcessionId, viewer: Viewer) -> Option<&Concession> {
        self.cards
            .get(&id)
            .filter(|card| is_whole(viewer, card.author.id, State::Concession(card.state)))
    }

    /// A thread, if the viewer sees it and the card it stands under whole.
    fn thread(&self, id: ThreadId, viewer: Viewer) -> Option<&Thread> {
        let thread = self
            .threads
            .get(&id)
            .filter(|thread| is_whole(viewer, thread.author.id, State::Thread(thread.state)))?;
        thread
            .concession
            .is_none_or(|card| self.card(card, viewer).is_some())
            .then_some(thread)
    }

    /// What was proposed, if the viewer sees it whole.
    fn seen(&self, proposed: &Proposed, viewer: Viewer) -> Option<Seen> {
        Some(match proposed.kind.clone().known()? {
            Findable::Thread => Seen::Thread(self.thread(proposed.object.cast(), viewer)?.clone()),
            Findable::Comment => {
                let comment = self.comments.get(&proposed.object.cast())?;
                let thread = self.thread(comment.thread, viewer)?;
                let state = comment.sight_state(thread.state == ThreadState::Hidden);
                is_whole(viewer, comment.author.id, state)
                    .then(|| Seen::Comment(comment.clone(), thread.clone()))?
            }
            Findable::Concession => {
                Seen::Concession(self.card(proposed.object.cast(), viewer)?.clone())
            }
        })
    }
}

fn is_whole(viewer: Viewer, author: AccountId, state: State) -> bool {
    visible_to(viewer, author, state) == Sight::Whole
}

/// The things behind proposals that a viewer sees whole, in the order proposed.
pub(crate) async fn seen(
    reader: &mut Reader,
    proposed: &[Proposed],
    viewer: impl Fn(FrameworkId) -> Viewer,
) -> Result<Vec<(Proposed, Seen)>> {
    let rows = Rows::read(reader, proposed).await?;
    let one = |proposed: &Proposed| {
        Some((
            proposed.clone(),
            rows.seen(proposed, viewer(proposed.framework))?,
        ))
    };
    Ok(proposed.iter().filter_map(one).collect())
}

/// The frameworks somebody may read, and what they are there.
async fn readable(
    node: &Node,
    reader: &mut Reader,
    account: Option<Asker>,
    slug: Option<&str>,
) -> Outcome<HashMap<FrameworkId, (Framework, Actor)>> {
    let mut readable = HashMap::new();
    for framework in reader
        .frameworks()
        .await?
        .into_iter()
        .filter(|framework| slug.is_none_or(|slug| slug == framework.slug))
    {
        let actor = match account {
            Some(account) => {
                let found = actor::actor(
                    reader,
                    framework.id,
                    account.account,
                    node.now(),
                    node.options.second_factor,
                )
                .await?;
                found.map(|(_, actor)| Actor {
                    scope: account.scope,
                    ..actor
                })
            }
            None => None,
        };
        let actor = actor.unwrap_or_else(Actor::anonymous);
        if actor.enters(framework.public) {
            readable.insert(framework.id, (framework, actor));
        }
    }
    if slug.is_some() && readable.is_empty() {
        return Err(Problem::not_found().into());
    }
    Ok(readable)
}

/// What answers a query, newest first, among what the reader may see.
pub async fn search(node: &Node, account: Option<Asker>, asked: Asked) -> Outcome<List<FoundView>> {
    let query = Query::read(&asked.q).map_err(Problem::from)?;
    let mut before = cursor::before(asked.after.as_deref())?;
    caught_up(node).await;
    let mut reader = node.store.read().await?;
    let readable = readable(node, &mut reader, account, asked.framework.as_deref()).await?;
    let frameworks: Vec<FrameworkId> = readable.keys().copied().collect();
    let mut items = vec![];
    // One more than a page: whether there is a next one must not depend on what is hidden.
    for _ in 0..LOOKS {
        if items.len() > PAGE || frameworks.is_empty() {
            break;
        }
        let within = Within {
            frameworks: &frameworks,
            kind: asked.kind,
            before,
            limit: PROPOSALS,
        };
        let proposed = reader.proposed(&query, &within).await?;
        let viewer = |id| {
            readable
                .get(&id)
                .map_or(Viewer::PUBLIC, |(_, actor)| actor.viewer())
        };
        let seen = seen(&mut reader, &proposed, viewer).await?;
        items.extend(
            seen.into_iter()
                .filter_map(|(_, seen)| found(&query, seen, &readable)),
        );
        match proposed
            .last()
            .filter(|_| i64::try_from(proposed.len()) == Ok(PROPOSALS))
        {
            Some(last) => before = (last.at, last.object.to_string()),
            None => break,
        }
    }
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let next = items
        .last()
        .filter(|_| more)
        .map(|last: &FoundView| format!("{}_{}", last.created_at, last.id));
    Ok(List { items, next })
}

/// A thing as a result; `None` where it does not answer the query as it is now.
pub(crate) fn found(
    query: &Query,
    seen: Seen,
    readable: &HashMap<FrameworkId, (Framework, Actor)>,
) -> Option<FoundView> {
    let texts = seen.texts();
    if !query.answered_by(&texts) {
        return None;
    }
    let Snippet {
        text: snippet,
        matches,
    } = query.snippet(&texts);
    let (kind, id) = seen.name();
    let (framework, author, created_at) = match &seen {
        Seen::Thread(one) => (one.framework, &one.author, one.created_at),
        Seen::Comment(one, _) => (one.framework, &one.author, one.created_at),
        Seen::Concession(one) => (one.framework, &one.author, one.created_at),
    };
    let slug = readable
        .get(&framework)
        .map(|(framework, _)| framework.slug.clone())?;
    let (thread, card) = seen.above();
    let title = match card {
        // In the language in which it was found.
        Some(card) => card_titles(card)[query.best(&texts)],
        None => thread.map_or("", |thread| &thread.title),
    };
    Some(FoundView {
        kind,
        id,
        framework,
        slug,
        title: title.to_owned(),
        snippet,
        matches,
        thread: thread.map(|thread| thread.id),
        point: thread.and_then(|thread| thread.point),
        concession: card.map(|card| card.id).or_else(|| thread?.concession),
        question: card.map(|card| card.question),
        author: author.clone(),
        created_at,
    })
}
