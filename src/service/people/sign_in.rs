//! Signing in: by a password or a recovery code, and by a second factor where the account has one.
use crate::{
    domain::{
        Millis,
        account::{AccountId, names, password},
        text::Fault,
    },
    protocol::{
        problem::{Code, Problem},
        rest::AccountView,
    },
    service::{
        Failure, Outcome,
        keep::{
            record::{Event, Who},
            secrets::token_hash,
            tries::Door,
            turns::Lane,
        },
        node::Node,
        people::{
            accounts::find,
            proof::Proof,
            second_factor::{self, Proved, Second},
            sessions,
        },
        sight::views,
    },
    store::{SessionKind, SessionRow, Tx},
};

/// From where somebody signs in.
pub struct From {
    /// The address, as a hash.
    pub visitor: String,
    /// The mark of a browser that signed in before.
    pub device: Option<String>,
}

/// What signing in gives.
pub struct SignedIn {
    /// The account.
    pub account: AccountView,
    /// The session's token.
    pub token: String,
    /// The mark by which this browser is known from now on.
    pub device: String,
}

fn wrong() -> Problem {
    Problem::new(Code::Unauthenticated, "Wrong name, password or code.")
}

/// Signs in by a password or a recovery code, and by the second factor if there is one; a recovery
/// code stands in for either of the two, for one at a time. The answer to an unknown name and to a
/// wrong secret is the same, and takes as long; whether there is a second factor is told to whoever
/// has the first.
///
/// # Errors
/// `unauthenticated`; `second_factor_required`; `overloaded`, which counts as no try;
/// `rate_limited` after ten wrong ones.
pub async fn sign_in(node: &Node, from: From, handle: &str, proof: Proof) -> Outcome<SignedIn> {
    let (name, now) = (names::skeleton(handle), node.now());
    if name.is_empty()
        || proof
            .password
            .as_ref()
            .is_some_and(|password| password.len() > password::BYTES)
    {
        return Err(wrong().into());
    }
    let found = find(&mut node.store.read().await?, handle)
        .await?
        .filter(|(account, _)| !account.sample);
    let (account, hash) = found.unzip();
    let device = account
        .as_ref()
        .zip(from.device.as_deref())
        .and_then(|(account, mark)| node.devices.known(mark, account.id, now));
    let (door, lane) = door(device, &from.visitor, &name);
    let note = |event, what| {
        let who = account
            .as_ref()
            .map_or(Who::Name(&name), |account| Who::Account(account.id));
        node.record.note(event, who, Some(&from.visitor), what, now);
    };
    let attempt = node
        .tries
        .begin(door)
        .inspect_err(|_| note(Event::SignInLimited, ""))?;
    tokio::time::sleep(attempt.wait).await;
    // A recovery code costs the same work as a password, so that time tells nothing.
    let password = proof.password.clone().unwrap_or_default();
    let (fits, stale) = node
        .hasher
        .fits(&lane, password.clone(), hash.flatten())
        .await?;
    let Some(account) = &account else {
        attempt.wrong();
        note(Event::SignInFailed, "name");
        return Err(wrong().into());
    };
    let renewed = if stale {
        Some(node.hasher.hash(&lane, &password).await?)
    } else {
        None
    };
    let began = begin(node, account.id, &proof, fits, renewed.as_deref()).await;
    if began.is_ok() {
        attempt.right();
        note(Event::SignedIn, "");
    } else if let Some(what) = guessed(&began) {
        attempt.wrong();
        note(Event::SignInFailed, what);
    }
    Ok(SignedIn {
        token: began?,
        device: node.devices.mark(account.id, now),
        account: views::account(account.clone()),
    })
}

/// Where somebody knocks, and in which line the work for them waits: a browser that signed in
/// before has both to itself.
fn door(device: Option<String>, visitor: &str, name: &str) -> (Door, Lane) {
    match device {
        Some(number) => (
            Door::Device(number.clone()),
            Lane::own(format!("device/{number}")),
        ),
        None => (
            Door::Stranger(visitor.into(), name.into()),
            Lane {
                place: visitor.into(),
                name: name.into(),
            },
        ),
    }
}

/// What was guessed wrong. Where the first was right and the second is asked for next, or the
/// database was away, nothing was.
fn guessed(began: &Outcome<String>) -> Option<&'static str> {
    match began {
        Err(Failure::Problem(problem)) if problem.code == Code::Unauthenticated => {
            Some(problem.fields.first().map_or("secret", |_| "second_factor"))
        }
        _ => None,
    }
}

/// Begins a session, for whoever brings enough; its token.
async fn begin(
    node: &Node,
    account: AccountId,
    proof: &Proof,
    fits: bool,
    renewed: Option<&str>,
) -> Outcome<String> {
    let (mut tx, now) = (node.store.write().await?, node.now());
    // Somebody may be confirming a second factor, which ends all sessions: not this one after that.
    tx.lock_account(account).await?;
    let recovered = admit(&mut tx, account, proof, fits, now).await?;
    if let Some(hash) = renewed {
        tx.set_password(account, hash).await?;
    }
    sessions::make_room(&mut tx, account, now).await?;
    let (session, token) = sessions::begun(account, SessionKind::Browser, now);
    tx.insert_session(
        &SessionRow {
            recovered,
            ..session
        },
        &token_hash(&token),
    )
    .await?;
    tx.commit().await?;
    Ok(token)
}

/// Refuses unless what was brought suffices, and uses it up; whether a recovery code stood in for
/// the password.
async fn admit(
    tx: &mut Tx,
    account: AccountId,
    proof: &Proof,
    fits: bool,
    now: Millis,
) -> Outcome<bool> {
    let recovered = match &proof.second.recovery_code {
        Some(code) if proof.password.is_none() => {
            second_factor::use_recovery_code(tx, account, code).await?
        }
        _ => false,
    };
    if !fits && !recovered {
        return Err(wrong().into());
    }
    let Some(factor) = tx
        .second_factor(account)
        .await?
        .filter(|factor| factor.confirmed_at.is_some())
    else {
        return Ok(recovered);
    };
    // A recovery code that was spent on the password is not there a second time.
    let second = Second {
        recovery_code: proof.second.recovery_code.clone().filter(|_| !recovered),
        ..proof.second.clone()
    };
    match second_factor::prove(tx, account, &factor, &second, now).await? {
        Proved::Yes => Ok(recovered),
        Proved::Missing => Err(Problem::new(
            Code::SecondFactorRequired,
            "This account has a second factor: the code from its app is needed.",
        )
        .into()),
        Proved::Wrong(field) => {
            let fault = Fault::new(field, "wrong", "This code is wrong or was used already.");
            Err(Problem {
                fields: vec![fault],
                ..wrong()
            }
            .into())
        }
    }
}
