//! Counters per camp and card, moved by the difference one ballot makes; always recountable from
//! the ballots.
mod counter;
mod release;

use std::collections::BTreeMap;

pub use self::{counter::Counter, release::Release};
use super::{ballot::Ballot, concession::ConcessionId, framework::QuestionId};

/// All counters of a question and round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The ballot change it stands at.
    pub at_seq: i64,
    /// People with at least one scoring answer, per camp.
    pub voters: BTreeMap<String, i64>,
    /// Counters by camp and card; those at zero are absent.
    pub counters: BTreeMap<(String, ConcessionId), Counter>,
}

/// The difference one change of one ballot makes.
#[derive(Clone, Debug)]
pub struct Delta {
    /// Of which question.
    pub question: QuestionId,
    /// Of which round.
    pub round: u32,
    /// The place of this change among the question's ballot changes, from 1.
    pub at_seq: i64,
    /// What to add to which counter.
    pub counters: Vec<(String, ConcessionId, Counter)>,
    /// What to add to which camp's voters.
    pub voters: Vec<(String, i64)>,
}

impl Delta {
    /// What changing `before` into `after` adds: old answers subtracted, new ones added, in one
    /// step.
    #[must_use]
    pub fn between(
        question: QuestionId,
        round: u32,
        at_seq: i64,
        before: &Ballot,
        after: &Ballot,
    ) -> Self {
        let mut change = Tally::default();
        change.count(before, -1);
        change.count(after, 1);
        Self {
            question,
            round,
            at_seq,
            counters: change
                .counters
                .into_iter()
                .map(|((camp, card), counter)| (camp, card, counter))
                .collect(),
            voters: change.voters.into_iter().collect(),
        }
    }
}

/// What became of a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was the next one.
    Yes,
    /// It was in already.
    Old,
    /// Some before it are missing.
    Gap,
}

impl Tally {
    /// The counter of a camp and card.
    #[must_use]
    pub fn counter(&self, camp: &str, card: ConcessionId) -> Counter {
        self.counters
            .get(&(camp.to_owned(), card))
            .copied()
            .unwrap_or_default()
    }

    /// Adds one ballot, `sign` times.
    pub fn count(&mut self, ballot: &Ballot, sign: i64) {
        let mut camps: Vec<&str> = Vec::new();
        for answer in ballot.answers.values().filter(|answer| answer.dealt) {
            let Some(camp) = &answer.camp else { continue };
            self.add(camp, answer.concession, &Counter::of(answer), sign);
            if answer.scores() && !camps.contains(&camp.as_str()) {
                camps.push(camp);
            }
        }
        for camp in camps {
            self.add_voters(camp, sign);
        }
    }

    /// Moves the tally by one ballot's change, if it is the next one.
    pub fn apply(&mut self, delta: &Delta) -> Applied {
        if delta.at_seq <= self.at_seq {
            return Applied::Old;
        }
        if delta.at_seq > self.at_seq + 1 {
            return Applied::Gap;
        }
        for (camp, card, counter) in &delta.counters {
            self.add(camp, *card, counter, 1);
        }
        for (camp, count) in &delta.voters {
            self.add_voters(camp, *count);
        }
        self.at_seq = delta.at_seq;
        Applied::Yes
    }

    fn add(&mut self, camp: &str, card: ConcessionId, counter: &Counter, sign: i64) {
        let key = (camp.to_owned(), card);
        let entry = self.counters.entry(key.clone()).or_default();
        entry.add(counter, sign);
        if *entry == Counter::default() {
            self.counters.remove(&key);
        }
    }

    fn add_voters(&mut self, camp: &str, count: i64) {
        let voters = self.voters.entry(camp.to_owned()).or_default();
        *voters += count;
        if *voters == 0 {
            self.voters.remove(camp);
        }
    }
}
