//! Group commit: one task per framework takes what is waiting, never lingers, and makes it durable in one transaction.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{
    Failure,
    command::{self, Pending, Work},
    desk::{By, Line},
    ledger::{self, Answer, Heads, Ledger, Told, hex},
    moderation::queue,
    moves::{self, Moved},
    node::Node,
    rights, security,
    sheet::{Sheet, is_hot},
};
use crate::{
    domain::{
        Millis,
        account::{Account, AccountId},
        framework::{Framework, FrameworkId},
        moderation::{Kind, Object},
        permission::{Actor, Role, Scope},
        tally::Delta,
    },
    live::{Hint, RoundKey},
    protocol::{
        command::{Command, CommandId},
        problem::{Code, Problem},
        rest::CommandResult,
    },
    settings::Mutant,
    store::{CommandRecord, Person, Reader, Result, Tx},
};

/// The most commands in one transaction.
const BATCH: usize = 256;
/// How long a batch may take before its commit on PostgreSQL, the wait for a connection and for the lock too. With the commit,
/// and with what rests on connections that broke, everybody is answered within ten seconds.
const FILL: Duration = Duration::from_secs(6);
/// The same where a command takes its time, and on SQLite.
const LONG: Duration = Duration::from_secs(20);
/// After so long a batch takes on no more of its commands, and is saved: the others wait for the next one.
const WORK: Duration = Duration::from_secs(1);
/// How many batches may wait to be told to the live state; what comes then is dropped, and found behind its ballots.
const UNTOLD: usize = 256;

/// A command that waits.
pub(super) struct Job {
    pub by: By,
    pub id: CommandId,
    pub command: Command,
    /// Whether the budget of its kind was charged: once, also where it has to be run again.
    pub charged: bool,
    pub reply: oneshot::Sender<Answer>,
}

/// What happens once a batch is durable.
#[derive(Default)]
struct Aftermath {
    hints: Vec<Hint>,
    moved: Moved,
}

/// Serves one framework until the desk closes and nothing waits any more.
pub(super) async fn run(node: Arc<Node>, framework: FrameworkId, mut line: Line) {
    // Moving the tallies is a task of its own: no write waits for the live state.
    let (tell, told) = mpsc::channel(UNTOLD);
    let telling = tokio::spawn(moves::run(node.clone(), told));
    let mut heads = Heads::default();
    let mut jobs = Vec::with_capacity(BATCH);
    while line.take(&mut jobs, BATCH).await {
        metrics::histogram!("demarche_batch_commands").record(f64::from(u32::try_from(jobs.len()).unwrap_or(u32::MAX)));
        node.busy.begin(framework);
        let begun = Instant::now();
        let Done { answers, aftermath, away } = batch(&node, framework, &mut heads, &mut jobs).await;
        node.busy.end(framework);
        if aftermath.iter().any(|after| after.hints.iter().any(Hint::tells_everyone)) {
            node.shelf.turn();
        }
        let rest = jobs.split_off(answers.len());
        for (job, answer) in jobs.drain(..).zip(answers) {
            // Whoever asked may be gone; the command stands all the same.
            let _ = job.reply.send(answer);
        }
        line.give_back(rest);
        if away && begun.elapsed() > WORK {
            // Who came meanwhile has waited as long, and would wait as long again.
            for job in line.drain() {
                let _ = job.reply.send(Err(Problem::unavailable()));
            }
        }
        for Aftermath { hints, moved } in aftermath {
            for hint in hints {
                node.live.publish(hint);
            }
            if !moved.is_empty() && tell.try_send(moved).is_err() {
                metrics::counter!("demarche_untold_batches").increment(1);
            }
        }
    }
    drop(tell);
    let _ = telling.await;
}

/// What became of the first commands of a batch; the others are still to be carried out.
struct Done {
    answers: Vec<Answer>,
    aftermath: Vec<Aftermath>,
    /// The database is away, or somebody holds what all of them need.
    away: bool,
}

/// Carries out a batch; if the database fails on it, its commands one by one, so that one that cannot pass stops no other. Where
/// the database is away, none of them would pass, and each would wait for it.
async fn batch(node: &Arc<Node>, framework: FrameworkId, heads: &mut Heads, jobs: &mut [Job]) -> Done {
    let refused = |lost: &Lost| Err(if lost.unknown { unknown_outcome() } else { Problem::unavailable() });
    match transact(node, framework, heads, jobs).await {
        Ok((answers, aftermath)) => Done { answers, aftermath: vec![aftermath], away: false },
        Err(lost) if lost.unknown || lost.away || jobs.len() == 1 => {
            Done { answers: jobs.iter().map(|_| refused(&lost)).collect(), aftermath: vec![], away: lost.away }
        }
        Err(_) => {
            let (begun, mut done) = (Instant::now(), Done { answers: vec![], aftermath: vec![], away: false });
            for job in jobs.chunks_mut(1) {
                match transact(node, framework, heads, job).await {
                    Ok((mut answer, aftermath)) => {
                        done.answers.append(&mut answer);
                        done.aftermath.push(aftermath);
                    }
                    Err(lost) => {
                        done.answers.push(refused(&lost));
                        done.away = lost.away;
                    }
                }
                // Who waits behind them may have come first; and what is away stays away.
                if done.away || begun.elapsed() > WORK {
                    break;
                }
            }
            if done.away {
                done.answers.resize_with(jobs.len(), || Err(Problem::unavailable()));
            }
            done
        }
    }
}

