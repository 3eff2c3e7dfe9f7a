//! Second factors: setting one up, confirming and removing it. An account that has one can only begin sessions with it, and
//! confirming it ends all its other sessions: so every standing session of such an account proved it once.
use super::{Outcome, Services, accounts::Caller, rights, secrets::token_hash};
use crate::{
    domain::{
        Millis,
        account::{self, Account, AccountId},
        second_factor,
    },
    id,
    protocol::{
        problem::{Code, Problem},
        rest::NewSecondFactorView,
    },
    store::{SecondFactor, Tx},
};

/// What somebody brings as the second of two proofs.
#[derive(Clone, Debug, Default)]
pub struct Second {
    /// A code of the authenticator app.
    pub code: Option<String>,
    /// A recovery code instead of it; it is used up.
    pub recovery_code: Option<String>,
}

/// What became of it.
pub(super) enum Proved {
    Yes,
    /// Nothing was brought.
    Missing,
    /// The field that does not fit.
    Wrong(&'static str),
}

/// Uses up the code, or the recovery code where there is no code.
pub(super) async fn prove(tx: &mut Tx, account: AccountId, factor: &SecondFactor, second: &Second, now: Millis) -> Outcome<Proved> {
    if let Some(code) = &second.code {
        let step = second_factor::step_of(&factor.secret, code, now);
        let fits = match step {
            Some(step) => tx.use_step(account, step).await?,
            None => false,
        };
        return Ok(if fits { Proved::Yes } else { Proved::Wrong("code") });
    }
    let Some(code) = &second.recovery_code else { return Ok(Proved::Missing) };
    Ok(if use_recovery_code(tx, account, code).await? { Proved::Yes } else { Proved::Wrong("recovery_code") })
}

/// Uses up a recovery code; false where there is no such code.
pub(super) async fn use_recovery_code(tx: &mut Tx, account: AccountId, code: &str) -> Outcome<bool> {
    Ok(tx.use_recovery_code(account, &token_hash(&code.trim().to_lowercase())).await?)
}

/// The account that tries, once its budget of attempts allows it.
async fn attempt(services: &Services, caller: &Caller) -> Outcome<Account> {
    let account = services.store.read().await?.account(caller.account).await?.ok_or_else(Problem::unauthenticated)?;
    services.budgets.sign_in(&account::skeleton(&account.handle))?;
    Ok(account)
}

async fn check_password(services: &Services, account: AccountId, password: String) -> Outcome<()> {
    let hash = services.store.read().await?.password_hash(account).await?;
    let (fits, _) = services.hasher.fits(password, hash).await?;
    if fits { Ok(()) } else { Err(Problem::field("password", "wrong", "This is not the current password.").into()) }
}

fn wrong(field: &'static str) -> Problem {
    Problem::field(field, "wrong", "This code is not right, or was used already.")
}

/// Makes a key to confirm; one that was never confirmed is replaced.
pub async fn set_up(services: &Services, caller: &Caller, password: String) -> Outcome<NewSecondFactorView> {
    let account = attempt(services, caller).await?;
    check_password(services, account.id, password).await?;
    let secret = second_factor::secret(id::totp_key());
    let uri = second_factor::uri(&secret, &services.options.name, &account.handle).unwrap_or_default();
    let mut tx = services.store.write().await?;
    tx.lock_account(account.id).await?;
    if !tx.put_second_factor(account.id, &secret).await? {
        return Err(Problem::new(Code::Conflict, "There is a second factor already. Remove it first.").into());
    }
    tx.commit().await?;
    Ok(NewSecondFactorView { secret, uri })
}

/// Confirms the key by a code. Every other session and token of the account ends: it was begun without.
pub async fn confirm(services: &Services, caller: &Caller, code: &str) -> Outcome<()> {
    let account = attempt(services, caller).await?.id;
    let mut tx = services.store.write().await?;
    tx.lock_account(account).await?;
    let factor = tx.second_factor(account).await?.filter(|factor| factor.confirmed_at.is_none());
    let factor = factor.ok_or_else(|| Problem::new(Code::Conflict, "There is no second factor to confirm. Set one up first."))?;
    let now = services.now();
    let step = second_factor::step_of(&factor.secret, code, now).ok_or_else(|| wrong("code"))?;
    tx.confirm_second_factor(account, step, now).await?;
    tx.delete_other_sessions(account, &caller.session).await?;
    rights::note(&mut tx, account, now).await?;
    tx.commit().await?;
    services.rights_changed(account);
    Ok(())
}

/// Removes the second factor of whoever has the password and a code; a role that needs one no longer holds, at once.
pub async fn remove(services: &Services, caller: &Caller, password: String, second: &Second) -> Outcome<()> {
    let account = attempt(services, caller).await?.id;
    check_password(services, account, password).await?;
    let mut tx = services.store.write().await?;
    tx.lock_account(account).await?;
    let factor = tx.second_factor(account).await?.filter(|factor| factor.confirmed_at.is_some());
    let factor = factor.ok_or_else(Problem::not_found)?;
    match prove(&mut tx, account, &factor, second, services.now()).await? {
        Proved::Yes => {}
        Proved::Missing => return Err(Problem::field("code", "required", "A code is needed.").into()),
        Proved::Wrong(field) => return Err(wrong(field).into()),
    }
    tx.delete_second_factor(account).await?;
    rights::note(&mut tx, account, services.now()).await?;
    tx.commit().await?;
    services.rights_changed(account);
    Ok(())
}

/// Removes the second factor of somebody who lost it, and ends their sessions and tokens; false where there was none.
pub async fn reset(services: &Services, handle: &str) -> Outcome<bool> {
    let found = services.store.read().await?.account_by_skeleton(&account::skeleton(handle)).await?;
    let account = found.ok_or_else(Problem::not_found)?.0.id;
    let mut tx = services.store.write().await?;
    tx.lock_account(account).await?;
    let removed = tx.delete_second_factor(account).await?;
    tx.delete_other_sessions(account, "").await?;
    rights::note(&mut tx, account, services.now()).await?;
    tx.commit().await?;
    services.rights_changed(account);
    Ok(removed)
}

/// Whether a role given to this account would wait for a second factor here.
pub async fn is_missing(services: &Services, account: AccountId) -> Outcome<bool> {
    let factor = services.store.read().await?.second_factor(account).await?;
    Ok(services.options.second_factor && factor.is_none_or(|factor| factor.confirmed_at.is_none()))
}
