//! Proposing cards, changing and withdrawing them, and reading them as one may.
use std::collections::BTreeMap;

use crate::{
    domain::{
        Millis,
        bridging::enough_of_each,
        concession::{Concession, ConcessionId, ConcessionState, Terms, changes_meaning},
        framework::{Question, QuestionId, Source},
        lane::Step,
        markdown,
        moderation::Object,
        scope::judge_terms,
        stream::{EventKind, Stream},
        text::Check,
    },
    id::Id,
    protocol::{
        command::{EditConcession, ProposeConcession},
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::{
            admit, lane,
            moderation::{queue, reports},
        },
        content,
        gate::Submission,
        sight::{question::ensure_open, views},
        work::{Work, as_read},
    },
};

/// Proposes a card.
pub async fn propose(work: &mut Work<'_>, proposal: ProposeConcession) -> Outcome<CommandResult> {
    let question = work.question(proposal.question).await?;
    ensure_open(&question)?;
    let mut check = Check::default();
    check.ensure(
        proposal.not_about_land,
        "not_about_land",
        "required",
        "Only proposals that change nothing about land are ranked.",
    );
    let before = proposal.grew_out_of;
    let terms = checked(work, &mut check, proposal.terms()).await?;
    check.finish()?;
    let grew_out_of = match before {
        Some(card) => Some(outgrown(work, card, question.id).await?),
        None => None,
    };
    let judgement = judge_terms(&terms);
    let why = lane::why(
        &judgement,
        admit::admit(work, &terms.texts(), Submission::Card)?,
    );
    let state = lane::entry(why.as_ref());
    let card = insert(
        work,
        NewCard {
            question: question.id,
            terms,
            state,
            sources: vec![],
            sample: false,
            settle: work.host.settle,
            grew_out_of,
        },
    )
    .await?;
    lane::begin(work, &card, why).await?;
    Ok(CommandResult {
        scope: Some(judgement),
        ..told(work, card)
    })
}

/// One's own card that a new one of the question may grow out of.
async fn outgrown(
    work: &mut Work<'_>,
    id: ConcessionId,
    question: QuestionId,
) -> Outcome<Concession> {
    let field = |detail: &str| Problem::field("grew_out_of", "invalid", detail);
    let card = written(work, id).await?;
    if card.question != question || !card.state.shows() {
        return Err(field("A card of yours that shows, of the same question.").into());
    }
    if work.tx.successor(id).await?.is_some() {
        return Err(field("A proposal that grew out of this one is there already.").into());
    }
    Ok(card)
}

/// A card as the result of what was done to it.
fn told(work: &Work<'_>, card: Concession) -> CommandResult {
    CommandResult {
        concession: Some(views::concession(card, work.actor.viewer())),
        ..CommandResult::default()
    }
}

/// The terms cleaned, and every fault of them added to `check`.
async fn checked(work: &mut Work<'_>, check: &mut Check, terms: Terms) -> Outcome<Terms> {
    let parties = &work.framework.parties;
    let known = |key: &String| parties.iter().any(|party| party.key == *key);
    check.ensure(
        terms.receivers.iter().all(known),
        "receivers",
        "invalid",
        "Keys of this framework's parties only.",
    );
    let terms = terms.checked(check);
    for number in &terms.points {
        if work
            .tx
            .point_id(work.framework.id, *number)
            .await?
            .is_none()
        {
            check.fault("points", "invalid", format!("There is no point {number}."));
        }
    }
    Ok(terms)
}

/// A card to be kept.
#[derive(Clone)]
pub struct NewCard {
    /// What it answers.
    pub question: QuestionId,
    /// What it says.
    pub terms: Terms,
    /// Where it stands.
    pub state: ConcessionState,
    /// Where the idea was reported.
    pub sources: Vec<Source>,
    /// Whether it is labelled sample data.
    pub sample: bool,
    /// For how long it is neither dealt nor answered.
    pub settle: Millis,
    /// The card it grows out of.
    pub grew_out_of: Option<Concession>,
}

/// Keeps a card and tells of it.
pub async fn insert(work: &mut Work<'_>, new: NewCard) -> Outcome<Concession> {
    let NewCard {
        question,
        terms,
        state,
        sources,
        sample,
        settle,
        grew_out_of,
    } = new;
    let id = Id::new();
    let card = Concession {
        id,
        framework: work.framework.id,
        question,
        author: work.author(),
        html: markdown::render(&terms.body),
        terms,
        sources,
        state,
        version: 1,
        material: 1,
        created_at: work.now,
        opens_at: work.now + settle,
        fixed: false,
        grew_out_of: grew_out_of.as_ref().map(|card| card.id),
        successor: None,
        line: grew_out_of.map_or(id, |card| card.line),
        edited_at: None,
        merged_into: None,
        translations: vec![],
        sample,
    };
    work.tx.insert_concession(&card).await?;
    tell(work, EventKind::ConcessionProposed, &card);
    Ok(card)
}

/// Tells of a card.
pub fn tell(work: &mut Work<'_>, kind: EventKind, card: &Concession) {
    work.tell(
        Stream::Public,
        kind,
        card.id,
        card.version,
        content::card(card),
    );
}

/// A card of this framework by the account.
async fn written(work: &mut Work<'_>, id: ConcessionId) -> Outcome<Concession> {
    let card = work
        .tx
        .concession(id)
        .await?
        .filter(|card| card.framework == work.framework.id)
        .ok_or_else(Problem::not_found)?;
    if card.author.id == work.account.id {
        Ok(card)
    } else {
        Err(Problem::new(Code::Forbidden, "Only its author can change a proposal.").into())
    }
}

