//! Threads and comments: writing them, and reading them as one may.
use tokio_util::bytes::Bytes;

use super::{
    Outcome,
    accounts::Asker,
    command::Work,
    content,
    frameworks::{self, Seen},
    gate::{self, Place},
    holds,
    moderation::{queue, reports},
    node::Node,
    paging, views,
};
use crate::{
    domain::{
        concession::ConcessionId,
        hold::Admission,
        markdown::{self, Text},
        moderation::{Kind, Object},
        permission::{Sight, State, visible_to},
        stream::{EventKind, Stream},
        text::{self, Check},
        thread::{Comment, CommentId, CommentKind, CommentState, DEPTH_STORED, Thread, ThreadId, ThreadState},
    },
    id::Id,
    protocol::{
        problem::{Code, Problem},
        rest::{CommandResult, CommentView, List, Page, ThreadPage, ThreadView, VersionView},
    },
    store::{Reader, ThreadPlace},
};

/// Threads on a page.
pub(super) const THREADS: i64 = 50;
/// Comments on a page.
const COMMENTS: i64 = 100;

/// What a comment says.
pub struct Words {
    /// Markdown.
    pub body: String,
    /// What it does.
    pub kind: CommentKind,
    /// en, uk, ru or und.
    pub language: Option<String>,
}

/// Opens a thread on a point or under a card, with its first comment.
pub async fn post_thread(work: &mut Work<'_>, point: Option<u32>, card: Option<ConcessionId>, title: &str, words: Words) -> Outcome<CommandResult> {
    let point_id = place(work, point, card).await?;
    let mut check = Check::default();
    let title = check.line("title", title, text::TITLE);
    let (body, language) = checked(&mut check, &words);
    check.finish()?;
    let admission = gate::admit(work, &[Text::plain("title", &title), Text::markdown("body", &body)], Place::Comment(point))?;
    let thread = new_thread(work, point, card, title);
    let comment = new_comment(work, thread.id, None, 0, Words { body, language: Some(language), ..words });
    let comment = holds::admitted(work, comment, admission);
    let held = comment.state == CommentState::Held;
    let thread = Thread { state: if held { ThreadState::Held } else { ThreadState::Open }, ..thread };
    work.tx.insert_thread(&thread).await?;
    let stream = if held { Stream::Account(work.account.id) } else { Stream::Public };
    work.tell(stream, EventKind::ThreadOpened, thread.id, 1, content::thread(&thread));
    insert(work, comment.clone(), point);
    let thread = Thread { comments: i64::from(!held), ..thread };
    let viewer = work.actor.viewer();
    Ok(CommandResult { thread: views::thread(thread, point_id, viewer), comment: views::comment(comment, false, viewer), ..CommandResult::default() })
}

/// Where a thread would stand: the point's id, or that the card shows.
pub(super) async fn place(work: &mut Work<'_>, point: Option<u32>, card: Option<ConcessionId>) -> Outcome<Option<String>> {
    match (point, card) {
        (Some(number), None) => Ok(Some(work.tx.point_id(work.framework.id, number).await?.ok_or_else(Problem::not_found)?)),
        (None, Some(card)) => {
            let card = work.tx.concession(card).await?.filter(|card| card.framework == work.framework.id && card.state.shows());
            card.map(|_| None).ok_or_else(|| Problem::not_found().into())
        }
        _ => Err(Problem::field("point", "required", "A thread belongs to a point or to a proposal.").into()),
    }
}

pub(super) fn new_thread(work: &Work<'_>, point: Option<u32>, concession: Option<ConcessionId>, title: String) -> Thread {
    Thread {
        id: Id::new(),
        framework: work.framework.id,
        point,
        concession,
        title,
        state: ThreadState::Open,
        version: 1,
        author: work.author(),
        comments: 0,
        last_at: work.now,
        created_at: work.now,
        merged_into: None,
    }
}

pub(super) fn new_comment(work: &Work<'_>, thread: ThreadId, parent: Option<CommentId>, depth: i64, words: Words) -> Comment {
    Comment {
        id: Id::new(),
        framework: work.framework.id,
        thread,
        parent,
        depth,
        author: work.author(),
        kind: words.kind,
        html: markdown::render(&words.body),
        body: words.body,
        language: words.language.unwrap_or_else(|| "und".into()),
        state: CommentState::Visible,
        version: 1,
        created_at: work.now,
        edited_at: None,
        replies: 0,
        hold: None,
    }
}

