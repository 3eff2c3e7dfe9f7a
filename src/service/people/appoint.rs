//! What the host gives by hand: roles, and the right to fetch ballot files.
use crate::{
    domain::{account::AccountId, framework::FrameworkId, permission::Role},
    service::{Outcome, Services, node::Node, way_in::job::SiteAct},
};

/// Lets somebody fetch the ballot files of a framework, or no longer.
pub async fn appoint_auditor(
    node: &Node,
    framework: FrameworkId,
    account: AccountId,
    audits: bool,
) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    tx.set_auditor(framework, account, audits, node.now())
        .await?;
    Ok(tx.commit().await?)
}

/// Gives an account a role in a framework, for the command line and the demo.
pub async fn appoint(
    services: &Services,
    framework: FrameworkId,
    account: AccountId,
    role: Role,
) -> Outcome<()> {
    services
        .desk
        .site(framework, SiteAct::Appoint(account, role))
        .await?;
    Ok(())
}
