//! Bodies about sessions, tokens and second factors: what lets an account in.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::permission::Scope;

/// The key of a second factor that is not confirmed yet.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NewSecondFactorView {
    /// The key in base32, to be typed into an app; shown this once.
    pub secret: String,
    /// The same as an `otpauth:` address, for a QR code.
    pub uri: String,
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
