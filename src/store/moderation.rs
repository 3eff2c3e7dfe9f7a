//! Reports and decisions.
use sqlx::FromRow;

use super::{
    db::{Reader, Result, Tx, sql},
    words::Word,
};
use crate::domain::{
    Millis,
    account::AccountId,
    concession::ConcessionId,
    framework::FrameworkId,
    moderation::{Act, Kind, Object, Reason, ThingId},
};

/// A user's flag.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its id.
    pub id: String,
    /// Where.
    pub framework: FrameworkId,
    /// About what.
    pub object: Object,
    /// Whose.
    pub account: AccountId,
    /// Why.
    pub reason: Reason,
    /// What they wrote.
    pub note: Option<String>,
    /// When.
    pub at: Millis,
}

/// A moderator's act.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its id.
    pub id: String,
    /// Where.
    pub framework: FrameworkId,
    /// About what.
    pub object: Object,
    /// What was done.
    pub action: Act,
    /// The rule it rests on.
    pub rule: String,
    /// The facts.
    pub facts: String,
    /// Until when.
    pub until: Option<Millis>,
    /// Who decided, or whose word completed it where it is automated; never shown.
    pub moderator: AccountId,
    /// Whether nobody decided it but the count of what people said.
    pub automated: bool,
    /// Whom it concerns.
    pub addressee: Option<AccountId>,
    /// The card it was united with.
    pub target: Option<ConcessionId>,
    /// When.
    pub at: Millis,
}

#[derive(FromRow)]
struct ReportRow {
    id: String,
    framework: FrameworkId,
    kind: Word<Kind>,
    object: ThingId,
    account: AccountId,
    reason: Word<Reason>,
    note: Option<String>,
    at: Millis,
}

#[derive(FromRow)]
struct DecisionRow {
    id: String,
    framework: FrameworkId,
    kind: Word<Kind>,
    object: ThingId,
    action: Word<Act>,
    rule: String,
    facts: String,
    until: Option<Millis>,
    moderator: AccountId,
    automated: bool,
    addressee: Option<AccountId>,
    target: Option<ConcessionId>,
    at: Millis,
}

impl From<DecisionRow> for Decision {
    fn from(row: DecisionRow) -> Self {
        let DecisionRow { id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, target, at } = row;
        let (object, action) = (Object { kind: kind.0, id: object }, action.0);
        Self { id, framework, object, action, rule, facts, until, moderator, automated, addressee, target, at }
    }
}

macro_rules! decision_columns {
    () => {
        "SELECT id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, target, at FROM decision "
    };
}

impl Reader {
    /// Reports nobody has decided about, oldest first, at most 1,000.
    pub async fn open_reports(&mut self, framework: FrameworkId) -> Result<Vec<Report>> {
        const SQL: &str = "SELECT id, framework, kind, object, account, reason, note, at FROM report
            WHERE framework = $1 AND closed_by IS NULL ORDER BY at, id LIMIT 1000";
        let rows = sql!(self, |conn| sqlx::query_as::<_, ReportRow>(SQL).bind(framework).fetch_all(conn).await)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let ReportRow { id, framework, kind, object, account, reason, note, at } = row;
                Report { id, framework, object: Object { kind: kind.0, id: object }, account, reason: reason.0, note, at }
            })
            .collect())
    }

    /// The decision with this id.
    pub async fn decision(&mut self, id: &str) -> Result<Option<Decision>> {
        const SQL: &str = concat!(decision_columns!(), "WHERE id = $1");
        Ok(sql!(self, |conn| sqlx::query_as::<_, DecisionRow>(SQL).bind(id).fetch_optional(conn).await)?.map(Into::into))
    }

    /// A framework's decisions, newest first, before a place.
    pub async fn decisions(&mut self, framework: FrameworkId, before: (Millis, String), limit: i64) -> Result<Vec<Decision>> {
        const SQL: &str = concat!(decision_columns!(), "WHERE framework = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
        let rows =
            sql!(self, |conn| sqlx::query_as::<_, DecisionRow>(SQL).bind(framework).bind(before.0).bind(before.1).bind(limit).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// What was decided about an account and its posts, newest first.
    pub async fn decisions_about(&mut self, addressee: AccountId, limit: i64) -> Result<Vec<Decision>> {
        const SQL: &str = concat!(decision_columns!(), "WHERE addressee = $1 ORDER BY at DESC, id DESC LIMIT $2");
        let rows = sql!(self, |conn| sqlx::query_as::<_, DecisionRow>(SQL).bind(addressee).bind(limit).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

impl Tx {
    /// Keeps a report; false where this account's report of the object is still open.
    pub async fn insert_report(&mut self, report: &Report) -> Result<bool> {
        const SQL: &str = "INSERT INTO report (id, framework, kind, object, account, reason, note, closed_by, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8) ON CONFLICT (account, object)
            DO UPDATE SET id = excluded.id, reason = excluded.reason, note = excluded.note, closed_by = NULL, at = excluded.at
            WHERE report.closed_by IS NOT NULL";
        let Report { id, framework, object, account, reason, note, at } = report;
        let rows = sql!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(*framework)
            .bind(Word(object.kind))
            .bind(object.id)
            .bind(*account)
            .bind(Word(*reason))
            .bind(note)
            .bind(at)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows == 1)
    }

    /// Closes the reports about an object.
    pub async fn close_reports(&mut self, object: Object, decision: &str) -> Result<()> {
        const SQL: &str = "UPDATE report SET closed_by = $2 WHERE object = $1 AND closed_by IS NULL";
        sql!(self, |conn| sqlx::query(SQL).bind(object.id).bind(decision).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Keeps a decision.
    pub async fn insert_decision(&mut self, decision: &Decision) -> Result<()> {
        const SQL: &str =
            "INSERT INTO decision (id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, target, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let Decision { id, framework, object, action, rule, facts, until, moderator, automated, addressee, target, at } = decision;
        sql!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(*framework)
            .bind(Word(object.kind))
            .bind(object.id)
            .bind(Word(*action))
            .bind(rule)
            .bind(facts)
            .bind(until)
            .bind(*moderator)
            .bind(*automated)
            .bind(*addressee)
            .bind(*target)
            .bind(at)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
