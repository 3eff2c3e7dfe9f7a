//! Reports by people with accounts, and notices by people without.
use sqlx::FromRow;

use super::{
    db::{Reader, Result, Tx},
    values::row,
    words::Word,
};
use crate::domain::{
    Millis,
    account::AccountId,
    framework::FrameworkId,
    moderation::{Kind, Object, Reason, ThingId},
};

/// Reports and notices of one thing that are read at a time.
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

/// A notice by somebody without an account.
#[derive(Clone, Debug)]
pub struct PublicNotice {
    /// Its id.
    pub id: String,
    /// Where.
    pub framework: FrameworkId,
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// What they wrote.
    pub statement: String,
    /// How to reach them, if they said.
    pub contact: Option<String>,
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
        let ReportRow { id, framework, kind, object, account, reason, note, closed_by, taken_back_at, at } = row;
        let object = Object { kind: kind.known()?, id: object };
        Some(Report { id, framework, object, account, reason: reason.known()?, note, closed_by, taken_back_at, at })
    }
}

#[derive(FromRow)]
struct NoticeRow {
    id: String,
    framework: FrameworkId,
    kind: Word<Kind>,
    object: ThingId,
    reason: Word<Reason>,
    statement: String,
    contact: Option<String>,
    closed_by: Option<String>,
    taken_back_at: Option<Millis>,
    at: Millis,
}

impl From<NoticeRow> for Option<PublicNotice> {
    fn from(row: NoticeRow) -> Self {
        let NoticeRow { id, framework, kind, object, reason, statement, contact, closed_by, taken_back_at, at } = row;
        let object = Object { kind: kind.known()?, id: object };
        Some(PublicNotice { id, framework, object, reason: reason.known()?, statement, contact, closed_by, taken_back_at, at })
    }
}

macro_rules! report_columns {
    () => {
        "SELECT id, framework, kind, object, account, reason, note, closed_by, taken_back_at, at FROM report "
    };
}
macro_rules! notice_columns {
    () => {
        "SELECT id, framework, kind, object, reason, statement, contact, closed_by, taken_back_at, at FROM public_notice "
    };
}

impl Reader {
    /// Reports of a thing that nobody has decided about, newest first.
    pub async fn open_reports(&mut self, object: ThingId) -> Result<Vec<Report>> {
        const SQL: &str = concat!(report_columns!(), "WHERE object = $1 AND closed_by IS NULL ORDER BY at DESC, id LIMIT $2");
        Ok(self.all::<ReportRow>(SQL, row![object, OF_ONE]).await?.into_iter().filter_map(Into::into).collect())
    }

    /// What an account reported before a place, newest first.
    pub async fn reports_by(&mut self, account: AccountId, before: (Millis, String), limit: i64) -> Result<Vec<Report>> {
        const SQL: &str = concat!(report_columns!(), "WHERE account = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
        self.part(SQL, limit, before, |(at, id)| row![account, at, id, limit], |row: &ReportRow| (row.at, row.id.clone())).await
    }

    /// How many open reports of a thing there are, by reason, and when the first was made.
    pub async fn report_counts(&mut self, object: ThingId) -> Result<Vec<(Reason, i64, Millis)>> {
        const SQL: &str = "SELECT reason, COUNT(*), MIN(at) FROM report WHERE object = $1 AND closed_by IS NULL GROUP BY reason";
        self.counts(SQL, object).await
    }

    /// How many open notices of a thing there are, by reason, and when the first was made.
    pub async fn notice_counts(&mut self, object: ThingId) -> Result<Vec<(Reason, i64, Millis)>> {
        const SQL: &str = "SELECT reason, COUNT(*), MIN(at) FROM public_notice WHERE object = $1 AND closed_by IS NULL GROUP BY reason";
        self.counts(SQL, object).await
    }

    async fn counts(&mut self, text: &'static str, object: ThingId) -> Result<Vec<(Reason, i64, Millis)>> {
        let rows: Vec<(Word<Reason>, i64, Millis)> = self.all(text, row![object]).await?;
        Ok(rows.into_iter().filter_map(|(reason, count, first)| Some((reason.known()?, count, first))).collect())
    }

    /// Open notices of a thing, newest first.
    pub async fn open_notices(&mut self, object: ThingId) -> Result<Vec<PublicNotice>> {
        const SQL: &str = concat!(notice_columns!(), "WHERE object = $1 AND closed_by IS NULL ORDER BY at DESC, id LIMIT $2");
        Ok(self.all::<NoticeRow>(SQL, row![object, OF_ONE]).await?.into_iter().filter_map(Into::into).collect())
    }

    /// The notice whose code has this hash.
    pub async fn notice(&mut self, code: &str) -> Result<Option<PublicNotice>> {
        const SQL: &str = concat!(notice_columns!(), "WHERE code = $1");
        Ok(self.found::<NoticeRow>(SQL, row![code]).await?.and_then(Into::into))
    }
}

impl Tx {
    /// Keeps a report; false where this account's report of the object is still open.
    pub async fn insert_report(&mut self, report: &Report) -> Result<bool> {
        const SQL: &str = "INSERT INTO report (id, framework, kind, object, account, reason, note, closed_by, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8) ON CONFLICT (account, object)
            DO UPDATE SET id = excluded.id, reason = excluded.reason, note = excluded.note, closed_by = NULL, taken_back_at = NULL, at = excluded.at
            WHERE report.closed_by IS NOT NULL";
        let Report { id, framework, object, account, reason, note, at, .. } = report;
        let rows = self.changed(SQL, row![id, framework, Word::Known(object.kind), object.id, account, Word::Known(*reason), note, at]).await?;
        Ok(rows == 1)
    }

    /// Keeps a notice, with the hash of its code.
    pub async fn insert_notice(&mut self, notice: &PublicNotice, code: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO public_notice (id, framework, kind, object, reason, statement, contact, code, closed_by, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)";
        let PublicNotice { id, framework, object, reason, statement, contact, at, .. } = notice;
        self.run(SQL, row![id, framework, Word::Known(object.kind), object.id, Word::Known(*reason), statement, contact, code, at]).await
    }

    /// Answers the open reports and notices of a thing by a decision.
    pub async fn close_reports(&mut self, object: ThingId, decision: &str) -> Result<()> {
        const REPORTS: &str = "UPDATE report SET closed_by = $2 WHERE object = $1 AND closed_by IS NULL";
        const NOTICES: &str = "UPDATE public_notice SET closed_by = $2 WHERE object = $1 AND closed_by IS NULL";
        for text in [REPORTS, NOTICES] {
            self.run(text, row![object, decision]).await?;
        }
        Ok(())
    }

    /// Answers the open reports and notices of a thing by that its author took it back.
    pub async fn close_taken_back(&mut self, object: ThingId, now: Millis) -> Result<()> {
        const REPORTS: &str = "UPDATE report SET closed_by = '', taken_back_at = $2 WHERE object = $1 AND closed_by IS NULL";
        const NOTICES: &str = "UPDATE public_notice SET closed_by = '', taken_back_at = $2 WHERE object = $1 AND closed_by IS NULL";
        for text in [REPORTS, NOTICES] {
            self.run(text, row![object, now]).await?;
        }
        Ok(())
    }

    /// Opens again what a decision had answered.
    pub async fn reopen_reports(&mut self, decision: &str) -> Result<()> {
        for text in ["UPDATE report SET closed_by = NULL WHERE closed_by = $1", "UPDATE public_notice SET closed_by = NULL WHERE closed_by = $1"] {
            self.run(text, row![decision]).await?;
        }
        Ok(())
    }
}
