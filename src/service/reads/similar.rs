//! The cards that a text being written is like.
use std::cmp::Ordering;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        concession::{Concession, ConcessionState},
        framework::QuestionId,
        permission::{Sight, State, visible_to},
        similar::{ALIKE, Words},
        text::{self, Check},
    },
    protocol::rest::{List, SimilarView},
    service::{
        Outcome,
        node::Node,
        sight::{seen, views},
    },
};

/// Cards of a question that a text is compared with, oldest first.
const COMPARED: i64 = 2_000;
/// Cards told of.
const MOST: usize = 5;

/// A question's cards that are like a text, most like first. The text is neither kept nor logged.
pub async fn similar(
    node: &Node,
    account: AccountId,
    question: QuestionId,
    title: &str,
    body: &str,
) -> Outcome<List<SimilarView>> {
    node.budgets.similar(account)?;
    let mut check = Check::default();
    let title = check
        .optional("title", Some(title), text::TITLE)
        .unwrap_or_default();
    let body = check
        .optional("body", Some(body), text::CARD_BODY)
        .unwrap_or_default();
    check.finish()?;
    let (mut seen, question) = seen::see_question(node, Some(account.into()), question).await?;
    let viewer = seen.actor.viewer();
    let mut cards = seen
        .reader
        .concessions(question.id, (Millis::MIN, String::new()), COMPARED)
        .await?;
    cards.retain(|card| {
        let judged = matches!(
            card.state,
            ConcessionState::Ranked | ConcessionState::Provisional
        );
        judged && visible_to(viewer, card.author.id, State::Concession(card.state)) == Sight::Whole
    });
    drop(seen);
    // Thousands of cards take longer than a reactor should be held.
    let found = tokio::task::spawn_blocking(move || closest(&Words::of(&title, &body), cards))
        .await
        .expect("comparing words cannot fail");
    let items = found
        .into_iter()
        .map(|(card, score)| SimilarView {
            concession: views::concession(card, viewer),
            score,
        })
        .collect();
    Ok(List { items, next: None })
}

fn closest(words: &Words, cards: Vec<Concession>) -> Vec<(Concession, f64)> {
    let score = |card: Concession| {
        let score = Words::of_card(&card, |_| true)
            .iter()
            .map(|other| words.alike(other))
            .fold(0.0, f64::max);
        (card, score)
    };
    let mut found: Vec<_> = cards
        .into_iter()
        .map(score)
        .filter(|(_, score)| *score >= ALIKE)
        .collect();
    found.sort_by(|(a, one), (b, other)| {
        other
            .partial_cmp(one)
            .unwrap_or(Ordering::Equal)
            .then(a.id.cmp(&b.id))
    });
    found.truncate(MOST);
    found
}
