//! Group commit: one task per framework takes what is waiting, never lingers, and makes it durable in one transaction.
use std::{collections::BTreeMap, sync::Arc};

use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};

use super::{
    Failure, Options,
    budgets::Budgets,
    command::{self, Pending, Work},
    desk::{Ack, By},
    hand::Signer,
    moves::Moves,
};
use crate::{
    clock::Clock,
    domain::{
        Millis,
        account::AccountId,
        framework::{Framework, FrameworkId},
        permission::{Actor, Role},
        stream::Stream,
        tally::Delta,
    },
    id,
    live::{Hint, Live},
    protocol::{
        command::{Command, CommandId},
        problem::{Code, Problem},
    },
    settings::Mutant,
    store::{Change, CommandRecord, Head, Result, Store, Tx},
};

/// The most commands in one transaction.
const BATCH: usize = 256;

/// What every writer shares.
#[derive(Clone)]
pub(super) struct Shared {
    pub store: Store,
    pub live: Live,
    pub clock: Clock,
    pub options: Arc<Options>,
    pub hands: Signer,
    pub budgets: Arc<Budgets>,
    pub node: Arc<str>,
}

/// A command that waits.
pub(super) struct Job {
    pub by: By,
    pub id: CommandId,
    pub command: Command,
    pub reply: oneshot::Sender<std::result::Result<Ack, Problem>>,
}

type Answer = std::result::Result<Ack, Problem>;

/// What happens once a batch is durable.
#[derive(Default)]
struct Aftermath {
    deltas: Vec<Delta>,
    hints: Vec<Hint>,
}

/// Serves one framework until the desk closes and nothing waits any more.
pub(super) async fn run(shared: Shared, framework: FrameworkId, mut queue: mpsc::Receiver<Job>) {
    // Telling the live state is a task of its own: no write waits for it.
    let (tell, told) = mpsc::channel(BATCH);
    let telling = tokio::spawn(tell_everyone(shared.clone(), told));
    let mut waiting = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut waiting, BATCH).await > 0 {
        let (replies, jobs): (Vec<_>, Vec<_>) = waiting.drain(..).map(|job| (job.reply, (job.by, job.id, job.command))).unzip();
        let (answers, aftermath) = batch(&shared, framework, jobs).await;
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever asked may be gone; the command stands all the same.
            let _ = reply.send(answer);
        }
        for after in aftermath {
            let _ = tell.send(after).await;
        }
    }
    drop(tell);
    let _ = telling.await;
}

type Entry = (By, CommandId, Command);

/// Carries out a batch; if the database fails on it, its commands one by one, so that one that cannot pass stops no other.
async fn batch(shared: &Shared, framework: FrameworkId, jobs: Vec<Entry>) -> (Vec<Answer>, Vec<Aftermath>) {
    metrics::histogram!("demarche_batch_commands").record(f64::from(u32::try_from(jobs.len()).unwrap_or(u32::MAX)));
    match transact(shared, framework, &jobs).await {
        Ok((answers, aftermath)) => (answers, vec![aftermath]),
        Err(lost) if lost.unknown => (jobs.iter().map(|_| Err(unknown_outcome())).collect(), vec![]),
        Err(_) if jobs.len() == 1 => (vec![Err(Problem::unavailable())], vec![]),
        Err(_) => {
            let (mut answers, mut aftermaths) = (vec![], vec![]);
            for job in jobs {
                match transact(shared, framework, &[job]).await {
                    Ok((mut answer, aftermath)) => {
                        answers.append(&mut answer);
                        aftermaths.push(aftermath);
                    }
                    Err(lost) => answers.push(Err(if lost.unknown { unknown_outcome() } else { Problem::unavailable() })),
                }
            }
            (answers, aftermaths)
        }
    }
}

fn unknown_outcome() -> Problem {
    Problem::new(Code::UnknownOutcome, "The database went away while this was saved. Send the same again.")
}

/// A batch that did not become durable, as far as anybody knows.
struct Lost {
    unknown: bool,
}

async fn transact(shared: &Shared, framework: FrameworkId, jobs: &[Entry]) -> std::result::Result<(Vec<Answer>, Aftermath), Lost> {
    let log = |error: &crate::store::Error| tracing::error!(%error, %framework, commands = jobs.len(), "a batch could not be saved");
    let run = async {
        let mut tx = shared.store.write().await?;
        let done = fill(shared, framework, &mut tx, jobs).await?;
        Ok((tx, done))
    };
    let (tx, done) = run.await.map_err(|error| {
        log(&error);
        Lost { unknown: false }
    })?;
    if shared.options.mutant == Some(Mutant::AckBeforeCommit) {
        tokio::spawn(commit_late(tx));
        return Ok(done);
    }
    tx.commit().await.map_err(|error| {
        log(&error);
        Lost { unknown: error.is_disconnect() }
    })?;
    Ok(done)
}

