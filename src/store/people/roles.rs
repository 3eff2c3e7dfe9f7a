//! Who has a role where, and under which alias.
use std::collections::HashMap;

use sqlx::{FromRow, QueryBuilder};

use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId, permission::Role, remit::Remit},
    store::{
        db::{Reader, Result, Tx, sql},
        many::Many,
        values::row,
        words::{Doc, Word},
    },
};

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

impl Reader {
    /// Who has a role in a framework, in no order.
    pub async fn team(&mut self, framework: FrameworkId) -> Result<Vec<Appointed>> {
        const SQL: &str = "SELECT m.account, a.handle, a.display_name, m.role, m.camp, m.remit, m.alias, m.appointed_at
            FROM membership m JOIN account a ON a.id = m.account WHERE m.framework = $1 AND m.role IN ('moderator', 'mediator', 'owner')";
        let rows = self.all::<AppointedRow>(SQL, row![framework]).await?;
        let appointed = |row: AppointedRow| {
            let remit = row.remit.map_or_else(Remit::default, |remit| {
                remit.known().unwrap_or_else(Remit::nothing)
            });
            Some(Appointed {
                account: row.account,
                handle: row.handle,
                display_name: row.display_name,
                role: row.role.known()?,
                camp: row.camp,
                remit,
                alias: row.alias,
                appointed_at: row.appointed_at,
            })
        };
        Ok(rows.into_iter().filter_map(appointed).collect())
    }

    /// The numbers that stand for accounts in a framework's public log; those that never had a role
    /// there are absent.
    pub async fn aliases(
        &mut self,
        framework: FrameworkId,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, i64>> {
        const SQL: &str =
            "SELECT account, alias FROM membership WHERE alias IS NOT NULL AND framework = ";
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

    /// Of how many viewpoints the moderators of a framework are whose role bites: with a second
    /// factor, where one is `required`.
    pub async fn moderators_camps(
        &mut self,
        framework: FrameworkId,
        required: bool,
    ) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(DISTINCT m.camp) FROM membership m
            WHERE m.framework = $1 AND m.joined AND m.camp IS NOT NULL AND m.role IN ('moderator', 'mediator', 'owner', 'admin')
            AND (NOT $2 OR EXISTS (SELECT 1 FROM second_factor f WHERE f.account = m.account AND f.confirmed_at IS NOT NULL))";
        self.sole(SQL, row![framework, required]).await
    }
}

impl Tx {
    /// A number nobody had in this framework, which the caller has locked; it is never given again.
    pub async fn next_alias(&mut self, framework: FrameworkId) -> Result<i64> {
        const UP: &str = "UPDATE framework SET last_alias = last_alias + 1 WHERE id = $1";
        self.run(UP, row![framework]).await?;
        self.sole(
            "SELECT last_alias FROM framework WHERE id = $1",
            row![framework],
        )
        .await
    }
}