/// A card of this framework that the account may change.
pub async fn own(work: &mut Work<'_>, id: ConcessionId) -> Outcome<Concession> {
    let card = written(work, id).await?;
    if !(card.state.shows() || card.state == ConcessionState::Held)
        || card.state == ConcessionState::Merged
    {
        return Err(Problem::new(
            Code::Closed,
            "This proposal is no longer shown and cannot be changed.",
        )
        .into());
    }
    Ok(card)
}

/// Changes one's card, until somebody who counts in full has judged it. What others said of the
/// earlier words stays as a reaction to them.
pub async fn edit(work: &mut Work<'_>, edit: EditConcession) -> Outcome<CommandResult> {
    let card = own(work, edit.concession).await?;
    let otherwise = "The proposal has changed in the meantime. Read it again, then edit.";
    as_read(card.version == edit.version, otherwise)?;
    ensure_free(&card)?;
    let EditConcession {
        title,
        body,
        in_return,
        verifier,
        trigger,
        ..
    } = edit;
    let mut check = Check::default();
    let terms = checked(
        work,
        &mut check,
        Terms {
            title,
            body,
            in_return,
            verifier,
            trigger,
            ..card.terms.clone()
        },
    )
    .await?;
    check.finish()?;
    let admission = admit::admit(work, &terms.texts(), Submission::Card)?;
    let before = card.material;
    let card = reworded(card, terms, work.now);
    work.tx.update_concession(&card).await?;
    if card.material != before {
        let question = work.question(card.question).await?;
        forget_answers(work, &question, card.id).await?;
    }
    let judgement = judge_terms(&card.terms);
    let card = lane::edited(work, card, &judgement, admission).await?;
    queue::reworded(work, Object::Concession(card.id)).await?;
    Ok(CommandResult {
        scope: Some(judgement),
        ..told(work, card)
    })
}

/// Refuses other words where these were judged.
fn ensure_free(card: &Concession) -> Result<(), Problem> {
    if !card.fixed {
        return Ok(());
    }
    let why =
        "Readers have judged these words, so they stay. Propose a new one that grew out of it.";
    Err(Problem::new(Code::Closed, why))
}

/// What was said of a card in its question's present round no longer counts.
async fn forget_answers(
    work: &mut Work<'_>,
    question: &Question,
    card: ConcessionId,
) -> Outcome<()> {
    let people = work.tx.make_reactions(question, card).await?;
    if people > 0 {
        // One ballot change each; the tally is counted anew rather than moved by as many.
        let seq = question.ballot_seq + people;
        work.tx.set_ballot_seq(question.id, seq).await?;
        work.told.recounts.push((question.id, question.round));
    }
    Ok(())
}

/// Refuses to take away a card that every counting camp has given enough answers in some round: it
/// belongs to the question.
pub async fn ensure_own_still(work: &mut Work<'_>, card: &Concession) -> Outcome<()> {
    let (camps, enough) = (&work.framework.camps, work.host.rules.enough);
    let rounds = work.tx.weights_of(card).await?;
    let ranked = |weights: &BTreeMap<String, i64>| {
        enough_of_each(camps, enough, |camp| {
            weights.get(camp).copied().unwrap_or(0)
        })
    };
    if !rounds.values().any(ranked) {
        return Ok(());
    }
    let why = "Enough readers have judged this proposal: it belongs to the question now.";
    Err(Problem::new(Code::Closed, why).into())
}

/// The next version of a card, with other words.
fn reworded(card: Concession, terms: Terms, now: Millis) -> Concession {
    let version = card.version + 1;
    let material = if changes_meaning(&card.terms, &terms) {
        version
    } else {
        card.material
    };
    Concession {
        html: markdown::render(&terms.body),
        terms,
        version,
        material,
        edited_at: Some(now),
        ..card
    }
}

/// Takes one's card back, whatever moderators made of it; its answers stay but are no longer shown.
pub async fn withdraw(work: &mut Work<'_>, id: ConcessionId) -> Outcome<CommandResult> {
    let card = written(work, id).await?;
    if card.state == ConcessionState::Withdrawn {
        return Err(Problem::new(Code::Closed, "You have already withdrawn this proposal.").into());
    }
    ensure_own_still(work, &card).await?;
    reports::taken_back(work, Object::Concession(id)).await?;
    let card = set_state(work, card, ConcessionState::Withdrawn).await?;
    Ok(told(work, card))
}

/// Moves a card to a state that ends a hold; the ledger of the scope rule notes it.
pub async fn set_state(
    work: &mut Work<'_>,
    card: Concession,
    state: ConcessionState,
) -> Outcome<Concession> {
    work.tx.delete_hold(card.id).await?;
    work.tx
        .insert_step(&card, Step::into_state(state), None, work.now)
        .await?;
    show_state(work, card, state).await
}

/// Gives a card a state and tells of it.
pub(crate) async fn show_state(
    work: &mut Work<'_>,
    card: Concession,
    state: ConcessionState,
) -> Outcome<Concession> {
    work.tx.set_concession_state(card.id, state).await?;
    let card = Concession { state, ..card };
    tell(work, EventKind::ConcessionChanged, &card);
    queue::touch(work, Object::Concession(card.id)).await?;
    Ok(card)
}
