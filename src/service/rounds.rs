//! Rounds: opening and closing them, by somebody or by the clock, and what came out of each.
use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::time::sleep;

use super::{
    Outcome,
    accounts::Asker,
    command::{Pending, Work},
    content,
    counting::Counting,
    frameworks::{self, Seen},
    ledger,
    node::Node,
    round_table, views,
};
use crate::{
    domain::{
        Millis,
        account::AccountId,
        commitment::{self, Hash},
        framework::{Framework, FrameworkId, Question, QuestionId, QuestionState, Reveal},
        permission::{self, Scope},
        recount::BallotFile,
        round::Refusal,
        stream::{EventKind, Stream},
    },
    live::Hint,
    protocol::{
        problem::{Code, Problem},
        rest::{CommandResult, List, ReceiptView, RoundEntry, RoundView},
    },
    store::{RoundRow, Tx},
};

/// How often the clock is read: a round closes within two seconds of its time.
const EVERY: Duration = Duration::from_secs(1);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Already => Self::new(Code::Conflict, "The round is already in that state: read the question again."),
            Refusal::ClosingTime => Self::field("closes_at", "invalid", "A time ahead, in unix milliseconds, within 366 days."),
        }
    }
}

/// Opens the next round of a closed question.
pub async fn open(work: &mut Work<'_>, id: QuestionId, reveal: Option<Reveal>, closes_at: Option<Millis>) -> Outcome<CommandResult> {
    let question = work.question(id).await?.opened(reveal, closes_at, work.now)?;
    work.tx.set_round(&question).await?;
    Ok(moved(work, &question, content::open_round(&question)))
}

/// Closes the present round.
pub async fn close(work: &mut Work<'_>, id: QuestionId) -> Outcome<CommandResult> {
    let question = work.question(id).await?;
    let counting = work.counting.ok_or_else(Problem::unavailable)?;
    let (question, content) = freeze(work.tx, work.framework, &question, counting, work.now).await?;
    Ok(moved(work, &question, content))
}

/// Sets when the clock closes the present round.
pub async fn set_closing(work: &mut Work<'_>, id: QuestionId, closes_at: Option<Millis>) -> Outcome<CommandResult> {
    let question = work.question(id).await?.closing(closes_at, work.now)?;
    work.tx.set_round(&question).await?;
    Ok(moved(work, &question, content::open_round(&question)))
}

fn moved(work: &mut Work<'_>, question: &Question, content: Value) -> CommandResult {
    work.changes.push(told(question, content));
    work.boards.push(question.id);
    CommandResult { question: Some(views::question(question)), ..CommandResult::default() }
}

/// What the public stream tells of a question whose round moved.
fn told(question: &Question, content: Value) -> Pending {
    let Question { id, round, .. } = question;
    Pending { stream: Stream::Public, kind: EventKind::QuestionChanged, object: id.to_string(), version: i64::from(*round), content }
}

/// Closes a round and keeps what came out of it; the question, and what its change vouches for. The framework's lock is held: no ballot moves between counting and closing.
async fn freeze(tx: &mut Tx, framework: &Framework, question: &Question, counting: &Counting, now: Millis) -> Outcome<(Question, Value)> {
    let closed = question.closed(now)?;
    // Hundreds of thousands of ballots are counted in some seconds.
    tx.take_time().await?;
    let counted = counting.count(tx, framework, question).await?;
    let row = RoundRow {
        question: question.id,
        round: question.round,
        opened_at: question.opened_at,
        closed_at: now,
        ballots: i64::try_from(counted.leaves.len()).unwrap_or(i64::MAX),
        root: counted.file.root,
        frozen: counted.frozen,
    };
    let leaves: String = counted.leaves.iter().map(commitment::hex).collect();
    tx.insert_round(&row, &leaves).await?;
    tx.set_round(&closed).await?;
    Ok((closed, content::closed_round(&row, &leaves)))
}

