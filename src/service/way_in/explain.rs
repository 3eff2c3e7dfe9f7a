//! Explaining what an older version left in the queue.
use crate::service::{
    Outcome,
    way_in::{desk::Desk, job::SiteAct},
};

/// Explains what an older version left in the queue.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn explain(desk: &Desk) -> Outcome<()> {
    let unexplained = desk.node().store.read().await?.unexplained().await?;
    for (framework, object) in unexplained {
        desk.site(framework, SiteAct::Explain(object)).await?;
    }
    Ok(())
}
