//! In which framework a thing stands that a request names by its id alone.
use crate::{
    domain::{
        framework::FrameworkId,
        moderation::{Kind, Object},
    },
    protocol::problem::Problem,
    service::{Outcome, node::Node, sight::thing::Thing},
};

/// The framework something stands in. Accounts and the site stand in every one: `named` says which
/// is meant, else the first.
pub async fn framework_of(
    node: &Node,
    object: Object,
    named: Option<&str>,
) -> Outcome<FrameworkId> {
    if let Object::Framework(id) = object {
        return Ok(id);
    }
    if let Some(framework) = node.known.place(object.id()) {
        return Ok(framework);
    }
    let mut reader = node.store.read().await?;
    let thing = Thing::read(&mut reader, object)
        .await?
        .ok_or_else(Problem::not_found)?;
    if let Some(framework) = thing.framework() {
        node.known.keep_place(object.id(), framework);
        return Ok(framework);
    }
    // Always the same one for the site: two who pause it at once then wait for each other in one
    // queue, and hold no locks crosswise.
    let found = match named.filter(|_| object.kind() == Kind::Account) {
        Some(slug) => reader.framework_by_slug(slug).await?,
        None => reader.frameworks().await?.into_iter().next(),
    };
    Ok(found.ok_or_else(Problem::not_found)?.id)
}

/// The framework a decision belongs to.
pub async fn framework_of_decision(node: &Node, id: &str) -> Outcome<FrameworkId> {
    Ok(node
        .store
        .read()
        .await?
        .decision(id)
        .await?
        .ok_or_else(Problem::not_found)?
        .framework)
}

/// The framework an appeal belongs to.
pub async fn framework_of_appeal(node: &Node, id: &str) -> Outcome<FrameworkId> {
    Ok(node
        .store
        .read()
        .await?
        .appeal(id)
        .await?
        .ok_or_else(Problem::not_found)?
        .framework)
}
