//! Rounds: what opens and closes one, and what stays of one for ever.
use serde::{Deserialize, Serialize};

use super::{
    DAY, Millis,
    concession::ConcessionId,
    framework::{Camp, Question, QuestionState, Reveal},
    recount::{CountedWith, Results},
};

/// The furthest a closing time may lie ahead: a year; what is later is a slip of the keyboard.
pub const FURTHEST: Millis = 366 * DAY;

/// What came out of a round, as it was when it closed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frozen {
    /// The numbers it was counted with.
    pub rules: CountedWith,
    /// The camps, in the framework's order.
    pub camps: Vec<Camp>,
    /// The cards that were counted.
    pub cards: Vec<FrozenCard>,
    /// What was published.
    pub results: Results,
}

/// A card as it stood when a round closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenCard {
    /// Its id.
    pub id: ConcessionId,
    /// Its version then.
    pub version: i64,
    /// Its title then.
    pub title: String,
    /// The title's language.
    pub language: String,
}

/// Why a round was not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is so already.
    Already,
    /// The closing time has passed, or lies too far ahead.
    ClosingTime,
}

fn ahead(closes_at: Option<Millis>, now: Millis) -> Result<Option<Millis>, Refusal> {
    if closes_at.is_some_and(|at| at <= now || at > now + FURTHEST) {
        Err(Refusal::ClosingTime)
    } else {
        Ok(closes_at)
    }
}

impl Question {
    /// The next round of a closed question; ballots are kept by round, so it begins without any.
    ///
    /// # Errors
    /// Where it is open, or the closing time does not lie ahead.
    pub fn opened(
        &self,
        reveal: Option<Reveal>,
        closes_at: Option<Millis>,
        now: Millis,
    ) -> Result<Self, Refusal> {
        if self.state == QuestionState::Open {
            return Err(Refusal::Already);
        }
        let (closes_at, reveal) = (ahead(closes_at, now)?, reveal.unwrap_or(self.reveal));
        let opened = Self {
            state: QuestionState::Open,
            round: self.round + 1,
            reveal,
            opened_at: Some(now),
            closes_at,
            closed_at: None,
            ..self.clone()
        };
        Ok(opened)
    }

    /// The question with its round closed.
    ///
    /// # Errors
    /// Where it is closed.
    pub fn closed(&self, now: Millis) -> Result<Self, Refusal> {
        if self.state == QuestionState::Closed {
            return Err(Refusal::Already);
        }
        Ok(Self {
            state: QuestionState::Closed,
            closes_at: None,
            closed_at: Some(now),
            ..self.clone()
        })
    }

    /// The question with another closing time, or none.
    ///
    /// # Errors
    /// Where it is closed, or the time does not lie ahead.
    pub fn closing(&self, closes_at: Option<Millis>, now: Millis) -> Result<Self, Refusal> {
        if self.state == QuestionState::Closed {
            return Err(Refusal::Already);
        }
        Ok(Self {
            closes_at: ahead(closes_at, now)?,
            ..self.clone()
        })
    }

    /// Whether the clock is to close the round now.
    #[must_use]
    pub fn due(&self, now: Millis) -> bool {
        self.state == QuestionState::Open && self.closes_at.is_some_and(|at| at <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::framework::Localized, id::Id};

    fn question() -> Question {
        Question {
            id: Id::new(),
            framework: Id::new(),
            key: "main".into(),
            giver: "russia".into(),
            point: 1,
            prompt: Localized {
                en: String::new(),
                uk: String::new(),
                ru: String::new(),
            },
            state: QuestionState::Open,
            round: 1,
            reveal: Reveal::AfterAnswer,
            cards: 3,
            ballot_seq: 7,
            opened_at: Some(1),
            closes_at: Some(100),
            closed_at: None,
        }
    }

    #[test]
    fn rounds_close_once_and_open_with_the_next_number() {
        let open = question();
        assert!(
            open.opened(None, None, 5)
                .is_err_and(|why| why == Refusal::Already)
        );
        let closed = open.closed(50).unwrap();
        assert_eq!(
            (
                closed.state,
                closed.closed_at,
                closed.closes_at,
                closed.round
            ),
            (QuestionState::Closed, Some(50), None, 1)
        );
        assert!(closed.closed(51).is_err() && closed.closing(None, 51).is_err());
        let next = closed.opened(Some(Reveal::Live), Some(70), 60).unwrap();
        assert_eq!(
            (
                next.round,
                next.reveal,
                next.opened_at,
                next.closes_at,
                next.closed_at
            ),
            (2, Reveal::Live, Some(60), Some(70), None)
        );
        assert_eq!(next.ballot_seq, 7, "the order of ballot changes runs on");
    }

    #[test]
    fn a_closing_time_lies_ahead_and_comes_due() {
        let open = question();
        assert!(
            open.closing(Some(5), 5)
                .is_err_and(|why| why == Refusal::ClosingTime)
        );
        assert!(open.closing(Some(6 + FURTHEST), 5).is_err());
        assert_eq!(open.closing(None, 5).unwrap().closes_at, None);
        assert!(!open.due(99) && open.due(100) && !open.closed(99).unwrap().due(100));
    }
}
