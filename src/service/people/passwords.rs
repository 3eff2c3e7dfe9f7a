//! Passwords, the codes for whoever lost one, and the links that set a new one.
use crate::{
    domain::{
        DAY,
        account::{AccountId, RECOVERY_CODES, RECOVERY_LIFE, RESET_LIFE, password},
        text::Check,
    },
    id,
    protocol::{problem::Problem, rest::RecoveryCodesView},
    service::{
        Outcome, Registration,
        caller::Caller,
        keep::{record::Event, secrets::token_hash, turns::Lane},
        node::Node,
        people::{
            accounts::find,
            proof::{self, Proof},
        },
    },
    store::{LinkKind, Tx},
};

/// How long a link to register is good, in milliseconds.
const INVITATION_LIFE: i64 = 14 * DAY;

/// Gives an account new recovery codes; those before are worthless.
pub(crate) async fn renew_codes(tx: &mut Tx, account: AccountId) -> Outcome<Vec<String>> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| id::recovery_code()).collect();
    tx.delete_recovery_codes(account).await?;
    for code in &codes {
        tx.insert_recovery_code(account, &token_hash(code)).await?;
    }
    Ok(codes)
}

/// Renews the recovery codes of whoever proves again that the account is theirs.
pub async fn renew(node: &Node, caller: &Caller, proof: Proof) -> Outcome<RecoveryCodesView> {
    let mut proven = proof::begin(node, caller, proof, "password", false).await?;
    let mut tx = node.store.write().await?;
    proven.finish(&mut tx, caller).await?;
    let recovery_codes = renew_codes(&mut tx, caller.account).await?;
    tx.commit().await?;
    node.note(Event::RecoveryCodesRenewed, caller.account, "");
    Ok(RecoveryCodesView { recovery_codes })
}

/// Whether the caller signed in by a recovery code a moment ago, and has set no password since.
async fn recovered(node: &Node, caller: &Caller) -> Outcome<bool> {
    Ok(node
        .store
        .read()
        .await?
        .recovered_since(&caller.session, node.now() - RECOVERY_LIFE)
        .await?)
}

/// Changes the password, ends every other session and renews the recovery codes. For an hour after
/// a recovery code the old password is not asked for, once; nor is the second factor, which was at
/// sign-in.
pub async fn change(
    node: &Node,
    caller: &Caller,
    new: String,
    proof: Proof,
) -> Outcome<RecoveryCodesView> {
    let recovered = recovered(node, caller).await?;
    let mut proven = proof::begin(node, caller, proof, "current", recovered).await?;
    let mut check = Check::default();
    password::check(
        &mut check,
        "new",
        &new,
        &[&proven.account.handle, &node.options.name],
    );
    check.finish()?;
    let hash = node.hasher.hash(&proof::lane(caller), &new).await?;
    let mut tx = node.store.write().await?;
    // Of two that come by one recovery code, one sets the password.
    if recovered {
        if !tx.end_recovery(&caller.session).await? {
            return Err(
                Problem::field("current", "required", "The current password is needed.").into(),
            );
        }
    } else {
        proven.finish(&mut tx, caller).await?;
    }
    let recovery_codes = renew_codes(&mut tx, caller.account).await?;
    set(&mut tx, node, caller.account, &hash, &caller.session).await?;
    tx.commit().await?;
    node.note(
        Event::PasswordChanged,
        caller.account,
        if recovered {
            "by_recovery_code"
        } else {
            "by_password"
        },
    );
    node.rights_changed(caller.account);
    Ok(RecoveryCodesView { recovery_codes })
}

/// Sets a password; every session but `keep` and every link that sets one ends.
async fn set(tx: &mut Tx, node: &Node, account: AccountId, hash: &str, keep: &str) -> Outcome<()> {
    tx.set_password(account, hash).await?;
    tx.delete_other_sessions(account, keep).await?;
    tx.delete_reset_links(account).await?;
    Ok(tx.note_account_rights(account, node.now()).await?)
}

/// Makes a link by which an account may set a new password; its token. Earlier ones are worthless.
pub async fn reset_link(node: &Node, handle: &str) -> Outcome<String> {
    let (account, _) = find(&mut node.store.read().await?, handle)
        .await?
        .ok_or_else(Problem::not_found)?;
    let token = id::secret();
    let mut tx = node.store.write().await?;
    tx.lock_account(account.id).await?;
    tx.delete_reset_links(account.id).await?;
    tx.insert_link(
        &token_hash(&token),
        LinkKind::Reset,
        Some(account.id),
        node.now() + RESET_LIFE,
    )
    .await?;
    tx.commit().await?;
    node.note(Event::ResetLinkMade, account.id, "");
    Ok(token)
}

/// Makes a link by which one person may register; its token.
pub async fn invitation(node: &Node) -> Outcome<String> {
    let token = id::secret();
    let mut tx = node.store.write().await?;
    tx.insert_link(
        &token_hash(&token),
        LinkKind::Invitation,
        None,
        node.now() + INVITATION_LIFE,
    )
    .await?;
    tx.commit().await?;
    Ok(token)
}

/// Where registration is not by invitation, ends the links of the time when it was: an open site
/// needs none, and none that was made for one may let anybody in once it is closed. What a
/// framework's owner invites to is not touched.
pub async fn end_links(node: &Node) -> Outcome<()> {
    if node.options.registration == Registration::Invitation {
        return Ok(());
    }
    let mut tx = node.store.write().await?;
    let ended = tx.delete_links(LinkKind::Invitation).await?;
    tx.commit().await?;
    if ended > 0 {
        tracing::warn!(
            ended,
            "registration is not by invitation: links that `admin invite` had made are worth nothing any more"
        );
    }
    Ok(())
}

/// Sets a new password by a link. The recovery codes are worthless after it; new ones are made by
/// whoever has signed in, so that a link does not give what stands in for a second factor.
pub async fn reset(node: &Node, visitor: &str, token: &str, new: String) -> Outcome<()> {
    let worthless = || Problem::field("token", "invalid", "This link was used or has expired.");
    let link = token_hash(token);
    let mut reader = node.store.read().await?;
    let account = reader
        .link(&link, LinkKind::Reset, node.now())
        .await?
        .flatten()
        .ok_or_else(worthless)?;
    let account = reader.account(account).await?.ok_or_else(worthless)?;
    drop(reader);
    let mut check = Check::default();
    password::check(
        &mut check,
        "password",
        &new,
        &[&account.handle, &node.options.name],
    );
    check.finish()?;
    let hash = node
        .hasher
        .hash(
            &Lane {
                place: visitor.into(),
                name: account.id.to_string(),
            },
            &new,
        )
        .await?;
    let mut tx = node.store.write().await?;
    tx.lock_account(account.id).await?;
    if !tx.delete_link(&link).await? {
        return Err(worthless().into());
    }
    tx.delete_recovery_codes(account.id).await?;
    set(&mut tx, node, account.id, &hash, "").await?;
    tx.commit().await?;
    node.note(Event::PasswordReset, account.id, "by_link");
    node.rights_changed(account.id);
    Ok(())
}
