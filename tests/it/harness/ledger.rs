//! What clients know from outside: every command they sent and every answer they got, on disk
//! before they went on.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use demarche::store::{Change, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A line of the ledger.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
enum Entry {
    /// Before a command goes out for the first time.
    Sent { id: String, body: String },
    /// After its answer came.
    Acked {
        id: String,
        epoch: String,
        stream: String,
        seq: i64,
    },
}

/// The file; many clients append to it.
pub struct Ledger {
    path: PathBuf,
    file: File,
    acks: AtomicUsize,
    slowest: AtomicU64,
}

/// What the ledger says, read back from the file.
#[derive(Default)]
pub struct Account {
    pub sent: BTreeSet<String>,
    /// Epoch, stream and place by command.
    pub acked: BTreeMap<String, (String, String, i64)>,
}

impl Ledger {
    pub fn new(folder: &Path) -> Self {
        let path = folder.join("ledger");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .unwrap();
        Self {
            path,
            file,
            acks: AtomicUsize::new(0),
            slowest: AtomicU64::new(0),
        }
    }

    fn write(&self, entry: &Entry) {
        let line = serde_json::to_string(entry).unwrap() + "\n";
        tokio::task::block_in_place(|| {
            (&self.file).write_all(line.as_bytes()).unwrap();
            self.file.sync_data().unwrap();
        });
    }

    pub fn sent(&self, id: &str, command: &Value) {
        let body = format!("{:?}", Sha256::digest(command.to_string()));
        self.write(&Entry::Sent {
            id: id.into(),
            body,
        });
    }

    pub fn acked(&self, id: &str, ack: &Value) {
        let word = |name: &str| {
            ack[name]
                .as_str()
                .unwrap_or_else(|| panic!("{name} of {ack}"))
                .to_owned()
        };
        let seq = ack["seq"].as_i64().unwrap();
        self.write(&Entry::Acked {
            id: id.into(),
            epoch: word("epoch"),
            stream: word("stream"),
            seq,
        });
        self.acks.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes how long an answer, or the end of the connection, took.
    pub fn answered(&self, after: Duration) {
        self.slowest
            .fetch_max(after.as_millis() as u64, Ordering::Relaxed);
    }

    /// The longest that anybody waited for an answer.
    pub fn slowest(&self) -> Duration {
        Duration::from_millis(self.slowest.load(Ordering::Relaxed))
    }

    /// How many answers came so far.
    pub fn acks(&self) -> usize {
        self.acks.load(Ordering::Relaxed)
    }

    pub fn read(&self) -> Account {
        let mut account = Account::default();
        for line in std::fs::read_to_string(&self.path).unwrap().lines() {
            match serde_json::from_str(line).unwrap() {
                Entry::Sent { id, .. } => assert!(
                    account.sent.insert(id),
                    "an id is sent for the first time once"
                ),
                Entry::Acked {
                    id,
                    epoch,
                    stream,
                    seq,
                } => {
                    assert!(
                        account.acked.insert(id, (epoch, stream, seq)).is_none(),
                        "an id is acknowledged once to a client that stops asking"
                    );
                }
            }
        }
        account
    }
}

/// What the change log and the ledger disagree on: nothing, if every promise was kept.
pub async fn judge(store: &Store, account: &Account) -> Vec<String> {
    let mut faults = vec![];
    let mut reader = store.read().await.unwrap();
    let framework = reader.frameworks().await.unwrap().remove(0);
    let mut log: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    for (stream, head) in reader.heads(framework.id).await.unwrap() {
        let changes: Vec<Change> = reader
            .changes(framework.id, &stream, 0, i64::MAX)
            .await
            .unwrap();
        if !changes.iter().map(|change| change.seq).eq(1..=head) {
            faults.push(format!("{stream} is not 1 to {head} without a gap"));
        }
        for change in changes {
            log.entry(change.command)
                .or_default()
                .push((stream.clone(), change.seq));
        }
    }
    for (id, (epoch, stream, seq)) in &account.acked {
        let there: Vec<i64> = log
            .get(id)
            .into_iter()
            .flatten()
            .filter(|(name, _)| name == stream)
            .map(|(_, seq)| *seq)
            .collect();
        if there.is_empty() {
            faults.push(format!("lost: {id} was acknowledged at {stream} {seq}"));
        } else if there != [*seq] || *epoch != framework.epoch {
            faults.push(format!(
                "{id} was acknowledged at {stream} {seq} of {epoch} and stands at {there:?} of {}",
                framework.epoch
            ));
        }
    }
    for id in account
        .sent
        .iter()
        .filter(|id| !account.acked.contains_key(*id))
    {
        let there = log.get(id).map_or(&[][..], Vec::as_slice);
        let streams: BTreeSet<_> = there.iter().map(|(stream, _)| stream).collect();
        if streams.len() < there.len() {
            faults.push(format!("doubled: {id} stands at {there:?}"));
        }
    }
    faults
}
