//! Who has a role where, under which alias, who had one, and whose rights changed.
use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use super::{
    db::{Reader, Result, Tx, sql},
    many::Many,
    values::row,
    words::{Doc, Word},
};
use crate::domain::{Millis, account::AccountId, framework::FrameworkId, permission::Role, remit::Remit};

/// Somebody with a role above participant.
#[derive(Clone, Debug)]
pub struct Appointed {
    /// The account.
    pub account: AccountId,
    /// Its handle.
    pub handle: String,
    /// Its display name.
    pub display_name: Option<String>,
    /// The role.
    pub role: Role,
    /// The viewpoint: counted, never shown.
    pub camp: Option<String>,
    /// What decisions are limited to.
    pub remit: Remit,
    /// The number in the public log.
    pub alias: Option<i64>,
    /// Since when, where that is known.
    pub appointed_at: Option<Millis>,
}

/// That a role was given or taken.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// Its id.
    pub id: String,
    /// Where.
    pub framework: FrameworkId,
    /// Of whom.
    pub alias: i64,
    /// The role before.
    pub was: Role,
    /// The role since.
    pub role: Role,
    /// When.
    pub at: Millis,
}

#[derive(FromRow)]
struct AppointedRow {
    account: AccountId,
    handle: String,
    display_name: Option<String>,
    role: Word<Role>,
    camp: Option<String>,
    remit: Option<Doc<Remit>>,
    alias: Option<i64>,
    appointed_at: Option<Millis>,
}

#[derive(FromRow)]
struct AppointmentRow {
    id: String,
    framework: FrameworkId,
    alias: i64,
    was: Word<Role>,
    role: Word<Role>,
    at: Millis,
}

impl From<AppointmentRow> for Option<Appointment> {
    fn from(row: AppointmentRow) -> Self {
        let AppointmentRow { id, framework, alias, was, role, at } = row;
        Some(Appointment { id, framework, alias, was: was.known()?, role: role.known()?, at })
    }
}

impl Reader {
    /// Who has a role in a framework, in no order.
    pub async fn team(&mut self, framework: FrameworkId) -> Result<Vec<Appointed>> {
        const SQL: &str = "SELECT m.account, a.handle, a.display_name, m.role, m.camp, m.remit, m.alias, m.appointed_at
            FROM membership m JOIN account a ON a.id = m.account WHERE m.framework = $1 AND m.role IN ('moderator', 'mediator', 'owner')";
        let rows = self.all::<AppointedRow>(SQL, row![framework]).await?;
        let appointed = |row: AppointedRow| {
            let AppointedRow { account, handle, display_name, role, camp, remit, alias, appointed_at } = row;
            let remit = remit.map_or_else(Remit::default, |remit| remit.known().unwrap_or_else(Remit::nothing));
            Some(Appointed { account, handle, display_name, role: role.known()?, camp, remit, alias, appointed_at })
        };
        Ok(rows.into_iter().filter_map(appointed).collect())
    }

    /// The numbers that stand for accounts in a framework's public log; those that never had a role there are absent.
    pub async fn aliases(&mut self, framework: FrameworkId, accounts: &[AccountId]) -> Result<HashMap<AccountId, i64>> {
        const SQL: &str = "SELECT account, alias FROM membership WHERE alias IS NOT NULL AND framework = ";
        if accounts.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(AccountId, i64)> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(SQL);
            query.push_bind(framework).push(" AND account");
            Db::push_in(&mut query, accounts);
            query.build_query_as().fetch_all(conn).await
        })?;
        Ok(rows.into_iter().collect())
    }

    /// That a role was given or taken.
    pub async fn appointment(&mut self, id: &str) -> Result<Option<Appointment>> {
        const SQL: &str = "SELECT id, framework, alias, was, role, at FROM appointment WHERE id = $1";
        Ok(self.found::<AppointmentRow>(SQL, row![id]).await?.and_then(Into::into))
    }

    /// What roles were given and taken in a framework, newest first, before a place.
    pub async fn appointments(&mut self, framework: FrameworkId, before: (Millis, String), limit: i64) -> Result<Vec<Appointment>> {
        const SQL: &str = "SELECT id, framework, alias, was, role, at FROM appointment
            WHERE framework = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4";
        self.part(SQL, limit, before, |(at, id)| row![framework, at, id, limit], |row: &AppointmentRow| (row.at, row.id.clone())).await
    }

    /// Accounts and frameworks where rights changed since a time, each with the time of its last change.
    pub async fn rights_changed_since(&mut self, since: Millis) -> Result<Vec<(String, Millis)>> {
        const SQL: &str = "SELECT subject, at FROM rights_change WHERE at > $1";
        self.all(SQL, row![since]).await
    }
}

impl Tx {
    /// A number nobody had in this framework, which the caller has locked; it is never given again.
    pub async fn next_alias(&mut self, framework: FrameworkId) -> Result<i64> {
        const UP: &str = "UPDATE framework SET last_alias = last_alias + 1 WHERE id = $1";
        self.run(UP, row![framework]).await?;
        self.sole("SELECT last_alias FROM framework WHERE id = $1", row![framework]).await
    }

    /// Keeps that a role was given or taken.
    pub async fn insert_appointment(&mut self, appointment: &Appointment) -> Result<()> {
        const SQL: &str = "INSERT INTO appointment (id, framework, alias, was, role, at) VALUES ($1, $2, $3, $4, $5, $6)";
        let Appointment { id, framework, alias, was, role, at } = appointment;
        self.run(SQL, row![id, framework, alias, Word::Known(*was), Word::Known(*role), at]).await
    }

    /// Notes that the rights of an account, or of everyone in a framework, change with this transaction.
    pub async fn note_rights_change(&mut self, subject: impl ToString, now: Millis) -> Result<()> {
        // A second change within a millisecond has a time of its own, so that nobody takes it for the first.
        const SQL: &str = "INSERT INTO rights_change (subject, at) VALUES ($1, $2) ON CONFLICT (subject) DO UPDATE
            SET at = CASE WHEN excluded.at > rights_change.at THEN excluded.at ELSE rights_change.at + 1 END";
        self.run(SQL, row![subject.to_string(), now]).await
    }
}
