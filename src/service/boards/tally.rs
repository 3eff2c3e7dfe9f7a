//! Boards: the released tally of a question, ranked, as much of it as a reader may see; and telling
//! sockets when it moves.
use std::collections::BTreeMap;

use crate::{
    domain::{
        ballot::HAND,
        bridging::{Board, Item},
        concession::ConcessionId,
        framework::{Question, QuestionId, QuestionState, Reveal},
        tally::Tally,
    },
    protocol::rest::TallyView,
    service::{
        Outcome,
        boards::released::whole_board,
        caller::Asker,
        node::Node,
        sight::{seen, views},
    },
    store::Reader,
};

/// How much of a board somebody may see.
pub(crate) enum Shown {
    All,
    Only(Vec<ConcessionId>),
    Nothing(&'static str),
}

pub(crate) async fn shown(
    node: &Node,
    reader: &mut Reader,
    question: &Question,
    account: Option<Asker>,
    deal: Option<&str>,
) -> Outcome<Shown> {
    match question.reveal {
        Reveal::Live => return Ok(Shown::All),
        _ if question.state == QuestionState::Closed => return Ok(Shown::All),
        Reveal::AtClose => return Ok(Shown::Nothing("until_close")),
        Reveal::AfterAnswer => {}
    }
    let only = |cards: Vec<ConcessionId>| {
        if cards.is_empty() {
            Shown::Nothing("answer_first")
        } else {
            Shown::Only(cards)
        }
    };
    let Some(account) = account else {
        let hand = deal
            .and_then(|token| node.host.dealer.hands.read(token, node.now()))
            .filter(|hand| hand.question == question.id && hand.round == question.round);
        return Ok(only(hand.map(|hand| hand.cards).unwrap_or_default()));
    };
    let ballot = reader.ballot(question, account.account).await?;
    let dealt = ballot
        .answers
        .values()
        .filter(|answer| answer.dealt)
        .count();
    let there = reader.open_cards(question.id, node.now()).await?.len();
    Ok(if dealt >= HAND.min(there) {
        Shown::All
    } else {
        only(ballot.answers.keys().copied().collect())
    })
}

/// A question's board as somebody may see it.
pub async fn view(
    node: &Node,
    account: Option<Asker>,
    question: QuestionId,
    deal: Option<&str>,
) -> Outcome<TallyView> {
    let (mut seen, question) = seen::see_question(node, account, question).await?;
    let shown = shown(node, &mut seen.reader, &question, account, deal).await?;
    if let Shown::Nothing(reason) = shown {
        let view = views::tally(&seen.framework, &question, 0, Board::default(), false);
        return Ok(TallyView {
            hidden: true,
            reason: Some(reason.into()),
            ..view
        });
    }
    let (board, at_seq) = whole_board(node, seen.reader, &seen.framework, &question).await?;
    Ok(match shown {
        Shown::Only(cards) => views::tally(
            &seen.framework,
            &question,
            at_seq,
            part(board, &cards),
            false,
        ),
        _ => views::tally(&seen.framework, &question, at_seq, board, true),
    })
}

/// The board of some cards alone: without places, which would tell of the others.
fn part(board: Board, cards: &[ConcessionId]) -> Board {
    let items = board
        .items
        .into_iter()
        .filter(|item| cards.contains(&item.concession));
    let waiting = board
        .waiting
        .into_iter()
        .filter(|card| cards.contains(&card.concession))
        .collect();
    Board {
        voters: BTreeMap::new(),
        items: items.map(|item| Item { rank: None, ..item }).collect(),
        waiting,
    }
}

/// The tally recounted from the ballots, beside the live one: they must agree.
pub async fn recount(node: &Node, question: &Question) -> Outcome<(Tally, Option<Tally>)> {
    let live = node
        .live
        .running_tally((question.id, question.round))
        .await
        .unwrap_or(None);
    Ok((node.store.read().await?.recount(question).await?, live))
}