fn unknown_outcome() -> Problem {
    Problem::new(Code::UnknownOutcome, "The database went away while this was saved. Send the same again.")
}

/// A batch that did not become durable, as far as anybody knows.
struct Lost {
    unknown: bool,
    away: bool,
}

async fn transact(
    node: &Arc<Node>,
    framework: FrameworkId,
    heads: &mut Heads,
    jobs: &mut [Job],
) -> std::result::Result<(Vec<Answer>, Aftermath), Lost> {
    // They are back once what follows them is durable.
    let (commands, mut moved) = (jobs.len(), std::mem::take(heads));
    let log = |error: &crate::store::Error| tracing::error!(%error, %framework, commands, "a batch could not be saved");
    let run = async {
        let mut tx = node.store.write_within(FILL).await?;
        let done = fill(node, framework, &mut tx, &mut moved, jobs).await?;
        Ok((tx, done))
    };
    let filled = timeout(LONG, run).await.map_err(|_| {
        tracing::error!(%framework, commands, "a batch took too long and was undone");
        Lost { unknown: false, away: false }
    })?;
    let (tx, done) = filled.map_err(|error| {
        log(&error);
        Lost { unknown: false, away: error.is_away() }
    })?;
    if node.options.mutant == Some(Mutant::AckBeforeCommit) {
        tokio::spawn(commit_late(tx));
        return Ok(done);
    }
    tx.commit().await.map_err(|error| {
        log(&error);
        Lost { unknown: error.is_disconnect(), away: error.is_away() }
    })?;
    *heads = moved;
    Ok(done)
}

/// The mutant's commit: what the answers promised comes true a little later, or never.
async fn commit_late(tx: Tx) {
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let _ = tx.commit().await;
}

/// The mutant that knows a repeat only on the node that carried the command out.
fn forgetful(node: &Arc<Node>) -> Option<Arc<str>> {
    (node.options.mutant == Some(Mutant::DedupePerNode)).then(|| node.boot.clone())
}

async fn fill(node: &Arc<Node>, framework: FrameworkId, tx: &mut Tx, heads: &mut Heads, jobs: &mut [Job]) -> Result<(Vec<Answer>, Aftermath)> {
    let Some(framework) = tx.lock_framework(framework).await? else {
        return Ok((jobs.iter().map(|_| Err(Problem::not_found())).collect(), Aftermath::default()));
    };
    heads.turn(&framework.epoch, tx.beat());
    // With the lock: whatever a node's own clock shows, who comes later is later.
    let now = node.clock.at(tx.time());
    let mut batch =
        Batch { node, now, ledger: Ledger::new(&framework, now, forgetful(node)), framework, deltas: vec![], recounts: vec![], hints: vec![] };
    let begun = Instant::now();
    for run in jobs.chunk_by_mut(|one, next| is_hot(&one.command) && is_hot(&next.command)) {
        batch.carry_out(tx, run).await?;
        if begun.elapsed() > WORK {
            break;
        }
    }
    let Batch { ledger, deltas, recounts, mut hints, .. } = batch;
    let (answers, hint) = ledger.write(tx, heads).await?;
    hints.push(hint);
    Ok((answers, Aftermath { hints, moved: Moved { deltas, recounts } }))
}

/// A batch under way.
struct Batch<'a> {
    node: &'a Node,
    now: Millis,
    framework: Framework,
    ledger: Ledger,
    deltas: Vec<Delta>,
    recounts: Vec<RoundKey>,
    hints: Vec<Hint>,
}

