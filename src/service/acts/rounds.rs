//! Opening and closing rounds, and when the clock closes them.
use serde_json::Value;

use crate::{
    domain::{
        Millis, commitment,
        framework::{Framework, Question, QuestionId, Reveal},
        round::Refusal,
        stream::{EventKind, Stream},
    },
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome, content,
        keep::counting::Counting,
        sight::views,
        work::{Pending, Site, Work},
    },
    store::{RoundRow, Tx},
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Already => Self::new(
                Code::Conflict,
                "The round is already in that state: read the question again.",
            ),
            Refusal::ClosingTime => Self::field(
                "closes_at",
                "invalid",
                "A time ahead, in unix milliseconds, within 366 days.",
            ),
        }
    }
}

/// Opens the next round of a closed question.
pub async fn open(
    work: &mut Work<'_>,
    id: QuestionId,
    reveal: Option<Reveal>,
    closes_at: Option<Millis>,
) -> Outcome<CommandResult> {
    let question = work
        .question(id)
        .await?
        .opened(reveal, closes_at, work.now)?;
    work.tx.set_round(&question).await?;
    Ok(moved(work, &question, content::open_round(&question)))
}

/// Closes the present round.
pub async fn close(work: &mut Work<'_>, id: QuestionId) -> Outcome<CommandResult> {
    let question = work.question(id).await?;
    let (question, content) = freeze(
        work.tx,
        work.framework,
        &question,
        &work.host.counting,
        work.now,
    )
    .await?;
    Ok(moved(work, &question, content))
}

/// Sets when the clock closes the present round.
pub async fn set_closing(
    work: &mut Work<'_>,
    id: QuestionId,
    closes_at: Option<Millis>,
) -> Outcome<CommandResult> {
    let question = work.question(id).await?.closing(closes_at, work.now)?;
    work.tx.set_round(&question).await?;
    Ok(moved(work, &question, content::open_round(&question)))
}

fn moved(work: &mut Work<'_>, question: &Question, content: Value) -> CommandResult {
    work.told.changes.push(told(question, content));
    work.told.boards.push(question.id);
    CommandResult {
        question: Some(views::question(question)),
        ..CommandResult::default()
    }
}

/// What the public stream tells of a question whose round moved.
fn told(question: &Question, content: Value) -> Pending {
    let Question { id, round, .. } = question;
    Pending {
        stream: Stream::Public,
        kind: EventKind::QuestionChanged,
        object: id.to_string(),
        version: i64::from(*round),
        content,
    }
}

/// Closes a round whose time has come: an act of the site, which stands in the stream without an
/// actor.
pub async fn close_due(site: &mut Site<'_>, id: QuestionId) -> Outcome<()> {
    // Another node was faster, or somebody has set another time.
    let Some(question) = site
        .tx
        .question(id)
        .await?
        .filter(|question| question.due(site.now))
    else {
        return Ok(());
    };
    let (question, content) = freeze(
        site.tx,
        site.framework,
        &question,
        &site.host.counting,
        site.now,
    )
    .await?;
    site.told.changes.push(told(&question, content));
    site.told.boards.push(question.id);
    Ok(())
}

/// Closes a round and keeps what came out of it; the question, and what its change vouches for. The
/// framework's lock is held: no ballot moves between counting and closing.
async fn freeze(
    tx: &mut Tx,
    framework: &Framework,
    question: &Question,
    counting: &Counting,
    now: Millis,
) -> Outcome<(Question, Value)> {
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
