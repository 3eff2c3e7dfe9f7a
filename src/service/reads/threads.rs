//! Threads and comments as one may read them.
use tokio_util::bytes::Bytes;

use crate::{
    domain::{
        concession::ConcessionId,
        permission::{Sight, State, visible_to},
        thread::{Comment, CommentId, Thread, ThreadId, ThreadState},
    },
    protocol::{
        problem::Problem,
        rest::{CommentView, List, Page, ThreadPage, ThreadView, VersionView},
    },
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        sight::{
            cursor,
            seen::{self, Seen},
            views,
        },
    },
    store::Reader,
};

/// Threads on a page.
pub(crate) const THREADS: i64 = 50;
/// Comments on a page.
const COMMENTS: i64 = 100;

/// Threads on a point.
pub async fn point_threads(
    node: &Node,
    account: Option<Asker>,
    slug: &str,
    point: u32,
    after: Option<&str>,
) -> Outcome<Page<ThreadView>> {
    let mut seen = seen::see_slug(node, account, slug).await?;
    let point_id = seen
        .reader
        .point_id(seen.framework.id, point)
        .await?
        .ok_or_else(Problem::not_found)?;
    let threads = seen
        .reader
        .point_threads(seen.framework.id, point, cursor::before(after)?, THREADS)
        .await?;
    Ok(page(seen, threads, Some(point_id)))
}

/// Threads under a card.
pub async fn card_threads(
    node: &Node,
    account: Option<Asker>,
    card: ConcessionId,
    after: Option<&str>,
) -> Outcome<Page<ThreadView>> {
    let (mut seen, card) = seen::see_card(node, account, card).await?;
    if visible_to(
        seen.actor.viewer(),
        card.author.id,
        State::Concession(card.state),
    ) != Sight::Whole
    {
        return Err(Problem::not_found().into());
    }
    let threads = seen
        .reader
        .concession_threads(card.id, cursor::before(after)?, THREADS)
        .await?;
    Ok(page(seen, threads, None))
}

fn page(seen: Seen, threads: Vec<Thread>, point_id: Option<String>) -> Page<ThreadView> {
    let next = cursor::next(&threads, THREADS, |thread| (thread.last_at, thread.id));
    let viewer = seen.actor.viewer();
    let items = threads
        .into_iter()
        .filter_map(|thread| views::thread(thread, point_id.clone(), viewer))
        .collect();
    Page {
        items,
        next,
        epoch: seen.framework.epoch,
        seq: seen.seq,
    }
}

/// A thread and the id of its point.
async fn located(reader: &mut Reader, id: ThreadId) -> Outcome<(Thread, Option<String>)> {
    let thread = reader.thread(id).await?.ok_or_else(Problem::not_found)?;
    let point_id = match thread.point {
        Some(number) => reader.point_id(thread.framework, number).await?,
        None => None,
    };
    Ok((thread, point_id))
}

/// A thread with a page of its comments as a visitor sees it: JSON of a [`ThreadPage`].
pub async fn visitors_page(node: &Node, id: ThreadId, after: Option<String>) -> Outcome<Bytes> {
    let key = (id, after);
    if let Some(body) = node.shelf.page(&node.store, &key).await? {
        return Ok(body);
    }
    let moment = node.shelf.now(&node.store).await?;
    let page = thread(node, None, id, key.1.as_deref()).await?;
    let body = Bytes::from(serde_json::to_vec(&page).expect("a page is JSON"));
    node.shelf
        .keep(key, body.clone(), page.thread.framework, page.seq, moment);
    Ok(body)
}

/// A thread with a page of its comments.
pub async fn thread(
    node: &Node,
    account: Option<Asker>,
    id: ThreadId,
    after: Option<&str>,
) -> Outcome<ThreadPage> {
    let mut reader = node.store.read().await?;
    let (thread, point_id) = located(&mut reader, id).await?;
    let Seen {
        mut reader,
        framework,
        actor,
        seq,
    } = seen::see_in(node, account, thread.framework, reader).await?;
    let hidden = thread.state == ThreadState::Hidden;
    let view = match thread.united() {
        // Who follows an old link is led on.
        Some(_) => Some(views::thread_tombstone(thread, point_id)),
        None => views::thread(thread, point_id, actor.viewer()),
    };
    let view = view.ok_or_else(Problem::not_found)?;
    let start = cursor::behind(after)?;
    let comments = reader.comments(id, start, COMMENTS).await?;
    let next = cursor::next(&comments, COMMENTS, |comment| {
        (comment.created_at, comment.id)
    });
    let items = comments
        .into_iter()
        .filter_map(|comment| views::comment(comment, hidden, actor.viewer()))
        .collect();
    Ok(ThreadPage {
        thread: view,
        comments: List { items, next },
        epoch: framework.epoch,
        seq,
    })
}

/// A comment and how much of it somebody sees.
async fn seen_comment(
    node: &Node,
    account: Option<Asker>,
    id: CommentId,
) -> Outcome<(Seen, Comment, bool)> {
    let mut reader = node.store.read().await?;
    let comment = reader.comment(id).await?.ok_or_else(Problem::not_found)?;
    let thread = reader
        .thread(comment.thread)
        .await?
        .ok_or_else(Problem::not_found)?;
    let seen = seen::see_in(node, account, comment.framework, reader).await?;
    Ok((seen, comment, thread.state == ThreadState::Hidden))
}

/// One comment.
pub async fn comment(node: &Node, account: Option<Asker>, id: CommentId) -> Outcome<CommentView> {
    let (seen, comment, hidden) = seen_comment(node, account, id).await?;
    Ok(views::comment(comment, hidden, seen.actor.viewer()).ok_or_else(Problem::not_found)?)
}

/// A comment's texts, oldest first.
pub async fn versions(
    node: &Node,
    account: Option<Asker>,
    id: CommentId,
) -> Outcome<List<VersionView>> {
    let (mut seen, comment, hidden) = seen_comment(node, account, id).await?;
    if visible_to(
        seen.actor.viewer(),
        comment.author.id,
        comment.sight_state(hidden),
    ) != Sight::Whole
    {
        return Err(Problem::not_found().into());
    }
    let versions = seen.reader.comment_versions(id).await?.into_iter();
    Ok(List {
        items: versions
            .map(|(version, body, html, at)| VersionView {
                version,
                body,
                html,
                at,
            })
            .collect(),
        next: None,
    })
}
