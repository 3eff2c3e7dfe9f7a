//! Starting the services, and what runs beside the requests until the server stops.
use std::{sync::Arc, time::Duration};

use crate::{
    clock::Clock,
    live::Live,
    service::{
        Options, Services,
        boards::{follow, mending},
        node::Node,
        people::accounts,
        reads::health,
        way_in::explain,
        way_out::{feed, presence, rights},
    },
    store::{self, Store},
};

/// How often limits that owe nothing are forgotten.
const TIDIED: Duration = Duration::from_secs(600);

/// Wires the services and starts their background tasks.
///
/// # Errors
/// When the site's keys cannot be read or made.
pub async fn start(
    store: Store,
    live: Live,
    clock: Clock,
    options: Options,
) -> store::Result<Services> {
    health::set(&store, &clock).await?;
    let services = Services::new(Node::new(store, live, clock, options).await?);
    if let Err(failure) = explain::explain(&services.desk).await {
        // They stay listed without reasons, and are explained when something about them changes or
        // at the next start.
        tracing::warn!(problem = %failure.told(), "what an older version left in the queue was not explained");
    }
    services.tasks.spawn(health::run(services.node()));
    if let Err(failure) = accounts::fold_names(&services).await {
        tracing::warn!(problem = %failure.told(), "display names that an older version kept were not folded");
    }
    services.tasks.spawn(feed::run(services.feed.clone()));
    services.tasks.spawn(tidy(services.node()));
    services.tasks.spawn(rights::run(services.node()));
    services.tasks.spawn(follow::run(services.node()));
    services.tasks.spawn(mending::run(services.node()));
    services.tasks.spawn(presence::run(services.node()));
    Ok(services)
}

/// Forgets what owes nothing, now and then, until the server stops.
async fn tidy(node: Arc<Node>) {
    while node.rest(TIDIED).await {
        node.budgets.tidy();
        node.tries.tidy();
    }
}
