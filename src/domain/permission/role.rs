//! What somebody is in a framework, from nobody to who runs the site.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What somebody is in a framework; each may do what those before it may.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Not signed in.
    Anonymous,
    /// Signed in.
    Member,
    /// Declared a viewpoint, or that they would rather not say.
    Participant,
    /// Keeps threads fair.
    Moderator,
    /// Leads the debate.
    Mediator,
    /// Hosts the framework.
    Owner,
    /// Runs the site.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 7] = [
        Self::Anonymous,
        Self::Member,
        Self::Participant,
        Self::Moderator,
        Self::Mediator,
        Self::Owner,
        Self::Admin,
    ];

    /// What one may be made by hand; a member is who has no role.
    pub const GIVEN: [Self; 4] = [Self::Member, Self::Moderator, Self::Mediator, Self::Owner];

    /// What one may be made by a link.
    pub const INVITED: [Self; 4] = [
        Self::Participant,
        Self::Moderator,
        Self::Mediator,
        Self::Owner,
    ];
}
