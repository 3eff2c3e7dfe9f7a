//! Closing rounds whose time has come.
use std::time::Duration;

use crate::service::{
    Outcome,
    way_in::{desk::Desk, job::SiteAct},
};

/// How often the clock is read: a round closes within two seconds of its time.
const EVERY: Duration = Duration::from_secs(1);

/// Closes rounds whose time has come until the server stops: every node looks, and the framework's
/// lock lets one of them.
pub async fn run(desk: Desk) {
    while desk.node().rest(EVERY).await {
        if let Err(failure) = close_due(&desk).await {
            tracing::warn!(problem = %failure.told(), "a round was not closed in time; it is tried again");
        }
    }
}

/// Closes every round whose time has come.
///
/// # Errors
/// When the store fails; what was closed before stays closed.
pub async fn close_due(desk: &Desk) -> Outcome<()> {
    let node = desk.node();
    let due = node.store.read().await?.due_questions(node.now()).await?;
    for (framework, question) in due {
        let closed = desk.site(framework, SiteAct::Close(question)).await?;
        // Another node was faster where nothing was told.
        if closed.seq.is_some() {
            tracing::info!(%question, "the clock closed a round");
            metrics::counter!("demarche_rounds_closed_by_clock").increment(1);
        }
    }
    Ok(())
}
