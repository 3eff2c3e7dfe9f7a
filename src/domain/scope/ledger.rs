//! The public ledger of the scope rule: how many cards were held, released and put back, per
//! viewpoint of their authors and per language, so that anybody can see whether the gate and the
//! flags treat the sides alike.
mod course;

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{
    HOUR, Millis,
    account::AccountId,
    breakdown::{grouped, viewpoints},
    concession::ConcessionId,
    lane::Step,
    scope::ledger::course::Card,
};

pub use crate::domain::breakdown::{OTHER, Share};

/// A step of a card, with what the ledger sorts by.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The card.
    pub concession: ConcessionId,
    /// Its author.
    pub author: AccountId,
    /// Its language.
    pub language: String,
    /// Its version then.
    pub version: i64,
    /// The step.
    pub step: Step,
    /// The author's camp on the day of the proposal; only the first step has it.
    pub camp: Option<String>,
    /// When.
    pub at: Millis,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct LedgerRow {
    /// A viewpoint's key, a language, or `other`.
    pub key: String,
    /// Cards proposed.
    pub proposed: i64,
    /// Stopped by the gate, of those proposed.
    pub stopped: Share,
    /// Held by the gate for a look, of those proposed.
    pub reviewed: Share,
    /// Held by people, of those proposed.
    pub flagged: Share,
    /// Released again, of those held: reworded or put back by a person.
    pub released: Share,
    /// Ranked in the very words that were held, of those held: the hold was wrong.
    pub reversed: Share,
    /// How long a hold lasted, in hours: the median of those that ended.
    pub hold_hours: Option<f64>,
}

/// The whole ledger.
#[derive(Clone, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct ScopeLedger {
    /// All cards.
    pub total: LedgerRow,
    /// By the authors' viewpoint on the day of the proposal.
    pub camps: Vec<LedgerRow>,
    /// By language.
    pub languages: Vec<LedgerRow>,
    /// The least number of authors of a row by viewpoint.
    pub floor: i64,
    /// How long the provisional lane takes, in hours: the median of the last 50 cards that came
    /// through.
    pub usual_hours: Option<f64>,
}

/// The ledger of these steps, given in the order they were taken; cards whose proposal is not among
/// them are the host's own or older than the gate, and left out.
///
/// A viewpoint has a row of its own where at least `floor` people of it proposed, and only beside
/// another one: the authors of cards are named, so a single row would tell the viewpoint of each.
#[must_use]
pub fn ledger(entries: &[Entry], floor: i64, lane: &[Millis]) -> ScopeLedger {
    let mut cards: BTreeMap<ConcessionId, Card> = BTreeMap::new();
    for entry in entries {
        cards.entry(entry.concession).or_default().take(entry);
    }
    let cards: Vec<Card> = cards.into_values().filter(|card| card.proposed).collect();
    let named = viewpoints(
        cards.iter().map(|card| (card.camp.as_deref(), card.author)),
        floor,
    );
    let named = |camp: &String| named.contains(camp.as_str());
    ScopeLedger {
        total: row("total", &cards.iter().collect::<Vec<_>>()),
        camps: rows(&cards, |card| card.camp.clone().filter(named)),
        languages: rows(&cards, |card| Some(card.language.clone())),
        floor,
        usual_hours: median_hours(lane),
    }
}

fn rows(cards: &[Card], key: impl Fn(&Card) -> Option<String>) -> Vec<LedgerRow> {
    grouped(cards, key)
        .iter()
        .map(|(key, cards)| row(key, cards))
        .collect()
}

