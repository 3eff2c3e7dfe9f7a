//! What an account may do changed, or who may read a framework: every node looks at its sockets again. A hint says so at once;
//! the database says it to nodes that the hint did not reach.
use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId},
    store::{Result, Tx},
};

/// Notes, with the transaction that brings it about, that an account's rights change.
pub(crate) async fn note(tx: &mut Tx, account: AccountId, now: Millis) -> Result<()> {
    tx.note_rights_change(format!("account/{account}"), now).await
}

/// As [`note`], for everyone in a framework.
pub(crate) async fn note_readers(tx: &mut Tx, framework: FrameworkId, now: Millis) -> Result<()> {
    tx.note_rights_change(format!("framework/{framework}"), now).await
}
