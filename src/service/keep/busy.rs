//! The batches under way on this node.
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::domain::framework::FrameworkId;

/// From when on a batch is stuck: nothing that people do takes so long.
const STUCK: Duration = Duration::from_secs(4);

/// The batches under way, by framework, each with its begin.
#[derive(Default)]
pub struct Busy(Mutex<HashMap<FrameworkId, Instant>>);

impl Busy {
    fn batches(&self) -> std::sync::MutexGuard<'_, HashMap<FrameworkId, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn begin(&self, framework: FrameworkId) {
        self.batches().insert(framework, Instant::now());
    }

    pub(crate) fn end(&self, framework: FrameworkId) {
        self.batches().remove(&framework);
    }

    /// Whether no batch is under way.
    pub fn is_idle(&self) -> bool {
        self.batches().is_empty()
    }

    pub(crate) fn stuck(&self) -> bool {
        self.batches().values().any(|begun| begun.elapsed() > STUCK)
    }
}
