//! The rows that changes are about.
mod run;
mod whole;

use std::collections::HashMap;

use sqlx::FromRow;

pub use self::{
    run::Rows,
    whole::{last_reports, rounds},
};

#[derive(FromRow)]
pub struct Comment {
    pub id: String,
    pub thread: String,
    pub parent: Option<String>,
    pub kind: String,
    pub body: String,
    pub html: String,
    pub language: String,
    pub state: String,
    pub version: i64,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub author: String,
}

/// A text a comment had.
#[derive(FromRow)]
pub struct CommentText {
    pub comment: String,
    pub version: i64,
    pub body: String,
    pub html: String,
    pub at: i64,
}

#[derive(FromRow)]
pub struct Thread {
    pub id: String,
    pub point: Option<i64>,
    pub concession: Option<String>,
    pub title: String,
    pub state: String,
    pub created_at: i64,
    pub author: String,
    pub merged_into: Option<String>,
}

#[derive(FromRow)]
pub struct Card {
    pub id: String,
    pub question: String,
    pub title: String,
    pub body: String,
    pub html: String,
    pub in_return: Option<String>,
    pub verifier: String,
    pub deadline: Option<String>,
    pub receivers: String,
    pub category: Option<String>,
    pub points: String,
    pub sources: String,
    pub language: String,
    pub state: String,
    pub version: i64,
    pub material: i64,
    pub merged_into: Option<String>,
    pub grew_out_of: Option<String>,
    pub sample: bool,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub author: String,
}

/// A text a card had.
#[derive(FromRow)]
pub struct CardText {
    pub concession: String,
    pub version: i64,
    pub title: String,
    pub body: String,
    pub html: String,
    pub in_return: Option<String>,
    pub verifier: String,
    pub deadline: Option<String>,
    pub at: i64,
}

#[derive(FromRow)]
pub struct Translation {
    pub id: String,
    pub concession: String,
    pub language: String,
    pub version: i64,
    pub title: String,
    pub body: String,
    pub html: String,
    pub in_return: Option<String>,
    pub verifier: Option<String>,
    pub deadline: Option<String>,
    pub author: String,
    pub state: String,
    pub at: i64,
}

#[derive(FromRow)]
pub struct Decision {
    pub id: String,
    pub kind: String,
    pub object: String,
    pub action: String,
    pub rule: String,
    pub facts: String,
    pub until: Option<i64>,
    pub automated: bool,
    pub target: Option<String>,
    pub point: Option<i64>,
    pub into_thread: Option<String>,
    pub title: Option<String>,
    pub state: String,
    pub at: i64,
    pub moderator: String,
}

#[derive(FromRow)]
pub struct Appeal {
    pub decision: String,
    pub statement: String,
    pub at: i64,
    pub state: String,
    pub answer: Option<String>,
    pub decided_at: Option<i64>,
}

/// That a role was given or taken.
#[derive(FromRow)]
pub struct Appointment {
    pub id: String,
    pub alias: i64,
    pub was: String,
    pub role: String,
    pub at: i64,
}

/// A notice by somebody without an account.
#[derive(FromRow)]
pub struct Notice {
    pub id: String,
    pub kind: String,
    pub object: String,
    pub reason: String,
    pub statement: String,
    pub contact: Option<String>,
    pub at: i64,
}

#[derive(FromRow)]
pub struct Report {
    pub id: String,
    pub kind: String,
    pub object: String,
    pub reason: String,
    pub note: Option<String>,
    pub at: i64,
    pub account: String,
}

#[derive(FromRow)]
pub struct Question {
    pub id: String,
    pub state: String,
    pub round: i64,
    pub reveal: String,
    pub opened_at: Option<i64>,
    pub closes_at: Option<i64>,
    pub closed_at: Option<i64>,
}

/// What was published of a round; `leaves` and `result` by their sums.
#[derive(FromRow)]
pub struct Round {
    pub question: String,
    pub round: i64,
    pub opened_at: Option<i64>,
    pub closed_at: i64,
    pub ballots: i64,
    pub root: String,
    pub leaves: String,
    pub result: String,
}

/// Rows by what names them.
fn by<K: std::hash::Hash + Eq, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}
