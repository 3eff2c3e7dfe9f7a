//! What somebody is in a framework.

use crate::{
    domain::{
        Millis,
        account::{Account, AccountId},
        framework::FrameworkId,
        permission::{Actor, Role, Scope},
    },
    store::{Person, Reader, Result},
};

/// What somebody is in a framework. Where a second factor is `required`, a role of moderator and
/// above waits until there is one.
pub(crate) fn actor_of(person: &Person, now: Millis, required: bool) -> Actor {
    let Person {
        account,
        membership,
        sanction,
        second_factor,
    } = person;
    let given = match membership {
        _ if account.admin => Some(Role::Admin),
        Some(membership) => Some(membership.role).filter(|role| *role > Role::Participant),
        None => None,
    };
    let joined = membership
        .as_ref()
        .is_some_and(|membership| membership.joined);
    let plain = if joined {
        Role::Participant
    } else {
        Role::Member
    };
    let waiting = given.filter(|_| required && !second_factor);
    let role = given.filter(|_| waiting.is_none()).unwrap_or(plain);
    let camp = membership
        .as_ref()
        .filter(|membership| membership.joined)
        .and_then(|membership| membership.camp.clone());
    let remit = membership
        .as_ref()
        .filter(|_| role == Role::Moderator)
        .map(|membership| membership.remit.clone())
        .unwrap_or_default();
    let alias = membership.as_ref().and_then(|membership| membership.alias);
    let scope = Scope::Moderate;
    Actor {
        account: Some(account.id),
        role,
        camp,
        sanction: *sanction,
        standing: account.standing(now),
        remit,
        alias,
        waiting,
        scope,
    }
}

/// An account and what it is in a framework.
pub(crate) async fn actor(
    reader: &mut Reader,
    framework: FrameworkId,
    account: AccountId,
    now: Millis,
    required: bool,
) -> Result<Option<(Account, Actor)>> {
    let person = reader
        .people(framework, &[(account, None)], now)
        .await?
        .0
        .remove(&account);
    Ok(person.map(|person| (person.account.clone(), actor_of(&person, now, required))))
}
