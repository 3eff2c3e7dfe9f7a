//! The public ledger of the scope rule: how many cards were held, released and put back, per viewpoint of their authors and per
//! language, so that anybody can see whether the gate and the flags treat the sides alike.
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::{HOUR, Millis, account::AccountId, bridging::wilson, concession::ConcessionId, lane::Step};

/// The row of authors without a viewpoint, and of viewpoints with fewer authors than the floor.
pub const OTHER: &str = "other";

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

/// A share with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct Share {
    /// How many.
    pub count: i64,
    /// Out of how many.
    pub of: i64,
    /// Lower end of the 80 % Wilson interval of the share.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Share {
    /// A share and its interval; (0, 1) out of none.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    #[must_use]
    pub fn new(count: i64, of: i64) -> Self {
        let (low, high) = if of == 0 { (0.0, 1.0) } else { wilson(count as f64 / of as f64, of as f64) };
        Self { count, of, low, high }
    }
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
    /// How long the provisional lane takes, in hours: the median of the last 50 cards that came through.
    pub usual_hours: Option<f64>,
}

/// What became of one card.
#[derive(Default)]
struct Card {
    author: Option<AccountId>,
    camp: Option<String>,
    language: String,
    proposed: bool,
    stopped: bool,
    reviewed: bool,
    flagged: bool,
    released: bool,
    reversed: bool,
    /// The version held and since when, while it is.
    held: Option<(i64, Millis)>,
    holds: Vec<Millis>,
}

impl Card {
    fn take(&mut self, entry: &Entry) {
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
        let Some((version, since)) = self.held.take() else { return };
        self.holds.push(entry.at - since);
        self.released |= entry.step != Step::Closed;
        self.reversed |= entry.step == Step::Ranked && entry.version == version;
    }

    fn was_held(&self) -> bool {
        self.stopped || self.reviewed || self.flagged
    }
}

/// The ledger of these steps, given in the order they were taken; cards whose proposal is not among them are the host's own or
/// older than the gate, and left out.
///
/// A viewpoint has a row of its own where at least `floor` people of it proposed, and only beside another one: the authors of
/// cards are named, so a single row would tell the viewpoint of each.
#[must_use]
pub fn ledger(entries: &[Entry], floor: i64, lane: &[Millis]) -> ScopeLedger {
    let mut cards: BTreeMap<ConcessionId, Card> = BTreeMap::new();
    for entry in entries {
        cards.entry(entry.concession).or_default().take(entry);
    }
    let cards: Vec<Card> = cards.into_values().filter(|card| card.proposed).collect();
    let mut authors: BTreeMap<&str, BTreeSet<AccountId>> = BTreeMap::new();
    for card in &cards {
        if let (Some(camp), Some(author)) = (&card.camp, card.author) {
            authors.entry(camp).or_default().insert(author);
        }
    }
    let enough = |people: &BTreeSet<AccountId>| i64::try_from(people.len()).is_ok_and(|count| count >= floor);
    let mut named: BTreeSet<&str> = authors.iter().filter(|(_, people)| enough(people)).map(|(camp, _)| *camp).collect();
    if named.len() < 2 {
        named.clear();
    }
    let camp = |card: &Card| card.camp.clone().filter(|camp| named.contains(camp.as_str())).unwrap_or_else(|| OTHER.into());
    ScopeLedger {
        total: row("total", &cards.iter().collect::<Vec<_>>()),
        camps: rows(&cards, camp),
        languages: rows(&cards, |card| card.language.clone()),
        floor,
        usual_hours: median_hours(lane),
    }
}

fn rows(cards: &[Card], key: impl Fn(&Card) -> String) -> Vec<LedgerRow> {
    let mut groups: BTreeMap<String, Vec<&Card>> = BTreeMap::new();
    for card in cards {
        groups.entry(key(card)).or_default().push(card);
    }
    let mut rows: Vec<LedgerRow> = groups.iter().map(|(key, cards)| row(key, cards)).collect();
    rows.sort_by_key(|row| row.key == OTHER);
    rows
}

fn row(key: &str, cards: &[&Card]) -> LedgerRow {
    let count = |holds: &dyn Fn(&Card) -> bool| i64::try_from(cards.iter().filter(|card| holds(card)).count()).unwrap_or(i64::MAX);
    let (proposed, held) = (count(&|_| true), count(&Card::was_held));
    let holds: Vec<Millis> = cards.iter().flat_map(|card| card.holds.iter().copied()).collect();
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
    let lower = if sorted.len().is_multiple_of(2) { sorted[middle - 1] } else { upper };
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
        let reversed = way(Id::new(), None, &[(Step::Proposed, 1, 0), (Step::Stop, 1, 0), (Step::Ranked, 1, 4)]);
        let reworded = way(Id::new(), None, &[(Step::Proposed, 1, 0), (Step::Stop, 1, 0), (Step::Provisional, 2, 2), (Step::Ranked, 2, 9)]);
        let upheld = way(Id::new(), None, &[(Step::Proposed, 1, 0), (Step::Review, 1, 0), (Step::Closed, 1, 12)]);
        let through = way(Id::new(), None, &[(Step::Proposed, 1, 0), (Step::Provisional, 1, 0), (Step::Ranked, 1, 1)]);
        let older = way(Id::new(), None, &[(Step::People, 3, 0)]);
        let ledger = ledger(&[reversed, reworded, upheld, through, older].concat(), 5, &[HOUR, 3 * HOUR]);
        let row = &ledger.total;
        assert_eq!((row.proposed, row.stopped.count, row.reviewed.count, row.flagged.count), (4, 2, 1, 0));
        assert_eq!((row.released.count, row.released.of, row.reversed.count), (2, 3, 1));
        assert_eq!((row.hold_hours, ledger.usual_hours), (Some(4.0), Some(2.0)));
        assert!(row.stopped.low > 0.2 && row.stopped.high < 0.8);
    }

    #[test]
    fn a_viewpoint_shows_with_enough_people_and_beside_another() {
        let steps = [(Step::Proposed, 1, 0), (Step::Provisional, 1, 0)];
        let of = |camp: &str, people: usize| (0..people).flat_map(|_| way(Id::new(), Some(camp), &steps)).collect::<Vec<_>>();
        let keys = |entries: &[Entry]| ledger(entries, 3, &[]).camps.into_iter().map(|row| (row.key, row.proposed)).collect::<Vec<_>>();
        let busy = Id::new();
        let one_person: Vec<Entry> = (0..3).flat_map(|_| way(busy, Some("moscow"), &steps)).collect();
        assert_eq!(keys(&[of("kyiv", 3), one_person].concat()), [("other".into(), 6)]);
        assert_eq!(
            keys(&[of("kyiv", 3), of("moscow", 4), of("neither", 1)].concat()),
            [("kyiv".into(), 3), ("moscow".into(), 4), ("other".into(), 1)]
        );
    }
}
