//! Reports by people with accounts.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        framework::FrameworkId,
        moderation::{Kind, Object, Reason, ThingId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

/// Reports of one thing that are read at a time.
const OF_ONE: i64 = 200;

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
    /// The decision that answered it.
    pub closed_by: Option<String>,
    /// When its author took the thing back, where that answered it.
    pub taken_back_at: Option<Millis>,
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
    closed_by: Option<String>,
    taken_back_at: Option<Millis>,
    at: Millis,
}

impl From<ReportRow> for Option<Report> {
    fn from(row: ReportRow) -> Self {
        let object = Object::of(row.kind.known()?, row.object);
        Some(Report {
            id: row.id,
            framework: row.framework,
            object,
            account: row.account,
            reason: row.reason.known()?,
            note: row.note,
            closed_by: row.closed_by,
            taken_back_at: row.taken_back_at,
            at: row.at,
        })
    }
}

macro_rules! report_columns {
    () => {
        "SELECT id, framework, kind, object, account, reason, note, closed_by, taken_back_at, at FROM report "
    };
}

impl Reader {
    /// Reports of a thing that nobody has decided about, newest first.
    pub async fn open_reports(&mut self, object: ThingId) -> Result<Vec<Report>> {
        const SQL: &str = concat!(
            report_columns!(),
            "WHERE object = $1 AND closed_by IS NULL ORDER BY at DESC, id LIMIT $2"
        );
        Ok(self
            .all::<ReportRow>(SQL, row![object, OF_ONE])
            .await?
            .into_iter()
            .filter_map(Into::into)
            .collect())
    }

    /// What an account reported before a place, newest first.
    pub async fn reports_by(
        &mut self,
        account: AccountId,
        before: (Millis, String),
        limit: i64,
    ) -> Result<Vec<Report>> {
        const SQL: &str = concat!(
            report_columns!(),
            "WHERE account = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"
        );
        self.part(
            SQL,
            limit,
            before,
            |(at, id)| row![account, at, id, limit],
            |row: &ReportRow| (row.at, row.id.clone()),
        )
        .await
    }
}

impl Tx {
    /// Keeps a report; false where this account's report of the object is still open.
    pub async fn insert_report(&mut self, report: &Report) -> Result<bool> {
        const SQL: &str = "INSERT INTO report (id, framework, kind, object, account, reason, note, closed_by, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8) ON CONFLICT (account, object)
            DO UPDATE SET id = excluded.id, reason = excluded.reason, note = excluded.note, closed_by = NULL, taken_back_at = NULL, at = excluded.at
            WHERE report.closed_by IS NOT NULL";
        let rows = self
            .changed(
                SQL,
                row![
                    report.id,
                    report.framework,
                    Word::Known(report.object.kind()),
                    report.object.id(),
                    report.account,
                    Word::Known(report.reason),
                    report.note,
                    report.at
                ],
            )
            .await?;
        Ok(rows == 1)
    }
}
