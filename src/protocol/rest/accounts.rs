//! Bodies about the site, accounts and sessions.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{CommentView, ConcessionView, DecisionView};
use crate::domain::{
    account::AccountId,
    framework::FrameworkId,
    permission::{Role, Scope},
};

/// The site, its host and who asks.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SiteView {
    /// The site's name.
    pub name: String,
    /// Address of a logo on this server.
    pub logo: Option<String>,
    /// A CSS colour.
    pub colour: Option<String>,
    /// A few words of the host.
    pub intro: Option<String>,
    /// Where the host's own site is.
    pub link_back: Option<String>,
    /// `open`, `invitation` or `closed`.
    pub registration: String,
    /// Whether posting is paused on the whole site, or in every framework.
    pub posting_paused: bool,
    /// Whether the content is labelled sample data.
    pub demo: bool,
    /// Whether roles of moderator and above hold only for accounts with a second factor.
    pub second_factor_required: bool,
    /// The server's version.
    pub version: String,
    /// Who asks.
    pub you: Option<AccountView>,
}

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

/// The key of a second factor that is not confirmed yet.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NewSecondFactorView {
    /// The key in base32, to be typed into an app; shown this once.
    pub secret: String,
    /// The same as an `otpauth:` address, for a QR code.
    pub uri: String,
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

/// A session or token.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// `browser` or `token`.
    pub kind: String,
    /// A token's name.
    pub name: Option<String>,
    /// When it began.
    pub created_at: i64,
    /// When it ends; `null`: when it is ended.
    pub expires_at: Option<i64>,
    /// What a token may; `null`: a browser's session, which may everything.
    pub scope: Option<Scope>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A new API token.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NewTokenView {
    /// Its id, to end it.
    pub id: String,
    /// The token, shown this once: `Authorization: Bearer …`.
    pub token: String,
    /// What it may.
    pub scope: Scope,
    /// When it ends.
    pub expires_at: i64,
}

/// New recovery codes; those before are worthless.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct RecoveryCodesView {
    /// Shown this once.
    pub recovery_codes: Vec<String>,
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

/// A host's page.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct HostPage {
    /// rules, privacy, contact or about.
    pub key: String,
    /// The language it is in.
    pub locale: String,
    /// Its title.
    pub title: String,
    /// Sanitised HTML.
    pub html: String,
}
