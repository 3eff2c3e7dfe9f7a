//! A ballot and a hand as their owner sees them.
use std::collections::HashMap;

use crate::{
    domain::{
        ballot::{Answer, Ballot},
        concession::ConcessionId,
        framework::Question,
        permission::Viewer,
    },
    protocol::rest::BallotView,
    service::{Outcome, sight::views},
    store::{CardPlace, Reader},
};

pub(crate) async fn read_cards(
    reader: &mut Reader,
    ids: &[ConcessionId],
    viewer: Viewer,
) -> Outcome<Vec<crate::protocol::rest::ConcessionView>> {
    let mut cards = Vec::with_capacity(ids.len());
    for id in ids {
        cards.extend(
            reader
                .concession(*id)
                .await?
                .map(|card| views::concession(card, viewer)),
        );
    }
    Ok(cards)
}

pub(crate) fn ballot_view(
    camp: Option<String>,
    question: &Question,
    ballot: &Ballot,
    cards: &HashMap<ConcessionId, CardPlace>,
) -> BallotView {
    let stale = |answer: &Answer| {
        cards
            .get(&answer.concession)
            .is_some_and(|card| card.state.ranks() && answer.stale(card.material))
    };
    let answers = ballot
        .answers
        .values()
        .map(|answer| views::answer(answer, stale(answer)))
        .collect();
    BallotView {
        camp,
        round: question.round,
        answers,
        tiers: ballot.tiers.clone(),
        accepts: ballot.point.as_ref().map(|point| point.accepts),
    }
}
