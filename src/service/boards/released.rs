//! The released tally of a question, and its whole board.
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::{
    domain::{
        bridging::{self, Board},
        framework::{Framework, Question, QuestionState},
        tally::Tally,
    },
    service::{Outcome, node::Node},
    store::Reader,
};

/// How long a reader waits for a tally that is behind its ballots: longer than a change is under
/// way between nodes.
const WAIT: Duration = Duration::from_millis(300);

/// The released tally; counted from the ballots where there is none, one that stays behind them, or
/// one that is older than what was shown, as after the live state was away. No connection to the
/// database is held while the live state is asked.
async fn released(node: &Node, question: &Question) -> Outcome<Tally> {
    node.boards.read().insert(question.id, Instant::now());
    let key = (question.id, question.round);
    let until = Instant::now() + WAIT;
    // Nobody may have looked while some became due.
    while let Ok(Some(standing)) = node
        .live
        .release_due(key, node.options.release, node.now())
        .await
    {
        if standing.running >= question.ballot_seq {
            if let Ok(Some((tally, _))) = node.live.tally(key).await {
                if node.boards.goes_on(question, tally.at_seq) {
                    return Ok(tally);
                }
                let _ = node.live.forget_tally(key).await;
            }
            break;
        }
        if Instant::now() >= until {
            break;
        }
        sleep(WAIT / 12).await;
    }
    let tally = counted(node, question).await?;
    // With the live state away, the next reader counts again.
    let _ = node.live.load_tally(key, tally.clone(), node.now()).await;
    Ok(tally)
}

/// The tally as its ballots make it now.
async fn counted(node: &Node, question: &Question) -> Outcome<Tally> {
    let mut reader = node.store.read().await?;
    let now = reader
        .question(question.id)
        .await?
        .filter(|now| now.round == question.round);
    let question = now.as_ref().unwrap_or(question);
    let tally = reader.recount(question).await?;
    node.boards.goes_on(question, tally.at_seq);
    Ok(tally)
}

pub(crate) async fn whole_board(
    node: &Node,
    mut reader: Reader,
    framework: &Framework,
    question: &Question,
) -> Outcome<(Board, i64)> {
    // What was published when the round closed; the released tally may lack the last ballots.
    if question.state == QuestionState::Closed
        && let Some(row) = reader.round(question.id, question.round).await?
    {
        return Ok((row.frozen.results.board(), question.ballot_seq));
    }
    let cards = reader.ranked_cards(question.id).await?;
    drop(reader);
    let tally = released(node, question).await?;
    Ok((
        bridging::board(&tally, &cards, &framework.camps, node.options.rules),
        tally.at_seq,
    ))
}
