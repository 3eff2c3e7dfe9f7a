//! Uniting a card with another that says the same: its answers, orders and deals go to the one that
//! stays.
use crate::{
    domain::{
        concession::{Concession, ConcessionId, ConcessionState},
        similar::{ALIKE, Words},
        stream::EventKind,
        translation::{Translation, TranslationState},
    },
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::cards,
        sight::{question, views},
        work::{Work, already},
    },
    store::Decision,
};

/// Unites one's own card with another: the author's consent. Only cards of like words: or answers
/// given to one could be carried over to something else. A moderator may unite any two.
pub async fn merge(
    work: &mut Work<'_>,
    from: ConcessionId,
    into: ConcessionId,
) -> Outcome<CommandResult> {
    let card = cards::own(work, from).await?;
    let into = partner(work, &card, into).await?;
    if alike(&card, &into) < ALIKE {
        return Err(Problem::field(
            "into",
            "not_alike",
            "These proposals are worded too differently. Ask a moderator to merge them.",
        )
        .into());
    }
    let card = unite(work, card, into).await?;
    Ok(CommandResult {
        concession: Some(views::concession(card, work.actor.viewer())),
        ..CommandResult::default()
    })
}

/// Unites a card with another as a moderator decided.
pub async fn decided(
    work: &mut Work<'_>,
    card: Concession,
    into: ConcessionId,
    decision: &str,
) -> Outcome<()> {
    if !judged(card.state) {
        return Err(already().into());
    }
    let into = partner(work, &card, into).await?;
    let question = work.question(card.question).await?;
    work.tx.take_time().await?;
    work.tx
        .keep_ballots(decision, &question, card.id, into.id)
        .await?;
    unite(work, card, into).await?;
    Ok(work.tx.keep_orders_after(decision).await?)
}

/// Parts two cards that a decision united: whoever has not answered since has their answers and
/// order as they were. What was said since stands.
pub async fn part(
    work: &mut Work<'_>,
    card: Concession,
    decision: &Decision,
    state: ConcessionState,
) -> Outcome<()> {
    let gone = || {
        Problem::new(
            Code::Conflict,
            "The proposal, or the round it was answered in, is no longer there.",
        )
    };
    let (id, merged) = (card.id, card.state == ConcessionState::Merged);
    let card = Some(card).filter(|_| merged).ok_or_else(gone)?;
    let into = decision.target.ok_or_else(gone)?;
    let question = work.question(card.question).await?;
    question::ensure_open(&question)?;
    work.tx.take_time().await?;
    let people = work
        .tx
        .restore_ballots(&decision.id, &question, id, into)
        .await?;
    if people > 0 {
        work.tx
            .set_ballot_seq(question.id, question.ballot_seq + people)
            .await?;
        work.told.recounts.push((question.id, question.round));
    }
    work.tx.clear_merged(id).await?;
    cards::set_state(
        work,
        Concession {
            merged_into: None,
            ..card
        },
        state,
    )
    .await?;
    if let Some(into) = work.tx.concession(into).await? {
        cards::tell(work, EventKind::ConcessionChanged, &into);
    }
    Ok(())
}

/// How alike two cards are, in whichever language they are most alike. Translations that nobody
/// reviewed do not speak for a card here: its author may have written them.
fn alike(a: &Concession, b: &Concession) -> f64 {
    let reviewed = |one: &Translation| one.state == TranslationState::Reviewed;
    let (a, b) = (Words::of_card(a, reviewed), Words::of_card(b, reviewed));
    a.iter()
        .flat_map(|a| b.iter().map(|b| a.alike(b)))
        .fold(0.0, f64::max)
}

const fn judged(state: ConcessionState) -> bool {
    matches!(
        state,
        ConcessionState::Ranked | ConcessionState::Provisional
    )
}

/// The card to unite with: another one of the same question that can be judged.
async fn partner(
    work: &mut Work<'_>,
    card: &Concession,
    into: ConcessionId,
) -> Outcome<Concession> {
    let found = work.tx.concession(into).await?;
    let fits = |other: &Concession| {
        other.question == card.question && other.id != card.id && judged(other.state)
    };
    Ok(found.filter(fits).ok_or_else(|| {
        Problem::field(
            "into",
            "invalid",
            "Another proposal of the same question that is shown and judged.",
        )
    })?)
}

async fn unite(work: &mut Work<'_>, card: Concession, into: Concession) -> Outcome<Concession> {
    let question = work.question(card.question).await?;
    question::ensure_open(&question)?;
    // A statement goes over all ballots of the round.
    work.tx.take_time().await?;
    let people = work.tx.unite_ballots(&question, card.id, &into).await?;
    if people > 0 {
        // One ballot change each, written at once; the tally is counted anew rather than moved by
        // as many differences.
        work.tx
            .set_ballot_seq(question.id, question.ballot_seq + people)
            .await?;
        work.told.recounts.push((question.id, question.round));
    }
    work.tx.set_merged(card.id, into.id).await?;
    let card = Concession {
        state: ConcessionState::Merged,
        merged_into: Some(into.id),
        ..card
    };
    cards::tell(work, EventKind::ConcessionChanged, &card);
    cards::tell(work, EventKind::ConcessionChanged, &into);
    Ok(card)
}
