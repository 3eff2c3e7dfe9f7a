//! Domain objects as a viewer may see them: every body that leaves the server passes here.
mod cards;
mod decisions;
mod people;
mod rounds;
mod talk;

use crate::{
    domain::framework::{Framework, Point, Question},
    protocol::rest::{PauseView, PointEntry, QuestionView},
};

pub(crate) use self::people::member;
pub use self::{
    cards::{answer, card_version, concession},
    decisions::{For, decision},
    people::{account, appointment, limits, membership, session},
    rounds::{round, tally},
    talk::{comment, thread, thread_tombstone},
};

/// Whether and by what posting is paused.
#[must_use]
pub const fn pause(framework: &Framework) -> PauseView {
    PauseView {
        paused: framework.posting_paused(),
        paused_here: framework.paused,
        paused_site: framework.site_paused,
    }
}

/// A point in a list.
#[must_use]
pub fn point_entry(id: String, point: &Point, threads: i64, comments: i64) -> PointEntry {
    let Point {
        number,
        title,
        category,
        status,
        status_by,
        summary,
        ..
    } = point.clone();
    PointEntry {
        id,
        number,
        title,
        category,
        status,
        status_by,
        summary,
        threads,
        comments,
    }
}

/// A question.
#[must_use]
pub fn question(question: &Question) -> QuestionView {
    let Question {
        id,
        key,
        giver,
        point,
        prompt,
        state,
        round,
        reveal,
        cards,
        opened_at,
        closes_at,
        closed_at,
        ..
    } = question.clone();
    QuestionView {
        id,
        key,
        prompt,
        giver,
        point,
        state,
        round,
        reveal,
        cards,
        opened_at,
        closes_at,
        closed_at,
    }
}
