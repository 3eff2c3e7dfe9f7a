//! What tests of the rules are about: camps, and ballots that say no more than a test needs.
use super::{
    ballot::{Acceptance, Answer, Ballot},
    concession::ConcessionId,
    framework::{Camp, Localized},
};

/// A camp that is called by its key in every language.
pub(super) fn camp(key: &str, in_score: bool) -> Camp {
    Camp {
        key: key.into(),
        name: Localized {
            en: key.into(),
            uk: key.into(),
            ru: key.into(),
        },
        in_score,
    }
}

/// Two camps that count and one that does not.
pub(super) fn camps() -> [Camp; 3] {
    [
        camp("kyiv", true),
        camp("moscow", true),
        camp("neither", false),
    ]
}

/// An answer to a card that was dealt.
pub(super) fn answer(
    camp: &str,
    weight: i64,
    concession: ConcessionId,
    acceptance: Acceptance,
) -> Answer {
    Answer {
        concession,
        version: 1,
        camp: Some(camp.into()),
        acceptance,
        realism: None,
        dealt: true,
        weight,
        unfreezes: None,
    }
}

/// A ballot of answers to cards that were dealt, and an order of them.
pub(super) fn ballot(
    camp: &str,
    weight: i64,
    said: &[(ConcessionId, Acceptance)],
    tiers: Vec<Vec<ConcessionId>>,
) -> Ballot {
    let answers = said
        .iter()
        .map(|(card, acceptance)| (*card, answer(camp, weight, *card, *acceptance)));
    Ballot {
        answers: answers.collect(),
        tiers,
        point: None,
        seat: None,
    }
}
