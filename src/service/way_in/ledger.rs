//! What a batch adds to the streams, kept until all of it is decided; then numbered, chained and
//! written.
use std::{collections::HashMap, sync::Arc};

use serde_json::value::{RawValue, to_raw_value};

use crate::{
    domain::{
        Millis, account::AccountId, framework::Framework, permission::Viewer, stream::Stream,
    },
    live::Hint,
    protocol::{
        command::CommandId,
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        way_in::{
            chain::{Heads, Link},
            desk::Ack,
            receipts::{self, Receipt},
        },
        work::Pending,
    },
    store::{CommandRecord, News, Result, Tx},
};

/// What the sender of a command hears.
pub(crate) type Answer = std::result::Result<Ack, Problem>;

/// The streams' part of a batch.
pub(crate) struct Ledger {
    framework: Framework,
    now: Millis,
    /// Commands carried out, by account and name.
    done: Vec<Done>,
    places: HashMap<(AccountId, String), usize>,
    /// What each command of the batch is answered with, in order.
    slots: Vec<Slot>,
    /// Set by the mutant that knows a repeat only on the node that carried the command out.
    forgets: Option<Arc<str>>,
}

enum Slot {
    Told(Answer),
    /// The answer of a command of this batch, and whether this is a repeat of it.
    Done(usize, bool),
}

struct Done {
    /// How a command is known again; `None` where the site acts, which repeats nothing.
    record: Option<Record>,
    result: Box<RawValue>,
    group: Group,
}

struct Record {
    account: AccountId,
    name: String,
    body_hash: String,
    receipt: Receipt,
}

/// What one command or act tells streams.
pub(crate) struct Group {
    /// Whose command; `None` where the site acts itself.
    pub account: Option<AccountId>,
    /// Which.
    pub command: CommandId,
    /// In order.
    pub changes: Vec<Pending>,
}

impl Ledger {
    pub fn new(framework: &Framework, now: Millis, forgets: Option<Arc<str>>) -> Self {
        Self {
            framework: framework.clone(),
            now,
            done: vec![],
            places: HashMap::new(),
            slots: vec![],
            forgets,
        }
    }

    /// Under which name a command's record is kept.
    pub fn name(&self, id: CommandId) -> String {
        self.forgets
            .as_ref()
            .map_or_else(|| id.to_string(), |node| format!("{id}@{node}"))
    }

    /// Answers a command whose id was used before, in an earlier batch (`known`) or in this one;
    /// false where it was not.
    pub async fn repeat(
        &mut self,
        tx: &mut Tx,
        key: &(AccountId, String),
        body_hash: &str,
        known: Option<&CommandRecord>,
        viewer: Viewer,
    ) -> Result<bool> {
        let reused = || {
            Err(Problem::new(
                Code::IdReuse,
                "This command id was used for something else. Make a new one.",
            ))
        };
        let slot = match (self.places.get(key), known) {
            (Some(place), _)
                if self.done[*place]
                    .record
                    .as_ref()
                    .is_none_or(|record| record.body_hash != body_hash) =>
            {
                Slot::Told(reused())
            }
            (Some(place), _) => Slot::Done(*place, true),
            (None, Some(record)) if record.body_hash != body_hash => Slot::Told(reused()),
            (None, Some(record)) => {
                let result =
                    receipts::restore(tx, self.framework.id, &record.result, viewer).await?;
                let CommandRecord {
                    stream, epoch, seq, ..
                } = record.clone();
                Slot::Told(Ok(Ack {
                    stream,
                    epoch,
                    seq,
                    duplicate: true,
                    result,
                }))
            }
            (None, None) => return Ok(false),
        };
        self.slots.push(slot);
        Ok(true)
    }

    /// Answers a command that was refused.
    pub fn refuse(&mut self, problem: Problem) {
        self.slots.push(Slot::Told(Err(problem)));
    }

    /// Takes on what a command did.
    pub fn record(
        &mut self,
        key: (AccountId, String),
        command: CommandId,
        body_hash: String,
        changes: Vec<Pending>,
        result: CommandResult,
    ) {
        let whole = to_raw_value(&result).expect("a result is JSON");
        let (account, name) = key.clone();
        self.places.insert(key, self.done.len());
        self.slots.push(Slot::Done(self.done.len(), false));
        let group = Group {
            account: Some(account),
            command,
            changes,
        };
        let record = Record {
            account,
            name,
            body_hash,
            receipt: Receipt::of(result),
        };
        self.done.push(Done {
            record: Some(record),
            result: whole,
            group,
        });
    }

