//! What became of one card: whether it was held, by whom, for how long, and how that ended.
use crate::domain::{Millis, account::AccountId, lane::Step, scope::ledger::Entry};

/// What became of one card.
#[derive(Default)]
pub(super) struct Card {
    pub(super) author: Option<AccountId>,
    pub(super) camp: Option<String>,
    pub(super) language: String,
    pub(super) proposed: bool,
    pub(super) stopped: bool,
    pub(super) reviewed: bool,
    pub(super) flagged: bool,
    pub(super) released: bool,
    pub(super) reversed: bool,
    /// The version held and since when, while it is.
    held: Option<(i64, Millis)>,
    pub(super) holds: Vec<Millis>,
}

impl Card {
    pub(super) fn take(&mut self, entry: &Entry) {
        match entry.step {
            Step::Proposed => {
                self.proposed = true;
                self.author = Some(entry.author);
                self.camp.clone_from(&entry.camp);
                self.language.clone_from(&entry.language);
            }
            Step::Stop => self.stopped = true,
            Step::Review => self.reviewed = true,
            Step::People => self.flagged = true,
            Step::Provisional | Step::Ranked | Step::Closed => self.end(entry),
        }
        if entry.step.holds() {
            // Held again in other words: the clock runs on.
            let since = self.held.map_or(entry.at, |(_, since)| since);
            self.held = Some((entry.version, since));
        }
    }

    fn end(&mut self, entry: &Entry) {
        let Some((version, since)) = self.held.take() else {
            return;
        };
        self.holds.push(entry.at - since);
        self.released |= entry.step != Step::Closed;
        self.reversed |= entry.step == Step::Ranked && entry.version == version;
    }

    pub(super) fn was_held(&self) -> bool {
        self.stopped || self.reviewed || self.flagged
    }
}
