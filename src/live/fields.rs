//! A tally as the fields of a hash: `v:<camp>` and `c:<card>:<counter>:<camp>`, and `at_seq`, its
//! place. A field at zero is absent.
use crate::domain::tally::{Counter, Delta, Tally};

/// The field of a tally's place.
pub(super) const AT_SEQ: &str = "at_seq";

/// What a tally holds.
pub(super) fn of_tally(tally: &Tally) -> Vec<(String, i64)> {
    let counters = tally
        .counters
        .iter()
        .flat_map(|((camp, card), counter)| of_counter(camp, card, counter));
    counters
        .chain(
            tally
                .voters
                .iter()
                .map(|(camp, count)| (format!("v:{camp}"), *count)),
        )
        .collect()
}

/// What a change adds.
pub(super) fn of_delta(delta: &Delta) -> Vec<(String, i64)> {
    let counters = delta
        .counters
        .iter()
        .flat_map(|(camp, card, counter)| of_counter(camp, card, counter));
    let voters = delta.voters.iter().filter(|(_, count)| *count != 0);
    counters
        .chain(voters.map(|(camp, count)| (format!("v:{camp}"), *count)))
        .collect()
}

fn of_counter<'a>(
    camp: &'a str,
    card: &'a impl std::fmt::Display,
    counter: &Counter,
) -> impl Iterator<Item = (String, i64)> + 'a {
    let fields = counter
        .fields()
        .into_iter()
        .filter(|(_, value)| *value != 0);
    // The camp comes last: its key may hold a colon.
    fields.map(move |(name, value)| (format!("c:{card}:{name}:{camp}"), value))
}

/// The tally some fields hold; `None` where they hold none, or something that is none.
pub(super) fn tally(fields: impl IntoIterator<Item = (String, String)>) -> Option<Tally> {
    let (mut tally, mut at_seq) = (Tally::default(), None);
    for (field, value) in fields {
        if field == AT_SEQ {
            at_seq = Some(value.parse().ok()?);
        } else if let Some(camp) = field.strip_prefix("v:") {
            tally.voters.insert(camp.to_owned(), value.parse().ok()?);
        } else if let Some(counter) = field.strip_prefix("c:") {
            let mut parts = counter.splitn(3, ':');
            let (card, name, camp) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
            tally
                .counters
                .entry((camp.to_owned(), card))
                .or_default()
                .set(name, value.parse().ok()?);
        }
    }
    // A newer node may write counters this one does not know.
    tally
        .counters
        .retain(|_, counter| *counter != Counter::default());
    Some(Tally {
        at_seq: at_seq?,
        ..tally
    })
}
