//! One batch inside its transaction: who commands, what was carried out before, what is written.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};

use crate::{
    domain::{
        Millis,
        account::{Account, AccountId},
        framework::{Framework, FrameworkId},
        hex::hex,
        moderation::Object,
        permission::{Actor, Role, Viewer},
    },
    live::Hint,
    protocol::{
        command::{Command, CommandId},
        problem::Problem,
        rest::CommandResult,
    },
    service::{
        Failure,
        acts::moderation::waiting,
        keep::record,
        node::Node,
        sheet::{Sheet, is_hot},
        sight::actor::actor_of,
        way_in::{
            carry_out,
            chain::Heads,
            desk::By,
            errands,
            job::{Act, Errand, Job, SiteAct},
            ledger::{self, Answer, Group, Ledger},
            moves::Moved,
        },
        work::{Pending, Site, Told, Work},
    },
    settings::Mutant,
    store::{CommandRecord, Person, Result, Tx},
};

/// After so long a batch takes on no more of its commands, and is saved: the others wait for the
/// next one.
pub(crate) const WORK: Duration = Duration::from_secs(1);

/// What happens once a batch is durable.
#[derive(Default)]
pub(crate) struct Aftermath {
    pub(crate) hints: Vec<Hint>,
    pub(crate) moved: Moved,
}

/// The mutant that knows a repeat only on the node that carried the command out.
fn forgetful(node: &Node) -> Option<Arc<str>> {
    (node.options.mutant == Some(Mutant::DedupePerNode)).then(|| node.boot.clone())
}

pub(crate) async fn fill(
    node: &Node,
    framework: FrameworkId,
    tx: &mut Tx,
    heads: &mut Heads,
    jobs: &mut [Job],
) -> Result<(Vec<Answer>, Aftermath)> {
    let Some(framework) = tx.lock_framework(framework).await? else {
        return Ok((
            jobs.iter().map(|_| Err(Problem::not_found())).collect(),
            Aftermath::default(),
        ));
    };
    heads.turn(&framework.epoch, tx.beat());
    // With the lock: whatever a node's own clock shows, who comes later is later.
    let now = node.clock.at(tx.time());
    let ledger = Ledger::new(&framework, now, forgetful(node));
    let mut batch = Batch {
        node,
        now,
        ledger,
        framework,
        aftermath: Aftermath::default(),
    };
    let begun = Instant::now();
    let hot = |job: &Job| job.command().is_some_and(is_hot);
    for run in jobs.chunk_by_mut(|one, next| hot(one) && hot(next)) {
        batch.run(tx, run).await?;
        if begun.elapsed() > WORK {
            break;
        }
    }
    let Batch {
        ledger,
        mut aftermath,
        ..
    } = batch;
    let (answers, hint) = ledger.write(tx, heads).await?;
    aftermath.hints.push(hint);
    Ok((answers, aftermath))
}

/// A batch under way.
struct Batch<'a> {
    node: &'a Node,
    now: Millis,
    framework: Framework,
    ledger: Ledger,
    aftermath: Aftermath,
}

