//! Being dealt cards, answering them, putting accepted ones in order.
use sha2::{Digest, Sha256};

use crate::{
    domain::{
        ballot::{
            Acceptance, Answer, Assent, Ballot, DEAL_LIFE, PointAnswer, Realism, Seat,
            WEIGHT_STANDING,
        },
        concession::ConcessionId,
        framework::{Question, QuestionId},
        hex,
        stream::{EventKind, Stream},
        tally::Delta,
        text::{self, Check},
    },
    protocol::{
        problem::{Code, Problem},
        rest::{CommandResult, DealView},
    },
    service::{
        Outcome,
        acts::notes,
        content,
        keep::{dealing::Asker, hand::Hand},
        sight::{
            ballot::{ballot_view, read_cards},
            question::ensure_open,
            views,
        },
        work::{Work, as_read},
    },
    store::{self, CardPlace, Deal, Deals},
};

/// What somebody says of a card.
pub struct Given {
    /// The version they judged.
    pub version: i64,
    /// Acceptance.
    pub acceptance: Acceptance,
    /// Realism.
    pub realism: Option<Realism>,
    /// Whether the point would be accepted with it.
    pub unfreezes: Option<Assent>,
    /// An anonymous hand to redeem.
    pub deal: Option<String>,
    /// What would have to change.
    pub note: Option<String>,
}

/// Deals up to five cards: those dealt before and not answered, then those on which answers of one's
/// camp are missing.
pub async fn deal(work: &mut Work<'_>, question: QuestionId) -> Outcome<CommandResult> {
    let question = work.question(question).await?;
    ensure_open(&question)?;
    let (account, camp, weight) = (work.account.id, work.actor.camp.clone(), work.weight());
    let dealt = work
        .tx
        .deals(&question, &[account], work.now)
        .await?
        .remove(&account)
        .unwrap_or_default();
    let hand = next(work, &question, &dealt).await?;
    let deal = Deal {
        until: work.now + DEAL_LIFE,
        camp,
        weight,
    };
    for card in hand
        .iter()
        .copied()
        .filter(|card| !dealt.contains_key(card))
    {
        work.tx
            .put_deal((question.id, question.round), account, card, &deal)
            .await?;
        if let Some(camp) = &deal.camp {
            work.host.dealer.promise(question.id, camp, card, weight);
        }
    }
    let expires_at = hand
        .iter()
        .filter_map(|card| dealt.get(card))
        .min()
        .copied()
        .unwrap_or(deal.until);
    let cards = read_cards(work.tx, &hand, work.actor.viewer()).await?;
    let token = work.host.dealer.hands.sign(&Hand {
        question: question.id,
        round: question.round,
        cards: hand,
        expires_at,
    });
    Ok(CommandResult {
        hand: Some(DealView {
            deal: token,
            cards,
            expires_at,
        }),
        ..CommandResult::default()
    })
}

/// The cards that the dealer gives next to somebody who was dealt these before.
async fn next(
    work: &mut Work<'_>,
    question: &Question,
    dealt: &Deals,
) -> store::Result<Vec<ConcessionId>> {
    let deck = work.tx.deck(question, work.account.id, work.now).await?;
    let asker = Asker {
        camp: work.actor.camp.as_deref(),
        dealt,
    };
    work.host
        .dealer
        .hand(
            work.tx,
            question,
            &work.framework.camps,
            &deck,
            asker,
            work.now,
        )
        .await
}

