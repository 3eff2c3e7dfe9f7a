//! Who follows which board, and what was last shown of it.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    domain::{
        bridging::Board,
        framework::{Question, QuestionId},
    },
    service::keep::outbox::Outbox,
};

/// How long a question is looked after once somebody read its board.
const LOOKED_AT: Duration = Duration::from_secs(60);

/// The sockets that follow boards, and what was last sent.
#[derive(Default)]
pub struct Boards {
    // A std mutex: nothing waits while it is held.
    watched: Mutex<HashMap<QuestionId, Watched>>,
    read: Mutex<HashMap<QuestionId, Instant>>,
    /// The place of the latest board of each question that was shown here, and its round.
    shown: Mutex<HashMap<QuestionId, (u32, i64)>>,
}

#[derive(Default)]
pub(crate) struct Watched {
    /// Each with the round it was admitted to.
    pub(crate) followers: HashMap<u64, (u32, Arc<Outbox>)>,
    pub(crate) sent: Board,
    /// The place of the tally it was made of.
    pub(crate) sent_at: i64,
    /// A released tally moved.
    pub(crate) moved: bool,
    /// The place the running tally has yet to reach, and for how many ticks it has not.
    pub(crate) behind: Option<(i64, u32)>,
}

impl Boards {
    pub(crate) fn watched(&self) -> MutexGuard<'_, HashMap<QuestionId, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read(&self) -> MutexGuard<'_, HashMap<QuestionId, Instant>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a board at a place is no older than what was shown before; then it is what was shown
    /// last.
    pub(crate) fn goes_on(&self, question: &Question, at_seq: i64) -> bool {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let last = shown.entry(question.id).or_insert((question.round, 0));
        if last.0 != question.round {
            *last = (question.round, 0);
        }
        let goes_on = at_seq >= last.1;
        // Not beyond the ballots: a tally that claims a later place is wrong, and is mended.
        last.1 = last.1.max(at_seq.min(question.ballot_seq));
        goes_on
    }

    /// The questions whose boards somebody here follows, or read a short while ago.
    pub(crate) fn looked_at(&self) -> Vec<QuestionId> {
        let mut read = self.read();
        read.retain(|_, at| at.elapsed() < LOOKED_AT);
        let mut questions: Vec<QuestionId> = read
            .keys()
            .copied()
            .chain(self.watched().keys().copied())
            .collect();
        questions.sort_unstable();
        questions.dedup();
        questions
    }

    /// A tally may have moved: its board is made again, and sent if it differs.
    pub(crate) fn touch(&self, question: QuestionId) {
        if let Some(entry) = self.watched().get_mut(&question) {
            entry.moved = true;
        }
    }

    /// A socket follows the board of a question's round.
    pub fn follow(&self, question: QuestionId, round: u32, socket: u64, outbox: Arc<Outbox>) {
        let mut watched = self.watched();
        let entry = watched.entry(question).or_default();
        entry.followers.insert(socket, (round, outbox));
        // What this socket read may be older than what was last sent.
        entry.sent = Board::default();
    }

    /// A socket follows it no more.
    pub fn unfollow(&self, question: QuestionId, socket: u64) {
        let mut watched = self.watched();
        if let Some(entry) = watched.get_mut(&question) {
            entry.followers.remove(&socket);
            if entry.followers.is_empty() {
                watched.remove(&question);
            }
        }
    }
}
