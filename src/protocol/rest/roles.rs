//! Bodies about roles and invitations. None of them holds a viewpoint of anybody.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{account::AccountId, framework::Localized, permission::Role};

/// Somebody with a role.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct TeamMember {
    /// Their account.
    pub account: AccountId,
    /// Their handle.
    pub handle: String,
    /// Their display name.
    pub display_name: Option<String>,
    /// Their role.
    pub role: Role,
    /// The number by which the public log names them.
    pub alias: Option<i64>,
    /// The points their decisions are limited to; `null`: all.
    pub points: Option<Vec<u32>>,
    /// The languages they are limited to; `null`: all.
    pub languages: Option<Vec<String>>,
    /// Since when they have the role, where that is known.
    pub since: Option<i64>,
}

/// Who has a role in a framework, to its owner.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct TeamView {
    /// Highest role first, then by alias.
    pub items: Vec<TeamMember>,
    /// Whether those who moderate declared at least two different viewpoints; whose is not told to
    /// anybody.
    pub two_viewpoints: bool,
    /// Whether anyone may read the framework.
    pub public: bool,
}

/// A link that was made.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct InvitationView {
    /// Its id, to revoke it.
    pub id: String,
    /// The role it gives.
    pub role: Role,
    /// The viewpoint it suggests.
    pub camp: Option<String>,
    /// The points its moderator is limited to; `null`: all.
    pub points: Option<Vec<u32>>,
    /// The languages they are limited to; `null`: all.
    pub languages: Option<Vec<String>>,
    /// How many may accept it.
    pub uses: u32,
    /// How many did.
    pub used: u32,
    /// When it was made.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// Whether it was revoked.
    pub revoked: bool,
    /// Its token, told this once: a repeat of the command does not have it, and nothing keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token: Option<String>,
}

/// What a link gives, to whoever holds it.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct InvitedView {
    /// The framework's title.
    pub title: String,
    /// Its name in addresses.
    pub slug: String,
    /// The role.
    pub role: Role,
    /// The viewpoint it suggests.
    pub camp: Option<String>,
    /// The viewpoints there are.
    pub camps: Vec<CampChoice>,
    /// The points a moderator is limited to; `null`: all.
    pub points: Option<Vec<u32>>,
    /// The languages they are limited to; `null`: all.
    pub languages: Option<Vec<String>>,
    /// When it ends.
    pub expires_at: i64,
}

/// A viewpoint one may declare.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct CampChoice {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Localized,
}

/// That a role was given or taken, without a name.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AppointmentView {
    /// Its id.
    pub id: String,
    /// Of whom: the number that stands for them in the public log.
    pub alias: i64,
    /// The role before.
    pub was: Role,
    /// The role since.
    pub role: Role,
    /// When.
    pub at: i64,
}
