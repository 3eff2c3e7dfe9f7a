//! The hand of the hour, and one's own ballot.

use crate::{
    domain::{account::AccountId, framework::QuestionId, permission::Viewer},
    protocol::rest::{BallotView, DealView},
    service::{
        Outcome,
        node::Node,
        sight::{
            ballot::{ballot_view, read_cards},
            question::ensure_open,
            seen,
        },
    },
};

/// The hand of this hour, for visitors without an account.
pub async fn anonymous_deal(node: &Node, question: QuestionId) -> Outcome<DealView> {
    let (mut seen, question) = seen::see_question(node, None, question).await?;
    ensure_open(&question)?;
    let hand = node
        .host
        .dealer
        .hand_of_hour(
            &mut seen.reader,
            &question,
            &seen.framework.camps,
            node.now(),
        )
        .await?;
    let cards = read_cards(&mut seen.reader, &hand.cards, Viewer::PUBLIC).await?;
    Ok(DealView {
        deal: node.host.dealer.hands.sign(&hand),
        cards,
        expires_at: hand.expires_at,
    })
}

/// One's own ballot.
pub async fn ballot(node: &Node, account: AccountId, question: QuestionId) -> Outcome<BallotView> {
    let (mut seen, question) = seen::see_question(node, Some(account.into()), question).await?;
    let ballot = seen.reader.ballot(&question, account).await?;
    Ok(ballot_view(seen.actor.camp, &question, &ballot))
}