/// Judges a card.
pub async fn answer(
    work: &mut Work<'_>,
    card: ConcessionId,
    given: Given,
) -> Outcome<CommandResult> {
    let (card, question) = judged(work, card)?;
    let otherwise = "The proposal has changed in the meantime. Read it again, then answer.";
    as_read(
        (card.material..=card.version).contains(&given.version),
        otherwise,
    )?;
    let mut check = Check::default();
    let note = given
        .note
        .as_deref()
        .filter(|note| text::shows(note))
        .map(|note| check.markdown("note", note, text::NOTE));
    check.finish()?;
    let before = match &work.host.unlocked {
        None => work.sheet.ballot(question.id, work.account.id),
        Some(store) => {
            store
                .read()
                .await?
                .ballot(&question, work.account.id)
                .await?
        }
    };
    // A card once dealt stays dealt.
    let counted = before.answers.get(&card.id).filter(|answer| answer.dealt);
    let dealt =
        counted.is_some() || is_dealt(work, &question, card.id, given.deal.as_deref()).await?;
    let answer = Answer {
        concession: card.id,
        version: given.version,
        camp: work.actor.camp.clone(),
        acceptance: given.acceptance,
        realism: given.realism,
        dealt,
        weight: work.weight(),
        unfreezes: given.unfreezes,
    };
    let mut ballot = before.clone();
    ballot.answers.insert(card.id, answer);
    if dealt {
        let (camp, weight) = (work.actor.camp.as_ref(), work.weight());
        ballot.sit(Seat::of(ballot.seat.as_ref(), camp, weight));
    }
    ballot.tidy();
    let answer = ballot.answers[&card.id].clone();
    // A note may be refused, and then nothing is written.
    if let Some(note) = note {
        notes::put(work, card.id, note).await?;
    }
    settle_words(work, &before, &ballot, card).await?;
    recast(work, &question, &before, ballot);
    Ok(CommandResult {
        answer: Some(views::answer(&answer)),
        ..CommandResult::default()
    })
}

/// Fixes the words of what somebody who counts in full has judged: nobody can put others under it.
async fn settle_words(
    work: &mut Work<'_>,
    before: &Ballot,
    after: &Ballot,
    judged: CardPlace,
) -> store::Result<()> {
    let full = |answer: &&Answer| answer.dealt && answer.weight >= WEIGHT_STANDING;
    for answer in after.answers.values().filter(full) {
        let settled = if answer.concession == judged.id {
            judged.fixed
        } else {
            let earlier = before.answers.get(&answer.concession);
            earlier.filter(full).is_some()
        };
        if !settled {
            work.tx.fix_words(answer.concession).await?;
        }
    }
    Ok(())
}

/// Lets what somebody judged before they named a viewpoint count for it, in every round that is
/// open. What it weighs rises with an answer alone.
pub fn take_along(work: &mut Work<'_>, camp: Option<&String>) {
    for question in work.sheet.judged_by(work.account.id) {
        let before = work.sheet.ballot(question.id, work.account.id);
        let Some(seat) = &before.seat else { continue };
        let mut ballot = before.clone();
        ballot.sit(Seat::of(Some(seat), camp, seat.weight));
        if ballot.seat != before.seat {
            recast(work, &question, &before, ballot);
        }
    }
}

/// A card that takes answers, and its question.
fn judged(work: &Work<'_>, card: ConcessionId) -> Result<(CardPlace, Question), Problem> {
    let card = work.sheet.card(card).ok_or_else(Problem::not_found)?;
    let question = work
        .sheet
        .question(card.question)
        .ok_or_else(Problem::not_found)?;
    ensure_open(&question)?;
    if !card.state.ranks() || card.opens_at > work.now {
        let why = if card.state.ranks() {
            "This proposal is new: for some minutes its author may still change it. Judge it then."
        } else {
            "This proposal takes no answers now."
        };
        return Err(Problem::new(Code::Closed, why));
    }
    Ok((card, question))
}

