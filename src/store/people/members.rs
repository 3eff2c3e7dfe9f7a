//! What accounts are in frameworks: role, viewpoint, and what their decisions are limited to.
use sqlx::FromRow;

use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId, permission::Role, remit::Remit},
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Word},
    },
};

/// What an account is in a framework.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Where.
    pub framework: FrameworkId,
    /// Whether it chose a viewpoint or "rather not say".
    pub joined: bool,
    /// The viewpoint.
    pub camp: Option<String>,
    /// The role; the least where a later version gave one that this does not know.
    pub role: Role,
    /// The word of such a role: it goes back as it came while nobody gives another.
    pub later_role: Option<String>,
    /// When the viewpoint was last chosen.
    pub camp_changed_at: Millis,
    /// What a moderator's decisions are limited to.
    pub remit: Remit,
    /// The number that stands for them in the public log, once they had a role; see
    /// [`Tx::next_alias`].
    pub alias: Option<i64>,
    /// When they got the role, where that is known.
    pub appointed_at: Option<Millis>,
}

impl Membership {
    /// That of an account that is nothing there yet.
    #[must_use]
    pub fn none(framework: FrameworkId) -> Self {
        let (camp, remit, alias, appointed_at) = (None, Remit::default(), None, None);
        Self {
            framework,
            joined: false,
            camp,
            role: Role::Member,
            later_role: None,
            camp_changed_at: 0,
            remit,
            alias,
            appointed_at,
        }
    }
}

#[derive(FromRow)]
pub(super) struct Row {
    pub(super) framework: FrameworkId,
    pub(super) joined: bool,
    pub(super) camp: Option<String>,
    pub(super) role: Word<Role>,
    pub(super) camp_changed_at: Millis,
    pub(super) remit: Option<Doc<Remit>>,
    pub(super) alias: Option<i64>,
    pub(super) appointed_at: Option<Millis>,
}

impl From<Row> for Membership {
    fn from(row: Row) -> Self {
        let remit = row.remit.map_or_else(Remit::default, |remit| {
            remit.known().unwrap_or_else(Remit::nothing)
        });
        let (role, later_role) = match row.role {
            Word::Known(role) => (role, None),
            Word::Other(word) => (Role::Member, Some(word)),
        };
        Self {
            framework: row.framework,
            joined: row.joined,
            camp: row.camp,
            role,
            later_role,
            camp_changed_at: row.camp_changed_at,
            remit,
            alias: row.alias,
            appointed_at: row.appointed_at,
        }
    }
}

impl Reader {
    /// What an account is in a framework.
    pub async fn membership(
        &mut self,
        framework: FrameworkId,
        account: AccountId,
    ) -> Result<Option<Membership>> {
        const SQL: &str = "SELECT framework, joined, camp, role, camp_changed_at, remit, alias, appointed_at FROM membership
            WHERE framework = $1 AND account = $2";
        Ok(self
            .found::<Row>(SQL, row![framework, account])
            .await?
            .map(Into::into))
    }

    /// What an account is anywhere.
    pub async fn memberships(&mut self, account: AccountId) -> Result<Vec<Membership>> {
        const SQL: &str = "SELECT framework, joined, camp, role, camp_changed_at, remit, alias, appointed_at FROM membership
            WHERE account = $1 ORDER BY framework";
        let rows = self.all::<Row>(SQL, row![account]).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

impl Tx {
    /// Keeps what an account is in a framework.
    pub async fn put_membership(
        &mut self,
        account: AccountId,
        membership: &Membership,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO membership (framework, account, joined, camp, role, camp_changed_at, remit, alias, appointed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (framework, account) DO UPDATE SET joined = excluded.joined, camp = excluded.camp, role = excluded.role,
            camp_changed_at = excluded.camp_changed_at, remit = excluded.remit, alias = excluded.alias, appointed_at = excluded.appointed_at";
        let Membership {
            framework,
            joined,
            camp,
            role,
            later_role,
            camp_changed_at,
            remit,
            alias,
            appointed_at,
        } = membership;
        let role = later_role
            .clone()
            .filter(|_| *role <= Role::Participant)
            .map_or(Word::Known(*role), Word::Other);
        let remit = (!remit.is_whole()).then_some(Doc::Known(remit));
        self.run(
            SQL,
            row![
                framework,
                account,
                joined,
                camp,
                role,
                camp_changed_at,
                remit,
                alias,
                appointed_at
            ],
        )
        .await
    }
}
