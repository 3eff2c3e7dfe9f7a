//! Cards with their translations and earlier texts, and answers to them.
use std::collections::BTreeMap;

use crate::{
    domain::{
        ballot::Answer,
        concession::Concession,
        permission::{Sight, State, Viewer, visible_to},
        translation::{self, Translation},
    },
    protocol::rest::{AnswerView, CardVersionView, ConcessionView, TranslationView},
    store::CardVersion,
};

/// A card.
#[must_use]
pub fn concession(card: Concession, viewer: Viewer) -> ConcessionView {
    let whole = visible_to(viewer, card.author.id, State::Concession(card.state)) == Sight::Whole;
    let texts: &[Translation] = if whole { &card.translations } else { &[] };
    let of = |found: BTreeMap<&str, &Translation>| {
        let view = |(language, one): (&str, &Translation)| {
            (language.to_owned(), translated(one, card.material))
        };
        found.into_iter().map(view).collect()
    };
    let translations = of(translation::shown(texts, card.material));
    let waiting_translations = of(translation::waiting(texts, card.material));
    let Concession {
        id,
        question,
        author,
        terms,
        sources,
        html,
        state,
        version,
        material,
        created_at,
        opens_at,
        fixed,
        grew_out_of,
        successor,
        merged_into,
        sample,
        ..
    } = card;
    let own = viewer.account == Some(author.id);
    ConcessionView {
        id,
        question,
        title: whole.then_some(terms.title),
        body: whole.then_some(terms.body),
        html: whole.then_some(html),
        in_return: terms.in_return.filter(|_| whole),
        verifier: whole.then_some(terms.verifier),
        trigger: terms.trigger.filter(|_| whole),
        receivers: if whole { terms.receivers } else { vec![] },
        category: terms.category.filter(|_| whole),
        points: if whole { terms.points } else { vec![] },
        sources: if whole { sources } else { vec![] },
        author: whole.then_some(author),
        state,
        version,
        created_at,
        opens_at,
        fixed: own && fixed,
        grew_out_of,
        successor,
        language: terms.language,
        sample,
        material,
        merged_into,
        translations,
        waiting_translations,
    }
}

/// A translation of a card that is seen whole.
fn translated(one: &Translation, material: i64) -> TranslationView {
    let reviewed = one.state == translation::TranslationState::Reviewed;
    let (of_version, stale) = (one.version, one.stale(material));
    let Translation {
        id,
        title,
        body,
        html,
        in_return,
        verifier,
        trigger,
        author,
        imported,
        ..
    } = one.clone();
    TranslationView {
        id,
        title,
        body,
        html,
        in_return,
        verifier,
        trigger,
        by: author,
        imported,
        reviewed,
        of_version,
        stale,
    }
}

/// A text of a card that is seen whole.
#[must_use]
pub fn card_version(text: CardVersion) -> CardVersionView {
    let CardVersion {
        version,
        title,
        body,
        html,
        in_return,
        verifier,
        deadline,
        at,
    } = text;
    CardVersionView {
        version,
        title,
        body,
        html,
        in_return,
        verifier,
        trigger: deadline,
        at,
    }
}

/// An answer, to its giver.
#[must_use]
pub fn answer(answer: &Answer) -> AnswerView {
    let Answer {
        concession,
        version,
        acceptance,
        realism,
        unfreezes,
        dealt,
        ..
    } = *answer;
    AnswerView {
        concession,
        version,
        acceptance,
        realism,
        unfreezes,
        dealt,
    }
}