fn row(key: &str, cards: &[&Card]) -> LedgerRow {
    let count = |holds: &dyn Fn(&Card) -> bool| {
        i64::try_from(cards.iter().filter(|card| holds(card)).count()).unwrap_or(i64::MAX)
    };
    let (proposed, held) = (count(&|_| true), count(&Card::was_held));
    let holds: Vec<Millis> = cards
        .iter()
        .flat_map(|card| card.holds.iter().copied())
        .collect();
    LedgerRow {
        key: key.into(),
        proposed,
        stopped: Share::new(count(&|card| card.stopped), proposed),
        reviewed: Share::new(count(&|card| card.reviewed), proposed),
        flagged: Share::new(count(&|card| card.flagged), proposed),
        released: Share::new(count(&|card| card.released), held),
        reversed: Share::new(count(&|card| card.reversed), held),
        hold_hours: median_hours(&holds),
    }
}

/// The median of some durations, in hours.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "durations stay far below 2^53")]
pub fn median_hours(durations: &[Millis]) -> Option<f64> {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    let lower = if sorted.len().is_multiple_of(2) {
        sorted[middle - 1]
    } else {
        upper
    };
    Some((lower + upper) as f64 / 2.0 / HOUR as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::id::Id;

    fn way(author: AccountId, camp: Option<&str>, steps: &[(Step, i64, i64)]) -> Vec<Entry> {
        let concession = Id::new();
        let entry = |(step, version, hour): &(Step, i64, i64)| Entry {
            concession,
            author,
            language: "uk".into(),
            version: *version,
            step: *step,
            camp: camp.map(Into::into).filter(|_| *step == Step::Proposed),
            at: hour * HOUR,
        };
        steps.iter().map(entry).collect()
    }

    #[test]
    fn a_hold_is_reversed_in_the_same_words_and_released_in_others() {
        use Step::{Closed, People, Proposed, Provisional, Ranked, Review, Stop};
        let way = |steps: &[(Step, i64, i64)]| way(Id::new(), None, steps);
        let reversed = way(&[(Proposed, 1, 0), (Stop, 1, 0), (Ranked, 1, 4)]);
        let reworded = way(&[
            (Proposed, 1, 0),
            (Stop, 1, 0),
            (Provisional, 2, 2),
            (Ranked, 2, 9),
        ]);
        let upheld = way(&[(Proposed, 1, 0), (Review, 1, 0), (Closed, 1, 12)]);
        let through = way(&[(Proposed, 1, 0), (Provisional, 1, 0), (Ranked, 1, 1)]);
        let older = way(&[(People, 3, 0)]);
        let ledger = ledger(
            &[reversed, reworded, upheld, through, older].concat(),
            5,
            &[HOUR, 3 * HOUR],
        );
        let row = &ledger.total;
        assert_eq!(
            (
                row.proposed,
                row.stopped.count,
                row.reviewed.count,
                row.flagged.count
            ),
            (4, 2, 1, 0)
        );
        assert_eq!(
            (row.released.count, row.released.of, row.reversed.count),
            (2, 3, 1)
        );
        assert_eq!((row.hold_hours, ledger.usual_hours), (Some(4.0), Some(2.0)));
        assert!(row.stopped.low > 0.2 && row.stopped.high < 0.8);
    }

    #[test]
    fn a_viewpoint_shows_with_enough_people_and_beside_another() {
        let steps = [(Step::Proposed, 1, 0), (Step::Provisional, 1, 0)];
        let of = |camp: &str, people: usize| {
            (0..people)
                .flat_map(|_| way(Id::new(), Some(camp), &steps))
                .collect::<Vec<_>>()
        };
        let keys = |entries: &[Entry]| {
            ledger(entries, 3, &[])
                .camps
                .into_iter()
                .map(|row| (row.key, row.proposed))
                .collect::<Vec<_>>()
        };
        let busy = Id::new();
        let one_person: Vec<Entry> = (0..3)
            .flat_map(|_| way(busy, Some("moscow"), &steps))
            .collect();
        assert_eq!(
            keys(&[of("kyiv", 3), one_person].concat()),
            [("other".into(), 6)]
        );
        assert_eq!(
            keys(&[of("kyiv", 3), of("moscow", 4), of("neither", 1)].concat()),
            [
                ("kyiv".into(), 3),
                ("moscow".into(), 4),
                ("other".into(), 1)
            ]
        );
    }
}
