//! Links that give a role or let people take part. Of a token only the hash is kept; of who used
//! it, nothing.
use sqlx::FromRow;

use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId, permission::Role, remit::Remit},
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Word},
    },
};

/// A link.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// Where it leads.
    pub framework: FrameworkId,
    /// The role it gives.
    pub role: Role,
    /// The viewpoint it suggests.
    pub camp: Option<String>,
    /// What a moderator's decisions are limited to.
    pub remit: Remit,
    /// How many may accept it.
    pub uses: i64,
    /// How many did.
    pub used: i64,
    /// Who made it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Millis,
    /// Until when it is good.
    pub expires_at: Millis,
    /// When it was revoked.
    pub revoked_at: Option<Millis>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    framework: FrameworkId,
    role: Word<Role>,
    camp: Option<String>,
    remit: Option<Doc<Remit>>,
    uses: i64,
    used: i64,
    created_by: AccountId,
    created_at: Millis,
    expires_at: Millis,
    revoked_at: Option<Millis>,
}

impl From<Row> for Option<Invitation> {
    fn from(row: Row) -> Self {
        let remit = row.remit.map_or(Some(Remit::default()), Doc::known)?;
        Some(Invitation {
            id: row.id,
            framework: row.framework,
            role: row.role.known()?,
            camp: row.camp,
            remit,
            uses: row.uses,
            used: row.used,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        })
    }
}

macro_rules! columns {
    () => {
        "SELECT id, framework, role, camp, remit, uses, used, created_by, created_at, expires_at, revoked_at FROM invitation "
    };
}

impl Reader {
    /// The link with this token's hash, if it is good: not over, not revoked, not used up.
    pub async fn good_invitation(&mut self, hash: &str, now: Millis) -> Result<Option<Invitation>> {
        const SQL: &str = concat!(
            columns!(),
            "WHERE hash = $1 AND expires_at > $2 AND revoked_at IS NULL AND used < uses"
        );
        Ok(self
            .found::<Row>(SQL, row![hash, now])
            .await?
            .and_then(Into::into))
    }

    /// The link with this id.
    pub async fn invitation(&mut self, id: &str) -> Result<Option<Invitation>> {
        const SQL: &str = concat!(columns!(), "WHERE id = $1");
        Ok(self.found::<Row>(SQL, row![id]).await?.and_then(Into::into))
    }

    /// The framework the link with this token's hash leads to, good or not.
    pub async fn framework_invited_to(&mut self, hash: &str) -> Result<Option<FrameworkId>> {
        const SQL: &str = "SELECT framework FROM invitation WHERE hash = $1";
        self.value(SQL, row![hash]).await
    }

    /// A framework's links from before a place, newest first.
    pub async fn invitations(
        &mut self,
        framework: FrameworkId,
        before: (Millis, String),
        limit: i64,
    ) -> Result<Vec<Invitation>> {
        const SQL: &str = concat!(
            columns!(),
            "WHERE framework = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4"
        );
        self.part(
            SQL,
            limit,
            before,
            |(at, id)| row![framework, at, id, limit],
            |row: &Row| (row.created_at, row.id.clone()),
        )
        .await
    }
}

impl Tx {
    /// Keeps a link under its token's hash.
    pub async fn insert_invitation(&mut self, new: &Invitation, hash: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO invitation
            (id, framework, hash, role, camp, remit, uses, used, registered, created_by, created_at, expires_at, revoked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9, $10, NULL)";
        let remit = (!new.remit.is_whole()).then_some(Doc::Known(&new.remit));
        self.run(
            SQL,
            row![
                new.id,
                new.framework,
                hash,
                Word::Known(new.role),
                new.camp,
                remit,
                new.uses,
                new.created_by,
                new.created_at,
                new.expires_at
            ],
        )
        .await
    }

    /// Counts one use of a link; false where none is left.
    pub async fn use_invitation(&mut self, id: &str, now: Millis) -> Result<bool> {
        const SQL: &str = "UPDATE invitation SET used = used + 1 WHERE id = $1 AND used < uses AND expires_at > $2 AND revoked_at IS NULL";
        Ok(self.changed(SQL, row![id, now]).await? == 1)
    }

    /// Counts one registration by the link with this token's hash; false where it lets nobody in
    /// any more. A link lets in as many as may accept it.
    pub async fn register_by_invitation(&mut self, hash: &str, now: Millis) -> Result<bool> {
        const SQL: &str = "UPDATE invitation SET registered = registered + 1
            WHERE hash = $1 AND registered < uses AND used < uses AND expires_at > $2 AND revoked_at IS NULL";
        Ok(self.changed(SQL, row![hash, now]).await? == 1)
    }

    /// Makes a link worthless; false where it is already.
    pub async fn revoke_invitation(&mut self, id: &str, now: Millis) -> Result<bool> {
        const SQL: &str = "UPDATE invitation SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2 AND used < uses";
        Ok(self.changed(SQL, row![id, now]).await? == 1)
    }
}
