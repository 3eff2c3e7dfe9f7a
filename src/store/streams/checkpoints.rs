//! Checkpoints: where streams stood at a time, signed.
use sqlx::FromRow;

use crate::{
    domain::{Millis, framework::FrameworkId},
    store::{
        db::{Reader, Result, Tx},
        values::row,
    },
};

/// A signed word on where a stream stood.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Checkpoint {
    /// Of which framework.
    pub framework: FrameworkId,
    /// Which stream.
    pub stream: String,
    /// Of which epoch.
    pub epoch: String,
    /// Its last place then.
    pub seq: i64,
    /// The last link of its chain then.
    pub hash: String,
    /// When.
    pub at: Millis,
    /// The public key, in hexadecimal.
    pub key: String,
    /// The signature, in hexadecimal.
    pub signature: String,
}

impl Reader {
    /// The frameworks with a shared stream that stands where no checkpoint says so, and has none
    /// younger than `before`.
    pub async fn unsigned_frameworks(&mut self, before: Millis) -> Result<Vec<FrameworkId>> {
        const SQL: &str = "SELECT DISTINCT f.id FROM framework f JOIN stream s ON s.framework = f.id
            WHERE s.name IN ('public', 'moderators') AND s.seq > 0 AND NOT EXISTS (SELECT 1 FROM checkpoint c
                WHERE c.framework = f.id AND c.stream = s.name AND c.epoch = f.epoch AND (c.seq = s.seq OR c.at > $1))";
        self.column(SQL, row![before]).await
    }

    /// A stream's checkpoints after a time and place, oldest first.
    pub async fn checkpoints(
        &mut self,
        framework: FrameworkId,
        stream: &str,
        after: (Millis, i64),
        limit: i64,
    ) -> Result<Vec<Checkpoint>> {
        const SQL: &str = "SELECT framework, stream, epoch, seq, hash, at, key, signature FROM checkpoint
            WHERE framework = $1 AND stream = $2 AND (at, seq) > ($3, $4) ORDER BY at, seq LIMIT $5";
        let (at, seq) = after;
        self.all(SQL, row![framework, stream, at, seq, limit]).await
    }
}

impl Tx {
    /// Keeps a checkpoint; one that is there already stays as it is.
    pub async fn insert_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        const SQL: &str = "INSERT INTO checkpoint (framework, stream, epoch, seq, hash, at, key, signature)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (framework, stream, epoch, seq) DO NOTHING";
        let Checkpoint {
            framework,
            stream,
            epoch,
            seq,
            hash,
            at,
            key,
            signature,
        } = checkpoint;
        self.run(
            SQL,
            row![framework, stream, epoch, seq, hash, at, key, signature],
        )
        .await
    }
}