    /// Takes on what the site did, which stands in the streams without an account.
    pub fn tell(&mut self, command: CommandId, changes: Vec<Pending>) {
        self.slots.push(Slot::Done(self.done.len(), false));
        let result = to_raw_value(&CommandResult::default()).expect("a result is JSON");
        self.done.push(Done {
            record: None,
            result,
            group: Group {
                account: None,
                command,
                changes,
            },
        });
    }

    /// Numbers and writes everything; what to answer, in order, and the word that the streams
    /// moved.
    pub async fn write(self, tx: &mut Tx, heads: &mut Heads) -> Result<(Vec<Answer>, Hint)> {
        let (mut groups, mut kept) = (vec![], vec![]);
        for Done {
            record,
            result,
            group,
        } in self.done
        {
            kept.push((record, result));
            groups.push(group);
        }
        let Numbered {
            mut news,
            places,
            hint,
        } = number(tx, &self.framework, self.now, groups, heads).await?;
        let mut acks = vec![];
        for ((record, result), place) in kept.into_iter().zip(places) {
            let (stream, seq) = place.unzip();
            let epoch = stream.as_ref().map(|_| self.framework.epoch.clone());
            if let Some(Record {
                account,
                name,
                body_hash,
                receipt,
            }) = record
            {
                let (epoch, stream) = (epoch.clone(), stream.clone());
                news.commands.push((
                    account,
                    name,
                    CommandRecord {
                        body_hash,
                        result: receipt.json(),
                        epoch,
                        stream,
                        seq,
                    },
                ));
            }
            acks.push(Ack {
                stream,
                epoch,
                seq,
                duplicate: false,
                result,
            });
        }
        tx.add_to_streams(self.framework.id, &news).await?;
        let answer = |slot| match slot {
            Slot::Told(answer) => answer,
            Slot::Done(place, duplicate) => Ok(Ack {
                duplicate,
                ..acks[place].clone()
            }),
        };
        Ok((self.slots.into_iter().map(answer).collect(), hint))
    }
}

/// What commands tell a framework's streams, in its places.
struct Numbered {
    news: News,
    /// For each command the place of its last change that its sender sees, on its own stream or in
    /// public.
    places: Vec<Option<(String, i64)>>,
    /// The word that the streams moved.
    hint: Hint,
}

/// Gives what commands tell a framework's streams its places in them.
async fn number(
    tx: &mut Tx,
    framework: &Framework,
    now: Millis,
    groups: Vec<Group>,
    known: &mut Heads,
) -> Result<Numbered> {
    let mut heads = known.of(tx, framework.id, &groups).await?;
    let (mut news, mut places) = (News::default(), vec![]);
    for Group {
        account,
        command,
        changes: pending,
    } in groups
    {
        let mut last = None;
        for pending in pending {
            let shown = matches!(pending.stream, Stream::Public)
                || account.is_some_and(|account| pending.stream == Stream::Account(account));
            let head = heads
                .get_mut(&pending.stream)
                .expect("the heads of all streams told were read");
            let (change, salt) = Link {
                framework: framework.id,
                account,
                command,
                now,
            }
            .add(head, pending);
            if shown {
                last = Some((change.stream.clone(), change.seq));
            }
            news.changes.push((change, salt));
        }
        places.push(last);
    }
    news.heads = heads
        .iter()
        .map(|(stream, head)| (stream.to_string(), head.clone()))
        .collect();
    let moved = heads
        .iter()
        .map(|(stream, head)| (*stream, head.seq))
        .collect();
    known.keep(heads);
    let hint = Hint::Streams {
        framework: framework.id,
        epoch: framework.epoch.clone(),
        heads: moved,
    };
    Ok(Numbered { news, places, hint })
}

/// Appends to the streams of a framework whose writer this is not; the word that they moved.
pub(crate) async fn append_elsewhere(
    tx: &mut Tx,
    framework: &Framework,
    now: Millis,
    group: Group,
) -> Result<Hint> {
    let Numbered { news, hint, .. } =
        number(tx, framework, now, vec![group], &mut Heads::default()).await?;
    tx.add_to_streams(framework.id, &news).await?;
    Ok(hint)
}
