//! The state an act leaves a thing in.
use super::Act;
use crate::domain::{
    concession::ConcessionState,
    thread::{CommentState, ThreadState},
};

impl Act {
    /// The state a comment has afterwards, `None` where the act does not apply to it as it is.
    #[must_use]
    pub fn comment(self, now: CommentState) -> Option<CommentState> {
        use CommentState::{Held, Hidden, Removed, Visible};
        match (self, now) {
            (Self::Hide, Visible | Held) => Some(Hidden),
            (Self::Remove, Visible | Held | Hidden) => Some(Removed),
            (Self::Restore, Hidden | Held | Removed) | (Self::Approve, Held) => Some(Visible),
            (Self::Hold, Visible) => Some(Held),
            (Self::Approve, state) => Some(state),
            _ => None,
        }
    }

    /// The state a card has afterwards.
    #[must_use]
    pub fn concession(self, now: ConcessionState) -> Option<ConcessionState> {
        use ConcessionState::{Held, Hidden, Merged, Provisional, Ranked, Removed};
        match (self, now) {
            (Self::Hide, Ranked | Provisional | Merged | Held) => Some(Hidden),
            (Self::Remove, Ranked | Provisional | Merged | Held | Hidden) => Some(Removed),
            (Self::Restore, Hidden | Held | Removed) | (Self::ConfirmScope, Provisional | Held) => {
                Some(Ranked)
            }
            (Self::Hold, Ranked | Provisional) => Some(Held),
            (Self::Approve, state) => Some(state),
            _ => None,
        }
    }

    /// The state a thread has afterwards; `before` is the one it had when it was hidden.
    #[must_use]
    pub fn thread(self, now: ThreadState, before: ThreadState) -> Option<ThreadState> {
        match (self, now) {
            (Self::Hide, ThreadState::Open | ThreadState::Locked) | (Self::Remove, _) => {
                Some(ThreadState::Hidden).filter(|state| *state != now)
            }
            (Self::Lock, ThreadState::Open) => Some(ThreadState::Locked),
            (Self::Restore, ThreadState::Hidden) => Some(before),
            (Self::Unlock, ThreadState::Locked) => Some(ThreadState::Open),
            (Self::Approve, state) => Some(state),
            _ => None,
        }
    }
}
