//! What there is to find: the words of a text for the index, and all that a card says.
use std::collections::BTreeSet;

use crate::domain::{concession::Concession, fold, markdown, translation};

/// The words of texts for the index: each once, between spaces.
#[must_use]
pub fn bag<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let words: BTreeSet<String> = texts
        .into_iter()
        .flat_map(fold::words)
        .map(|(_, word)| word)
        .collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// What a card says, in its own language and in those of the translations that show.
#[must_use]
pub fn card_texts(card: &Concession) -> Vec<String> {
    let said = |title: &str, body: &str, rest: [Option<&str>; 3]| {
        let body = markdown::plain(body);
        let parts = [title, &body].into_iter().chain(rest.into_iter().flatten());
        parts.collect::<Vec<_>>().join(" · ")
    };
    let terms = &card.terms;
    let own = said(
        &terms.title,
        &terms.body,
        [
            terms.in_return.as_deref(),
            Some(&terms.verifier),
            terms.trigger.as_deref(),
        ],
    );
    let others = translation::shown(&card.translations, card.material).into_values();
    let others = others.map(|one| {
        said(
            &one.title,
            &one.body,
            [
                one.in_return.as_deref(),
                one.verifier.as_deref(),
                one.trigger.as_deref(),
            ],
        )
    });
    std::iter::once(own).chain(others).collect()
}

/// The titles of a card, in the order of [`card_texts`].
#[must_use]
pub fn card_titles(card: &Concession) -> Vec<&str> {
    let others = translation::shown(&card.translations, card.material).into_values();
    std::iter::once(card.terms.title.as_str())
        .chain(others.map(|one| one.title.as_str()))
        .collect()
}
