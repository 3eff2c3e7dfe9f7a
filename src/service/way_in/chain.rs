//! Where streams stand, and the hash chain that their changes make.
use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use crate::{
    domain::{
        Millis, account::AccountId, commitment::Canonical, framework::FrameworkId, hex::hex,
        stream::Stream,
    },
    id,
    protocol::command::CommandId,
    service::{way_in::ledger::Group, work::Pending},
    store::{Change, Head, Result, Tx},
};

/// How many heads a writer remembers.
const REMEMBERED: usize = 4_096;

/// The heads of a framework's streams as a writer left them: they stand while nobody else has held
/// the framework's lock, and are read where they are not known.
#[derive(Default)]
pub(crate) struct Heads {
    /// How often the framework had been locked, in which history.
    beat: i64,
    epoch: String,
    known: HashMap<Stream, Head>,
}

impl Heads {
    /// Has the lock again: what is remembered counts if it was the last to have it.
    pub fn turn(&mut self, epoch: &str, beat: i64) {
        if beat != self.beat + 1 || epoch != self.epoch || self.known.len() > REMEMBERED {
            *self = Self {
                epoch: epoch.to_owned(),
                ..Self::default()
            };
        }
        self.beat = beat;
    }

    /// The heads of the streams that are told something.
    pub(crate) async fn of(
        &self,
        tx: &mut Tx,
        framework: FrameworkId,
        groups: &[Group],
    ) -> Result<BTreeMap<Stream, Head>> {
        let streams: BTreeSet<Stream> = groups
            .iter()
            .flat_map(|group| &group.changes)
            .map(|change| change.stream)
            .collect();
        let (known, news): (Vec<_>, Vec<_>) = streams
            .into_iter()
            .partition(|stream| self.known.contains_key(stream));
        let names: Vec<String> = news.iter().map(ToString::to_string).collect();
        let mut read = tx.heads_of(framework, &names).await?;
        let read = news
            .into_iter()
            .zip(names)
            .map(|(stream, name)| (stream, read.remove(&name).unwrap_or_default()));
        Ok(known
            .into_iter()
            .map(|stream| (stream, self.known[&stream].clone()))
            .chain(read)
            .collect())
    }

    pub(crate) fn keep(&mut self, heads: BTreeMap<Stream, Head>) {
        self.known.extend(heads);
    }
}

/// What a change has in common with the others of its command.
pub(crate) struct Link {
    pub(crate) framework: FrameworkId,
    pub(crate) account: Option<AccountId>,
    pub(crate) command: CommandId,
    pub(crate) now: Millis,
}

impl Link {
    /// The next change of a stream, and its salt: its account and content become a salted digest,
    /// the row is hashed with the one before.
    pub(crate) fn add(&self, head: &mut Head, pending: Pending) -> (Change, String) {
        let Pending {
            stream,
            kind,
            object,
            version,
            content,
        } = pending;
        let salt = id::secret();
        let actor = self.account.map(|account| account.to_string());
        let salted =
            serde_json::to_vec(&(&salt, &actor, Canonical(&content))).expect("a value is JSON");
        let digest = hex(Sha256::digest(salted));
        let (stream, command) = (stream.to_string(), self.command.to_string());
        let mut change = Change {
            stream,
            seq: head.seq + 1,
            kind: kind.into(),
            object,
            version,
            actor,
            at: self.now,
            command,
            digest,
            hash: String::new(),
            form: FORM,
        };
        change.hash = link(&head.hash, self.framework, &change);
        *head = Head {
            seq: change.seq,
            hash: change.hash.clone(),
        };
        (change, salt)
    }
}

/// How changes are chained now: without the account, so that it can be taken away. `docs/chain.md`
/// tells all forms.
const FORM: i64 = 2;

/// The next link of a stream's chain: a hash over the one before and every column of the row but
/// the account and the salt.
fn link(before: &str, framework: FrameworkId, change: &Change) -> String {
    let Change {
        stream,
        seq,
        kind,
        object,
        version,
        at,
        command,
        digest,
        form,
        ..
    } = change;
    // As one JSON array.
    let row = (
        form, before, framework, stream, seq, kind, object, version, at, command, digest,
    );
    hex(Sha256::digest(
        serde_json::to_vec(&row).expect("a row is JSON"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_forgets_where_streams_stand_once_somebody_else_may_have_moved_them() {
        let known = |turns: &[(&str, i64)]| {
            let mut heads = Heads::default();
            heads.turn("first", 7);
            heads.keep(
                [(
                    Stream::Public,
                    Head {
                        seq: 3,
                        hash: String::new(),
                    },
                )]
                .into(),
            );
            for (epoch, beat) in turns {
                heads.turn(epoch, *beat);
            }
            heads.known.contains_key(&Stream::Public)
        };
        assert!(known(&[("first", 8)]) && known(&[("first", 8), ("first", 9)]));
        for elsewhere in [("first", 7), ("first", 9), ("restored", 8)] {
            assert!(!known(&[elsewhere]), "{elsewhere:?}");
        }
    }
}
