//! That roles were given and taken: who had one is told by alias.
use sqlx::FromRow;

use crate::{
    domain::{Millis, framework::FrameworkId, permission::Role},
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

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
        Some(Appointment {
            id: row.id,
            framework: row.framework,
            alias: row.alias,
            was: row.was.known()?,
            role: row.role.known()?,
            at: row.at,
        })
    }
}

impl Reader {
    /// That a role was given or taken.
    pub async fn appointment(&mut self, id: &str) -> Result<Option<Appointment>> {
        const SQL: &str =
            "SELECT id, framework, alias, was, role, at FROM appointment WHERE id = $1";
        Ok(self
            .found::<AppointmentRow>(SQL, row![id])
            .await?
            .and_then(Into::into))
    }

    /// What roles were given and taken in a framework, newest first, before a place.
    pub async fn appointments(
        &mut self,
        framework: FrameworkId,
        before: (Millis, String),
        limit: i64,
    ) -> Result<Vec<Appointment>> {
        const SQL: &str = "SELECT id, framework, alias, was, role, at FROM appointment
            WHERE framework = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4";
        self.part(
            SQL,
            limit,
            before,
            |(at, id)| row![framework, at, id, limit],
            |row: &AppointmentRow| (row.at, row.id.clone()),
        )
        .await
    }
}

impl Tx {
    /// Keeps that a role was given or taken.
    pub async fn insert_appointment(&mut self, appointment: &Appointment) -> Result<()> {
        const SQL: &str = "INSERT INTO appointment (id, framework, alias, was, role, at) VALUES ($1, $2, $3, $4, $5, $6)";
        let Appointment {
            id,
            framework,
            alias,
            was,
            role,
            at,
        } = appointment;
        self.run(
            SQL,
            row![
                id,
                framework,
                alias,
                Word::Known(*was),
                Word::Known(*role),
                at
            ],
        )
        .await
    }
}
