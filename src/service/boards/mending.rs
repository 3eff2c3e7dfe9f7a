//! Mending: every two seconds the tallies somebody looks at are compared with their ballots, and
//! replaced where they differ. The live state is shared and held in memory; what is shown of it
//! must not stay wrong for long.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    domain::{framework::QuestionId, tally::Tally},
    live::{Away, RoundKey},
    service::{Outcome, node::Node},
};

/// How often: a wrong tally shows for at most five seconds.
const EVERY: Duration = Duration::from_secs(2);
/// A recount reads every ballot: it rests so many times as long as it worked.
const REST: u32 = 9;
/// How long to wait for a tally to reach the place it is compared at.
const WAIT: Duration = Duration::from_millis(500);

/// Compares until the server stops.
pub(crate) async fn run(node: Arc<Node>) {
    let mut rest = EVERY;
    while node.rest(rest).await {
        let begun = Instant::now();
        for question in node.boards.looked_at() {
            if let Err(failure) = mend(&node, question).await {
                tracing::warn!(problem = %failure.told(), "a tally was not compared with its ballots");
            }
        }
        rest = EVERY.max(REST * begun.elapsed());
    }
}

async fn mend(node: &Node, id: QuestionId) -> Outcome<()> {
    let Some(question) = node.store.read().await?.question(id).await? else {
        return Ok(());
    };
    let key = (question.id, question.round);
    let Ok(Some(before)) = node.live.running_tally(key).await else {
        return Ok(());
    };
    let mut reader = node.store.read().await?;
    let Some(question) = reader
        .question(id)
        .await?
        .filter(|now| now.round == question.round)
    else {
        return Ok(());
    };
    // A tally moves after its ballot is saved: one that was ahead of what is saved now counts what
    // never was.
    let ahead = before.at_seq > question.ballot_seq;
    let compared = if ahead {
        None
    } else {
        at(node, key, question.ballot_seq).await.unwrap_or(None)
    };
    if compared.is_none() && !ahead {
        return Ok(());
    }
    let counted = reader.recount(&question).await?;
    if compared.is_some_and(|(running, shown)| {
        running == counted && (shown == counted || shown.at_seq != counted.at_seq)
    }) {
        return Ok(());
    }
    tracing::error!(question = %id, at_seq = counted.at_seq, "a tally differed from its ballots and was replaced");
    metrics::counter!("demarche_mended_tallies").increment(1);
    if node.live.forget_tally(key).await.is_ok() {
        let _ = node.live.load_tally(key, counted, node.now()).await;
    }
    node.boards.touch(id);
    Ok(())
}

/// The running and the shown tally at the moment the running one stands at a place; `None` when it
/// was not seen there.
async fn at(node: &Node, key: RoundKey, place: i64) -> Result<Option<(Tally, Tally)>, Away> {
    let until = Instant::now() + WAIT;
    while let Some(running) = node.live.running_tally(key).await? {
        if running.at_seq == place {
            return Ok(node
                .live
                .tally(key)
                .await?
                .map(|(shown, _)| (running, shown)));
        }
        if running.at_seq > place || Instant::now() >= until {
            break;
        }
        // Not longer: under load it stays at a place for a moment only.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(None)
}
