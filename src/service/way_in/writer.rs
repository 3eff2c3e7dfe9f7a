//! Group commit: one task per framework takes what is waiting, never lingers, and makes it durable
//! in one transaction.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, time::timeout};

use crate::{
    domain::framework::FrameworkId,
    live::Hint,
    protocol::problem::{Code, Problem},
    service::{
        node::Node,
        way_in::{
            batch::{Aftermath, WORK, fill},
            chain::Heads,
            job::Job,
            ledger::Answer,
            line::Line,
            moves,
        },
    },
    settings::Mutant,
    store::Tx,
};

/// The most commands in one transaction.
const BATCH: usize = 256;
/// How long a batch may take before its commit on PostgreSQL, the wait for a connection and for the
/// lock too. With the commit, and with what rests on connections that broke, everybody is answered
/// within ten seconds.
const FILL: Duration = Duration::from_secs(6);
/// The same where a command takes its time, and on SQLite.
const LONG: Duration = Duration::from_secs(20);
/// How many batches may wait to be told to the live state; what comes then is dropped, and found
/// behind its ballots.
const UNTOLD: usize = 256;

/// Serves one framework until the desk closes and nothing waits any more.
pub(crate) async fn run(node: Arc<Node>, framework: FrameworkId, mut line: Line<Job>) {
    // Moving the tallies is a task of its own: no write waits for the live state.
    let (tell, told) = mpsc::channel(UNTOLD);
    let telling = tokio::spawn(moves::run(node.clone(), told));
    let mut heads = Heads::default();
    let mut jobs = Vec::with_capacity(BATCH);
    while line.take(&mut jobs, BATCH).await {
        metrics::histogram!("demarche_batch_commands")
            .record(f64::from(u32::try_from(jobs.len()).unwrap_or(u32::MAX)));
        node.busy.begin(framework);
        let begun = Instant::now();
        let Done {
            answers,
            aftermath,
            away,
        } = batch(&node, framework, &mut heads, &mut jobs).await;
        node.busy.end(framework);
        if aftermath
            .iter()
            .any(|after| after.hints.iter().any(Hint::tells_everyone))
        {
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

/// Carries out a batch; if the database fails on it, its commands one by one, so that one that
/// cannot pass stops no other. Where the database is away, none of them would pass, and each would
/// wait for it.
async fn batch(node: &Node, framework: FrameworkId, heads: &mut Heads, jobs: &mut [Job]) -> Done {
    let refused = |lost: &Lost| {
        Err(if lost.unknown {
            unknown_outcome()
        } else {
            Problem::unavailable()
        })
    };
    match transact(node, framework, heads, jobs).await {
        Ok((answers, aftermath)) => Done {
            answers,
            aftermath: vec![aftermath],
            away: false,
        },
        Err(lost) if lost.unknown || lost.away || jobs.len() == 1 => Done {
            answers: jobs.iter().map(|_| refused(&lost)).collect(),
            aftermath: vec![],
            away: lost.away,
        },
        Err(_) => {
            let (begun, mut done) = (
                Instant::now(),
                Done {
                    answers: vec![],
                    aftermath: vec![],
                    away: false,
                },
            );
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
                done.answers
                    .resize_with(jobs.len(), || Err(Problem::unavailable()));
            }
            done
        }
    }
}

fn unknown_outcome() -> Problem {
    Problem::new(
        Code::UnknownOutcome,
        "The database went away while this was saved. Send the same again.",
    )
}

/// A batch that did not become durable, as far as anybody knows.
struct Lost {
    unknown: bool,
    away: bool,
}

async fn transact(
    node: &Node,
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
        Lost {
            unknown: false,
            away: false,
        }
    })?;
    let (tx, done) = filled.map_err(|error| {
        log(&error);
        Lost {
            unknown: false,
            away: error.is_away(),
        }
    })?;
    if node.options.mutant == Some(Mutant::AckBeforeCommit) {
        tokio::spawn(commit_late(tx));
        return Ok(done);
    }
    tx.commit().await.map_err(|error| {
        log(&error);
        Lost {
            unknown: error.is_disconnect(),
            away: error.is_away(),
        }
    })?;
    *heads = moved;
    Ok(done)
}

/// The mutant's commit: what the answers promised comes true a little later, or never.
async fn commit_late(tx: Tx) {
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let _ = tx.commit().await;
}
