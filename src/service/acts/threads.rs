//! Threads and comments: writing them, and reading them as one may.
use crate::{
    domain::{
        concession::ConcessionId,
        markdown::Text,
        stream::{EventKind, Stream},
        text::{self, Check},
        thread::{CommentState, Thread, ThreadState},
    },
    id::Id,
    protocol::{problem::Problem, rest::CommandResult},
    service::{
        Outcome,
        acts::{
            admit,
            comments::{Words, checked, insert, new_comment},
            holds,
        },
        content,
        gate::Submission,
        sight::views,
        work::Work,
    },
};

/// Opens a thread on a point or under a card, with its first comment.
pub async fn post_thread(
    work: &mut Work<'_>,
    point: Option<u32>,
    card: Option<ConcessionId>,
    title: &str,
    words: Words,
) -> Outcome<CommandResult> {
    let point_id = place(work, point, card).await?;
    let mut check = Check::default();
    let title = check.line("title", title, text::TITLE);
    let (body, language) = checked(&mut check, &words);
    check.finish()?;
    let admission = admit::admit(
        work,
        &[Text::plain("title", &title), Text::markdown("body", &body)],
        Submission::Comment(point),
    )?;
    let thread = new_thread(work, point, card, title);
    let words = Words {
        body,
        language: Some(language),
        ..words
    };
    let comment = new_comment(work, thread.id, None, 0, words);
    let comment = holds::admitted(work, comment, admission);
    let held = comment.state == CommentState::Held;
    let thread = Thread {
        state: if held {
            ThreadState::Held
        } else {
            ThreadState::Open
        },
        ..thread
    };
    work.tx.insert_thread(&thread).await?;
    let stream = if held {
        Stream::Account(work.account.id)
    } else {
        Stream::Public
    };
    work.tell(
        stream,
        EventKind::ThreadOpened,
        thread.id,
        1,
        content::thread(&thread),
    );
    insert(work, comment.clone(), point);
    let thread = Thread {
        comments: i64::from(!held),
        ..thread
    };
    let viewer = work.actor.viewer();
    Ok(CommandResult {
        thread: views::thread(thread, point_id, viewer),
        comment: views::comment(comment, false, viewer),
        ..CommandResult::default()
    })
}

/// Where a thread would stand: the point's id, or that the card shows.
pub(crate) async fn place(
    work: &mut Work<'_>,
    point: Option<u32>,
    card: Option<ConcessionId>,
) -> Outcome<Option<String>> {
    match (point, card) {
        (Some(number), None) => Ok(Some(
            work.tx
                .point_id(work.framework.id, number)
                .await?
                .ok_or_else(Problem::not_found)?,
        )),
        (None, Some(card)) => {
            let card = work
                .tx
                .concession(card)
                .await?
                .filter(|card| card.framework == work.framework.id && card.state.shows());
            card.map(|_| None)
                .ok_or_else(|| Problem::not_found().into())
        }
        _ => Err(Problem::field(
            "point",
            "required",
            "A thread belongs to a point or to a proposal.",
        )
        .into()),
    }
}

pub(crate) fn new_thread(
    work: &Work<'_>,
    point: Option<u32>,
    concession: Option<ConcessionId>,
    title: String,
) -> Thread {
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
