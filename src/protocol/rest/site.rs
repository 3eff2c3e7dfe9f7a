//! Bodies about the site and its host's pages.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::AccountView;

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
