//! Links that give a role or let people take part. Whoever makes one may only give what they could
//! give by hand, and it is good only while they still could.
use crate::{
    domain::{
        HOUR, Millis,
        permission::{Action, Role},
        text::Check,
    },
    id::{self, Id},
    protocol::{
        command::{AcceptInvitation, Invite},
        problem::{Code, Problem},
        rest::{CommandResult, InvitationView},
    },
    service::{
        Outcome,
        acts::{answers, membership, roles},
        keep::secrets::token_hash,
        sight::{
            invitation::{good, view, worthless},
            views,
        },
        work::{self, Work},
    },
    store::{Invitation, Membership},
};

/// The longest a link is good, in hours: 30 days.
const LONGEST: u32 = 720;
/// The most who may accept one link.
const MOST: u32 = 1_000;

/// Makes a link.
pub async fn invite(work: &mut Work<'_>, wanted: Invite) -> Outcome<CommandResult> {
    let link = link(work, wanted).await?;
    let token = id::secret();
    work.tx
        .insert_invitation(&link, &token_hash(&token))
        .await?;
    let view = InvitationView {
        token: Some(token),
        ..view(link)
    };
    Ok(CommandResult {
        invitation: Some(view),
        ..CommandResult::default()
    })
}

/// The link that somebody may make, as they want it.
async fn link(work: &mut Work<'_>, wanted: Invite) -> Outcome<Invitation> {
    let role = if wanted.role == Role::Member {
        Role::Participant
    } else {
        wanted.role
    };
    let mut check = checked(work, role, &wanted);
    let Invite {
        camp,
        points,
        languages,
        hours,
        uses,
        ..
    } = wanted;
    let remit = roles::remit(
        work.tx,
        &mut check,
        work.framework.id,
        role,
        points,
        languages,
    )
    .await?;
    check.finish()?;
    if role > work.actor.role {
        return Err(
            Problem::new(Code::Forbidden, "Nobody can give a role above their own.").into(),
        );
    }
    Ok(Invitation {
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
    })
}

/// What is wrong with a link that somebody wants.
fn checked(work: &Work<'_>, role: Role, wanted: &Invite) -> Check {
    let mut check = Check::default();
    check.ensure(
        Role::INVITED.contains(&role),
        "role",
        "invalid",
        "One of participant, moderator, mediator, owner.",
    );
    check.ensure(
        (1..=LONGEST).contains(&wanted.hours),
        "hours",
        "invalid",
        "1 to 720 hours.",
    );
    check.ensure(
        (1..=MOST).contains(&wanted.uses),
        "uses",
        "invalid",
        "1 to 1,000.",
    );
    check.ensure(
        wanted
            .camp
            .as_ref()
            .is_none_or(|camp| work.framework.has_camp(camp)),
        "camp",
        "invalid",
        "There is no such viewpoint here.",
    );
    check
}

/// Takes what a link gives. The viewpoint it suggests is taken only if it is named again, with
/// consent.
pub async fn accept(work: &mut Work<'_>, accepted: AcceptInvitation) -> Outcome<CommandResult> {
    let AcceptInvitation {
        token,
        camp,
        consent,
    } = accepted;
    let link = good(work.tx, &token_hash(&token), work.now).await?;
    if link.framework != work.framework.id {
        return Err(worthless().into());
    }
    let before = roles::so_far(work.tx, work.framework.id, work.account.id).await?;
    let takes_part = link.role <= Role::Participant;
    let has_it = if takes_part {
        before.joined
    } else {
        before.role >= link.role
    };
    if has_it && camp.is_none() {
        return Err(Problem::new(
            Code::Conflict,
            "You already have what this invitation gives.",
        )
        .into());
    }
    let declared = match camp {
        None => Membership {
            joined: before.joined || takes_part,
            ..before.clone()
        },
        Some(camp) => membership::declared(work, &before, Some(camp), consent)?,
    };
    let without = if declared.joined {
        Role::Participant
    } else {
        Role::Member
    };
    let after = match (has_it, takes_part) {
        (true, _) => declared,
        (false, true) => Membership {
            role: before.role.max(without),
            ..declared
        },
        (false, false) => Membership {
            role: link.role,
            remit: link.remit,
            ..declared
        },
    };
    if !work.tx.use_invitation(&link.id, work.now).await? {
        return Err(worthless().into());
    }
    let after = roles::put(work, work.account.id, &before, after).await?;
    answers::take_along(work, after.camp.as_ref());
    Ok(CommandResult {
        membership: Some(views::membership(after)),
        ..CommandResult::default()
    })
}

/// Makes a link worthless. Owners end any, others their own.
pub async fn revoke(work: &mut Work<'_>, id: &str) -> Outcome<CommandResult> {
    let link = work
        .tx
        .invitation(id)
        .await?
        .filter(|link| link.framework == work.framework.id)
        .ok_or_else(Problem::not_found)?;
    if link.created_by != work.account.id {
        work.permit(Action::Appoint)?;
    }
    if !work.tx.revoke_invitation(id, work.now).await? {
        return Err(work::already().into());
    }
    Ok(CommandResult::default())
}
