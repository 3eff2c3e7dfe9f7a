//! Erasing an account in one step. Ballots stay counted under an account that says nothing; what
//! others read goes, or stays under one account that all erased people share, so that the tables no
//! longer tell whose ballot goes with whose posts.
//!
//! First a mark and nobody can act as the account any more; then each framework's writer takes its
//! part; then the rest. Each part may be done twice. A process that dies in between is followed by
//! one that finds the mark.
use std::time::Duration;

use crate::{
    domain::account::{AccountId, Posts, erased},
    protocol::{
        command::CommandId,
        problem::{Code, Problem},
    },
    service::{
        Failure, Outcome, Services,
        caller::Caller,
        keep::record::Event,
        people::proof::{self, Proof},
        way_in::job::Errand,
    },
};

/// How often what was left undone is tried again.
const EVERY: Duration = Duration::from_secs(30);

/// Erases the caller's account, once they have proved again that it is theirs.
///
/// # Errors
/// A fault of the field that is wrong; `conflict` for the last one who runs the site or a
/// framework; both with nothing changed. Past that it is done, if not at once then when the store
/// is back.
pub async fn erase(
    services: &Services,
    caller: &Caller,
    proof: Proof,
    posts: Posts,
) -> Outcome<()> {
    let mut proven = proof::begin(services, caller, proof, "password", false).await?;
    let mut tx = services.store.write().await?;
    proven.finish(&mut tx, caller).await?;
    if tx.is_the_last(caller.account).await? {
        let detail = "Nobody else runs this site, or a framework of yours. Appoint somebody first, then erase your account.";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    tx.begin_erasure(caller.account, posts, services.now())
        .await?;
    tx.commit().await?;
    services.note(Event::AccountErased, caller.account, "");
    // Sockets close now, whatever comes.
    services.rights_changed(caller.account);
    let (whole, account) = (services.clone(), caller.account);
    // On its own: whoever asked may go away meanwhile.
    let done = services
        .tasks
        .spawn(async move { finish(&whole, account, posts).await });
    done.await.map_err(|_| Problem::unavailable())?
}

/// Does what the mark asks for.
async fn finish(services: &Services, account: AccountId, posts: Posts) -> Outcome<()> {
    let mut tx = services.store.write().await?;
    let (shared, skeleton) = erased();
    tx.insert_account(&shared, &skeleton, None).await?;
    tx.commit().await?;
    let frameworks = services.store.read().await?.frameworks().await?;
    for framework in &frameworks {
        services
            .desk
            .errand(
                account,
                framework.id,
                CommandId::new(),
                Errand::Erase(posts),
            )
            .await?;
    }
    let mut tx = services.store.write().await?;
    for framework in frameworks {
        tx.lock_framework(framework.id).await?;
        tx.forget_actor(framework.id, account).await?;
    }
    tx.forget_results(account).await?;
    tx.end_account(account).await?;
    tx.commit().await?;
    services.rights_changed(account);
    Ok(())
}

/// Finishes what is marked and not done, now and then again until the server stops.
pub async fn run(services: Services) {
    loop {
        if let Err(failure) = resume(&services).await {
            tracing::warn!(problem = %failure.told(), "an erasure is not finished; it is tried again");
        }
        if !services.rest(EVERY).await {
            return;
        }
    }
}

/// Finishes every erasure that is marked and not done.
///
/// # Errors
/// When the store fails; what was done stays done.
pub async fn resume(services: &Services) -> Result<(), Failure> {
    let pending = services.store.read().await?.erasures().await?;
    for (account, posts) in pending {
        finish(services, account, posts).await?;
        tracing::info!("an erasure was finished");
    }
    Ok(())
}
