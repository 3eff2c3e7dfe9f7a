//! The dealer: which cards are live and which a person gets, from counts that may be a moment old.
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    domain::{
        Millis,
        bridging::Rules,
        concession::ConcessionId,
        dealing::{Promised, Seat, Table},
        framework::{Camp, Question, QuestionId},
        tally::Tally,
    },
    service::keep::hand::{Hand, Signer},
    store::{Deals, DeckCard, Reader, Result},
};

/// Counts stand for so many times the time it took to make them: the writer spends at most a
/// twentieth of its time on them, however many ballots there are, and a small question's are always
/// fresh. What was promised moves into what was given when it comes, so that their sum stays right
/// meanwhile.
const STANDS: u32 = 19;
/// What counting may take without standing at all.
const FREE: Duration = Duration::from_millis(10);

/// Deals cards, and signs hands.
pub struct Dealer {
    /// Signs and reads anonymous hands.
    pub hands: Signer,
    enough: i64,
    live: usize,
    // A std mutex: nothing waits while it is held.
    counted: Mutex<HashMap<QuestionId, Counted>>,
}

/// The counts of a question.
#[derive(Clone)]
struct Counted {
    round: u32,
    tally: Tally,
    promised: Promised,
    until: Instant,
}

/// Who is dealt to, as far as the cards do not say it.
pub struct Asker<'a> {
    /// Their camp.
    pub camp: Option<&'a str>,
    /// What they hold, and until when.
    pub dealt: &'a Deals,
}

impl Dealer {
    /// A dealer with the host's numbers.
    #[must_use]
    pub fn new(hands: Signer, rules: Rules, live: usize) -> Self {
        Self {
            hands,
            enough: rules.enough,
            live,
            counted: Mutex::default(),
        }
    }

    fn counted(&self) -> MutexGuard<'_, HashMap<QuestionId, Counted>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cards to deal to somebody, out of a question's deck.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hand(
        &self,
        reader: &mut Reader,
        question: &Question,
        camps: &[Camp],
        deck: &[DeckCard],
        asker: Asker<'_>,
        now: Millis,
    ) -> Result<Vec<ConcessionId>> {
        let counted = self.counts(reader, question, now).await?;
        let of = |holds: fn(&DeckCard) -> bool| {
            deck.iter()
                .filter(|card| holds(card))
                .map(|card| card.id)
                .collect::<BTreeSet<_>>()
        };
        let mut dealt: Vec<(Millis, ConcessionId)> = asker
            .dealt
            .iter()
            .map(|(card, until)| (*until, *card))
            .collect();
        dealt.sort_unstable();
        let seat = Seat {
            camp: asker.camp.map(str::to_owned),
            dealt: dealt.into_iter().map(|(_, card)| card).collect(),
            answered: of(|card| card.answered),
            own: of(|card| card.own),
        };
        let queue: Vec<ConcessionId> = deck.iter().map(|card| card.id).collect();
        Ok(self.table(&queue, &counted, camps).hand(&seat))
    }

    /// The hand of this hour, from the live cards.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hand_of_hour(
        &self,
        reader: &mut Reader,
        question: &Question,
        camps: &[Camp],
        now: Millis,
    ) -> Result<Hand> {
        let queue = reader.open_cards(question.id, now).await?;
        let counted = self.counts(reader, question, now).await?;
        Ok(self
            .hands
            .of_hour(question, self.table(&queue, &counted, camps).live(), now))
    }

    /// Notes that a card was dealt for the first time, for those who come before the next count.
    pub fn promise(&self, question: QuestionId, camp: &str, card: ConcessionId, weight: i64) {
        if let Some(counted) = self.counted().get_mut(&question) {
            *counted.promised.entry((camp.to_owned(), card)).or_default() += weight;
        }
    }

    fn table<'a>(
        &self,
        queue: &'a [ConcessionId],
        counted: &'a Counted,
        camps: &'a [Camp],
    ) -> Table<'a> {
        let Counted {
            tally, promised, ..
        } = counted;
        Table {
            queue,
            tally,
            promised,
            camps,
            enough: self.enough,
            live: self.live,
        }
    }

    async fn counts(
        &self,
        reader: &mut Reader,
        question: &Question,
        now: Millis,
    ) -> Result<Counted> {
        let begun = Instant::now();
        let standing = self
            .counted()
            .get(&question.id)
            .filter(|counted| counted.round == question.round && counted.until > begun)
            .cloned();
        if let Some(standing) = standing {
            return Ok(standing);
        }
        let tally = Tally {
            counters: reader.card_counts(question).await?,
            ..Tally::default()
        };
        let promised = reader.promised(question, now).await?;
        let counted = Counted {
            round: question.round,
            tally,
            promised,
            until: begun + begun.elapsed().saturating_sub(FREE) * STANDS,
        };
        self.counted().insert(question.id, counted.clone());
        Ok(counted)
    }
}
