//! Bodies about accounts.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{CommentView, ConcessionView, DecisionView};
use crate::domain::{account::AccountId, framework::FrameworkId, permission::Role};

/// An account, to its owner.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// Its handle.
    pub handle: String,
    /// Its display name.
    pub display_name: Option<String>,
    /// `member` or `admin`: the role on the whole site.
    pub role: Role,
    /// The interface language chosen.
    pub locale: Option<String>,
}

/// A new account.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NewAccountView {
    /// The account.
    pub account: AccountView,
    /// Shown this once.
    pub recovery_codes: Vec<String>,
}

/// A signed-in account.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SignedInView {
    /// The account.
    pub account: AccountView,
}

/// An account and what it is where.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct MeView {
    /// The account.
    pub account: AccountView,
    /// Its memberships.
    pub memberships: Vec<MembershipView>,
    /// Since when a second factor is asked for; `null`: there is none.
    pub second_factor: Option<i64>,
}

/// What an account is in a framework.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct MembershipView {
    /// Where.
    pub framework: FrameworkId,
    /// The viewpoint; `null` is "rather not say".
    pub camp: Option<String>,
    /// The role.
    pub role: Role,
    /// The points one's decisions are limited to; `null`: all.
    pub points: Option<Vec<u32>>,
    /// The languages they are limited to; `null`: all.
    pub languages: Option<Vec<String>>,
    /// The number by which the public log names one, if one has or had a role.
    pub alias: Option<i64>,
    /// When the viewpoint may change again.
    pub camp_may_change_at: i64,
}

/// What an account wrote.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct PostsView {
    /// Its cards, newest first, at most 100.
    pub concessions: Vec<ConcessionView>,
    /// Its comments, newest first, at most 100.
    pub comments: Vec<CommentView>,
    /// What moderators decided about its posts, newest first, at most 100.
    pub decisions: Vec<DecisionView>,
}
