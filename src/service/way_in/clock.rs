//! Closing rounds whose time has come.
use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use crate::{
    domain::framework::{FrameworkId, QuestionId},
    live::Hint,
    service::{
        Outcome,
        acts::rounds::{freeze, told},
        node::Node,
        way_in::ledger,
    },
};

/// How often the clock is read: a round closes within two seconds of its time.
const EVERY: Duration = Duration::from_secs(1);

/// Closes rounds whose time has come until the server stops: every node looks, and the framework's lock lets one of them.
pub async fn run(node: Arc<Node>) {
    loop {
        tokio::select! {
            () = node.stop.cancelled() => return,
            () = sleep(EVERY) => {}
        }
        if let Err(failure) = close_due(&node).await {
            tracing::warn!(problem = %failure.told(), "a round was not closed in time; it is tried again");
        }
    }
}

/// Closes every round whose time has come.
///
/// # Errors
/// When the store fails; what was closed before stays closed.
pub async fn close_due(node: &Node) -> Outcome<()> {
    let due = node.store.read().await?.due_questions(node.now()).await?;
    for (framework, question) in due {
        close_by_clock(node, framework, question).await?;
    }
    Ok(())
}

/// An act of the site itself: it stands in the stream without an actor.
async fn close_by_clock(node: &Node, framework: FrameworkId, id: QuestionId) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    let Some(framework) = tx.lock_framework(framework).await? else { return Ok(()) };
    let now = node.clock.at(tx.time());
    // Another node was faster, or somebody has set another time.
    let Some(question) = tx.question(id).await?.filter(|question| question.due(now)) else { return Ok(()) };
    let (question, content) = freeze(&mut tx, &framework, &question, &node.counting, now).await?;
    let hint = ledger::append_of_site(&mut tx, &framework, now, vec![told(&question, content)]).await?;
    tx.commit().await?;
    tracing::info!(question = %id, round = question.round, "the clock closed a round");
    metrics::counter!("demarche_rounds_closed_by_clock").increment(1);
    node.live.publish(hint);
    node.live.publish(Hint::Tally(id));
    Ok(())
}
