//! The words of a card.
use crate::domain::{concession::Concession, similar::Words, translation::Translation};

/// The words of a card and of those of its translations that count.
pub fn texts(card: &Concession, counts: impl Fn(&Translation) -> bool) -> Vec<Words> {
    let own = Words::of(&card.terms.title, &card.terms.body);
    let others = card.translations.iter().filter(|one| !one.stale(card.material) && counts(one)).map(|one| Words::of(&one.title, &one.body));
    std::iter::once(own).chain(others).collect()
}
