//! The bodies of commands about roles and invitations.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{account::AccountId, permission::Role};

/// A link that gives a role, or lets people take part.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// `participant`, `moderator`, `mediator` or `owner`; `member` reads as `participant`.
    pub role: Role,
    /// A viewpoint suggested to whoever accepts; taken only with their consent.
    #[serde(default)]
    #[ts(optional)]
    pub camp: Option<String>,
    /// The points a moderator's decisions are limited to; absent: all.
    #[serde(default)]
    #[ts(optional)]
    pub points: Option<Vec<u32>>,
    /// The languages they are limited to, of en, uk, ru, und; absent: all.
    #[serde(default)]
    #[ts(optional)]
    pub languages: Option<Vec<String>>,
    /// For how long, 1 to 720.
    pub hours: u32,
    /// How many may accept, 1 to 1,000.
    pub uses: u32,
}

/// Taking what a link gives.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The link's token.
    pub token: String,
    /// The viewpoint to declare; absent: it stays as it is.
    #[serde(default)]
    #[ts(optional)]
    pub camp: Option<String>,
    /// Must be true where a viewpoint is declared: it is special-category data.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub consent: bool,
}

/// A role given, changed or taken away.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRole {
    /// Whose.
    pub account: AccountId,
    /// `moderator`, `mediator`, `owner`; `member` takes a role away, and from a participant the
    /// part.
    pub role: Role,
    /// The points a moderator's decisions are limited to; absent: all.
    #[serde(default)]
    #[ts(optional)]
    pub points: Option<Vec<u32>>,
    /// The languages they are limited to, of en, uk, ru, und; absent: all.
    #[serde(default)]
    #[ts(optional)]
    pub languages: Option<Vec<String>>,
}