/// The body cleaned and the language, with what is wrong with them added to `check`.
pub(super) fn checked(check: &mut Check, words: &Words) -> (String, String) {
    check.ensure(words.body.len() <= text::COMMENT_BYTES, "body", "too_long", "At most 12 KiB.");
    (check.markdown("body", &words.body, text::COMMENT), text::language(check, words.language.as_deref()))
}

/// Puts a new comment on the sheet; of one that is held only its author hears.
pub(super) fn insert(work: &mut Work<'_>, comment: Comment, point: Option<u32>) {
    let stream = if comment.state == CommentState::Held { Stream::Account(work.account.id) } else { Stream::Public };
    work.tell(stream, EventKind::CommentPosted, comment.id, 1, content::comment(&comment));
    work.sheet.gate.posted(&comment, point, work.actor.standing);
    work.sheet.add(comment);
}

/// Refuses unless the thread is one of this framework that takes comments.
fn ensure_open(work: &Work<'_>, id: ThreadId) -> Result<ThreadPlace, Problem> {
    let thread = work.sheet.thread(id).ok_or_else(Problem::not_found)?;
    if thread.united {
        return Err(Problem::new(Code::Closed, "This thread was merged into another. Its comments are there: write there."));
    }
    match thread.state {
        ThreadState::Open => Ok(thread),
        ThreadState::Locked => Err(Problem::new(Code::Closed, "This thread is locked: no new comments.")),
        ThreadState::Hidden | ThreadState::Held => Err(Problem::not_found()),
    }
}

/// Comments or replies.
pub fn post_comment(work: &mut Work<'_>, thread: ThreadId, parent: Option<CommentId>, words: Words) -> Outcome<CommandResult> {
    let point = ensure_open(work, thread)?.point;
    let depth = match parent {
        None => 0,
        Some(parent) => {
            let parent = work.sheet.parent(parent).filter(|parent| parent.thread == thread);
            parent.ok_or_else(|| Problem::field("parent", "invalid", "This comment is not in this thread."))?.depth + 1
        }
    };
    let mut check = Check::default();
    check.ensure(depth <= DEPTH_STORED, "parent", "too_deep", "Replies go at most 64 deep: reply further up.");
    let (body, language) = checked(&mut check, &words);
    check.finish()?;
    let admission = gate::admit(work, &[Text::markdown("body", &body)], Place::Comment(point))?;
    let comment = new_comment(work, thread, parent, depth, Words { body, language: Some(language), ..words });
    let comment = holds::admitted(work, comment, admission);
    insert(work, comment.clone(), point);
    Ok(CommandResult { comment: views::comment(comment, false, work.actor.viewer()), ..CommandResult::default() })
}

/// One's own comment, and its thread.
async fn own_comment(work: &mut Work<'_>, id: CommentId) -> Outcome<(Comment, Thread)> {
    let comment = work.tx.comment(id).await?.filter(|comment| comment.framework == work.framework.id).ok_or_else(Problem::not_found)?;
    let thread = work.tx.thread(comment.thread).await?.ok_or_else(Problem::not_found)?;
    if comment.author.id != work.account.id {
        let seen = visible_to(work.actor.viewer(), comment.author.id, comment.sight_state(thread.state == ThreadState::Hidden));
        return Err(match seen {
            Sight::Nothing => Problem::not_found().into(),
            _ => Problem::new(Code::Forbidden, "Only its author can change a comment.").into(),
        });
    }
    Ok((comment, thread))
}

/// Refuses where a comment takes no other words: rewriting is posting.
fn ensure_rewritable(comment: &Comment, thread: &Thread) -> Result<(), Problem> {
    let closed = |detail: &str| Err(Problem::new(Code::Closed, detail));
    match (thread.state, comment.state) {
        (ThreadState::Hidden, _) => Err(Problem::not_found()),
        (ThreadState::Locked, _) => closed("This thread is locked: comments in it can no longer be changed. You can delete yours."),
        (_, CommentState::Held) => closed("This comment is waiting for a moderator, who decides about it as it is. You can delete it."),
        (_, CommentState::Visible) => Ok(()),
        _ => closed("This comment is no longer shown and cannot be changed."),
    }
}

