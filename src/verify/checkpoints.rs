//! Checkpoints: those in the table and those somebody saved, and whether the chain still passes
//! through them.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use sqlx::FromRow;

use super::{
    sums::{bytes, canonical},
    told::StreamReport,
};

/// A signed word on where a stream stood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, FromRow, Deserialize)]
pub struct Checkpoint {
    pub framework: String,
    pub stream: String,
    pub seq: i64,
    pub v: i64,
    pub epoch: String,
    pub hash: String,
    pub at: i64,
    pub key: String,
    pub signature: String,
}

impl Checkpoint {
    /// Why its signature says nothing; `None` where it is good.
    fn flaw(&self, trusted: &[String]) -> Option<String> {
        let Self {
            framework,
            stream,
            seq,
            v,
            epoch,
            hash,
            at,
            key,
            signature,
        } = self;
        if !trusted.is_empty() && !trusted.contains(key) {
            return Some(format!(
                "the checkpoint at {seq} is signed by a key that is not trusted: {key}"
            ));
        }
        let said = serde_json::json!({ "v": v, "framework": framework, "stream": stream, "epoch": epoch, "seq": seq, "hash": hash, "at": at });
        let holds = || {
            let key = VerifyingKey::from_bytes(&bytes(key)?).ok()?;
            key.verify_strict(
                canonical(&said).as_bytes(),
                &Signature::from_bytes(&bytes(signature)?),
            )
            .ok()
        };
        (*v != 1 || holds().is_none())
            .then(|| format!("the signature of the checkpoint at {seq} does not fit it"))
    }
}

/// All that are known, until their streams take them.
pub struct Checkpoints {
    trusted: Vec<String>,
    known: BTreeSet<Checkpoint>,
    keys: BTreeMap<String, usize>,
}

impl Checkpoints {
    /// Reads what somebody saved.
    pub fn read(files: &[PathBuf], trusted: &[String]) -> anyhow::Result<Self> {
        let trusted: Vec<String> = trusted.iter().map(|key| key.to_ascii_lowercase()).collect();
        if let Some(bad) = trusted.iter().find(|key| bytes::<32>(key).is_none()) {
            anyhow::bail!("--key: {bad}: not 64 hexadecimal digits");
        }
        let mut known = BTreeSet::new();
        for file in files {
            known.extend(saved(file)?);
        }
        Ok(Self {
            trusted,
            known,
            keys: BTreeMap::new(),
        })
    }

    /// Adds those of the table.
    pub fn add(&mut self, more: Vec<Checkpoint>) {
        self.known.extend(more);
    }

    /// The checkpoints of a stream, in the order of their places.
    pub fn take(&mut self, framework: &str, stream: &str) -> Vec<Checkpoint> {
        let (those, others) = std::mem::take(&mut self.known)
            .into_iter()
            .partition(|one| one.framework == framework && one.stream == stream);
        self.known = others;
        let those: BTreeSet<Checkpoint> = those;
        for one in &those {
            *self.keys.entry(one.key.clone()).or_default() += 1;
        }
        those.into_iter().collect()
    }

    /// How many checkpoints each key signed.
    pub fn keys(&self) -> BTreeMap<String, usize> {
        self.keys.clone()
    }

    /// What is said of streams that are not here at all.
    pub fn strays(&self) -> Vec<String> {
        let stray = |one: &Checkpoint| {
            format!(
                "a checkpoint at {} names the stream {} of framework {}, which is not here",
                one.seq, one.stream, one.framework
            )
        };
        self.known.iter().map(stray).collect()
    }

    /// Compares a stream's checkpoints with its chain; `hashes` are the links at their places.
    pub fn compare(
        &self,
        checkpoints: &[Checkpoint],
        epoch: &str,
        head: i64,
        hashes: &BTreeMap<i64, String>,
        report: &mut StreamReport,
    ) {
        let mut last = 0;
        for one in checkpoints {
            if let Some(flaw) = one.flaw(&self.trusted) {
                report.fault(Some(one.seq), flaw);
                continue;
            }
            let holds = hashes.get(&one.seq).is_some_and(|hash| *hash == one.hash);
            match (holds, one.epoch == epoch) {
                (true, true) => {
                    last = one.seq;
                    report.checkpoints += 1;
                }
                (true, false) => report.before_restore += 1,
                (false, false) => report.lost_in_restore += 1,
                (false, true) if one.seq > head => {
                    let why = format!(
                        "a checkpoint signed at {} stands at {}, beyond the head: the tail was cut off",
                        one.at, one.seq
                    );
                    report.fault(Some(head + 1), why);
                }
                (false, true) => {
                    let why = format!(
                        "the chain does not pass through the checkpoint signed at {}: it was made anew somewhere after {last}",
                        one.at
                    );
                    report.fault(Some(one.seq), why);
                }
            }
        }
    }
}

/// What a file holds: pages as the API gives them, or checkpoints, one a line or in any other
/// order.
fn saved(file: &Path) -> anyhow::Result<Vec<Checkpoint>> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Part {
        Page { items: Vec<Checkpoint> },
        One(Checkpoint),
    }
    let text =
        fs::read_to_string(file).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
    let mut found = vec![];
    for part in serde_json::Deserializer::from_str(&text).into_iter() {
        match part
            .map_err(|error| anyhow::anyhow!("{}: no checkpoints: {error}", file.display()))?
        {
            Part::Page { items } => found.extend(items),
            Part::One(one) => found.push(one),
        }
    }
    Ok(found)
}
