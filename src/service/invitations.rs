//! Links that give a role or let people take part. Whoever makes one may only give what they could give by hand, and it is good
//! only while they still could.
use super::{Outcome, accounts::Asker, command::Work, frameworks, moderation, node::Node, paging, roles, secrets::token_hash, views, writer};
use crate::{
    domain::{
        HOUR, Millis,
        framework::{Framework, FrameworkId},
        permission::{Action, Role},
        text::Check,
    },
    id::{self, Id},
    protocol::{
        command::{AcceptInvitation, Invite},
        problem::{Code, Problem},
        rest::{CampChoice, CommandResult, InvitationView, InvitedView, List},
    },
    store::{Invitation, Membership, Reader},
};

/// The longest a link is good, in hours: 30 days.
const LONGEST: u32 = 720;
/// The most who may accept one link.
const MOST: u32 = 1_000;
/// Links on a page of the owner's list.
const LIST: i64 = 50;

/// What it takes to give a role.
const fn asks(role: Role) -> Action {
    if matches!(role, Role::Moderator | Role::Mediator | Role::Owner) { Action::Appoint } else { Action::Invite }
}

fn worthless() -> Problem {
    Problem::field("token", "invalid", "This invitation was used, revoked or has expired.")
}

/// Makes a link.
pub async fn invite(work: &mut Work<'_>, wanted: Invite) -> Outcome<CommandResult> {
    let Invite { role, camp, points, languages, hours, uses } = wanted;
    let role = if role == Role::Member { Role::Participant } else { role };
    let mut check = Check::default();
    check.ensure(Role::INVITED.contains(&role), "role", "invalid", "One of participant, moderator, mediator, owner.");
    check.ensure((1..=LONGEST).contains(&hours), "hours", "invalid", "1 to 720 hours.");
    check.ensure((1..=MOST).contains(&uses), "uses", "invalid", "1 to 1,000.");
    check.ensure(camp.as_ref().is_none_or(|camp| work.framework.has_camp(camp)), "camp", "invalid", "There is no such viewpoint here.");
    let remit = roles::remit(work.tx, &mut check, work.framework.id, role, points, languages).await?;
    check.finish()?;
    if role > work.actor.role {
        return Err(Problem::new(Code::Forbidden, "Nobody can give a role above their own.").into());
    }
    let token = id::secret();
    let link = Invitation {
        id: Id::<Invitation>::new().to_string(),
        framework: work.framework.id,
        role,
        camp,
        remit,
        uses: uses.into(),
        used: 0,
        created_by: work.account.id,
        created_at: work.now,
        expires_at: work.now + Millis::from(hours) * HOUR,
        revoked_at: None,
    };
    work.tx.insert_invitation(&link, &token_hash(&token)).await?;
    let view = InvitationView { token: Some(token), ..view(link) };
    Ok(CommandResult { invitation: Some(view), ..CommandResult::default() })
}

/// The link of a token, if it is good and whoever made it could still give what it gives.
async fn good(reader: &mut Reader, hash: &str, now: Millis) -> Outcome<Invitation> {
    let link = reader.good_invitation(hash, now).await?.ok_or_else(worthless)?;
    let (_, maker) = writer::actor(reader, link.framework, link.created_by, now, false).await?.ok_or_else(worthless)?;
    if maker.may(asks(link.role), false).is_err() || maker.role < link.role {
        return Err(worthless().into());
    }
    Ok(link)
}

/// Takes what a link gives. The viewpoint it suggests is taken only if it is named again, with consent.
pub async fn accept(work: &mut Work<'_>, accepted: AcceptInvitation) -> Outcome<CommandResult> {
    let AcceptInvitation { token, camp, consent } = accepted;
    let link = good(work.tx, &token_hash(&token), work.now).await?;
    if link.framework != work.framework.id {
        return Err(worthless().into());
    }
    let before = work.tx.membership(work.framework.id, work.account.id).await?;
    let before = before.unwrap_or_else(|| Membership::none(work.framework.id));
    let takes_part = link.role <= Role::Participant;
    let has_it = if takes_part { before.joined } else { before.role >= link.role };
    if has_it && camp.is_none() {
        return Err(Problem::new(Code::Conflict, "You already have what this invitation gives.").into());
    }
    let declared = match camp {
        None => Membership { joined: before.joined || takes_part, ..before.clone() },
        Some(camp) => frameworks::declared(work, &before, Some(camp), consent)?,
    };
    let without = if declared.joined { Role::Participant } else { Role::Member };
    let after = match (has_it, takes_part) {
        (true, _) => declared,
        (false, true) => Membership { role: before.role.max(without), ..declared },
        (false, false) => Membership { role: link.role, remit: link.remit, ..declared },
    };
    if !work.tx.use_invitation(&link.id, work.now).await? {
        return Err(worthless().into());
    }
    let after = roles::put(work, work.account.id, &before, after).await?;
    Ok(CommandResult { membership: Some(views::membership(after)), ..CommandResult::default() })
}

/// Makes a link worthless. Owners end any, others their own.
pub async fn revoke(work: &mut Work<'_>, id: &str) -> Outcome<CommandResult> {
    let link = work.tx.invitation(id).await?.filter(|link| link.framework == work.framework.id).ok_or_else(Problem::not_found)?;
    if link.created_by != work.account.id {
        work.permit(Action::Appoint)?;
    }
    if !work.tx.revoke_invitation(id, work.now).await? {
        return Err(moderation::already().into());
    }
    Ok(CommandResult::default())
}

fn view(link: Invitation) -> InvitationView {
    let Invitation { id, role, camp, remit, uses, used, created_at, expires_at, revoked_at, .. } = link;
    let (points, languages) = views::limits(remit);
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let (uses, used, revoked) = (count(uses), count(used), revoked_at.is_some());
    InvitationView { id, role, camp, points, languages, uses, used, created_at, expires_at, revoked, token: None }
}

/// A framework's links, newest first, to its owner.
pub async fn list(node: &Node, asker: Asker, slug: &str, after: Option<&str>) -> Outcome<List<InvitationView>> {
    let mut seen = frameworks::see_slug(node, Some(asker), slug).await?;
    seen.actor.may(Action::SeeTeam, false)?;
    let links = seen.reader.invitations(seen.framework.id, paging::before(after)?, LIST).await?;
    let next = paging::next(&links, LIST, |link| (link.created_at, link.id.clone()));
    Ok(List { items: links.into_iter().map(view).collect(), next })
}

/// What a link gives, to whoever holds it.
pub async fn preview(node: &Node, token: &str) -> Outcome<InvitedView> {
    let mut reader = node.store.read().await?;
    let link = good(&mut reader, &token_hash(token), node.now()).await?;
    let Framework { title, slug, camps, .. } = reader.framework(link.framework).await?.ok_or_else(worthless)?;
    let camps = camps.into_iter().map(|camp| CampChoice { key: camp.key, name: camp.name }).collect();
    let (points, languages) = views::limits(link.remit);
    Ok(InvitedView { title, slug, role: link.role, camp: link.camp, camps, points, languages, expires_at: link.expires_at })
}

/// The framework a token leads to, also where it is used up: a repeat is answered as the first was.
pub async fn framework_of(node: &Node, token: &str) -> Outcome<FrameworkId> {
    let found = node.store.read().await?.framework_invited_to(&token_hash(token)).await?;
    Ok(found.ok_or_else(worthless)?)
}

/// Whether a token lets somebody register; its hash.
pub(super) async fn admits(reader: &mut Reader, token: &str, now: Millis) -> Outcome<String> {
    let hash = token_hash(token);
    good(reader, &hash, now).await?;
    Ok(hash)
}
