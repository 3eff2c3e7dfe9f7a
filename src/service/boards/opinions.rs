//! Second opinions and what unfreezes a point: counted from the ballots when somebody asks, seldom,
//! and kept with their age.
use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    domain::{
        bridging::Rules,
        concession::ConcessionId,
        framework::{Camp, Question, QuestionId, QuestionState},
        opinions::{Counted, Sums},
    },
    protocol::rest::{OpinionItem, OpinionsView, UnfreezeItem},
    service::{
        Outcome,
        boards::tally::{self, Shown},
        caller::Asker,
        keep::opinions::Opinions,
        node::Node,
        sight::seen,
    },
    store::Reader,
};

/// How long they stand at least: nobody needs them live, and batches keep timing from unmasking a
/// vote, as with the board.
const STAND: Duration = Duration::from_secs(10);
/// How many times the time it took to count they stand: at most a tenth of one core goes into it
/// per question.
const TIMES: u32 = 9;

/// Second opinions, to those who may see the whole board.
///
/// # Errors
/// When there is no such question, or the database does not answer.
pub async fn view(
    node: &Node,
    account: Option<Asker>,
    question: QuestionId,
) -> Outcome<OpinionsView> {
    let (mut seen, question) = seen::see_question(node, account, question).await?;
    let reason = match tally::shown(node, &mut seen.reader, &question, account, None).await? {
        Shown::All => None,
        Shown::Only(_) => Some("answer_first"),
        Shown::Nothing(reason) => Some(reason),
    };
    let (id, round) = (question.id, question.round);
    if let Some(reason) = reason {
        let reason = Some(reason.to_owned());
        return Ok(OpinionsView {
            question: id,
            round,
            at_seq: 0,
            hidden: true,
            reason,
            items: vec![],
            unfreeze: vec![],
        });
    }
    let cards = seen.reader.ranked_cards(id).await?;
    let opinions = standing(node, seen.reader, &question, &cards, &seen.framework.camps).await?;
    Ok(shown(&question, &opinions, &cards))
}

/// What was kept, as far as the cards still show.
fn shown(question: &Question, opinions: &Opinions, cards: &[ConcessionId]) -> OpinionsView {
    let Counted {
        board,
        opinions: said,
        unfreeze,
    } = &opinions.counted;
    let items = board
        .items
        .iter()
        .filter(|item| cards.contains(&item.concession))
        .filter_map(|item| {
            let opinions = *said.get(&item.concession)?;
            Some(OpinionItem {
                concession: item.concession,
                rank: item.rank,
                opinions,
            })
        });
    let unfreeze = unfreeze.iter().filter(|(card, _)| cards.contains(card));
    let unfreeze = unfreeze.map(|(card, measure)| UnfreezeItem {
        concession: *card,
        measure: measure.clone(),
    });
    let (items, unfreeze) = (items.collect(), unfreeze.collect());
    OpinionsView {
        question: question.id,
        round: question.round,
        at_seq: opinions.at_seq,
        hidden: false,
        reason: None,
        items,
        unfreeze,
    }
}

/// What may still stand; else it is counted anew, by one at a time, while the others see what was
/// kept.
async fn standing(
    node: &Node,
    mut reader: Reader,
    question: &Question,
    cards: &[ConcessionId],
    camps: &[Camp],
) -> Outcome<Arc<Opinions>> {
    let slot = node
        .opinions
        .slots
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(question.id)
        .or_default()
        .clone();
    // Once it is closed nothing can be read from its timing, and the last ballot has to be in.
    let at_least = if question.state == QuestionState::Open {
        node.options.release.at_least
    } else {
        1
    };
    let kept = slot.standing(question, cards, at_least);
    let turn = match kept {
        Some((kept, true)) => return Ok(kept),
        Some((kept, false)) => match slot.turn.try_lock() {
            Ok(turn) => turn,
            Err(_) => return Ok(kept),
        },
        None => slot.turn.lock().await,
    };
    if let Some((kept, true)) = slot.standing(question, cards, at_least) {
        return Ok(kept);
    }
    let begun = Instant::now();
    let counted = count(&mut reader, question, cards, camps, node.options.rules).await?;
    let until = Instant::now() + STAND.max(begun.elapsed() * TIMES);
    let opinions = Arc::new(Opinions {
        round: question.round,
        at_seq: question.ballot_seq,
        cards: cards.to_vec(),
        counted,
        until,
    });
    *slot.last() = Some(opinions.clone());
    drop(turn);
    Ok(opinions)
}

/// Counts a question from its ballots, in one pass: the reader's snapshot in pages, the arithmetic
/// on a thread of its own.
///
/// # Errors
/// When the database does not answer.
pub async fn count(
    reader: &mut Reader,
    question: &Question,
    cards: &[ConcessionId],
    camps: &[Camp],
    rules: Rules,
) -> Outcome<Counted> {
    let (mut sums, mut after) = (Sums::default(), None);
    loop {
        let ballots = reader.ballots_after(question, after).await?;
        let Some((last, _)) = ballots.last() else {
            break;
        };
        after = Some(*last);
        sums = aside(move || {
            ballots.iter().for_each(|(_, ballot)| sums.add(ballot));
            sums
        })
        .await;
    }
    let (cards, camps) = (cards.to_vec(), camps.to_vec());
    Ok(aside(move || sums.results(&cards, &camps, rules)).await)
}

/// Runs arithmetic where it holds up no request.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .expect("adding does not panic, and blocking tasks end before the runtime")
}