/// Closes rounds whose time has come until the server stops: every node looks, and the framework's lock lets one of them.
pub async fn run(node: Arc<Node>) {
    loop {
        tokio::select! {
            () = node.stop.cancelled() => return,
            () = sleep(EVERY) => {}
        }
        if let Err(failure) = close_due(&node).await {
            tracing::warn!(problem = %failure.told(), "a round was not closed in time; it is tried again");
        }
    }
}

/// Closes every round whose time has come.
///
/// # Errors
/// When the store fails; what was closed before stays closed.
pub async fn close_due(node: &Node) -> Outcome<()> {
    let due = node.store.read().await?.due_questions(node.now()).await?;
    for (framework, question) in due {
        close_by_clock(node, framework, question).await?;
    }
    Ok(())
}

/// An act of the site itself: it stands in the stream without an actor.
async fn close_by_clock(node: &Node, framework: FrameworkId, id: QuestionId) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    let Some(framework) = tx.lock_framework(framework).await? else { return Ok(()) };
    let now = node.clock.at(tx.time());
    // Another node was faster, or somebody has set another time.
    let Some(question) = tx.question(id).await?.filter(|question| question.due(now)) else { return Ok(()) };
    let (question, content) = freeze(&mut tx, &framework, &question, &node.counting, now).await?;
    let hint = ledger::append_of_site(&mut tx, &framework, now, vec![told(&question, content)]).await?;
    tx.commit().await?;
    tracing::info!(question = %id, round = question.round, "the clock closed a round");
    metrics::counter!("demarche_rounds_closed_by_clock").increment(1);
    node.live.publish(hint);
    node.live.publish(Hint::Tally(id));
    Ok(())
}

fn entry(row: &RoundRow) -> RoundEntry {
    let RoundRow { round, opened_at, closed_at, ballots, ref root, .. } = *row;
    RoundEntry { round, opened_at, closed_at, ballots, root: root.clone() }
}

/// A question of a framework that somebody may read.
async fn seen(node: &Node, account: Option<Asker>, id: QuestionId) -> Outcome<(Seen, Question)> {
    let mut reader = node.store.read().await?;
    let question = reader.question(id).await?.ok_or_else(Problem::not_found)?;
    let framework = reader.framework(question.framework).await?.ok_or_else(Problem::not_found)?;
    Ok((frameworks::see(node, account, framework, reader).await?, question))
}

/// The closed rounds of a question, newest first.
pub async fn list(node: &Node, account: Option<Asker>, id: QuestionId) -> Outcome<List<RoundEntry>> {
    let (mut seen, question) = seen(node, account, id).await?;
    let rounds = seen.reader.rounds(question.id).await?;
    Ok(List { items: rounds.iter().map(entry).collect(), next: None })
}

/// What came out of a round. A card that was taken from view since is without its title; its numbers stay.
pub async fn view(node: &Node, account: Option<Asker>, id: QuestionId, round: u32) -> Outcome<RoundView> {
    let (mut seen, question) = seen(node, account, id).await?;
    let row = seen.reader.round(question.id, round).await?.ok_or_else(Problem::not_found)?;
    let ids: Vec<_> = row.frozen.cards.iter().map(|card| card.id).collect();
    let cards = seen.reader.concessions_of(&ids).await?;
    Ok(views::round(row, &cards, seen.actor.viewer()))
}

/// As [`view`], as CSV: one row per card and camp.
pub async fn table(node: &Node, account: Option<Asker>, id: QuestionId, round: u32) -> Outcome<String> {
    Ok(round_table::table(&view(node, account, id, round).await?))
}

