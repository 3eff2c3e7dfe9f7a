//! Signing in: by a password or a recovery code, and by a second factor where the account has one.
use super::{
    Outcome, Services,
    accounts::new_session,
    second_factor::{self, Proved, Second},
    secrets::token_hash,
    views,
};
use crate::{
    domain::{
        Millis,
        account::{self, AccountId},
        text::Fault,
    },
    protocol::{
        problem::{Code, Problem},
        rest::AccountView,
    },
    store::{SessionKind, SessionRow, Tx},
};

/// What proves who one is: a password or a recovery code, and a code of the second factor if there is one. A recovery code stands
/// in for either of the other two, for one at a time.
pub struct Proof {
    /// The password.
    pub password: Option<String>,
    /// The code and the recovery code.
    pub second: Second,
}

fn wrong() -> Problem {
    Problem::new(Code::Unauthenticated, "The name or the secret is not right.")
}

/// Signs in. The answer to an unknown name and to a wrong secret is the same, and takes as long; whether there is a second factor
/// is told to whoever has the first.
pub async fn sign_in(services: &Services, handle: &str, proof: Proof) -> Outcome<(AccountView, String)> {
    let found = services.store.read().await?.account_by_skeleton(&account::skeleton(handle)).await?;
    let found = found.filter(|(account, _)| !account.sample);
    let (account, hash) = found.unzip();
    // A recovery code costs the same work as a password, so that time tells nothing.
    let password = proof.password.clone().unwrap_or_default();
    let (fits, stale) = services.hasher.fits(password.clone(), hash.flatten()).await?;
    let account = account.ok_or_else(wrong)?;
    let renewed = if stale { Some(services.hasher.hash(password).await?) } else { None };
    let (mut tx, now) = (services.store.write().await?, services.now());
    // Somebody may be confirming a second factor, which ends all sessions: not this one after that.
    tx.lock_account(account.id).await?;
    let recovered = admit(&mut tx, account.id, &proof, fits, now).await?;
    if let Some(hash) = renewed {
        tx.set_password(account.id, &hash).await?;
    }
    let (session, token) = new_session(account.id, SessionKind::Browser, None, now);
    tx.insert_session(&SessionRow { recovered, ..session }, &token_hash(&token)).await?;
    tx.commit().await?;
    Ok((views::account(account), token))
}

/// Refuses unless what was brought suffices, and uses it up; whether a recovery code stood in for the password.
async fn admit(tx: &mut Tx, account: AccountId, proof: &Proof, fits: bool, now: Millis) -> Outcome<bool> {
    let recovered = match &proof.second.recovery_code {
        Some(code) if proof.password.is_none() => second_factor::use_recovery_code(tx, account, code).await?,
        _ => false,
    };
    if !fits && !recovered {
        return Err(wrong().into());
    }
    let Some(factor) = tx.second_factor(account).await?.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(recovered) };
    // A recovery code that was spent on the password is not there a second time.
    let second = Second { recovery_code: proof.second.recovery_code.clone().filter(|_| !recovered), ..proof.second.clone() };
    match second_factor::prove(tx, account, &factor, &second, now).await? {
        Proved::Yes => Ok(recovered),
        Proved::Missing => Err(Problem::new(Code::SecondFactorRequired, "This account has a second factor: the code of its app is needed.").into()),
        Proved::Wrong(field) => {
            let fault = Fault::new(field, "wrong", "This code is not right, or was used already.");
            Err(Problem { fields: vec![fault], ..wrong() }.into())
        }
    }
}
