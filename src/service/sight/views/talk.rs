//! Threads and comments, and what is left of them where they were taken from view.
use crate::{
    domain::{
        permission::{Sight, State, Viewer, visible_to},
        thread::{Comment, CommentState, Thread, ThreadState},
    },
    protocol::rest::{CommentView, HeldView, PointRef, ThreadView},
};

/// A thread; `None` where the viewer sees nothing of it.
#[must_use]
pub fn thread(thread: Thread, point_id: Option<String>, viewer: Viewer) -> Option<ThreadView> {
    let sight = visible_to(viewer, thread.author.id, State::Thread(thread.state));
    let merged_into = thread.united();
    let Thread {
        id,
        framework,
        point,
        concession,
        title,
        state,
        version,
        author,
        comments,
        last_at,
        created_at,
        ..
    } = thread;
    let point = point.map(|number| PointRef {
        id: point_id.unwrap_or_default(),
        number,
    });
    (sight != Sight::Nothing).then_some(ThreadView {
        id,
        framework,
        point,
        concession,
        title,
        state,
        version,
        author: Some(author),
        comments,
        last_at,
        created_at,
        merged_into,
    })
}

/// What is left of a thread that was taken from view, for those who had it on their screen.
#[must_use]
pub fn thread_tombstone(thread: Thread, point_id: Option<String>) -> ThreadView {
    let merged_into = thread.united();
    let Thread {
        id,
        framework,
        point,
        concession,
        version,
        created_at,
        ..
    } = thread;
    let point = point.map(|number| PointRef {
        id: point_id.unwrap_or_default(),
        number,
    });
    let (state, title, author) = (ThreadState::Hidden, String::new(), None);
    let (comments, last_at) = (0, 0);
    ThreadView {
        id,
        framework,
        point,
        concession,
        title,
        state,
        version,
        author,
        comments,
        last_at,
        created_at,
        merged_into,
    }
}

/// A comment; `None` where the viewer sees nothing of it.
#[must_use]
pub fn comment(comment: Comment, in_hidden_thread: bool, viewer: Viewer) -> Option<CommentView> {
    let sight = visible_to(
        viewer,
        comment.author.id,
        comment.sight_state(in_hidden_thread),
    );
    let whole = sight == Sight::Whole;
    let hold = comment
        .hold
        .clone()
        .filter(|_| whole && comment.state == CommentState::Held);
    let held = hold.map(|hold| HeldView {
        by: hold.by,
        matched: hold.matched,
        wave: hold.wave.is_some(),
        since: hold.since,
    });
    let Comment {
        id,
        thread,
        parent,
        author,
        kind,
        body,
        html,
        language,
        state,
        version,
        created_at,
        edited_at,
        replies,
        ..
    } = comment;
    (sight != Sight::Nothing).then(|| CommentView {
        id,
        thread,
        parent,
        author: whole.then_some(author),
        kind,
        body: whole.then_some(body),
        html: whole.then_some(html),
        language,
        state,
        version,
        created_at,
        edited_at,
        replies,
        held,
    })
}