/// The mutant's commit: what the answers promised comes true a little later, or never.
async fn commit_late(tx: Tx) {
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let _ = tx.commit().await;
}

/// The mutant that knows a repeat only on the node that carried the command out.
fn forgetful(shared: &Shared) -> Option<Arc<str>> {
    (shared.options.mutant == Some(Mutant::DedupePerNode)).then(|| shared.node.clone())
}

async fn fill(shared: &Shared, framework: FrameworkId, tx: &mut Tx, jobs: &[Entry]) -> Result<(Vec<Answer>, Aftermath)> {
    let Some(mut state) = tx.lock_framework(framework).await? else {
        return Ok((jobs.iter().map(|_| Err(Problem::not_found())).collect(), Aftermath::default()));
    };
    let now = shared.clock.now();
    let mut answers = Vec::with_capacity(jobs.len());
    let mut ledger = Ledger { forgets: forgetful(shared), ..Ledger::new(framework, state.epoch.clone(), now) };
    for (by, id, command) in jobs {
        let body_hash = hex(&Sha256::digest(serde_json::to_vec(command).expect("a command is JSON")));
        if let Some(answer) = ledger.seen(tx, by.account, *id, &body_hash).await? {
            answers.push(answer);
            continue;
        }
        let stands = match &by.session {
            Some(session) => tx.session_stands(session, now).await?,
            None => true,
        };
        let Some((account, actor)) = actor(tx, framework, by.account, now).await?.filter(|_| stands) else {
            answers.push(Err(Problem::unauthenticated()));
            continue;
        };
        if let Err(problem) = shared.budgets.kind(&account, actor.standing || actor.role >= Role::Moderator, command) {
            answers.push(Err(problem));
            continue;
        }
        let mut work = Work::new(tx, &mut state, &account, actor, now, &shared.hands);
        work.unlocked = (shared.options.mutant == Some(Mutant::CheckThenInsert)).then(|| shared.store.clone());
        let result = command::carry_out(&mut work, command.clone()).await;
        let Work { changes, deltas, rights, elsewhere, .. } = work;
        match result {
            Ok(result) => {
                let result = to_raw_value(&result).expect("a result is JSON");
                ledger.after.deltas.extend(deltas);
                ledger.after.hints.extend(rights.into_iter().map(Hint::Rights));
                ledger.tell_elsewhere(tx, account.id, *id, elsewhere).await?;
                answers.push(Ok(ledger.record(tx, account.id, *id, body_hash, changes, result).await?));
            }
            Err(Failure::Problem(problem)) => answers.push(Err(problem)),
            Err(Failure::Store(error)) => return Err(error),
        }
    }
    let after = ledger.write(tx).await?;
    Ok((answers, after))
}

/// An account and what it is in a framework.
pub(super) async fn actor(
    reader: &mut crate::store::Reader,
    framework: FrameworkId,
    account: AccountId,
    now: Millis,
) -> Result<Option<(crate::domain::account::Account, Actor)>> {
    let Some(account) = reader.account(account).await? else { return Ok(None) };
    let membership = reader.membership(framework, account.id).await?;
    let role = match &membership {
        _ if account.admin => Role::Admin,
        Some(membership) if membership.role > Role::Participant => membership.role,
        Some(membership) if membership.joined => Role::Participant,
        _ => Role::Member,
    };
    let camp = membership.filter(|membership| membership.joined).and_then(|membership| membership.camp);
    let sanction = reader.sanction(framework, account.id, now).await?;
    let actor = Actor { account: Some(account.id), role, camp, sanction, standing: account.standing(now) };
    Ok(Some((account, actor)))
}

/// What a batch adds to the streams, kept until all of it is decided.
struct Ledger {
    framework: FrameworkId,
    epoch: String,
    now: Millis,
    heads: BTreeMap<Stream, Head>,
    changes: Vec<Change>,
    salts: Vec<(String, i64, String)>,
    commands: Vec<(AccountId, String, CommandRecord)>,
    after: Aftermath,
    /// See [`forgetful`].
    forgets: Option<Arc<str>>,
}

impl Ledger {
    fn new(framework: FrameworkId, epoch: String, now: Millis) -> Self {
        let (heads, after) = (BTreeMap::new(), Aftermath::default());
        Self { framework, epoch, now, heads, changes: vec![], salts: vec![], commands: vec![], after, forgets: None }
    }

    /// Under which name a command's result is kept.
    fn name(&self, id: CommandId) -> String {
        self.forgets.as_ref().map_or_else(|| id.to_string(), |node| format!("{id}@{node}"))
    }

