//! Where discussions stand: moving a thread, making a branch a thread of its own, and putting them
//! back.
use serde_json::Value;

use crate::{
    domain::{
        concession::ConcessionId,
        moderation::Previous,
        stream::{EventKind, Stream},
        thread::{Comment, CommentId, Thread, ThreadId, ThreadState},
    },
    protocol::problem::{Code, Problem},
    service::{
        Outcome,
        acts::{comments, threads},
        content,
        work::{Work, already},
    },
    store::Decision,
};

/// How many comments a branch may have that becomes a thread: each is told to every reader.
const BRANCH: usize = 1_000;

/// Gives a thread a state and tells of it.
pub(crate) async fn set_thread(
    work: &mut Work<'_>,
    thread: &Thread,
    state: ThreadState,
) -> Outcome<()> {
    work.tx.set_thread_state(thread.id, state).await?;
    work.tell(
        Stream::Public,
        EventKind::ThreadChanged,
        thread.id,
        thread.version + 1,
        content::thread(&Thread {
            state,
            ..thread.clone()
        }),
    );
    Ok(())
}

/// Moves a thread to a point or under a card of this framework.
pub(crate) async fn move_thread(
    work: &mut Work<'_>,
    decision: &Decision,
    thread: Thread,
) -> Outcome<Previous> {
    let (point, concession) = (decision.point, decision.target);
    if (point, concession) == (thread.point, thread.concession)
        || thread.state == ThreadState::Hidden
    {
        return Err(already().into());
    }
    threads::place(work, point, concession).await?;
    put(work, &thread, point, concession).await?;
    Ok(Previous::Place {
        point: thread.point,
        concession: thread.concession,
    })
}

/// Puts a thread somewhere, and tells of the counts it takes along.
pub(crate) async fn put(
    work: &mut Work<'_>,
    thread: &Thread,
    point: Option<u32>,
    concession: Option<ConcessionId>,
) -> Outcome<()> {
    work.tx
        .set_thread_place(thread.id, point, concession)
        .await?;
    let moved = Thread {
        point,
        concession,
        ..thread.clone()
    };
    work.tell(
        Stream::Public,
        EventKind::ThreadChanged,
        thread.id,
        thread.version + 1,
        content::thread(&moved),
    );
    if let Some(left) = thread.point.filter(|_| thread.point != point) {
        work.tell(
            Stream::Public,
            EventKind::PointChanged,
            left,
            0,
            Value::Null,
        );
    }
    if let Some(left) = thread
        .concession
        .filter(|_| thread.concession != concession)
    {
        let card = work.tx.concession(left).await?.ok_or_else(already)?;
        work.tell(
            Stream::Public,
            EventKind::ConcessionChanged,
            left,
            card.version,
            content::card(&card),
        );
    }
    Ok(())
}

/// Makes a comment and all replies under it a thread of its own, in the same place.
pub(crate) async fn split(
    work: &mut Work<'_>,
    decision: &Decision,
    root: Comment,
    thread: Thread,
) -> Outcome<Previous> {
    if thread.state == ThreadState::Hidden {
        return Err(already().into());
    }
    let branch = work.tx.branch(&root).await?;
    if branch.len() > BRANCH {
        return Err(Problem::field(
            "object",
            "too_large",
            "A branch of more than 1,000 comments cannot be made a thread.",
        )
        .into());
    }
    let title = decision.title.clone().expect("it was checked");
    let became = Thread {
        author: root.author.clone(),
        ..threads::new_thread(work, thread.point, thread.concession, title)
    };
    work.tx.insert_thread(&became).await?;
    work.tell(
        Stream::Public,
        EventKind::ThreadOpened,
        became.id,
        1,
        content::thread(&became),
    );
    carry(
        work,
        &root,
        &branch,
        thread.id,
        became.id,
        None,
        -root.depth,
    )
    .await?;
    renew_thread(work, &thread).await?;
    Ok(Previous::Branch {
        thread: thread.id,
        parent: root.parent,
        became: became.id,
    })
}

/// Carries a branch from one thread to another, under a comment or none, and counts both anew.
async fn carry(
    work: &mut Work<'_>,
    root: &Comment,
    branch: &[Comment],
    from: ThreadId,
    to: ThreadId,
    parent: Option<CommentId>,
    deeper: i64,
) -> Outcome<()> {
    let ids: Vec<_> = branch.iter().map(|comment| comment.id).collect();
    work.tx.carry_comments(&ids, to, deeper).await?;
    work.tx.set_parent(root.id, parent).await?;
    for parent in [root.parent, parent].into_iter().flatten() {
        work.tx.recount_replies(parent).await?;
        if let Some(above) = work.tx.comment(parent).await? {
            work.tell(
                Stream::Public,
                EventKind::CommentChanged,
                parent,
                above.version,
                content::comment(&above),
            );
        }
    }
    for thread in [from, to] {
        work.tx.recount_thread(thread).await?;
    }
    for comment in branch {
        let parent = if comment.id == root.id {
            parent
        } else {
            comment.parent
        };
        comments::tell_changed(
            work,
            &Comment {
                thread: to,
                parent,
                ..comment.clone()
            },
        );
    }
    Ok(())
}

/// Gives a thread its next version, since its counts moved, and tells of it.
pub(crate) async fn renew_thread(work: &mut Work<'_>, thread: &Thread) -> Outcome<()> {
    work.tx.set_thread_state(thread.id, thread.state).await?;
    work.tell(
        Stream::Public,
        EventKind::ThreadChanged,
        thread.id,
        thread.version + 1,
        content::thread(thread),
    );
    Ok(())
}

/// Puts a branch that became a thread back where it grew, with all that was written there since;
/// the emptied thread is hidden.
pub(crate) async fn rejoin(
    work: &mut Work<'_>,
    root: &Comment,
    thread: ThreadId,
    parent: Option<CommentId>,
    became: ThreadId,
) -> Outcome<()> {
    let gone = || Problem::new(Code::Conflict, "What it was a part of is no longer there.");
    let there = |thread: &Thread| thread.united().is_none();
    let home = work
        .tx
        .thread(thread)
        .await?
        .filter(there)
        .ok_or_else(gone)?;
    let away = work
        .tx
        .thread(became)
        .await?
        .filter(there)
        .ok_or_else(gone)?;
    let above = match parent {
        Some(parent) => Some(work.tx.comment(parent).await?.ok_or_else(gone)?),
        None => None,
    };
    let depth = above.as_ref().map_or(0, |above| above.depth + 1);
    for top in work.tx.top_comments(became).await? {
        let branch = work.tx.branch(&top).await?;
        // What was written at the top of the new thread since comes along, at the top.
        let (parent, deeper) = if top.id == root.id {
            (parent, depth)
        } else {
            (None, 0)
        };
        carry(work, &top, &branch, became, thread, parent, deeper).await?;
    }
    renew_thread(work, &home).await?;
    set_thread(work, &away, ThreadState::Hidden).await
}
