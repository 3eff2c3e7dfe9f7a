//! The rows that changes are about.
use std::collections::HashMap;

use sqlx::FromRow;

use super::{
    base::{Base, on},
    sums::sha256,
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

/// The rows that a run of changes is about, by id.
#[derive(Default)]
pub struct Rows {
    pub comments: HashMap<String, Comment>,
    pub comment_texts: HashMap<(String, i64), CommentText>,
    pub threads: HashMap<String, Thread>,
    pub cards: HashMap<String, Card>,
    pub card_texts: HashMap<(String, i64), CardText>,
    pub translations: HashMap<String, Vec<Translation>>,
    pub decisions: HashMap<String, Decision>,
    pub reports: HashMap<String, Report>,
    pub notices: HashMap<String, Notice>,
    pub appointments: HashMap<String, Appointment>,
    /// By the decision they are against.
    pub appeals: HashMap<String, Appeal>,
}

/// Which changes: framework, stream, after, up to.
pub type Run<'a> = (&'a str, &'a str, i64, i64);

/// A query about the objects of a run of changes, as `object IN (…)`.
macro_rules! of_run {
    ($select:literal, $column:literal, $kinds:literal) => {
        concat!(
            $select,
            " WHERE ",
            $column,
            " IN (SELECT object FROM change WHERE framework = $1 AND stream = $2 AND seq > $3 AND seq <= $4 AND kind IN (",
            $kinds,
            "))"
        )
    };
}

macro_rules! read {
    ($base:expr, $run:expr, $sql:expr) => {
        on!(&mut *$base, |conn| sqlx::query_as($sql).bind($run.0).bind($run.1).bind($run.2).bind($run.3).fetch_all(conn).await)?
    };
}

fn by<K: std::hash::Hash + Eq, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

impl Rows {
    /// Reads the rows that some changes of `public` are about.
    pub async fn of_public(base: &mut Base, run: Run<'_>) -> sqlx::Result<Self> {
        let comments = read!(
            base,
            run,
            of_run!(
                "SELECT id, thread, parent, kind, body, html, language, state, version, created_at, edited_at, author
            FROM comment",
                "framework = $1 AND id",
                "'comment_posted', 'comment_changed'"
            )
        );
        let comment_texts = read!(
            base,
            run,
            of_run!("SELECT comment, version, body, html, at FROM comment_version", "comment", "'comment_posted', 'comment_changed'")
        );
        let threads = read!(
            base,
            run,
            of_run!(
                "SELECT id, point, concession, title, state, created_at, author, merged_into FROM thread",
                "framework = $1 AND id",
                "'thread_opened', 'thread_changed'"
            )
        );
        let cards = read!(
            base,
            run,
            of_run!(
                "SELECT id, question, title, body, html, in_return, verifier, deadline, receivers, category, points,
            sources, language, state, version, material, merged_into, sample, created_at, edited_at, author FROM concession",
                "framework = $1 AND id",
                "'concession_proposed', 'concession_changed'"
            )
        );
        let card_texts = read!(
            base,
            run,
            of_run!(
                "SELECT concession, version, title, body, html, in_return, verifier, deadline, at FROM concession_version",
                "concession",
                "'concession_proposed', 'concession_changed'"
            )
        );
        let all: Vec<Translation> = read!(
            base,
            run,
            of_run!(
                "SELECT id, concession, language, version, title, body, html, in_return, verifier,
            deadline, author, state, at FROM translation",
                "concession",
                "'concession_changed'"
            )
        );
        let mut translations: HashMap<String, Vec<Translation>> = HashMap::new();
        for one in all {
            translations.entry(one.concession.clone()).or_default().push(one);
        }
        Ok(Self {
            comments: by(comments, |row: &Comment| row.id.clone()),
            comment_texts: by(comment_texts, |row: &CommentText| (row.comment.clone(), row.version)),
            threads: by(threads, |row: &Thread| row.id.clone()),
            cards: by(cards, |row: &Card| row.id.clone()),
            card_texts: by(card_texts, |row: &CardText| (row.concession.clone(), row.version)),
            translations,
            ..Self::of_all(base, run).await?
        })
    }

    /// Reads the rows that some changes of any stream are about.
    pub async fn of_all(base: &mut Base, run: Run<'_>) -> sqlx::Result<Self> {
        let decisions = read!(
            base,
            run,
            of_run!(
                "SELECT id, kind, object, action, rule, facts, until, automated, target, point, into_thread, title, state, at, moderator
            FROM decision",
                "framework = $1 AND id",
                "'decision_made', 'notice'"
            )
        );
        let reports =
            read!(base, run, of_run!("SELECT id, kind, object, reason, note, at, account FROM report", "framework = $1 AND id", "'report_made'"));
        let notices = read!(
            base,
            run,
            of_run!("SELECT id, kind, object, reason, statement, contact, at FROM public_notice", "framework = $1 AND id", "'report_made'")
        );
        let appeals = read!(
            base,
            run,
            of_run!("SELECT decision, statement, at, state, answer, decided_at FROM appeal", "framework = $1 AND decision", "'appeal_changed'")
        );
        let appointments = read!(base, run, of_run!("SELECT id, alias, was, role, at FROM appointment", "framework = $1 AND id", "'team_changed'"));
        Ok(Self {
            appointments: by(appointments, |row: &Appointment| row.id.clone()),
            decisions: by(decisions, |row: &Decision| row.id.clone()),
            reports: by(reports, |row: &Report| row.id.clone()),
            notices: by(notices, |row: &Notice| row.id.clone()),
            appeals: by(appeals, |row: &Appeal| row.decision.clone()),
            ..Self::default()
        })
    }
}

/// The questions of a framework, and what was published of their rounds.
pub async fn rounds(base: &mut Base, framework: &str) -> sqlx::Result<(HashMap<String, Question>, HashMap<(String, i64), Round>)> {
    const QUESTIONS: &str = "SELECT id, state, round, reveal, opened_at, closes_at, closed_at FROM question WHERE framework = $1";
    const ROUNDS: &str = "SELECT r.question, r.round, r.opened_at, r.closed_at, r.ballots, r.root, r.leaves, r.result
        FROM round_result r JOIN question q ON q.id = r.question WHERE q.framework = $1";
    let questions = on!(&mut *base, |conn| sqlx::query_as(QUESTIONS).bind(framework).fetch_all(conn).await)?;
    let rounds: Vec<Round> = on!(base, |conn| sqlx::query_as(ROUNDS).bind(framework).fetch_all(conn).await)?;
    let summed = |row: Round| Round { leaves: sha256(&row.leaves), result: sha256(&row.result), ..row };
    let rounds: Vec<Round> = rounds.into_iter().map(summed).collect();
    Ok((by(questions, |row: &Question| row.id.clone()), by(rounds, |row| (row.question.clone(), row.round))))
}

/// The youngest report of each account in a framework: an account that reports a thing again has its earlier report replaced.
pub async fn last_reports(base: &mut Base, framework: &str) -> sqlx::Result<HashMap<String, String>> {
    const SQL: &str = "SELECT account, MAX(id) FROM report WHERE framework = $1 GROUP BY account";
    let rows: Vec<(String, String)> = on!(base, |conn| sqlx::query_as(SQL).bind(framework).fetch_all(conn).await)?;
    Ok(rows.into_iter().collect())
}
