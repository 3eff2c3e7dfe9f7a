//! One batch inside its transaction: who commands, what was carried out before, what is written.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};

use crate::{
    domain::{
        Millis,
        account::AccountId,
        framework::{Framework, FrameworkId},
        hex::hex,
        moderation::{Kind, Object},
        permission::Role,
        tally::Delta,
    },
    live::{Hint, RoundKey},
    protocol::problem::Problem,
    service::{
        Failure,
        acts::moderation::waiting,
        keep::record,
        node::Node,
        rights,
        sheet::{Sheet, is_hot},
        sight::actor::actor_of,
        way_in::{
            carry_out,
            chain::Heads,
            job::Job,
            ledger::{self, Answer, Ledger, Told},
            moves::Moved,
        },
        work::Work,
    },
    settings::Mutant,
    store::{CommandRecord, Person, Result, Tx},
};

/// After so long a batch takes on no more of its commands, and is saved: the others wait for the next one.
pub(crate) const WORK: Duration = Duration::from_secs(1);

/// What happens once a batch is durable.
#[derive(Default)]
pub(crate) struct Aftermath {
    pub(crate) hints: Vec<Hint>,
    pub(crate) moved: Moved,
}

/// The mutant that knows a repeat only on the node that carried the command out.
fn forgetful(node: &Arc<Node>) -> Option<Arc<str>> {
    (node.options.mutant == Some(Mutant::DedupePerNode)).then(|| node.boot.clone())
}

pub(crate) async fn fill(
    node: &Arc<Node>,
    framework: FrameworkId,
    tx: &mut Tx,
    heads: &mut Heads,
    jobs: &mut [Job],
) -> Result<(Vec<Answer>, Aftermath)> {
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
            waiting::refresh(tx, self.framework.id, object, self.now).await?;
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
        let result = carry_out::carry_out(&mut work, job.command.clone()).await;
        let Work { changes, deltas, recounts, rights, readers_changed, boards, elsewhere, .. } = work;
        record::noted(&self.node.record, account.id, role, &job.command, &result, self.now);
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
