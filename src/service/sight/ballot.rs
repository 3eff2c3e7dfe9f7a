//! A ballot and a hand as their owner sees them.
use crate::{
    domain::{ballot::Ballot, concession::ConcessionId, framework::Question, permission::Viewer},
    protocol::rest::BallotView,
    service::{Outcome, sight::views},
    store::Reader,
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
) -> BallotView {
    BallotView {
        camp,
        round: question.round,
        answers: ballot.answers.values().map(views::answer).collect(),
        tiers: ballot.tiers.clone(),
        accepts: ballot.point.as_ref().map(|point| point.accepts),
    }
}
