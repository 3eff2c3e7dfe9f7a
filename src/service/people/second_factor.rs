//! Second factors: setting one up, confirming and removing it. An account that has one can only
//! begin sessions with it, and confirming it ends all its other sessions: so every standing session
//! of such an account proved it once.
use crate::{
    domain::{
        Millis,
        account::{AccountId, password::recovery_code, second_factor},
    },
    id,
    protocol::{
        problem::{Code, Problem},
        rest::NewSecondFactorView,
    },
    service::{
        Outcome,
        caller::Caller,
        keep::{record::Event, secrets::token_hash},
        node::Node,
        people::{
            accounts::find,
            proof::{self, Proof},
        },
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
pub(crate) enum Proved {
    Yes,
    /// Nothing was brought.
    Missing,
    /// The field that does not fit.
    Wrong(&'static str),
}

/// Uses up the code, or the recovery code where there is no code.
pub(crate) async fn prove(
    tx: &mut Tx,
    account: AccountId,
    factor: &SecondFactor,
    second: &Second,
    now: Millis,
) -> Outcome<Proved> {
    if let Some(code) = &second.code {
        let step = second_factor::step_of(&factor.secret, code, now);
        let fits = match step {
            Some(step) => tx.use_step(account, step).await?,
            None => false,
        };
        return Ok(if fits {
            Proved::Yes
        } else {
            Proved::Wrong("code")
        });
    }
    let Some(code) = &second.recovery_code else {
        return Ok(Proved::Missing);
    };
    Ok(if use_recovery_code(tx, account, code).await? {
        Proved::Yes
    } else {
        Proved::Wrong("recovery_code")
    })
}

/// Uses up a recovery code; false where there is no such code.
pub(crate) async fn use_recovery_code(
    tx: &mut Tx,
    account: AccountId,
    code: &str,
) -> Outcome<bool> {
    Ok(tx
        .use_recovery_code(account, &token_hash(&recovery_code(code)))
        .await?)
}

pub(crate) fn wrong(field: &'static str) -> Problem {
    Problem::field(field, "wrong", "This code is wrong or was used already.")
}

/// Makes a key to confirm; one that was never confirmed is replaced.
pub async fn set_up(
    node: &Node,
    caller: &Caller,
    password: String,
) -> Outcome<NewSecondFactorView> {
    let proof = Proof {
        password: Some(password),
        ..Proof::default()
    };
    let mut proven = proof::begin(node, caller, proof, "password", false).await?;
    let mut tx = node.store.write().await?;
    let there = tx
        .second_factor(caller.account)
        .await?
        .is_some_and(|factor| factor.confirmed_at.is_some());
    if there {
        return Err(Problem::new(
            Code::Conflict,
            "There is already a second factor. Remove it first.",
        )
        .into());
    }
    proven.finish(&mut tx, caller).await?;
    let secret = second_factor::secret(id::totp_key());
    let uri =
        second_factor::uri(&secret, &node.options.name, &proven.account.handle).unwrap_or_default();
    if !tx.put_second_factor(caller.account, &secret).await? {
        return Err(Problem::new(
            Code::Conflict,
            "There is already a second factor. Remove it first.",
        )
        .into());
    }
    tx.commit().await?;
    Ok(NewSecondFactorView { secret, uri })
}

/// Confirms the key by a code. Every other session and token of the account ends: it was begun
/// without.
pub async fn confirm(node: &Node, caller: &Caller, code: &str) -> Outcome<()> {
    let (account, attempt) = proof::attempt(node, caller).await?;
    let account = account.id;
    let mut tx = node.store.write().await?;
    tx.lock_account(account).await?;
    let factor = tx
        .second_factor(account)
        .await?
        .filter(|factor| factor.confirmed_at.is_none());
    let factor = factor.ok_or_else(|| {
        Problem::new(
            Code::Conflict,
            "There is no second factor to confirm. Set one up first.",
        )
    })?;
    let now = node.now();
    let Some(step) = second_factor::step_of(&factor.secret, code, now) else {
        attempt.wrong();
        return Err(wrong("code").into());
    };
    tx.confirm_second_factor(account, step, now).await?;
    tx.delete_other_sessions(account, &caller.session).await?;
    tx.note_account_rights(account, now).await?;
    tx.commit().await?;
    attempt.right();
    node.note(Event::SecondFactorAdded, account, "");
    node.rights_changed(account);
    Ok(())
}

/// Removes the second factor of whoever has the password and a code; a role that needs one no
/// longer holds, at once.
pub async fn remove(node: &Node, caller: &Caller, proof: Proof) -> Outcome<()> {
    let mut proven = proof::begin(node, caller, proof, "password", false).await?;
    let account = caller.account;
    let mut tx = node.store.write().await?;
    tx.second_factor(account)
        .await?
        .filter(|factor| factor.confirmed_at.is_some())
        .ok_or_else(Problem::not_found)?;
    proven.finish(&mut tx, caller).await?;
    tx.delete_second_factor(account).await?;
    tx.note_account_rights(account, node.now()).await?;
    tx.commit().await?;
    node.note(Event::SecondFactorRemoved, account, "");
    node.rights_changed(account);
    Ok(())
}

/// Removes the second factor of somebody who lost it, and ends their sessions and tokens; false
/// where there was none.
pub async fn reset(node: &Node, handle: &str) -> Outcome<bool> {
    let found = find(&mut node.store.read().await?, handle).await?;
    let account = found.ok_or_else(Problem::not_found)?.0.id;
    let mut tx = node.store.write().await?;
    tx.lock_account(account).await?;
    let removed = tx.delete_second_factor(account).await?;
    tx.delete_other_sessions(account, "").await?;
    tx.note_account_rights(account, node.now()).await?;
    tx.commit().await?;
    node.note(Event::SecondFactorReset, account, "");
    node.rights_changed(account);
    Ok(removed)
}

/// Whether a role given to this account would wait for a second factor here.
pub async fn is_missing(node: &Node, account: AccountId) -> Outcome<bool> {
    let factor = node.store.read().await?.second_factor(account).await?;
    Ok(node.options.second_factor && factor.is_none_or(|factor| factor.confirmed_at.is_none()))
}
