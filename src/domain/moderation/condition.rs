//! How a thing stands, and what a moderator may do to it as it stands: the one rule for the server
//! and for what the desk offers.
use super::Act;
use crate::domain::{
    concession::ConcessionState,
    thread::{CommentState, ThreadState},
};

/// How a thing stands, as far as it decides what can be done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A comment; the first of a wave is held while others of it wait.
    Comment(CommentState),
    /// A thread.
    Thread(ThreadState),
    /// A thread that was united with another: its comments are there.
    United,
    /// A card.
    Concession(ConcessionState),
    /// An account, and whether it is under a limit.
    Account(bool),
    /// A framework or the site, and whether posting is paused.
    Posting(bool),
}

impl Condition {
    /// Whether something can be done to it as it stands. That the act fits its kind is
    /// [`Act::fits`].
    #[must_use]
    pub fn allows(self, act: Act) -> bool {
        match (self, act) {
            (Self::Comment(state), Act::Split) => {
                matches!(state, CommentState::Visible | CommentState::Held)
            }
            (Self::Comment(state), act) => act.comment(state).is_some(),
            (Self::Thread(state), Act::Move | Act::Merge) => {
                matches!(state, ThreadState::Open | ThreadState::Locked)
            }
            // To what state it goes back makes no difference here.
            (Self::Thread(state), act) => act.thread(state, ThreadState::Open).is_some(),
            (Self::United, act) => matches!(act, Act::Approve),
            (Self::Concession(state), Act::Merge) => matches!(
                state,
                ConcessionState::Ranked | ConcessionState::Provisional
            ),
            (Self::Concession(state), act) => act.concession(state).is_some(),
            (Self::Account(barred), Act::Lift) => barred,
            (Self::Account(_), _) => true,
            (Self::Posting(paused), Act::Pause) => !paused,
            (Self::Posting(paused), Act::Resume) => paused,
            (Self::Posting(_), _) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moderation::Kind;

    fn offered(kind: Kind, condition: Condition) -> Vec<Act> {
        Act::ALL
            .into_iter()
            .filter(|act| act.fits(kind) && condition.allows(*act))
            .collect()
    }

    #[test]
    fn what_fits_a_thing_depends_on_how_it_stands() {
        use Act::{Approve, ConfirmScope, Hide, Hold, Merge, Remove, Restore, Split};
        assert_eq!(
            offered(Kind::Comment, Condition::Comment(CommentState::Visible)),
            [Approve, Hide, Remove, Hold, Split]
        );
        assert_eq!(
            offered(Kind::Comment, Condition::Comment(CommentState::Hidden)),
            [Approve, Remove, Restore]
        );
        assert_eq!(
            offered(Kind::Comment, Condition::Comment(CommentState::Deleted)),
            [Approve]
        );
        let provisional = Condition::Concession(ConcessionState::Provisional);
        assert_eq!(
            offered(Kind::Concession, provisional),
            [ConfirmScope, Approve, Hide, Remove, Hold, Merge]
        );
        assert_eq!(offered(Kind::Thread, Condition::United), [Approve]);
        assert!(!offered(Kind::Account, Condition::Account(false)).contains(&Act::Lift));
        assert_eq!(
            offered(Kind::Framework, Condition::Posting(true)),
            [Act::Resume]
        );
    }

    #[test]
    fn every_act_is_in_the_list_once() {
        for (place, act) in Act::ALL.iter().enumerate() {
            assert!(!Act::ALL[..place].contains(act), "{act:?}");
        }
        // The fault for a word that is none lists those that are: all variants there are, whatever
        // the list says.
        let fault = serde_json::from_value::<Act>("no such".into())
            .unwrap_err()
            .to_string();
        assert_eq!(
            fault.matches('`').count() / 2 - 1,
            Act::ALL.len(),
            "{fault}"
        );
    }
}
