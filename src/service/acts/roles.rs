//! Roles: giving and taking them, to what a moderator's decisions are limited, who has one, and who
//! may read.
use serde_json::Value;

use crate::{
    domain::{
        Millis,
        account::{Account, AccountId},
        framework::FrameworkId,
        permission::Role,
        remit::Remit,
        stream::{EventKind, Stream},
        text::Check,
    },
    id::Id,
    protocol::{
        command::SetRole,
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome, content,
        sight::{actor, views::member},
        work::{self, Pending, Site, Work},
    },
    store::{Appointed, Appointment, Membership, Reader, Result, Tx},
};

/// Gives, changes or takes a role.
pub async fn set_role(work: &mut Work<'_>, wanted: SetRole) -> Outcome<CommandResult> {
    let SetRole {
        account,
        role,
        points,
        languages,
    } = wanted;
    let (framework, now) = (work.framework.id, work.now);
    // The rank is that of the role given, also where it waits for a second factor.
    let (target, theirs) = actor::actor(work.tx, framework, account, now, false)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut check = Check::default();
    check.ensure(
        Role::GIVEN.contains(&role),
        "role",
        "invalid",
        "One of member, moderator, mediator, owner.",
    );
    let remit = remit(work.tx, &mut check, framework, role, points, languages).await?;
    check.finish()?;
    if role.max(theirs.role) > work.actor.role {
        return Err(Problem::new(
            Code::Forbidden,
            "Nobody can give or take away a role above their own.",
        )
        .into());
    }
    let before = so_far(work.tx, framework, account).await?;
    let steps_down =
        before.role == Role::Owner && role < Role::Owner && work.actor.role == Role::Owner;
    if steps_down
        && work
            .tx
            .team(framework)
            .await?
            .iter()
            .filter(|one| one.role == Role::Owner)
            .count()
            < 2
    {
        return Err(Problem::new(
            Code::Conflict,
            "A framework must have an owner: appoint another one first.",
        )
        .into());
    }
    let after = given(&before, role, remit);
    if is_same(&before, &after) {
        return Err(work::already().into());
    }
    let after = put(work, account, &before, after).await?;
    Ok(CommandResult {
        team: Some(member(appointed(target, after))),
        ..CommandResult::default()
    })
}

/// Somebody by what they are now; the viewpoint is not the team's to know.
fn appointed(account: Account, membership: Membership) -> Appointed {
    let Account {
        id,
        handle,
        display_name,
        ..
    } = account;
    let Membership {
        role,
        remit,
        alias,
        appointed_at,
        ..
    } = membership;
    Appointed {
        account: id,
        handle,
        display_name,
        role,
        camp: None,
        remit,
        alias,
        appointed_at,
    }
}

/// What somebody is in a framework so far.
pub(crate) async fn so_far(
    reader: &mut Reader,
    framework: FrameworkId,
    account: AccountId,
) -> Result<Membership> {
    Ok(reader
        .membership(framework, account)
        .await?
        .unwrap_or_else(|| Membership::none(framework)))
}

/// Whether a membership says the same after a role was given as before.
fn is_same(before: &Membership, after: &Membership) -> bool {
    (after.role, &after.remit, after.joined) == (before.role, &before.remit, before.joined)
}

/// The limits somebody typed for a role: only a moderator has any.
pub(crate) async fn remit(
    reader: &mut Reader,
    check: &mut Check,
    framework: FrameworkId,
    role: Role,
    points: Option<Vec<u32>>,
    languages: Option<Vec<String>>,
) -> Outcome<Remit> {
    let revision = reader
        .revisions(framework)
        .await?
        .pop()
        .map_or(0, |(revision, _)| revision.number);
    let known: Vec<u32> = reader
        .points(framework, revision)
        .await?
        .into_iter()
        .map(|(_, point)| point.number)
        .collect();
    let remit = Remit::typed(check, points, languages, &known);
    check.ensure(
        remit.is_whole() || role == Role::Moderator,
        "role",
        "invalid",
        "Only a moderator can be limited.",
    );
    Ok(remit)
}