impl Batch<'_> {
    /// Does one thing, or what stands together.
    async fn run(&mut self, tx: &mut Tx, run: &mut [Job]) -> Result<()> {
        match run {
            [
                Job {
                    act: Act::Errand(account, errand),
                    id,
                    ..
                },
            ] => self.errand(tx, *account, errand, *id).await,
            [
                Job {
                    act: Act::Site(act),
                    id,
                    ..
                },
            ] => self.site(tx, act, *id).await,
            _ => self.carry_out(tx, run).await,
        }
    }

    /// Carries out one command, or hot ones that stand together.
    async fn carry_out(&mut self, tx: &mut Tx, run: &mut [Job]) -> Result<()> {
        let mut asked: Vec<Asked> = run
            .iter_mut()
            .filter_map(|job| Asked::of(job, &self.ledger))
            .collect();
        let keys: Vec<_> = asked.iter().map(|one| one.key.clone()).collect();
        let known = tx.commands(&keys).await?;
        let wanted: Vec<_> = asked
            .iter()
            .map(|one| (one.by.account, one.by.session.as_deref()))
            .collect();
        let (people, standing) = tx.people(self.framework.id, &wanted, self.now).await?;
        let commands: Vec<_> = asked
            .iter()
            .map(|one| (one.by.account, one.command))
            .collect();
        let mut sheet = Sheet::load(tx, &self.framework, &commands, &people, self.now).await?;
        for one in &mut asked {
            let believed = self.node.options.mutant == Some(Mutant::RightsAtHandshake);
            let stands = believed
                || one
                    .by
                    .session
                    .as_ref()
                    .is_none_or(|session| standing.contains(session));
            match people.get(&one.by.account).filter(|_| stands) {
                Some(person) => {
                    self.one(tx, &mut sheet, one, known.get(&one.key), person)
                        .await?
                }
                None => self.ledger.refuse(Problem::unauthenticated()),
            }
        }
        self.written(tx, &mut sheet).await
    }

    /// Writes what a run changed.
    async fn written(&self, tx: &mut Tx, sheet: &mut Sheet) -> Result<()> {
        sheet.write(tx, self.now).await?;
        for held in sheet.take_held() {
            waiting::refresh(tx, self.framework.id, Object::Comment(held), self.now).await?;
        }
        Ok(())
    }

    async fn one(
        &mut self,
        tx: &mut Tx,
        sheet: &mut Sheet,
        asked: &mut Asked<'_>,
        known: Option<&CommandRecord>,
        person: &Person,
    ) -> Result<()> {
        let (account, actor) = (
            &person.account,
            actor_of(person, self.now, self.node.options.second_factor),
        );
        let body_hash = hex(Sha256::digest(
            serde_json::to_vec(asked.command).expect("a command is JSON"),
        ));
        if self
            .ledger
            .repeat(tx, &asked.key, &body_hash, known, actor.viewer())
            .await?
        {
            return Ok(());
        }
        if !std::mem::replace(asked.charged, true) {
            let standing = actor.standing || actor.role >= Role::Moderator;
            if let Err(problem) = self.node.budgets.kind(account, standing, asked.command) {
                self.ledger.refuse(problem);
                return Ok(());
            }
        }
        let role = actor.role;
        let mut work = self.work(tx, sheet, account, actor);
        let result = carry_out::carry_out(&mut work, asked.command.clone()).await;
        let told = work.told;
        record::noted(
            &self.node.record,
            account.id,
            role,
            asked.command,
            &result,
            self.now,
        );
        match result {
            Ok(result) => {
                let changes = self.follow(tx, told, Some(account.id), asked.id).await?;
                self.ledger
                    .record(asked.key.clone(), asked.id, body_hash, changes, result);
            }
            Err(Failure::Problem(problem)) => self.ledger.refuse(problem),
            Err(Failure::Store(error)) => return Err(error),
        }
        Ok(())
    }

    fn work<'w>(
        &'w mut self,
        tx: &'w mut Tx,
        sheet: &'w mut Sheet,
        account: &'w Account,
        actor: Actor,
    ) -> Work<'w> {
        let (now, host) = (self.now, &self.node.host);
        Work {
            tx,
            sheet,
            framework: &mut self.framework,
            account,
            actor,
            now,
            host,
            told: Told::default(),
        }
    }

    /// Does what the program does in an account's name.
    async fn errand(
        &mut self,
        tx: &mut Tx,
        account: AccountId,
        errand: &Errand,
        id: CommandId,
    ) -> Result<()> {
        let key = (account, self.ledger.name(id));
        let known = tx.commands(std::slice::from_ref(&key)).await?;
        if self
            .ledger
            .repeat(tx, &key, "", known.get(&key), Viewer::PUBLIC)
            .await?
        {
            return Ok(());
        }
        let people = tx
            .people(self.framework.id, &[(account, None)], self.now)
            .await?
            .0;
        let Some(person) = people.get(&account) else {
            self.ledger.refuse(Problem::unauthenticated());
            return Ok(());
        };
        let mut sheet = Sheet::default();
        let actor = actor_of(person, self.now, self.node.options.second_factor);
        let mut work = self.work(tx, &mut sheet, &person.account, actor);
        let done = errands::run(&mut work, errand).await;
        let told = work.told;
        match done {
            Ok(()) => {
                let changes = self.follow(tx, told, Some(account), id).await?;
                self.ledger
                    .record(key, id, String::new(), changes, CommandResult::default());
                self.written(tx, &mut sheet).await?;
            }
            Err(Failure::Problem(problem)) => self.ledger.refuse(problem),
            Err(Failure::Store(error)) => return Err(error),
        }
        Ok(())
    }

    /// Does what the site does without an account.
    async fn site(&mut self, tx: &mut Tx, act: &SiteAct, id: CommandId) -> Result<()> {
        let (now, host) = (self.now, &self.node.host);
        let mut site = Site {
            tx,
            framework: &mut self.framework,
            now,
            host,
            told: Told::default(),
        };
        let done = errands::of_site(&mut site, act.clone()).await;
        let told = site.told;
        match done {
            Ok(()) => {
                let changes = self.follow(tx, told, None, id).await?;
                self.ledger.tell(id, changes);
            }
            Err(Failure::Problem(problem)) => self.ledger.refuse(problem),
            Err(Failure::Store(error)) => return Err(error),
        }
        Ok(())
    }

    /// Takes on what follows from something that was done; the changes to be told in this
    /// framework.
    async fn follow(
        &mut self,
        tx: &mut Tx,
        told: Told,
        account: Option<AccountId>,
        command: CommandId,
    ) -> Result<Vec<Pending>> {
        let Told {
            changes,
            elsewhere,
            deltas,
            recounts,
            boards,
            rights,
            readers_changed,
        } = told;
        let Aftermath { hints, moved } = &mut self.aftermath;
        moved.deltas.extend(deltas);
        moved.recounts.extend(recounts);
        for account in rights {
            tx.note_account_rights(account, self.now).await?;
            hints.push(Hint::Rights(account));
        }
        if readers_changed {
            tx.note_reader_rights(self.framework.id, self.now).await?;
            hints.push(Hint::Readers(self.framework.id));
        }
        hints.extend(boards.into_iter().map(Hint::Tally));
        for (framework, changes) in elsewhere {
            let group = Group {
                account,
                command,
                changes,
            };
            hints.push(ledger::append_elsewhere(tx, &framework, self.now, group).await?);
        }
        Ok(changes)
    }
}

/// A command of a run.
struct Asked<'a> {
    by: &'a By,
    command: &'a Command,
    id: CommandId,
    /// Whose, and under which name its record is kept.
    key: (AccountId, String),
    charged: &'a mut bool,
}

impl<'a> Asked<'a> {
    fn of(job: &'a mut Job, ledger: &Ledger) -> Option<Self> {
        let Job {
            act: Act::Command(by, command),
            id,
            charged,
            ..
        } = job
        else {
            return None;
        };
        Some(Self {
            key: (by.account, ledger.name(*id)),
            by,
            command,
            id: *id,
            charged,
        })
    }
}
