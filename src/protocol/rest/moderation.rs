//! Bodies about reports, the queue, decisions and appeals.
mod decision;
mod item;
mod outcome;
mod queue;

pub use decision::{AppealView, DecisionView};
pub use item::{
    AgainView, AuthorView, ItemText, ItemView, NoticeView, PastView, PostCounts, ReportedView,
};
pub use outcome::{MadeNoticeView, NoticeOutcomeView, OutcomeView, ReportView};
pub use queue::{ConditionView, QueueEntry, QueuePage};
