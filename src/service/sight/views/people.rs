//! Accounts, sessions and memberships to those they are of; roles to everyone, as far as they may
//! be known.
use crate::{
    domain::{account::Account, ballot::CAMP_CHANGE_EVERY, permission::Role, remit::Remit},
    protocol::rest::{AccountView, AppointmentView, MembershipView, SessionView, TeamMember},
    store::{Appointed, Appointment, Membership, SessionKind, SessionRow},
};

/// An account, to its owner.
#[must_use]
pub fn account(account: Account) -> AccountView {
    let Account {
        id,
        handle,
        display_name,
        admin,
        locale,
        ..
    } = account;
    AccountView {
        id,
        handle,
        display_name,
        role: if admin { Role::Admin } else { Role::Member },
        locale,
    }
}

/// A membership, to its owner.
#[must_use]
pub fn membership(membership: Membership) -> MembershipView {
    let Membership {
        framework,
        camp,
        role,
        camp_changed_at,
        joined,
        remit,
        alias,
        ..
    } = membership;
    let (points, languages) = limits(remit);
    let next = if joined {
        camp_changed_at + CAMP_CHANGE_EVERY
    } else {
        0
    };
    MembershipView {
        framework,
        camp,
        role,
        points,
        languages,
        alias,
        camp_may_change_at: next,
    }
}

/// A remit's points and languages, as on the wire.
#[must_use]
pub fn limits(remit: Remit) -> (Option<Vec<u32>>, Option<Vec<String>>) {
    (
        remit.points.map(|points| points.into_iter().collect()),
        remit.languages.map(|tags| tags.into_iter().collect()),
    )
}

/// That a role was given or taken, to everyone.
#[must_use]
pub fn appointment(appointment: Appointment) -> AppointmentView {
    let Appointment {
        id,
        alias,
        was,
        role,
        at,
        ..
    } = appointment;
    AppointmentView {
        id,
        alias,
        was,
        role,
        at,
    }
}

/// A session, to its owner.
#[must_use]
pub fn session(session: SessionRow, current: &str) -> SessionView {
    let kind = match session.kind {
        SessionKind::Browser => "browser",
        SessionKind::Token => "token",
    };
    let SessionRow {
        id,
        name,
        created_at,
        expires_at,
        ..
    } = session;
    let scope = (session.kind == SessionKind::Token).then_some(session.scope);
    SessionView {
        current: id == current,
        id,
        kind: kind.into(),
        name,
        created_at,
        expires_at,
        scope,
    }
}

/// Somebody who has a role, to the team.
pub(crate) fn member(appointed: Appointed) -> TeamMember {
    let Appointed {
        account,
        handle,
        display_name,
        role,
        remit,
        alias,
        appointed_at,
        ..
    } = appointed;
    let (points, languages) = limits(remit);
    TeamMember {
        account,
        handle,
        display_name,
        role,
        alias,
        points,
        languages,
        since: appointed_at,
    }
}
