//! Translations of cards by people: which one of a language a reader is shown.
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Millis,
    account::{AccountId, Author},
    concession::{ConcessionId, texts},
    markdown::Text,
};
use crate::id::Id;

/// A translation's id; another one with each text, so that a review names the text that was read.
pub type TranslationId = Id<Translation>;

/// A card in another language.
#[derive(Clone, Debug)]
pub struct Translation {
    /// Its id.
    pub id: TranslationId,
    /// The card.
    pub concession: ConcessionId,
    /// `en`, `uk` or `ru`; never the card's own.
    pub language: String,
    /// The card's version that it translates.
    pub version: i64,
    /// As the card's.
    pub title: String,
    /// As the card's.
    pub body: String,
    /// The body as shown: sanitised when written.
    pub html: String,
    /// As the card's.
    pub in_return: Option<String>,
    /// As the card's; where it is left out, the original shows.
    pub verifier: Option<String>,
    /// As the card's.
    pub trigger: Option<String>,
    /// Who translated.
    pub author: Author,
    /// Whether it shows, and was looked at.
    pub state: TranslationState,
    /// Who looked at it.
    pub reviewer: Option<AccountId>,
    /// When it was written.
    pub at: Millis,
    /// Whether it came with imported cards, rather than from somebody who takes part.
    pub imported: bool,
}

/// Whether a translation shows, and was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranslationState {
    /// Shows, as not reviewed.
    Proposed,
    /// Shows: people of two viewpoints found it true, and its words are fixed.
    Reviewed,
    /// Taken back by its translator, replaced by them, or found wrong.
    Withdrawn,
}

impl Translation {
    /// What others read of it, in the order of the form.
    #[must_use]
    pub fn texts(&self) -> Vec<Text<'_>> {
        let Self {
            title,
            body,
            in_return,
            verifier,
            trigger,
            ..
        } = self;
        texts(
            title,
            body,
            [
                ("in_return", in_return.as_deref()),
                ("trigger", trigger.as_deref()),
                ("verifier", verifier.as_deref()),
            ],
        )
    }

    /// Whether it may stand for the original: readers or the host reviewed it.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.imported || self.state == TranslationState::Reviewed
    }

    /// Whether the card has said something else since, where `material` is its last version that
    /// changed what it says.
    #[must_use]
    pub fn stale(&self, material: i64) -> bool {
        self.version < material
    }
}

/// Whether those who found a translation true make it reviewed, by the viewpoints they had then: two
/// of different ones. Who had none counts for nothing.
#[must_use]
pub fn agreed(camps: &[Option<String>]) -> bool {
    let camps: BTreeSet<&String> = camps.iter().flatten().collect();
    camps.len() >= 2
}

/// The one translation of each language that is shown: of what the card says now before an older
/// one, reviewed before not, then the latest.
#[must_use]
pub fn shown(translations: &[Translation], material: i64) -> BTreeMap<&str, &Translation> {
    let rank = |one: &Translation| (!one.stale(material), one.stands(), one.at, one.id);
    let mut shown: BTreeMap<&str, &Translation> = BTreeMap::new();
    for one in translations
        .iter()
        .filter(|one| one.state != TranslationState::Withdrawn)
    {
        let best = shown.entry(&one.language).or_insert(one);
        if rank(one) > rank(best) {
            *best = one;
        }
    }
    shown
}

/// The latest of each language that waits for a review beside the one that is shown.
#[must_use]
pub fn waiting(translations: &[Translation], material: i64) -> BTreeMap<&str, &Translation> {
    let shown = shown(translations, material);
    translations
        .iter()
        .filter(|one| one.state == TranslationState::Proposed && !one.imported)
        .filter(|one| {
            shown
                .get(one.language.as_str())
                .is_some_and(|shown| shown.id != one.id)
        })
        .map(|one| (one.language.as_str(), one))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(language: &str, version: i64, state: TranslationState, at: Millis) -> Translation {
        let (text, author) = (
            String::new(),
            Author {
                id: Id::new(),
                handle: "a".into(),
                display_name: None,
            },
        );
        let (title, body, html) = (text.clone(), text.clone(), text);
        let language = language.into();
        let (id, concession) = (Id::new(), Id::new());
        Translation {
            id,
            concession,
            language,
            version,
            title,
            body,
            html,
            in_return: None,
            verifier: None,
            trigger: None,
            author,
            state,
            reviewer: None,
            at,
            imported: false,
        }
    }

    #[test]
    fn two_viewpoints_make_it_reviewed() {
        let camps = |camps: &[Option<&str>]| {
            let camps: Vec<_> = camps.iter().map(|camp| camp.map(str::to_owned)).collect();
            agreed(&camps)
        };
        assert!(camps(&[Some("kyiv"), None, Some("moscow")]));
        assert!(!camps(&[]) && !camps(&[None, None]) && !camps(&[Some("kyiv"), None]));
        assert!(!camps(&[Some("kyiv"), Some("kyiv"), None]));
    }

    #[test]
    fn a_reviewed_translation_of_the_present_text_comes_first() {
        use TranslationState::{Proposed, Reviewed, Withdrawn};
        let all = [
            one("uk", 1, Reviewed, 1),
            one("uk", 2, Reviewed, 2),
            one("uk", 2, Proposed, 3),
            one("uk", 2, Withdrawn, 4),
            one("ru", 1, Reviewed, 1),
            one("ru", 3, Proposed, 2),
            one("en", 2, Withdrawn, 1),
        ];
        let found: Vec<_> = shown(&all, 2)
            .into_iter()
            .map(|(language, one)| (language, one.at))
            .collect();
        assert_eq!(found, [("ru", 2), ("uk", 2)]);
        let beside: Vec<_> = waiting(&all, 2).into_values().map(|one| one.at).collect();
        assert_eq!(beside, [3], "the newer text waits beside the reviewed one");
    }
}