/// Whether the server dealt this card to this person, or the person redeems the anonymous hand it
/// was in.
async fn is_dealt(
    work: &mut Work<'_>,
    question: &Question,
    card: ConcessionId,
    token: Option<&str>,
) -> Outcome<bool> {
    if work.sheet.was_dealt(question.id, work.account.id, card) {
        return Ok(true);
    }
    let Some(token) = token else { return Ok(false) };
    let hand = work
        .host
        .dealer
        .hands
        .read(token, work.now)
        .filter(|hand| hand.question == question.id && hand.round == question.round);
    let Some(hand) = hand.filter(|hand| hand.cards.contains(&card)) else {
        return Err(Problem::field(
            "deal",
            "invalid",
            "These proposals were given too long ago, or this one is not among them.",
        )
        .into());
    };
    let hash = hex::hex(Sha256::digest(
        serde_json::to_vec(&hand).expect("a hand is JSON"),
    ));
    Ok(work
        .tx
        .redeem_hand(question, work.account.id, &hash)
        .await?
        == hash)
}

/// Replaces the ballot and counts the change: the tally's difference, and a word to its owner
/// alone.
fn recast(work: &mut Work<'_>, question: &Question, before: &Ballot, ballot: Ballot) {
    let answers: Vec<_> = ballot.answers.values().map(views::answer).collect();
    let content = content::ballot(
        &answers,
        &ballot.tiers,
        &ballot.point.as_ref().map(|point| point.accepts),
    );
    let at_seq = work
        .sheet
        .recast(question.id, work.account.id, ballot.clone());
    work.told.deltas.push(Delta::between(
        question.id,
        question.round,
        at_seq,
        before,
        &ballot,
    ));
    work.tell(
        Stream::Account(work.account.id),
        EventKind::BallotChanged,
        question.id,
        at_seq,
        content,
    );
}

/// Takes an answer back.
pub fn withdraw(work: &mut Work<'_>, card: ConcessionId) -> Outcome<CommandResult> {
    let (card, question) = judged(work, card)?;
    let before = work.sheet.ballot(question.id, work.account.id);
    let mut ballot = before.clone();
    ballot
        .answers
        .remove(&card.id)
        .ok_or_else(Problem::not_found)?;
    ballot.tidy();
    recast(work, &question, &before, ballot);
    Ok(CommandResult::default())
}

/// Says whether one accepts the question's point as it stands.
pub fn answer_point(
    work: &mut Work<'_>,
    question: QuestionId,
    accepts: Assent,
) -> Outcome<CommandResult> {
    let question = work
        .sheet
        .question(question)
        .ok_or_else(Problem::not_found)?;
    ensure_open(&question)?;
    let before = work.sheet.ballot(question.id, work.account.id);
    // What it counts for is what the answers do; the weight of a seat rises with those alone.
    let seat = before.seat.as_ref();
    let weight = seat.map_or_else(|| work.weight(), |seat| seat.weight);
    let seat = Seat::of(seat, work.actor.camp.as_ref(), weight);
    let mut ballot = Ballot {
        point: Some(PointAnswer {
            accepts,
            camp: seat.camp.clone(),
            weight,
        }),
        ..before.clone()
    };
    ballot.sit(seat);
    Ok(cast(work, &question, &before, ballot))
}

/// Casts a ballot instead of the one before, and shows all of it.
fn cast(
    work: &mut Work<'_>,
    question: &Question,
    before: &Ballot,
    ballot: Ballot,
) -> CommandResult {
    let view = ballot_view(work.actor.camp.clone(), question, &ballot);
    recast(work, question, before, ballot);
    CommandResult {
        ballot: Some(view),
        ..CommandResult::default()
    }
}

/// Puts accepted cards in order.
pub fn set_order(
    work: &mut Work<'_>,
    question: QuestionId,
    tiers: Vec<Vec<ConcessionId>>,
) -> Outcome<CommandResult> {
    let question = work
        .sheet
        .question(question)
        .ok_or_else(Problem::not_found)?;
    ensure_open(&question)?;
    let before = work.sheet.ballot(question.id, work.account.id);
    let ballot = Ballot {
        tiers: before.ordered(tiers)?,
        ..before.clone()
    };
    Ok(cast(work, &question, &before, ballot))
}