/// What a membership becomes by a role. Who had one goes back to what they are without it; from a
/// participant the part is taken.
fn given(before: &Membership, role: Role, remit: Remit) -> Membership {
    let without = if before.joined {
        Role::Participant
    } else {
        Role::Member
    };
    match role {
        Role::Member if before.role > Role::Participant => Membership {
            role: without,
            remit,
            ..before.clone()
        },
        Role::Member => Membership {
            role,
            remit,
            joined: false,
            camp: None,
            ..before.clone()
        },
        role => Membership {
            role,
            remit,
            ..before.clone()
        },
    }
}

/// Writes a membership whose role changes, and tells of it: everyone without a name, and whom it
/// concerns. It bites at once.
pub(crate) async fn put(
    work: &mut Work<'_>,
    account: AccountId,
    before: &Membership,
    after: Membership,
) -> Outcome<Membership> {
    let (after, told) = keep(work.tx, account, before, after, work.now).await?;
    work.told.changes.extend(told);
    work.told.rights.push(account);
    Ok(after)
}

/// Writes a membership, and what the streams must be told of it; who has a role for the first time
/// gets an alias, and what changed for the public log is kept. The framework is locked.
async fn keep(
    tx: &mut Tx,
    account: AccountId,
    before: &Membership,
    mut after: Membership,
    now: Millis,
) -> Result<(Membership, Vec<Pending>)> {
    let (was, role) = (before.role, after.role);
    if role >= Role::Moderator && after.alias.is_none() {
        after.alias = Some(tx.next_alias(after.framework).await?);
    }
    if role != was {
        after.appointed_at = (role >= Role::Moderator).then_some(now);
    }
    tx.put_membership(account, &after).await?;
    let tells = role.max(was) >= Role::Moderator && (role != was || before.remit != after.remit);
    let mut told = vec![];
    if let Some(alias) = after.alias.filter(|_| tells) {
        let appointment = Appointment {
            id: Id::<Appointment>::new().to_string(),
            framework: after.framework,
            alias,
            was,
            role,
            at: now,
        };
        tx.insert_appointment(&appointment).await?;
        let (kind, content) = (EventKind::TeamChanged, content::appointment(&appointment));
        told.push(Pending {
            stream: Stream::Public,
            kind,
            object: appointment.id,
            version: 1,
            content,
        });
    }
    // The viewpoint itself is no part of the chain: a digest of three possible words would tell it.
    let (stream, object) = (Stream::Account(account), after.framework.to_string());
    told.push(Pending {
        stream,
        kind: EventKind::MembershipChanged,
        object,
        version: 0,
        content: Value::Null,
    });
    Ok((after, told))
}

/// Gives a role by hand, as the host does. The site does it: the streams tell it without an
/// account.
pub async fn appoint(site: &mut Site<'_>, account: AccountId, role: Role) -> Outcome<()> {
    let before = so_far(site.tx, site.framework.id, account).await?;
    let after = given(&before, role, Remit::default());
    if is_same(&before, &after) {
        return Ok(());
    }
    let (_, told) = keep(site.tx, account, &before, after, site.now).await?;
    site.told.changes.extend(told);
    site.told.rights.push(account);
    Ok(())
}

/// Says whether anyone may read the framework, or only who takes part.
pub async fn set_visibility(work: &mut Work<'_>, public: bool) -> Outcome<CommandResult> {
    if work.framework.public == public {
        return Err(work::already().into());
    }
    work.tx.set_public(work.framework.id, public).await?;
    work.framework.public = public;
    work.tell(
        Stream::Public,
        EventKind::FrameworkChanged,
        work.framework.id,
        0,
        content::public(public),
    );
    work.told.readers_changed = true;
    Ok(CommandResult::default())
}
