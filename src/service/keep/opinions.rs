//! Second opinions as they were last counted, by question.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use crate::domain::{
    concession::ConcessionId,
    framework::{Question, QuestionId},
    opinions::Counted,
};

/// What was counted last, by question.
#[derive(Default)]
pub struct Kept {
    // A std mutex: nothing waits while it is held.
    pub(crate) slots: Mutex<HashMap<QuestionId, Arc<Slot>>>,
}

#[derive(Default)]
pub(crate) struct Slot {
    last: Mutex<Option<Arc<Opinions>>>,
    /// Held by whoever counts.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

/// What was counted of a question and round, and when.
pub(crate) struct Opinions {
    pub(crate) round: u32,
    pub(crate) at_seq: i64,
    pub(crate) cards: Vec<ConcessionId>,
    pub(crate) counted: Counted,
    pub(crate) until: Instant,
}

impl Slot {
    pub(crate) fn last(&self) -> MutexGuard<'_, Option<Arc<Opinions>>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was last counted of this round, and whether it may still stand.
    pub(crate) fn standing(
        &self,
        question: &Question,
        cards: &[ConcessionId],
        at_least: i64,
    ) -> Option<(Arc<Opinions>, bool)> {
        let last = self
            .last()
            .clone()
            .filter(|last| last.round == question.round)?;
        let same = last.cards == cards && question.ballot_seq - last.at_seq < at_least;
        let stands = same || Instant::now() < last.until;
        Some((last, stands))
    }
}
