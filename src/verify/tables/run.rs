//! The rows that a run of changes is about, by id.
use std::collections::HashMap;

use super::{
    Appeal, Appointment, Card, CardText, Comment, CommentText, Decision, Notice, Report, Thread,
    Translation, by,
};
use crate::verify::base::{Base, on};

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

/// Reads rows about the objects of a run's changes of some kinds: those whose `column` is the
/// object.
macro_rules! of_run {
    ($base:expr, $run:expr, $select:literal, $column:literal, $kinds:literal) => {{
        const SQL: &str = concat!(
            $select,
            " WHERE ",
            $column,
            " IN (SELECT object FROM change WHERE framework = $1 AND stream = $2 AND seq > $3 AND seq <= $4 AND kind IN (",
            $kinds,
            "))"
        );
        on!(&mut *$base, |conn| sqlx::query_as(SQL).bind($run.0).bind($run.1).bind($run.2).bind($run.3).fetch_all(conn).await)?
    }};
}

impl Rows {
    /// Reads the rows that some changes of `public` are about.
    pub async fn of_public(base: &mut Base, run: Run<'_>) -> sqlx::Result<Self> {
        let mut rows = Self::of_all(base, run).await?;
        rows.read_discussions(base, run).await?;
        rows.read_cards(base, run).await?;
        Ok(rows)
    }

    /// Reads the comments and threads.
    async fn read_discussions(&mut self, base: &mut Base, run: Run<'_>) -> sqlx::Result<()> {
        let comments = of_run!(
            base,
            run,
            "SELECT id, thread, parent, kind, body, html, language, state, version, created_at, edited_at, author
            FROM comment",
            "framework = $1 AND id",
            "'comment_posted', 'comment_changed'"
        );
        let texts = of_run!(
            base,
            run,
            "SELECT comment, version, body, html, at FROM comment_version",
            "comment",
            "'comment_posted', 'comment_changed'"
        );
        let threads = of_run!(
            base,
            run,
            "SELECT id, point, concession, title, state, created_at, author, merged_into FROM thread",
            "framework = $1 AND id",
            "'thread_opened', 'thread_changed'"
        );
        self.comments = by(comments, |row: &Comment| row.id.clone());
        self.comment_texts = by(texts, |row: &CommentText| {
            (row.comment.clone(), row.version)
        });
        self.threads = by(threads, |row: &Thread| row.id.clone());
        Ok(())
    }

    /// Reads the cards and their translations.
    async fn read_cards(&mut self, base: &mut Base, run: Run<'_>) -> sqlx::Result<()> {
        let cards = of_run!(
            base,
            run,
            "SELECT id, question, title, body, html, in_return, verifier, deadline, receivers, category, points,
            sources, language, state, version, material, merged_into, grew_out_of, sample, created_at, edited_at, author FROM concession",
            "framework = $1 AND id",
            "'concession_proposed', 'concession_changed'"
        );
        let texts = of_run!(
            base,
            run,
            "SELECT concession, version, title, body, html, in_return, verifier, deadline, at FROM concession_version",
            "concession",
            "'concession_proposed', 'concession_changed'"
        );
        let translations: Vec<Translation> = of_run!(
            base,
            run,
            "SELECT id, concession, language, version, title, body, html, in_return, verifier,
            deadline, author, state, at FROM translation",
            "concession",
            "'concession_changed'"
        );
        self.cards = by(cards, |row: &Card| row.id.clone());
        self.card_texts = by(texts, |row: &CardText| {
            (row.concession.clone(), row.version)
        });
        for one in translations {
            self.translations
                .entry(one.concession.clone())
                .or_default()
                .push(one);
        }
        Ok(())
    }

    /// Reads the rows that some changes of any stream are about.
    pub async fn of_all(base: &mut Base, run: Run<'_>) -> sqlx::Result<Self> {
        let decisions = of_run!(
            base,
            run,
            "SELECT id, kind, object, action, rule, facts, until, automated, target, point, into_thread, title, state, at, moderator
            FROM decision",
            "framework = $1 AND id",
            "'decision_made', 'notice'"
        );
        let reports = of_run!(
            base,
            run,
            "SELECT id, kind, object, reason, note, at, account FROM report",
            "framework = $1 AND id",
            "'report_made'"
        );
        let notices = of_run!(
            base,
            run,
            "SELECT id, kind, object, reason, statement, contact, at FROM public_notice",
            "framework = $1 AND id",
            "'report_made'"
        );
        let appeals = of_run!(
            base,
            run,
            "SELECT decision, statement, at, state, answer, decided_at FROM appeal",
            "framework = $1 AND decision",
            "'appeal_changed'"
        );
        let appointments = of_run!(
            base,
            run,
            "SELECT id, alias, was, role, at FROM appointment",
            "framework = $1 AND id",
            "'team_changed'"
        );
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