/// Changes one's comment.
pub async fn edit_comment(
    work: &mut Work<'_>,
    id: CommentId,
    version: i64,
    body: Option<String>,
    kind: Option<CommentKind>,
) -> Outcome<CommandResult> {
    let (comment, thread) = own_comment(work, id).await?;
    ensure_rewritable(&comment, &thread)?;
    if comment.version != version {
        return Err(Problem::new(Code::Conflict, "The comment has changed in the meantime. Read it again, then edit.").into());
    }
    let words = Words { body: body.unwrap_or_else(|| comment.body.clone()), kind: kind.unwrap_or(comment.kind), language: None };
    let comment = reworded(work, comment, words, ("body", thread.point)).await?;
    Ok(CommandResult { comment: views::comment(comment, false, work.actor.viewer()), ..CommandResult::default() })
}

/// Gives a comment other words, in a field of that name on that point; they pass the gate as new ones do.
pub(super) async fn reworded(work: &mut Work<'_>, comment: Comment, words: Words, (field, point): (&'static str, Option<u32>)) -> Outcome<Comment> {
    let mut check = Check::default();
    let (body, _) = checked(&mut check, &words);
    check.finish()?;
    let same = body == comment.body;
    let admission = if same { Admission::Show } else { gate::admit(work, &[Text::markdown(field, &body)], Place::Edit(comment.id, point))? };
    let (html, kind, version) = (markdown::render(&body), words.kind, comment.version + 1);
    let comment = Comment { html, body, kind, version, edited_at: Some(work.now), ..comment };
    work.tx.update_comment(&comment, work.now).await?;
    if let Admission::Hold(hold) = admission {
        let was = comment.clone();
        let held = holds::hold_comment(work, comment, hold);
        work.tx.put_comment_holds(&[&held]).await?;
        set_state(work, was, CommentState::Held).await?;
        return Ok(held);
    }
    work.tell(Stream::Public, EventKind::CommentChanged, comment.id, comment.version, content::comment(&comment));
    queue::reworded(work, Object { kind: Kind::Comment, id: comment.id.cast() }).await?;
    Ok(comment)
}

/// Takes one's comment back: in a locked thread and while posting is paused as well, and whatever moderators made of it.
pub async fn delete_comment(work: &mut Work<'_>, id: CommentId) -> Outcome<CommandResult> {
    let (comment, _) = own_comment(work, id).await?;
    if comment.state == CommentState::Deleted {
        return Err(Problem::new(Code::Closed, "You have already deleted this comment.").into());
    }
    reports::taken_back(work, Object { kind: Kind::Comment, id: id.cast() }).await?;
    let comment = set_state(work, comment, CommentState::Deleted).await?;
    Ok(CommandResult { comment: views::comment(comment, false, work.actor.viewer()), ..CommandResult::default() })
}

/// Moves a comment to a state, with the counts that go with it.
pub async fn set_state(work: &mut Work<'_>, comment: Comment, state: CommentState) -> Outcome<Comment> {
    let shows = |state| i64::from(state == CommentState::Visible);
    let sign = shows(state) - shows(comment.state);
    work.tx.set_comment_state(comment.id, state).await?;
    if sign != 0 {
        work.tx.count_comments([(comment.thread, sign, None)]).await?;
        if let Some(parent) = comment.parent {
            work.tx.count_replies([(parent, sign)]).await?;
        }
    }
    if comment.hold.as_ref().is_some_and(|hold| hold.unseen || comment.state == CommentState::Held) {
        holds::release(work, &comment, state).await?;
    }
    let mut comment = Comment { state, ..comment };
    let unseen = matches!(comment.sight_state(false), State::Unseen(_));
    let stream = if unseen { Stream::Account(comment.author.id) } else { Stream::Public };
    work.tell(stream, EventKind::CommentChanged, comment.id, comment.version, content::comment(&comment));
    if let Some(hold) = comment.hold.as_mut().filter(|_| state == CommentState::Visible) {
        hold.unseen = false;
    }
    queue::touch(work, Object { kind: Kind::Comment, id: comment.id.cast() }).await?;
    // A wave is one thing that waits, by its first comment.
    if let Some(first) = comment.hold.as_ref().and_then(|hold| hold.wave).filter(|first| *first != comment.id) {
        queue::touch(work, Object { kind: Kind::Comment, id: first.cast() }).await?;
    }
    Ok(comment)
}

