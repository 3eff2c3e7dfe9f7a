//! Uniting a thread with another at the same place, and parting them again. Comments keep their
//! ids, so that every link leads on; the thread that goes says where they are.
use crate::{
    domain::thread::{Comment, Thread, ThreadId, ThreadState},
    protocol::problem::{Code, Problem},
    service::{
        Outcome,
        acts::{comments, moderation::places},
        work::Work,
    },
    store::Decision,
};

/// How many comments a thread may have that is united with another: each is told to every reader.
const AT_ONCE: usize = 1_000;
/// How many threads in a row may have been united, each with the next.
const CHAIN: usize = 100;

/// What is united.
pub(crate) struct Parts {
    /// The thread that goes.
    thread: Thread,
    /// The one its comments go to.
    into: Thread,
    /// These.
    comments: Vec<Comment>,
}

/// What a decision would unite, where it can be.
pub(crate) async fn parts(
    work: &mut Work<'_>,
    decision: &Decision,
    thread: Thread,
) -> Outcome<Parts> {
    let other = match decision.into_thread {
        Some(into) => work.tx.thread(into).await?,
        None => None,
    };
    let fits = |other: &Thread| {
        let shows = matches!(other.state, ThreadState::Open | ThreadState::Locked);
        let beside = (other.framework, other.point, other.concession)
            == (thread.framework, thread.point, thread.concession);
        other.id != thread.id && beside && shows
    };
    let wanted = || {
        Problem::field(
            "into_thread",
            "invalid",
            "Another thread that is shown, on the same point or under the same proposal.",
        )
    };
    let into = other.filter(fits).ok_or_else(wanted)?;
    let comments = work.tx.all_comments(thread.id, AT_ONCE + 1).await?;
    if comments.len() > AT_ONCE {
        return Err(Problem::field(
            "object",
            "too_large",
            "A thread of more than 1,000 comments cannot be merged into another.",
        )
        .into());
    }
    Ok(Parts {
        thread,
        into,
        comments,
    })
}

/// Unites a thread with another as a moderator decided; the decision is kept already, and with it
/// what stood before.
pub(crate) async fn unite(
    work: &mut Work<'_>,
    decision: &Decision,
    Parts {
        thread,
        into,
        comments,
    }: Parts,
) -> Outcome<()> {
    work.tx
        .keep_united(&decision.id, &thread, &into, work.now)
        .await?;
    carry(work, &comments, into.id).await?;
    for one in [thread.id, into.id] {
        work.tx.recount_thread(one).await?;
    }
    work.tx.set_merged_thread(thread.id, Some(into.id)).await?;
    places::set_thread(
        work,
        &Thread {
            merged_into: Some(into.id),
            ..thread
        },
        ThreadState::Hidden,
    )
    .await?;
    places::renew_thread(work, &into).await
}

/// Parts two threads that a decision united: the comments go back with all that answers them. What
/// was posted to the other thread since stays there.
pub(crate) async fn part(work: &mut Work<'_>, decision: &Decision) -> Outcome<()> {
    let gone = || Problem::new(Code::Conflict, "They are no longer merged.");
    let kept = work.tx.united(&decision.id).await?.ok_or_else(gone)?;
    let thread = work
        .tx
        .thread(kept.thread)
        .await?
        .filter(|thread| thread.united() == Some(kept.into))
        .ok_or_else(gone)?;
    let home = home(work, kept.into).await?;
    let comments = work.tx.united_comments(&decision.id, home.id).await?;
    carry(work, &comments, thread.id).await?;
    for one in [thread.id, home.id] {
        work.tx.recount_thread(one).await?;
    }
    work.tx
        .restore_last_at(thread.id, kept.last_at, kept.at)
        .await?;
    if home.id == kept.into {
        work.tx
            .restore_last_at(home.id, kept.into_last_at, kept.at)
            .await?;
    }
    work.tx.set_merged_thread(thread.id, None).await?;
    places::set_thread(
        work,
        &Thread {
            merged_into: None,
            ..thread
        },
        kept.state,
    )
    .await?;
    places::renew_thread(work, &home).await
}

/// Where a thread's comments are now: it may have been united with a third.
pub async fn home(work: &mut Work<'_>, mut id: ThreadId) -> Outcome<Thread> {
    for _ in 0..CHAIN {
        let thread = work.tx.thread(id).await?.ok_or_else(Problem::not_found)?;
        match thread.united() {
            Some(into) => id = into,
            None => return Ok(thread),
        }
    }
    Err(Problem::new(Code::Conflict, "Too many threads were merged here.").into())
}

/// Puts comments into a thread, each as deep as it was, and tells of them.
async fn carry(work: &mut Work<'_>, comments: &[Comment], to: ThreadId) -> Outcome<()> {
    let ids: Vec<_> = comments.iter().map(|comment| comment.id).collect();
    work.tx.carry_comments(&ids, to, 0).await?;
    for comment in comments {
        comments::tell_changed(
            work,
            &Comment {
                thread: to,
                ..comment.clone()
            },
        );
    }
    Ok(())
}
