//! Proving again that it is oneself, before what is sensitive: the password and, where there is
//! one, the second factor. A session has a small limit of its own for it, which nobody else can use
//! up.
use crate::{
    domain::account::{Account, password},
    protocol::problem::{Code, Problem},
    service::{
        Failure, Outcome,
        caller::Caller,
        keep::{
            record::Event,
            tries::{Door, Try},
            turns::Lane,
        },
        node::Node,
        people::second_factor::{self, Proved, Second},
    },
    store::Tx,
};

/// What somebody brings.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The password.
    pub password: Option<String>,
    /// The second factor.
    pub second: Second,
}

/// That somebody was right about the password, and what they bring besides: good for one
/// transaction.
pub struct Proven<'a> {
    attempt: Option<Try>,
    second: Second,
    node: &'a Node,
    /// Whose account it is.
    pub account: Account,
}

/// Where the work of an account that is signed in waits.
#[must_use]
pub fn lane(caller: &Caller) -> Lane {
    Lane::own(format!("account/{}", caller.account))
}

/// Begins a try with the limit of the caller's session.
pub(crate) async fn attempt(node: &Node, caller: &Caller) -> Outcome<(Account, Try)> {
    let account = node
        .store
        .read()
        .await?
        .account(caller.account)
        .await?
        .ok_or_else(Problem::unauthenticated)?;
    let attempt = node
        .tries
        .begin(Door::Session(caller.session.clone()))
        .inspect_err(|_| node.note(Event::SignInLimited, account.id, "proof"))?;
    Ok((account, attempt))
}

/// Looks at the password, which is asked for in `field`; `excused`: it need not be brought.
///
/// # Errors
/// A fault of `field`; `rate_limited` after ten wrong ones.
pub(crate) async fn begin<'a>(
    node: &'a Node,
    caller: &Caller,
    proof: Proof,
    field: &'static str,
    excused: bool,
) -> Outcome<Proven<'a>> {
    let (account, attempt) = attempt(node, caller).await?;
    if !excused {
        let password = proof
            .password
            .ok_or_else(|| Problem::field(field, "required", "The current password is needed."))?;
        let hash = node.store.read().await?.password_hash(account.id).await?;
        let fits = password.len() <= password::BYTES
            && node.hasher.fits(&lane(caller), password, hash).await?.0;
        if !fits {
            attempt.wrong();
            node.note(Event::ProofFailed, account.id, field);
            return Err(Problem::field(field, "wrong", "This is not the current password.").into());
        }
    }
    Ok(Proven {
        attempt: Some(attempt),
        second: proof.second,
        node,
        account,
    })
}

impl Proven<'_> {
    /// Takes the account's lock, sees that the session still stands, and uses up the second factor
    /// where there is one.
    ///
    /// # Errors
    /// A fault of `code` or `recovery_code`.
    pub(crate) async fn finish(&mut self, tx: &mut Tx, caller: &Caller) -> Outcome<()> {
        let now = self.node.now();
        tx.lock_account(self.account.id).await?;
        // A session that has just been ended, by a second factor for one, does nothing any more.
        if tx
            .standing_sessions(std::slice::from_ref(&caller.session), now)
            .await?
            .is_empty()
        {
            return Err(Problem::unauthenticated().into());
        }
        let factor = tx
            .second_factor(self.account.id)
            .await?
            .filter(|factor| factor.confirmed_at.is_some());
        let proved = match factor {
            Some(factor) => {
                second_factor::prove(tx, self.account.id, &factor, &self.second, now).await?
            }
            None => Proved::Yes,
        };
        let attempt = self.attempt.take();
        match proved {
            Proved::Yes => {
                attempt.into_iter().for_each(Try::right);
                Ok(())
            }
            Proved::Missing => Err(Problem::field(
                "code",
                "required",
                "This account has a second factor: a code is needed.",
            )
            .into()),
            Proved::Wrong(field) => {
                attempt.into_iter().for_each(Try::wrong);
                self.node.note(Event::ProofFailed, self.account.id, field);
                Err(second_factor::wrong(field).into())
            }
        }
    }
}

/// Refuses a token: what is about the account itself is done by its owner in a browser.
///
/// # Errors
/// `forbidden`.
pub fn in_browser(caller: &Caller) -> Result<(), Failure> {
    if caller.browser {
        Ok(())
    } else {
        Err(Problem::new(
            Code::Forbidden,
            "A token does not change its account: sign in with a browser.",
        )
        .into())
    }
}