    /// The answer to a command whose id was used before, in an earlier batch or in this one.
    async fn seen(&self, tx: &mut Tx, account: AccountId, id: CommandId, body_hash: &str) -> Result<Option<Answer>> {
        let id = self.name(id);
        let here = self.commands.iter().find(|(whose, used, _)| *whose == account && *used == id).map(|(_, _, record)| record.clone());
        let record = match here {
            Some(record) => Some(record),
            None => tx.command(account, &id).await?,
        };
        Ok(record.map(|record| {
            if record.body_hash != body_hash {
                return Err(Problem::new(Code::IdReuse, "This command id was used for something else. Make a new one."));
            }
            let CommandRecord { result, epoch, stream, seq, .. } = record;
            let result = RawValue::from_string(result).expect("it was stored as JSON");
            Ok(Ack { stream, epoch, seq, duplicate: true, result })
        }))
    }

    async fn record(
        &mut self,
        tx: &mut Tx,
        account: AccountId,
        id: CommandId,
        body_hash: String,
        changes: Vec<Pending>,
        result: Box<RawValue>,
    ) -> Result<Ack> {
        let mut last = None;
        for change in changes {
            let own = change.stream == Stream::Account(account);
            let (stream, shown) = (change.stream, matches!(change.stream, Stream::Public) || own);
            let seq = self.append(tx, account, id, change).await?;
            if shown {
                last = Some((stream.to_string(), seq));
            }
        }
        let (stream, seq) = last.unzip();
        let epoch = stream.as_ref().map(|_| self.epoch.clone());
        let record = CommandRecord { body_hash, result: result.get().to_owned(), epoch: epoch.clone(), stream: stream.clone(), seq };
        self.commands.push((account, self.name(id), record));
        Ok(Ack { stream, epoch, seq, duplicate: false, result })
    }

    async fn append(&mut self, tx: &mut Tx, account: AccountId, id: CommandId, pending: Pending) -> Result<i64> {
        let Pending { stream, kind, object, version, content } = pending;
        let head = match self.heads.get(&stream) {
            Some(head) => head.clone(),
            None => tx.head(self.framework, &stream.to_string()).await?,
        };
        let salt = id::secret();
        let mut change = Change {
            stream: stream.to_string(),
            seq: head.seq + 1,
            kind,
            object,
            version,
            actor: Some(account.to_string()),
            at: self.now,
            command: id.to_string(),
            digest: hex(&Sha256::new().chain_update(&salt).chain_update(content).finalize()),
            hash: String::new(),
        };
        change.hash = link(&head.hash, self.framework, &change);
        self.salts.push((change.hash.clone(), version, salt));
        self.heads.insert(stream, Head { seq: change.seq, hash: change.hash.clone() });
        let seq = change.seq;
        self.changes.push(change);
        Ok(seq)
    }

    /// Appends to the streams of other frameworks.
    async fn tell_elsewhere(&mut self, tx: &mut Tx, account: AccountId, id: CommandId, told: Vec<(Framework, Vec<Pending>)>) -> Result<()> {
        for (framework, changes) in told {
            let mut ledger = Self::new(framework.id, framework.epoch, self.now);
            for change in changes {
                ledger.append(tx, account, id, change).await?;
            }
            self.after.hints.extend(ledger.write(tx).await?.hints);
        }
        Ok(())
    }

    async fn write(mut self, tx: &mut Tx) -> Result<Aftermath> {
        for (stream, head) in &self.heads {
            tx.put_head(self.framework, &stream.to_string(), head).await?;
            self.after.hints.push(Hint::Stream { framework: self.framework, stream: *stream, epoch: self.epoch.clone(), to: head.seq });
        }
        tx.insert_changes(self.framework, &self.changes).await?;
        tx.insert_salts(&self.salts).await?;
        tx.insert_commands(&self.commands).await?;
        Ok(self.after)
    }
}

/// Appends what an import did to the streams, as a batch would.
pub(super) async fn append_imported(
    tx: &mut Tx,
    framework: FrameworkId,
    epoch: &str,
    account: AccountId,
    id: CommandId,
    changes: Vec<Pending>,
    now: Millis,
) -> Result<()> {
    let mut ledger = Ledger::new(framework, epoch.to_owned(), now);
    let result = RawValue::from_string("{}".into()).expect("an empty object is JSON");
    ledger.record(tx, account, id, String::new(), changes, result).await?;
    ledger.write(tx).await.map(|_| ())
}

/// The next link of a stream's chain: a hash over the one before and every column of the row.
fn link(before: &str, framework: FrameworkId, change: &Change) -> String {
    let Change { stream, seq, kind, object, version, actor, at, command, digest, .. } = change;
    let row = serde_json::json!([before, framework, stream, seq, kind, object, version, actor, at, command, digest]);
    hex(&Sha256::digest(row.to_string()))
}

/// Bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Sends hints and moves tallies, in commit order.
async fn tell_everyone(shared: Shared, mut told: mpsc::Receiver<Aftermath>) {
    let mut moves = Moves::default();
    loop {
        let after = tokio::select! {
            after = told.recv() => after,
            () = moves.due() => {
                moves.settle(&shared).await;
                continue;
            }
        };
        let Some(after) = after else { return };
        for hint in after.hints {
            shared.live.publish(hint).await;
        }
        moves.take(&shared, after.deltas).await;
    }
}
