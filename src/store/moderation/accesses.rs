//! Which moderators opened what.
use super::queue::Waiting;
use crate::{
    domain::{
        Millis,
        account::AccountId,
        framework::FrameworkId,
        moderation::{Object, ThingId},
    },
    id::Id,
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::Word,
    },
};

impl Reader {
    /// How many times moderators opened a thing.
    pub async fn accesses(&mut self, object: ThingId) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM item_access WHERE object = $1";
        self.sole(SQL, row![object]).await
    }
}

impl Tx {
    /// Notes that a moderator opened a thing in the restricted view.
    pub async fn insert_access(
        &mut self,
        framework: FrameworkId,
        object: Object,
        account: AccountId,
        at: Millis,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO item_access (id, framework, kind, object, account, at) VALUES ($1, $2, $3, $4, $5, $6)";
        self.run(
            SQL,
            row![
                Id::<Waiting>::new(),
                framework,
                Word::Known(object.kind()),
                object.id(),
                account,
                at
            ],
        )
        .await
    }
}
