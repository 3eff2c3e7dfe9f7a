//! Writing comments, changing them and taking them back.
use crate::{
    domain::{
        hold::Admission,
        markdown::{self, Text},
        moderation::Object,
        permission::{Sight, State, visible_to},
        stream::{EventKind, Stream},
        text::{self, Check},
        thread::{
            Comment, CommentId, CommentKind, CommentState, DEPTH_STORED, Thread, ThreadId,
            ThreadState,
        },
    },
    id::Id,
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::{
            admit, holds,
            moderation::{queue, reports},
        },
        content,
        gate::Submission,
        sight::views,
        work::{Work, as_read},
    },
    store::ThreadPlace,
};

/// What a comment says.
pub struct Words {
    /// Markdown.
    pub body: String,
    /// What it does.
    pub kind: CommentKind,
    /// en, uk, ru or und.
    pub language: Option<String>,
}

pub(crate) fn new_comment(
    work: &Work<'_>,
    thread: ThreadId,
    parent: Option<CommentId>,
    depth: i64,
    words: Words,
) -> Comment {
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
pub(crate) fn checked(check: &mut Check, words: &Words) -> (String, String) {
    check.ensure(
        words.body.len() <= text::COMMENT_BYTES,
        "body",
        "too_long",
        "At most 12 KiB.",
    );
    (
        check.markdown("body", &words.body, text::COMMENT),
        text::language(check, words.language.as_deref()),
    )
}

/// Puts a new comment on the sheet; of one that is held only its author hears.
pub(crate) fn insert(work: &mut Work<'_>, comment: Comment, point: Option<u32>) {
    let stream = if comment.state == CommentState::Held {
        Stream::Account(work.account.id)
    } else {
        Stream::Public
    };
    work.tell(
        stream,
        EventKind::CommentPosted,
        comment.id,
        1,
        content::comment(&comment),
    );
    work.sheet.gate.posted(&comment, point, work.actor.standing);
    work.sheet.add(comment);
}

/// Refuses unless the thread is one of this framework that takes comments.
fn ensure_open(work: &Work<'_>, id: ThreadId) -> Result<ThreadPlace, Problem> {
    let thread = work.sheet.thread(id).ok_or_else(Problem::not_found)?;
    if thread.united {
        return Err(Problem::new(
            Code::Closed,
            "This thread was merged into another. Its comments are there: write there.",
        ));
    }
    match thread.state {
        ThreadState::Open => Ok(thread),
        ThreadState::Locked => Err(Problem::new(
            Code::Closed,
            "This thread is locked: no new comments.",
        )),
        ThreadState::Hidden | ThreadState::Held => Err(Problem::not_found()),
    }
}

/// Comments or replies.
pub fn post_comment(
    work: &mut Work<'_>,
    thread: ThreadId,
    parent: Option<CommentId>,
    words: Words,
) -> Outcome<CommandResult> {
    let point = ensure_open(work, thread)?.point;
    let depth = match parent {
        None => 0,
        Some(parent) => {
            let parent = work
                .sheet
                .parent(parent)
                .filter(|parent| parent.thread == thread);
            parent
                .ok_or_else(|| {
                    Problem::field("parent", "invalid", "This comment is not in this thread.")
                })?
                .depth
                + 1
        }
    };
    let mut check = Check::default();
    check.ensure(
        depth <= DEPTH_STORED,
        "parent",
        "too_deep",
        "Replies go at most 64 deep: reply further up.",
    );
    let (body, language) = checked(&mut check, &words);
    check.finish()?;
    let admission = admit::admit(
        work,
        &[Text::markdown("body", &body)],
        Submission::Comment(point),
    )?;
    let comment = new_comment(
        work,
        thread,
        parent,
        depth,
        Words {
            body,
            language: Some(language),
            ..words
        },
    );
    let comment = holds::admitted(work, comment, admission);
    insert(work, comment.clone(), point);
    Ok(CommandResult {
        comment: views::comment(comment, false, work.actor.viewer()),
        ..CommandResult::default()
    })
}

/// One's own comment, and its thread.
async fn own_comment(work: &mut Work<'_>, id: CommentId) -> Outcome<(Comment, Thread)> {
    let comment = work
        .tx
        .comment(id)
        .await?
        .filter(|comment| comment.framework == work.framework.id)
        .ok_or_else(Problem::not_found)?;
    let thread = work
        .tx
        .thread(comment.thread)
        .await?
        .ok_or_else(Problem::not_found)?;
    if comment.author.id != work.account.id {
        let seen = visible_to(
            work.actor.viewer(),
            comment.author.id,
            comment.sight_state(thread.state == ThreadState::Hidden),
        );
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
        (ThreadState::Locked, _) => closed(
            "This thread is locked: comments in it can no longer be changed. You can delete yours.",
        ),
        (_, CommentState::Held) => closed(
            "This comment is waiting for a moderator, who decides about it as it is. You can delete it.",
        ),
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
    let otherwise = "The comment has changed in the meantime. Read it again, then edit.";
    as_read(comment.version == version, otherwise)?;
    let words = Words {
        body: body.unwrap_or_else(|| comment.body.clone()),
        kind: kind.unwrap_or(comment.kind),
        language: None,
    };
    let comment = reworded(work, comment, words, "body", thread.point).await?;
    Ok(CommandResult {
        comment: views::comment(comment, false, work.actor.viewer()),
        ..CommandResult::default()
    })
}

/// Gives a comment other words, in a field of that name on that point; they pass the gate as new
/// ones do.
pub(crate) async fn reworded(
    work: &mut Work<'_>,
    comment: Comment,
    words: Words,
    field: &'static str,
    point: Option<u32>,
) -> Outcome<Comment> {
    let mut check = Check::default();
    let (body, _) = checked(&mut check, &words);
    check.finish()?;
    let same = body == comment.body;
    let admission = if same {
        Admission::Show
    } else {
        admit::admit(
            work,
            &[Text::markdown(field, &body)],
            Submission::Edit(comment.id, point),
        )?
    };
    let (html, kind, version) = (markdown::render(&body), words.kind, comment.version + 1);
    let comment = Comment {
        html,
        body,
        kind,
        version,
        edited_at: Some(work.now),
        ..comment
    };
    work.tx.update_comment(&comment, work.now).await?;
    if let Admission::Hold(hold) = admission {
        let was = comment.clone();
        let held = holds::hold_comment(work, comment, hold);
        work.tx.put_comment_holds(&[&held]).await?;
        set_state(work, was, CommentState::Held).await?;
        return Ok(held);
    }
    work.tell(
        Stream::Public,
        EventKind::CommentChanged,
        comment.id,
        comment.version,
        content::comment(&comment),
    );
    queue::reworded(work, Object::Comment(comment.id)).await?;
    Ok(comment)
}

/// Takes one's comment back: in a locked thread and while posting is paused as well, and whatever
/// moderators made of it.
pub async fn delete_comment(work: &mut Work<'_>, id: CommentId) -> Outcome<CommandResult> {
    let (comment, _) = own_comment(work, id).await?;
    if comment.state == CommentState::Deleted {
        return Err(Problem::new(Code::Closed, "You have already deleted this comment.").into());
    }
    reports::taken_back(work, Object::Comment(id)).await?;
    let comment = set_state(work, comment, CommentState::Deleted).await?;
    Ok(CommandResult {
        comment: views::comment(comment, false, work.actor.viewer()),
        ..CommandResult::default()
    })
}

/// Tells of a comment that is not what or where it was: everyone, or its author alone where nobody
/// else has seen it.
pub(crate) fn tell_changed(work: &mut Work<'_>, comment: &Comment) {
    let unseen = matches!(comment.sight_state(false), State::Unseen(_));
    let stream = if unseen {
        Stream::Account(comment.author.id)
    } else {
        Stream::Public
    };
    work.tell(
        stream,
        EventKind::CommentChanged,
        comment.id,
        comment.version,
        content::comment(comment),
    );
}

/// Moves a comment to a state, with the counts that go with it.
pub async fn set_state(
    work: &mut Work<'_>,
    comment: Comment,
    state: CommentState,
) -> Outcome<Comment> {
    let shows = |state| i64::from(state == CommentState::Visible);
    let sign = shows(state) - shows(comment.state);
    work.tx.set_comment_state(comment.id, state).await?;
    if sign != 0 {
        work.tx
            .count_comments([(comment.thread, sign, None)])
            .await?;
        if let Some(parent) = comment.parent {
            work.tx.count_replies([(parent, sign)]).await?;
        }
    }
    if comment
        .hold
        .as_ref()
        .is_some_and(|hold| hold.unseen || comment.state == CommentState::Held)
    {
        holds::release(work, &comment, state).await?;
    }
    let mut comment = Comment { state, ..comment };
    tell_changed(work, &comment);
    if let Some(hold) = comment
        .hold
        .as_mut()
        .filter(|_| state == CommentState::Visible)
    {
        hold.unseen = false;
    }
    queue::touch(work, Object::Comment(comment.id)).await?;
    // A wave is one thing that waits, by its first comment.
    if let Some(first) = comment
        .hold
        .as_ref()
        .and_then(|hold| hold.wave)
        .filter(|first| *first != comment.id)
    {
        queue::touch(work, Object::Comment(first)).await?;
    }
    Ok(comment)
}
