//! Closing a card that says the same as another. Its answers stay with it: nothing that was said of
//! one text counts for another.
use crate::{
    domain::{
        concession::{Concession, ConcessionId, ConcessionState},
        similar::{ALIKE, Words},
        stream::EventKind,
        translation::Translation,
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

/// Closes one's own card as one that says the same as another. Only cards of like words: readers are
/// led from one to the other. A moderator may do it to any two.
pub async fn merge(
    work: &mut Work<'_>,
    from: ConcessionId,
    into: ConcessionId,
) -> Outcome<CommandResult> {
    let card = cards::own(work, from).await?;
    cards::ensure_own_still(work, &card).await?;
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

/// Closes a card as one that says the same as another, as a moderator decided.
pub async fn decided(work: &mut Work<'_>, card: Concession, into: ConcessionId) -> Outcome<()> {
    if !judged(card.state) {
        return Err(already().into());
    }
    let into = partner(work, &card, into).await?;
    unite(work, card, into).await?;
    Ok(())
}

/// Opens a card again that a decision closed as one that says the same as another.
pub async fn part(
    work: &mut Work<'_>,
    card: Concession,
    decision: &Decision,
    state: ConcessionState,
) -> Outcome<()> {
    let gone = || {
        Problem::new(
            Code::Conflict,
            "The two proposals are no longer there as they were merged.",
        )
    };
    let (id, merged) = (card.id, card.state == ConcessionState::Merged);
    let card = Some(card).filter(|_| merged).ok_or_else(gone)?;
    let into = decision.target.ok_or_else(gone)?;
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
    let (a, b) = (
        Words::of_card(a, Translation::stands),
        Words::of_card(b, Translation::stands),
    );
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
    question::ensure_open(&work.question(card.question).await?)?;
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
