//! Bodies about checkpoints.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::framework::FrameworkId;

/// A signed word on where a stream stood. Signed is the canonical JSON of all fields but `key` and
/// `signature`.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct CheckpointView {
    /// The form of what is signed: 1.
    pub v: u32,
    /// The framework.
    pub framework: FrameworkId,
    /// The stream: `public` or `moderators`.
    pub stream: String,
    /// The epoch it stood in.
    pub epoch: String,
    /// Its last place then.
    pub seq: i64,
    /// The last link of its chain then: SHA-256, in hexadecimal.
    pub hash: String,
    /// When.
    pub at: i64,
    /// The public key it was signed by: Ed25519, in hexadecimal.
    pub key: String,
    /// The signature, in hexadecimal.
    pub signature: String,
}

/// A page of a stream's checkpoints, oldest first: to be saved, and given to `demarche verify`
/// later.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct CheckpointsView {
    /// The checkpoints.
    pub items: Vec<CheckpointView>,
    /// What to ask for next as `after`; `null` at the end.
    pub next: Option<String>,
    /// The framework's epoch now.
    pub epoch: String,
    /// The public key that signs now, in hexadecimal.
    pub key: String,
}
