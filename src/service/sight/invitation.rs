//! An invitation: whether it is good, and how its maker sees it.
use crate::{
    domain::{
        Millis,
        permission::{Action, Role},
    },
    protocol::{problem::Problem, rest::InvitationView},
    service::{
        Outcome,
        sight::{actor, views},
    },
    store::{Invitation, Reader},
};

/// What it takes to give a role.
const fn asks(role: Role) -> Action {
    if matches!(role, Role::Moderator | Role::Mediator | Role::Owner) {
        Action::Appoint
    } else {
        Action::Invite
    }
}

pub(crate) fn worthless() -> Problem {
    Problem::field(
        "token",
        "invalid",
        "This invitation was used, revoked or has expired.",
    )
}

/// The link of a token, if it is good and whoever made it could still give what it gives.
pub(crate) async fn good(reader: &mut Reader, hash: &str, now: Millis) -> Outcome<Invitation> {
    let link = reader
        .good_invitation(hash, now)
        .await?
        .ok_or_else(worthless)?;
    let (_, maker) = actor::actor(reader, link.framework, link.created_by, now, false)
        .await?
        .ok_or_else(worthless)?;
    if maker.may(asks(link.role), false).is_err() || maker.role < link.role {
        return Err(worthless().into());
    }
    Ok(link)
}

pub(crate) fn view(link: Invitation) -> InvitationView {
    let Invitation {
        id,
        role,
        camp,
        remit,
        uses,
        used,
        created_at,
        expires_at,
        revoked_at,
        ..
    } = link;
    let (points, languages) = views::limits(remit);
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let (uses, used, revoked) = (count(uses), count(used), revoked_at.is_some());
    InvitationView {
        id,
        role,
        camp,
        points,
        languages,
        uses,
        used,
        created_at,
        expires_at,
        revoked,
        token: None,
    }
}
