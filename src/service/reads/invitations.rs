//! Invitation links as their makers and their holders read them.
use crate::{
    domain::{
        Millis,
        framework::{Framework, FrameworkId},
        permission::Action,
    },
    protocol::rest::{CampChoice, InvitationView, InvitedView, List},
    service::{
        Outcome,
        caller::Asker,
        keep::secrets::token_hash,
        node::Node,
        sight::{
            cursor,
            invitation::{good, view, worthless},
            seen, views,
        },
    },
    store::Reader,
};

/// Links on a page of the owner's list.
const LIST: i64 = 50;

/// A framework's links, newest first, to its owner.
pub async fn list(
    node: &Node,
    asker: Asker,
    slug: &str,
    after: Option<&str>,
) -> Outcome<List<InvitationView>> {
    let mut seen = seen::see_slug(node, Some(asker), slug).await?;
    seen.actor.may(Action::SeeTeam, false)?;
    let links = seen
        .reader
        .invitations(seen.framework.id, cursor::before(after)?, LIST)
        .await?;
    let next = cursor::next(&links, LIST, |link| (link.created_at, link.id.clone()));
    Ok(List {
        items: links.into_iter().map(view).collect(),
        next,
    })
}

/// What a link gives, to whoever holds it.
pub async fn preview(node: &Node, token: &str) -> Outcome<InvitedView> {
    let mut reader = node.store.read().await?;
    let link = good(&mut reader, &token_hash(token), node.now()).await?;
    let Framework {
        title, slug, camps, ..
    } = reader
        .framework(link.framework)
        .await?
        .ok_or_else(worthless)?;
    let camps = camps
        .into_iter()
        .map(|camp| CampChoice {
            key: camp.key,
            name: camp.name,
        })
        .collect();
    let (points, languages) = views::limits(link.remit);
    Ok(InvitedView {
        title,
        slug,
        role: link.role,
        camp: link.camp,
        camps,
        points,
        languages,
        expires_at: link.expires_at,
    })
}

/// The framework a token leads to, also where it is used up: a repeat is answered as the first was.
pub async fn framework_of(node: &Node, token: &str) -> Outcome<FrameworkId> {
    let found = node
        .store
        .read()
        .await?
        .framework_invited_to(&token_hash(token))
        .await?;
    Ok(found.ok_or_else(worthless)?)
}

/// Whether a token lets somebody register; its hash.
pub(crate) async fn admits(reader: &mut Reader, token: &str, now: Millis) -> Outcome<String> {
    let hash = token_hash(token);
    good(reader, &hash, now).await?;
    Ok(hash)
}
