//! What a reader sees: one function for REST, sockets, resumes, counts, search and export.
use crate::domain::{
    account::AccountId,
    concession::ConcessionState,
    thread::{CommentState, ThreadState},
};

/// Somebody who reads.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    /// Their account.
    pub account: Option<AccountId>,
    /// Whether hidden things show to them.
    pub sees_hidden: bool,
    /// Whether removed things do too: only in the restricted view, which notes each look.
    pub sees_removed: bool,
}

impl Viewer {
    /// The audience of the public stream: sees what everyone sees.
    pub const PUBLIC: Self = Self {
        account: None,
        sees_hidden: false,
        sees_removed: false,
    };
    /// The audience of the moderators' stream.
    pub const MODERATORS: Self = Self {
        account: None,
        sees_hidden: true,
        sees_removed: false,
    };
    /// A moderator in the restricted view.
    pub const RESTRICTED: Self = Self {
        account: None,
        sees_hidden: true,
        sees_removed: true,
    };

    /// One account, which sees its own.
    #[must_use]
    pub const fn of(account: AccountId) -> Self {
        Self {
            account: Some(account),
            sees_hidden: false,
            sees_removed: false,
        }
    }
}

/// The state of a thing that can be taken from view.
#[derive(Clone, Copy, Debug)]
pub enum State {
    /// A comment's, and whether its thread is hidden.
    Comment(CommentState, bool),
    /// That of a comment that was held before anybody saw it, and whether its thread is hidden.
    Unseen(bool),
    /// A card's.
    Concession(ConcessionState),
    /// A thread's.
    Thread(ThreadState),
}

/// How much of a thing a viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// That there was something, and its state.
    Tombstone,
    /// Nothing: as if it were absent.
    Nothing,
}

/// How much of a thing by `author` the viewer sees: the one visibility function of REST, socket,
/// resume and counts.
#[must_use]
pub fn visible_to(viewer: Viewer, author: AccountId, state: State) -> Sight {
    let own = viewer.account == Some(author);
    // What was removed or taken back is for the restricted view, even of moderators.
    let gone = matches!(
        state,
        State::Comment(CommentState::Removed | CommentState::Deleted, _)
            | State::Concession(ConcessionState::Removed | ConcessionState::Withdrawn)
    );
    if viewer.sees_removed || (viewer.sees_hidden && !gone) {
        return Sight::Whole;
    }
    match state {
        State::Thread(ThreadState::Hidden) | State::Comment(_, true) | State::Unseen(true)
            if !viewer.sees_hidden =>
        {
            Sight::Nothing
        }
        State::Thread(ThreadState::Held) | State::Unseen(_) if own || viewer.sees_hidden => {
            Sight::Whole
        }
        State::Thread(ThreadState::Held) | State::Unseen(_) => Sight::Nothing,
        State::Thread(_) | State::Comment(CommentState::Visible, _) => Sight::Whole,
        State::Comment(_, _) if own => Sight::Whole,
        State::Comment(_, _) => Sight::Tombstone,
        State::Concession(state) if state.shows() || own => Sight::Whole,
        State::Concession(_) => Sight::Tombstone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    #[test]
    fn hidden_things_show_to_their_author_and_moderators_alone() {
        let author = Id::new();
        let hidden = State::Comment(CommentState::Hidden, false);
        assert_eq!(visible_to(Viewer::PUBLIC, author, hidden), Sight::Tombstone);
        assert_eq!(visible_to(Viewer::of(author), author, hidden), Sight::Whole);
        assert_eq!(visible_to(Viewer::MODERATORS, author, hidden), Sight::Whole);
        assert_eq!(
            visible_to(
                Viewer::PUBLIC,
                author,
                State::Comment(CommentState::Visible, true)
            ),
            Sight::Nothing
        );
    }

    #[test]
    fn what_was_removed_or_taken_back_shows_to_its_author_and_in_the_restricted_view_alone() {
        let author = Id::new();
        let comments = [CommentState::Removed, CommentState::Deleted]
            .map(|state| State::Comment(state, false));
        let cards = [ConcessionState::Removed, ConcessionState::Withdrawn].map(State::Concession);
        for removed in comments.into_iter().chain(cards) {
            assert_eq!(
                visible_to(Viewer::PUBLIC, author, removed),
                Sight::Tombstone
            );
            assert_eq!(
                visible_to(Viewer::MODERATORS, author, removed),
                Sight::Tombstone
            );
            assert_eq!(
                visible_to(Viewer::RESTRICTED, author, removed),
                Sight::Whole
            );
            assert_eq!(
                visible_to(Viewer::of(author), author, removed),
                Sight::Whole
            );
        }
        assert_eq!(
            visible_to(
                Viewer::MODERATORS,
                author,
                State::Comment(CommentState::Removed, true)
            ),
            Sight::Tombstone
        );
    }

    #[test]
    fn what_was_held_before_anybody_saw_it_leaves_no_tombstone() {
        let author = Id::new();
        let own = Viewer::of(author);
        for state in [State::Unseen(false), State::Thread(ThreadState::Held)] {
            assert_eq!(visible_to(Viewer::PUBLIC, author, state), Sight::Nothing);
            assert_eq!(visible_to(own, author, state), Sight::Whole);
            assert_eq!(visible_to(Viewer::MODERATORS, author, state), Sight::Whole);
        }
        assert_eq!(visible_to(own, author, State::Unseen(true)), Sight::Nothing);
    }
}