/// Threads on a point.
pub async fn point_threads(node: &Node, account: Option<Asker>, slug: &str, point: u32, after: Option<&str>) -> Outcome<Page<ThreadView>> {
    let mut seen = frameworks::see_slug(node, account, slug).await?;
    let point_id = seen.reader.point_id(seen.framework.id, point).await?.ok_or_else(Problem::not_found)?;
    let threads = seen.reader.point_threads(seen.framework.id, point, paging::before(after)?, THREADS).await?;
    Ok(page(seen, threads, Some(point_id)))
}

/// Threads under a card.
pub async fn card_threads(node: &Node, account: Option<Asker>, card: ConcessionId, after: Option<&str>) -> Outcome<Page<ThreadView>> {
    let mut reader = node.store.read().await?;
    let card = reader.concession(card).await?.ok_or_else(Problem::not_found)?;
    let framework = reader.framework(card.framework).await?.ok_or_else(Problem::not_found)?;
    let mut seen = frameworks::see(node, account, framework, reader).await?;
    if visible_to(seen.actor.viewer(), card.author.id, State::Concession(card.state)) != Sight::Whole {
        return Err(Problem::not_found().into());
    }
    let threads = seen.reader.concession_threads(card.id, paging::before(after)?, THREADS).await?;
    Ok(page(seen, threads, None))
}

fn page(seen: Seen, threads: Vec<Thread>, point_id: Option<String>) -> Page<ThreadView> {
    let next = paging::next(&threads, THREADS, |thread| (thread.last_at, thread.id));
    let viewer = seen.actor.viewer();
    let items = threads.into_iter().filter_map(|thread| views::thread(thread, point_id.clone(), viewer)).collect();
    Page { items, next, epoch: seen.framework.epoch, seq: seen.seq }
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
    node.shelf.keep(key, body.clone(), page.thread.framework, page.seq, moment);
    Ok(body)
}

/// A thread with a page of its comments.
pub async fn thread(node: &Node, account: Option<Asker>, id: ThreadId, after: Option<&str>) -> Outcome<ThreadPage> {
    let mut reader = node.store.read().await?;
    let (thread, point_id) = located(&mut reader, id).await?;
    let framework = reader.framework(thread.framework).await?.ok_or_else(Problem::not_found)?;
    let Seen { mut reader, framework, actor, seq } = frameworks::see(node, account, framework, reader).await?;
    let hidden = thread.state == ThreadState::Hidden;
    let view = match thread.united() {
        // Who follows an old link is led on.
        Some(_) => Some(views::thread_tombstone(thread, point_id)),
        None => views::thread(thread, point_id, actor.viewer()),
    };
    let view = view.ok_or_else(Problem::not_found)?;
    let start = paging::behind(after)?;
    let comments = reader.comments(id, start, COMMENTS).await?;
    let next = paging::next(&comments, COMMENTS, |comment| (comment.created_at, comment.id));
    let items = comments.into_iter().filter_map(|comment| views::comment(comment, hidden, actor.viewer())).collect();
    Ok(ThreadPage { thread: view, comments: List { items, next }, epoch: framework.epoch, seq })
}

/// A comment and how much of it somebody sees.
async fn seen_comment(node: &Node, account: Option<Asker>, id: CommentId) -> Outcome<(Seen, Comment, bool)> {
    let mut reader = node.store.read().await?;
    let comment = reader.comment(id).await?.ok_or_else(Problem::not_found)?;
    let thread = reader.thread(comment.thread).await?.ok_or_else(Problem::not_found)?;
    let framework = reader.framework(comment.framework).await?.ok_or_else(Problem::not_found)?;
    let seen = frameworks::see(node, account, framework, reader).await?;
    Ok((seen, comment, thread.state == ThreadState::Hidden))
}

/// One comment.
pub async fn comment(node: &Node, account: Option<Asker>, id: CommentId) -> Outcome<CommentView> {
    let (seen, comment, hidden) = seen_comment(node, account, id).await?;
    Ok(views::comment(comment, hidden, seen.actor.viewer()).ok_or_else(Problem::not_found)?)
}

/// A comment's texts, oldest first.
pub async fn versions(node: &Node, account: Option<Asker>, id: CommentId) -> Outcome<List<VersionView>> {
    let (mut seen, comment, hidden) = seen_comment(node, account, id).await?;
    if visible_to(seen.actor.viewer(), comment.author.id, comment.sight_state(hidden)) != Sight::Whole {
        return Err(Problem::not_found().into());
    }
    let versions = seen.reader.comment_versions(id).await?.into_iter();
    Ok(List { items: versions.map(|(version, body, html, at)| VersionView { version, body, html, at }).collect(), next: None })
}
