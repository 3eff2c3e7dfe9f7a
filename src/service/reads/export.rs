//! What is kept about an account, for its owner: one JSON file, complete.
use serde_json::{Map, Value};

use crate::{
    domain::account::AccountId,
    service::{Outcome, node::Node},
    store::EXPORTED,
};

/// The format, for programs that read the file.
const FORMAT: &str = "demarche.account/1";

/// Everything that is kept about an account, by kind, read in one consistent state. Secrets are
/// kept as hashes only, and those are not in it; nor is who decided something.
///
/// # Errors
/// When the store fails.
pub async fn export(node: &Node, account: AccountId) -> Outcome<Value> {
    let mut reader = node.store.read().await?;
    let mut file = Map::from_iter([
        ("format".to_owned(), Value::from(FORMAT)),
        ("made_at".to_owned(), node.now().into()),
    ]);
    for section in EXPORTED {
        file.insert(
            section.name.into(),
            reader.exported(section, account).await?.into(),
        );
    }
    Ok(Value::Object(file))
}
