//! Telling sockets when a board moves.
use std::{sync::Arc, time::Duration};

use tokio::sync::broadcast::error::RecvError;

use crate::{
    domain::{
        bridging::Board,
        framework::{Framework, Question, QuestionId},
    },
    live::{Hint, Standing},
    protocol::{frame::encode, problem::Problem, socket::ServerFrame},
    service::{Outcome, boards::released::whole_board, node::Node},
};

/// The shortest time between two tally frames: at most four a second.
const EVERY: Duration = Duration::from_millis(250);
/// How many ticks a tally may stay behind its ballots before its board is made anew: one second.
const PATIENCE: u32 = 4;

/// Sends moved boards, releases what is due by time, and recounts what fell behind, until the
/// server stops.
pub async fn run(node: Arc<Node>) {
    let mut hints = node.live.hints();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = node.stop.cancelled() => return,
            hint = hints.recv() => match hint {
                Ok(Hint::Tally(question)) => node.boards.touch(question),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => node.boards.watched().values_mut().for_each(|entry| entry.moved = true),
                Err(RecvError::Closed) => return,
            },
            _ = tick.tick() => {
                let questions: Vec<QuestionId> = node.boards.watched().keys().copied().collect();
                for question in questions {
                    if let Err(failure) = round(&node, question).await {
                        tracing::warn!(problem = %failure.told(), "a board was not sent");
                    }
                }
            }
        }
    }
}

pub(crate) async fn round(node: &Node, question: QuestionId) -> Outcome<()> {
    let Some(question) = node.store.read().await?.question(question).await? else {
        return Ok(());
    };
    revoke(node, &question);
    let key = (question.id, question.round);
    let standing = node
        .live
        .release_due(key, node.options.release, node.now())
        .await
        .unwrap_or(None);
    note(node, &question, standing);
    let moved = node
        .boards
        .watched()
        .get_mut(&question.id)
        .is_some_and(|entry| std::mem::take(&mut entry.moved));
    if !moved {
        return Ok(());
    }
    let mut reader = node.store.read().await?;
    let Some(framework) = reader.framework(question.framework).await? else {
        return Ok(());
    };
    let (board, at_seq) = whole_board(node, reader, &framework, &question).await?;
    send(node, &framework, &question, board, at_seq);
    Ok(())
}

/// Notes a release that came without a hint, and a running tally that has not reached its ballots
/// for a while: some change never came, and making the board recounts it.
fn note(node: &Node, question: &Question, standing: Option<Standing>) {
    let mut watched = node.boards.watched();
    let Some(entry) = watched.get_mut(&question.id) else {
        return;
    };
    let at = standing.map_or(-1, |standing| standing.running);
    // The place of the first tick counts: under load there is always a ballot that was saved a
    // moment ago.
    let (wanted, ticks) = entry
        .behind
        .filter(|(wanted, _)| at < *wanted)
        .unwrap_or((question.ballot_seq, 0));
    let late = at < wanted && ticks >= PATIENCE;
    entry.behind = (at < wanted && !late).then_some((wanted, ticks + 1));
    entry.moved |= late || standing.is_some_and(|standing| standing.released != entry.sent_at);
}

/// Lets go of those who were admitted to an earlier round: its results are no ticket to those of
/// the next.
fn revoke(node: &Node, question: &Question) {
    let mut watched = node.boards.watched();
    let Some(entry) = watched.get_mut(&question.id) else {
        return;
    };
    let gone: Vec<u64> = entry
        .followers
        .iter()
        .filter(|(_, (round, _))| *round != question.round)
        .map(|(socket, _)| *socket)
        .collect();
    for socket in gone {
        if let Some((_, outbox)) = entry.followers.remove(&socket) {
            outbox.end_tally(question.framework, question.id);
        }
    }
}

/// The round a question is in.
pub async fn round_of(node: &Node, question: QuestionId) -> Outcome<u32> {
    Ok(node
        .store
        .read()
        .await?
        .question(question)
        .await?
        .ok_or_else(Problem::not_found)?
        .round)
}

fn send(node: &Node, framework: &Framework, question: &Question, board: Board, at_seq: i64) {
    let mut watched = node.boards.watched();
    let Some(entry) = watched.get_mut(&question.id) else {
        return;
    };
    // Whole boards, not differences: a frame that replaced an unsent one must carry what that one
    // would have.
    entry.sent_at = at_seq;
    if board == entry.sent {
        return;
    }
    let Board {
        voters,
        items,
        waiting,
    } = board.clone();
    let frame = encode(&ServerFrame::Tally {
        framework: framework.id,
        question: question.id,
        round: question.round,
        at_seq,
        voters,
        items,
        waiting,
    });
    for (_, outbox) in entry
        .followers
        .values()
        .filter(|(round, _)| *round == question.round)
    {
        outbox.tally(question.id, frame.clone());
    }
    entry.sent = board;
}