/// The receipt of somebody's ballot: before the close its commitment alone, then its path to the published root.
pub async fn receipt(node: &Node, account: AccountId, id: QuestionId, round: Option<u32>) -> Outcome<ReceiptView> {
    let (mut seen, question) = seen(node, Some(account.into()), id).await?;
    let present = question.round;
    let question = Question { round: round.unwrap_or(present), ..question };
    let ballot = seen.reader.ballot(&question, account).await?;
    if ballot.answers.is_empty() {
        return Err(Problem::not_found().into());
    }
    let leaf = node.counting.ballot(&question, account, &ballot).commitment(question.id, question.round);
    let commitment = commitment::hex(&leaf);
    let open = ReceiptView { question: id, round: question.round, commitment, index: None, size: None, path: vec![], root: None };
    if question.round == present && question.state == QuestionState::Open {
        return Ok(open);
    }
    let leaves = seen.reader.leaves(question.id, question.round).await?.ok_or_else(Problem::not_found)?;
    Ok(proved(open, &leaf, &hashes(&leaves)))
}

/// The receipt with the leaf's path; without one where the leaf is in no tree, which a voter must be able to see.
fn proved(open: ReceiptView, leaf: &Hash, leaves: &[Hash]) -> ReceiptView {
    let root = Some(commitment::hex(&commitment::root(leaves)));
    let found = leaves.iter().position(|other| other == leaf);
    let path = found.and_then(|index| commitment::inclusion(leaves, index)).unwrap_or_default();
    let small = |number: usize| u32::try_from(number).ok();
    ReceiptView { index: found.and_then(small), size: small(leaves.len()), path: path.iter().map(commitment::hex).collect(), root, ..open }
}

/// The hashes of a text of digests in hexadecimal.
fn hashes(text: &str) -> Vec<Hash> {
    let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or_default();
    let bytes: Vec<u8> = text.as_bytes().chunks(2).map(byte).collect();
    bytes.as_chunks().0.to_vec()
}

/// The ballot file of a closed round, for whom the host named.
pub async fn audit(node: &Node, asker: Asker, id: QuestionId, round: u32) -> Outcome<BallotFile> {
    let (mut seen, question) = seen(node, Some(asker), id).await?;
    if asker.scope < Scope::Moderate {
        return Err(permission::Refusal::OutsideScope.into());
    }
    if !seen.reader.audits(seen.framework.id, asker.account).await? {
        return Err(Problem::new(Code::Forbidden, "Ballot files are for the auditors whom the host named.").into());
    }
    let row = seen.reader.round(question.id, round).await?.ok_or_else(Problem::not_found)?;
    let file = node.counting.file(&mut seen.reader, &Question { round, ..question }, row.frozen, row.root).await?;
    // That it was fetched is on record; by whom is between the owner and the auditors.
    tracing::info!(question = %id, round, "an auditor fetched a ballot file");
    metrics::counter!("demarche_ballot_files_fetched").increment(1);
    Ok(file)
}

/// The ballot file of a round, for the operator; of an open round only where that is wanted, with the results as they stand.
pub async fn export(node: &Node, question: Question, round: u32, open: bool) -> Outcome<BallotFile> {
    let mut reader = node.store.read().await?;
    let question = Question { round, ..question };
    if let Some(row) = reader.round(question.id, round).await? {
        return node.counting.file(&mut reader, &question, row.frozen, row.root).await;
    }
    let framework = reader.framework(question.framework).await?.ok_or_else(Problem::not_found)?;
    if !open {
        return Err(
            Problem::new(Code::Conflict, "This round has not been closed: its ballots may still change. --open exports them all the same.").into()
        );
    }
    Ok(node.counting.count(&mut reader, &framework, &question).await?.file)
}

/// Lets somebody fetch the ballot files of a framework, or no longer.
pub async fn appoint_auditor(node: &Node, framework: FrameworkId, account: AccountId, audits: bool) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    tx.set_auditor(framework, account, audits, node.now()).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_read_as_they_were_written() {
        let leaves: Vec<Hash> = vec![[0; 32], [255; 32], core::array::from_fn(|place| u8::try_from(place).unwrap())];
        assert_eq!(hashes(&leaves.iter().map(commitment::hex).collect::<String>()), leaves);
        assert_eq!(hashes(""), Vec::<Hash>::new());
    }
}
