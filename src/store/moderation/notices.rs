//! Notices by people without accounts.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        framework::FrameworkId,
        moderation::{Kind, Object, Reason, ThingId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

/// Notices of one thing that are read at a time.
const OF_ONE: i64 = 200;

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
        let object = Object::of(row.kind.known()?, row.object);
        Some(PublicNotice {
            id: row.id,
            framework: row.framework,
            object,
            reason: row.reason.known()?,
            statement: row.statement,
            contact: row.contact,
            closed_by: row.closed_by,
            taken_back_at: row.taken_back_at,
            at: row.at,
        })
    }
}

macro_rules! notice_columns {
    () => {
        "SELECT id, framework, kind, object, reason, statement, contact, closed_by, taken_back_at, at FROM public_notice "
    };
}

impl Reader {
    /// Open notices of a thing, newest first.
    pub async fn open_notices(&mut self, object: ThingId) -> Result<Vec<PublicNotice>> {
        const SQL: &str = concat!(
            notice_columns!(),
            "WHERE object = $1 AND closed_by IS NULL ORDER BY at DESC, id LIMIT $2"
        );
        Ok(self
            .all::<NoticeRow>(SQL, row![object, OF_ONE])
            .await?
            .into_iter()
            .filter_map(Into::into)
            .collect())
    }

    /// The notice whose code has this hash.
    pub async fn notice(&mut self, code: &str) -> Result<Option<PublicNotice>> {
        const SQL: &str = concat!(notice_columns!(), "WHERE code = $1");
        Ok(self
            .found::<NoticeRow>(SQL, row![code])
            .await?
            .and_then(Into::into))
    }
}

impl Tx {
    /// Keeps a notice, with the hash of its code.
    pub async fn insert_notice(&mut self, notice: &PublicNotice, code: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO public_notice (id, framework, kind, object, reason, statement, contact, code, closed_by, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)";
        self.run(
            SQL,
            row![
                notice.id,
                notice.framework,
                Word::Known(notice.object.kind()),
                notice.object.id(),
                Word::Known(notice.reason),
                notice.statement,
                notice.contact,
                code,
                notice.at
            ],
        )
        .await
    }
}