impl Batch<'_> {
    /// Carries out one command, or hot ones that stand together.
    async fn carry_out(&mut self, tx: &mut Tx, run: &mut [Job]) -> Result<()> {
        let keys: Vec<_> = run.iter().map(|job| (job.by.account, self.ledger.name(job.id))).collect();
        let known = tx.commands(&keys).await?;
        let wanted: Vec<_> = run.iter().map(|job| (job.by.account, job.by.session.as_deref())).collect();
        let (people, standing) = tx.people(self.framework.id, &wanted, self.now).await?;
        let commands: Vec<_> = run.iter().map(|job| (job.by.account, &job.command)).collect();
        let mut sheet = Sheet::load(tx, &self.framework, &commands, &people, self.now).await?;
        for (job, key) in run.iter_mut().zip(keys) {
            let believed = self.node.options.mutant == Some(Mutant::RightsAtHandshake);
            let stands = believed || job.by.session.as_ref().is_none_or(|session| standing.contains(session));
            match people.get(&job.by.account).filter(|_| stands) {
                Some(person) => self.one(tx, &mut sheet, job, key, known.get(&(job.by.account, self.ledger.name(job.id))), person).await?,
                None => self.ledger.refuse(Problem::unauthenticated()),
            }
        }
        sheet.write(tx, self.now).await?;
        for held in sheet.take_held() {
            let object = Object { kind: Kind::Comment, id: held.cast() };
            queue::refresh(tx, self.framework.id, object, self.now).await?;
        }
        Ok(())
    }

    async fn one(
        &mut self,
        tx: &mut Tx,
        sheet: &mut Sheet,
        job: &mut Job,
        key: (AccountId, String),
        known: Option<&CommandRecord>,
        person: &Person,
    ) -> Result<()> {
        let (account, actor) = (&person.account, actor_of(person, self.now, self.node.options.second_factor));
        let body_hash = hex(&Sha256::digest(serde_json::to_vec(&job.command).expect("a command is JSON")));
        if self.ledger.repeat(tx, &key, &body_hash, known, actor.viewer()).await? {
            return Ok(());
        }
        if !std::mem::replace(&mut job.charged, true) {
            let standing = actor.standing || actor.role >= Role::Moderator;
            if let Err(problem) = self.node.budgets.kind(account, standing, &job.command) {
                self.ledger.refuse(problem);
                return Ok(());
            }
        }
        let role = actor.role;
        let mut work = Work::begin(tx, sheet, &mut self.framework, account, actor, self.now, &self.node.dealer);
        work.unlocked = (self.node.options.mutant == Some(Mutant::CheckThenInsert)).then(|| self.node.store.clone());
        work.counting = Some(&self.node.counting);
        work.second_factor = self.node.options.second_factor;
        let result = command::carry_out(&mut work, job.command.clone()).await;
        let Work { changes, deltas, recounts, rights, readers_changed, boards, elsewhere, .. } = work;
        security::noted(&self.node.record, account.id, role, &job.command, &result, self.now);
        match result {
            Ok(result) => {
                self.deltas.extend(deltas);
                self.recounts.extend(recounts);
                for account in rights {
                    rights::note(tx, account, self.now).await?;
                    self.hints.push(Hint::Rights(account));
                }
                if readers_changed {
                    rights::note_readers(tx, self.framework.id, self.now).await?;
                    self.hints.push(Hint::Readers(self.framework.id));
                }
                self.hints.extend(boards.into_iter().map(Hint::Tally));
                for (framework, changes) in elsewhere {
                    self.hints.push(
                        ledger::append_elsewhere(tx, &framework, self.now, Told { account: Some(account.id), command: job.id, changes }).await?,
                    );
                }
                self.ledger.record(key, job.id, body_hash, changes, result);
            }
            Err(Failure::Problem(problem)) => self.ledger.refuse(problem),
            Err(Failure::Store(error)) => return Err(error),
        }
        Ok(())
    }
}

/// What somebody is in a framework. Where a second factor is `required`, a role of moderator and above waits until there is one.
fn actor_of(person: &Person, now: Millis, required: bool) -> Actor {
    let Person { account, membership, sanction, second_factor } = person;
    let given = match membership {
        _ if account.admin => Some(Role::Admin),
        Some(membership) => Some(membership.role).filter(|role| *role > Role::Participant),
        None => None,
    };
    let joined = membership.as_ref().is_some_and(|membership| membership.joined);
    let plain = if joined { Role::Participant } else { Role::Member };
    let waiting = given.filter(|_| required && !second_factor);
    let role = given.filter(|_| waiting.is_none()).unwrap_or(plain);
    let camp = membership.as_ref().filter(|membership| membership.joined).and_then(|membership| membership.camp.clone());
    let remit = membership.as_ref().filter(|_| role == Role::Moderator).map(|membership| membership.remit.clone()).unwrap_or_default();
    let alias = membership.as_ref().and_then(|membership| membership.alias);
    let scope = Scope::Moderate;
    Actor { account: Some(account.id), role, camp, sanction: *sanction, standing: account.standing(now), remit, alias, waiting, scope }
}

/// An account and what it is in a framework.
pub(super) async fn actor(
    reader: &mut Reader,
    framework: FrameworkId,
    account: AccountId,
    now: Millis,
    required: bool,
) -> Result<Option<(Account, Actor)>> {
    let person = reader.people(framework, &[(account, None)], now).await?.0.remove(&account);
    Ok(person.map(|person| (person.account.clone(), actor_of(&person, now, required))))
}

/// Appends what an import did to the streams, as a batch would.
pub(super) async fn append_imported(
    tx: &mut Tx,
    framework: &Framework,
    account: AccountId,
    id: CommandId,
    changes: Vec<Pending>,
    now: Millis,
) -> Result<()> {
    let mut ledger = Ledger::new(framework, now, None);
    ledger.record((account, id.to_string()), id, String::new(), changes, CommandResult::default());
    ledger.write(tx, &mut Heads::default()).await.map(|_| ())
}
