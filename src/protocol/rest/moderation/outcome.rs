//! What became of a report or notice, to whom made it.
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::moderation::{Act, DecisionState, Object, Reason};

/// What became of a report or notice.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct OutcomeView {
    /// What was done; null where nobody decided.
    pub action: Option<Act>,
    /// The rule.
    pub rule: Option<String>,
    /// What has become of that.
    pub state: Option<DecisionState>,
    /// Whether nobody decided, since its author took the thing back.
    pub taken_back: bool,
    /// When.
    pub at: i64,
}

/// A report, to whom made it.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct ReportView {
    /// Its id.
    pub id: String,
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// What one wrote.
    pub note: Option<String>,
    /// When.
    pub at: i64,
    /// What became of it; `null` while it waits.
    pub outcome: Option<OutcomeView>,
}

/// A notice that was taken.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct MadeNoticeView {
    /// Its id.
    pub id: String,
    /// With this one can ask what became of it; it is shown once.
    pub code: String,
}

/// What became of a notice.
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
pub struct NoticeOutcomeView {
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// When.
    pub at: i64,
    /// What became of it; `null` while it waits.
    pub outcome: Option<OutcomeView>,
}
