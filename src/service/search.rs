//! Searching, and what was written last: the index proposes, the rows as they are now and `visible_to` decide. What somebody
//! may not see is not counted either.
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use tokio::time::timeout;

use super::{Outcome, accounts::Asker, node::Node, paging, writer};
use crate::{
    domain::{
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
    store::{Proposed, Reader, Result, Within},
};

/// Results on a page.
const PAGE: usize = 20;
/// How many the index proposes at a time, and how often it is asked for one page: what is hidden is rare.
const PROPOSALS: (i64, usize) = (100, 50);
/// How many rows one transaction indexes anew.
const REBUILT: i64 = 500;
/// How often it is looked for what was posted, and how often in vain while people go on posting.
const EVERY: Duration = Duration::from_secs(1);
const LOOKS: u32 = 10;
/// How long a search waits for what was posted before it.
const PATIENCE: Duration = Duration::from_secs(2);
/// The site's value that says for which way of indexing the index was built.
const BUILT: (&str, &str) = ("search_built", "3");

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
pub(super) enum Seen {
    Thread(Thread),
    Comment(Comment, Thread),
    Concession(Concession),
}

/// The things behind proposals that a viewer sees whole, in the order proposed.
pub(super) async fn seen(reader: &mut Reader, proposed: &[Proposed], viewer: impl Fn(FrameworkId) -> Viewer) -> Result<Vec<(Proposed, Seen)>> {
    let of = |kind| proposed.iter().filter(move |one| one.kind == kind);
    let comments: Vec<CommentId> = of(Findable::Comment).map(|one| one.object.cast()).collect();
    let comments: HashMap<CommentId, Comment> = reader.comments_of(&comments).await?.into_iter().map(|one| (one.id, one)).collect();
    let mut threads: BTreeSet<ThreadId> = of(Findable::Thread).map(|one| one.object.cast()).collect();
    threads.extend(comments.values().map(|comment| comment.thread));
    let threads: Vec<ThreadId> = threads.into_iter().collect();
    let threads: HashMap<ThreadId, Thread> = reader.threads(&threads).await?.into_iter().map(|one| (one.id, one)).collect();
    let mut cards: BTreeSet<ConcessionId> = of(Findable::Concession).map(|one| one.object.cast()).collect();
    cards.extend(threads.values().filter_map(|thread| thread.concession));
    let cards: Vec<ConcessionId> = cards.into_iter().collect();
    let cards: HashMap<ConcessionId, Concession> = reader.concessions_of(&cards).await?.into_iter().map(|one| (one.id, one)).collect();
    let whole = |viewer, author, state| visible_to(viewer, author, state) == Sight::Whole;
    let card_shows = |viewer, card: &Concession| whole(viewer, card.author.id, State::Concession(card.state));
    let thread_shows = |viewer, thread: &Thread| {
        let above = thread.concession.is_none_or(|id| cards.get(&id).is_some_and(|card| card_shows(viewer, card)));
        above && whole(viewer, thread.author.id, State::Thread(thread.state))
    };
    let one = |proposed: &Proposed| {
        let viewer = viewer(proposed.framework);
        Some(match proposed.kind.clone().known()? {
            Findable::Thread => Seen::Thread(threads.get(&proposed.object.cast()).filter(|thread| thread_shows(viewer, thread))?.clone()),
            Findable::Comment => {
                let comment = comments.get(&proposed.object.cast())?;
                let thread = threads.get(&comment.thread).filter(|thread| thread_shows(viewer, thread))?;
                let state = comment.sight_state(thread.state == ThreadState::Hidden);
                whole(viewer, comment.author.id, state).then(|| Seen::Comment(comment.clone(), thread.clone()))?
            }
            Findable::Concession => Seen::Concession(cards.get(&proposed.object.cast()).filter(|card| card_shows(viewer, card))?.clone()),
        })
    };
    Ok(proposed.iter().filter_map(|proposed| Some((proposed.clone(), one(proposed)?))).collect())
}

/// The frameworks somebody may read, and what they are there.
async fn readable(node: &Node, reader: &mut Reader, account: Option<Asker>, slug: Option<&str>) -> Outcome<HashMap<FrameworkId, (Framework, Actor)>> {
    let mut readable = HashMap::new();
    for framework in reader.frameworks().await?.into_iter().filter(|framework| slug.is_none_or(|slug| slug == framework.slug)) {
        let actor = match account {
            Some(account) => {
                let found = writer::actor(reader, framework.id, account.account, node.now(), node.options.second_factor).await?;
                found.map(|(_, actor)| Actor { scope: account.scope, ..actor })
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
    let mut before = paging::before(asked.after.as_deref())?;
    caught_up(node).await;
    let mut reader = node.store.read().await?;
    let readable = readable(node, &mut reader, account, asked.framework.as_deref()).await?;
    let frameworks: Vec<FrameworkId> = readable.keys().copied().collect();
    let mut items = vec![];
    // One more than a page: whether there is a next one must not depend on what is hidden.
    for _ in 0..PROPOSALS.1 {
        if items.len() > PAGE || frameworks.is_empty() {
            break;
        }
        let within = Within { frameworks: &frameworks, kind: asked.kind, before, limit: PROPOSALS.0 };
        let proposed = reader.proposed(&query, &within).await?;
        let viewer = |id| readable.get(&id).map_or(Viewer::PUBLIC, |(_, actor)| actor.viewer());
        let seen = seen(&mut reader, &proposed, viewer).await?;
        items.extend(seen.into_iter().filter_map(|(_, seen)| found(&query, seen, &readable)));
        match proposed.last().filter(|_| i64::try_from(proposed.len()) == Ok(PROPOSALS.0)) {
            Some(last) => before = (last.at, last.object.to_string()),
            None => break,
        }
    }
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let next = items.last().filter(|_| more).map(|last: &FoundView| format!("{}_{}", last.created_at, last.id));
    Ok(List { items, next })
}

/// A thing as a result; `None` where it does not answer the query as it is now.
fn found(query: &Query, seen: Seen, readable: &HashMap<FrameworkId, (Framework, Actor)>) -> Option<FoundView> {
    let texts = match &seen {
        Seen::Thread(thread) => vec![thread.title.clone()],
        Seen::Comment(comment, _) => vec![markdown::plain(&comment.body)],
        Seen::Concession(card) => card_texts(card),
    };
    if !query.answered_by(&texts) {
        return None;
    }
    let Snippet { text: snippet, matches } = query.snippet(&texts);
    let (kind, id, framework, title, author, created_at) = match &seen {
        Seen::Thread(thread) => (Findable::Thread, thread.id.to_string(), thread.framework, &*thread.title, &thread.author, thread.created_at),
        Seen::Comment(one, thread) => (Findable::Comment, one.id.to_string(), one.framework, &*thread.title, &one.author, one.created_at),
        // In the language in which it was found.
        Seen::Concession(card) => {
            let title = card_titles(card)[query.best(&texts)];
            (Findable::Concession, card.id.to_string(), card.framework, title, &card.author, card.created_at)
        }
    };
    let (thread, point, concession, question) = match &seen {
        Seen::Thread(thread) | Seen::Comment(_, thread) => (Some(thread.id), thread.point, thread.concession, None),
        Seen::Concession(card) => (None, None, Some(card.id), Some(card.question)),
    };
    let slug = readable.get(&framework).map(|(framework, _)| framework.slug.clone())?;
    let (title, author) = (title.to_owned(), author.clone());
    Some(FoundView { kind, id, framework, slug, title, snippet, matches, thread, point, concession, question, author, created_at })
}

/// Indexes what was posted, as the public streams tell it, up to where they stand now. Comments come in floods, and an index is dear to
/// write: so they are indexed in lots, past the writers' transactions, and before anybody searches.
///
/// # Errors
/// When the store fails; what is indexed stays.
pub(super) async fn catch_up(node: &Node) -> Outcome<()> {
    let unindexed = node.store.read().await?.unindexed().await?;
    for (framework, now) in unindexed {
        loop {
            let mut tx = node.store.write().await?;
            tx.lock_framework(framework).await?;
            let place = tx.index_posted(framework, REBUILT).await?;
            tx.commit().await?;
            if place >= now {
                break;
            }
        }
    }
    Ok(())
}

/// Whoever searches finds what was posted before; what could not be indexed in time, or with the disk full, is not found yet.
pub(super) async fn caught_up(node: &Node) {
    match timeout(PATIENCE, catch_up(node)).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => tracing::warn!(problem = %failure.told(), "new comments were not indexed"),
        Err(_) => tracing::warn!("new comments were not all indexed in time"),
    }
}

/// Indexes what was posted, until the server stops: once nobody has posted for a moment, so that those who write in a flood do not wait for
/// the index as well, but not much later.
pub async fn follow(node: Arc<Node>) {
    let (mut before, mut looks) = (vec![], 0);
    loop {
        tokio::select! {
            () = node.stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        let found = async { node.store.read().await?.unindexed().await };
        let Ok(unindexed) = found.await else { continue };
        let enough = unindexed == before || looks >= LOOKS;
        looks = if enough { 0 } else { looks + 1 };
        if enough && !unindexed.is_empty() {
            // Whoever searches tries again, and says what is amiss.
            let _ = catch_up(&node).await;
        }
        before = unindexed;
    }
}

/// Builds the index if it was not built for this way of indexing: after an upgrade, or where a backup brought none.
///
/// # Errors
/// When the store fails.
pub async fn build(node: &Node) -> Outcome<()> {
    if node.store.read().await?.site_value(BUILT.0).await?.as_deref() == Some(BUILT.1) {
        return Ok(());
    }
    rebuild(node).await.map(|_| ())
}

/// Builds the index anew; how many things it holds. Searching goes on meanwhile and finds what is indexed so far.
///
/// # Errors
/// When the store fails; what was done stays, and it can be run again.
pub async fn rebuild(node: &Node) -> Outcome<usize> {
    let mut tx = node.store.write().await?;
    tx.clear_index().await?;
    tx.commit().await?;
    let mut count = 0;
    // Read after the clearing: what comes later indexes itself.
    let frameworks = node.store.read().await?.frameworks().await?;
    for Framework { id, .. } in frameworks {
        for kind in [Findable::Thread, Findable::Comment, Findable::Concession] {
            let mut after = String::new();
            loop {
                let mut tx = node.store.write().await?;
                // Nothing of this framework changes between reading its words and keeping them.
                tx.lock_framework(id).await?;
                let Some((last, done)) = tx.reindex(id, kind, &after, REBUILT).await? else { break };
                tx.commit().await?;
                (after, count) = (last, count + done);
            }
        }
    }
    let mut tx = node.store.write().await?;
    tx.set_site_value(BUILT.0, BUILT.1).await?;
    tx.commit().await?;
    Ok(count)
}
