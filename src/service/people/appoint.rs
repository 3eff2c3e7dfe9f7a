//! What the host gives by hand: roles, and the right to fetch ballot files.
use crate::{
    domain::{account::AccountId, framework::FrameworkId, permission::Role, remit::Remit},
    protocol::problem::Problem,
    service::{
        Outcome,
        acts::roles::{given, keep},
        node::Node,
        rights,
        way_in::ledger,
    },
    store::Membership,
};

/// Lets somebody fetch the ballot files of a framework, or no longer.
pub async fn appoint_auditor(node: &Node, framework: FrameworkId, account: AccountId, audits: bool) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    tx.set_auditor(framework, account, audits, node.now()).await?;
    Ok(tx.commit().await?)
}

/// Gives an account a role in a framework, for the command line and the demo. The site does it: the streams tell it without an account.
pub async fn appoint(node: &Node, framework: FrameworkId, account: AccountId, role: Role) -> Outcome<()> {
    let now = node.now();
    let mut tx = node.store.write().await?;
    let framework = tx.lock_framework(framework).await?.ok_or_else(Problem::not_found)?;
    let before = tx.membership(framework.id, account).await?.unwrap_or_else(|| Membership::none(framework.id));
    let after = given(&before, role, Remit::default());
    if (after.role, &after.remit, after.joined) == (before.role, &before.remit, before.joined) {
        return Ok(());
    }
    let (_, told) = keep(&mut tx, account, &before, after, now).await?;
    let hint = ledger::append_of_site(&mut tx, &framework, now, told).await?;
    rights::note(&mut tx, account, now).await?;
    tx.commit().await?;
    node.live.publish(hint);
    node.rights_changed(account);
    Ok(())
}
