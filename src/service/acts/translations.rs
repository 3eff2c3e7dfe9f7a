//! Translating cards, and saying whether a translation is true.
use crate::{
    domain::{
        ballot::WEIGHT_STANDING,
        concession::{Concession, ConcessionId},
        hold::Admission,
        markdown,
        permission::{Action, Sight, State, visible_to},
        remit,
        scope::{Verdict, judge_terms, judge_texts},
        stream::{EventKind, Stream},
        text::{self, Check, LANGUAGES},
        translation::{Translation, TranslationId, TranslationState, agreed},
    },
    id::Id,
    protocol::{
        command::TranslateConcession,
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::admit,
        content,
        gate::Submission,
        sight::views,
        work::{Work, as_read},
    },
};

/// A card of this framework that is shown.
async fn shown(work: &mut Work<'_>, id: ConcessionId) -> Outcome<Concession> {
    let card = work
        .tx
        .concession(id)
        .await?
        .filter(|card| card.framework == work.framework.id)
        .ok_or_else(Problem::not_found)?;
    if visible_to(
        work.actor.viewer(),
        card.author.id,
        State::Concession(card.state),
    ) != Sight::Whole
    {
        return Err(Problem::not_found().into());
    }
    if !card.state.shows() {
        return Err(Problem::new(
            Code::Closed,
            "This proposal is not shown and cannot be translated.",
        )
        .into());
    }
    Ok(card)
}

/// Translates a card, replacing one's earlier translation into the language that was not reviewed.
pub async fn translate(work: &mut Work<'_>, given: TranslateConcession) -> Outcome<CommandResult> {
    let card = shown(work, given.concession).await?;
    let otherwise = "The proposal has changed in the meantime. Read it again, then translate.";
    as_read(
        (card.material..=card.version).contains(&given.version),
        otherwise,
    )?;
    let translation = checked(work, &card, given)?;
    for old in card
        .translations
        .iter()
        .filter(|one| replaces(&translation, one))
    {
        work.tx
            .set_translation_state(old.id, TranslationState::Withdrawn, Some(work.account.id))
            .await?;
    }
    work.tx.insert_translation(&translation).await?;
    told(work, card.id, &translation).await
}

/// Whether a new translation takes the place of another: of its translator's into the language,
/// unless that was reviewed, for then its words are fixed and the new one waits beside it.
fn replaces(new: &Translation, one: &Translation) -> bool {
    one.author.id == new.author.id
        && one.language == new.language
        && one.state != TranslationState::Reviewed
}

/// The translation cleaned. What is read here is all that others will see of it: a gate that judges
/// cards judges it here.
fn checked(work: &Work<'_>, card: &Concession, given: TranslateConcession) -> Outcome<Translation> {
    let TranslateConcession {
        version,
        language,
        title,
        body,
        in_return,
        verifier,
        trigger,
        ..
    } = given;
    let mut check = Check::default();
    let fits = LANGUAGES.contains(&language.as_str()) && language != card.terms.language;
    check.ensure(
        fits,
        "language",
        "invalid",
        "One of en, uk, ru, and not the proposal's own.",
    );
    let says = "The proposal says nothing about this.";
    check.ensure(
        in_return.is_none() || card.terms.in_return.is_some(),
        "in_return",
        "invalid",
        says,
    );
    check.ensure(
        trigger.is_none() || card.terms.trigger.is_some(),
        "trigger",
        "invalid",
        says,
    );
    let translation = Translation {
        id: Id::new(),
        concession: card.id,
        language,
        version,
        title: check.line("title", &title, text::TITLE),
        body: check.markdown("body", &body, text::CARD_BODY),
        html: String::new(),
        in_return: check.optional("in_return", in_return.as_deref(), text::CARD_FIELD),
        verifier: check.optional("verifier", verifier.as_deref(), text::CARD_FIELD),
        trigger: check.optional("trigger", trigger.as_deref(), text::CARD_FIELD),
        author: work.author(),
        state: TranslationState::Proposed,
        reviewer: None,
        at: work.now,
        imported: work.account.sample,
    };
    check.finish()?;
    judge(work, card, &translation)?;
    Ok(Translation {
        html: markdown::render(&translation.body),
        ..translation
    })
}

/// Refuses a translation that says what a card may not, or that would have to wait: a translation
/// cannot, and its card shows.
fn judge(work: &Work<'_>, card: &Concession, translation: &Translation) -> Result<(), Problem> {
    if let Admission::Hold(hold) = admit::admit(work, &translation.texts(), Submission::Card)? {
        return Err(match hold.matched {
            Some(matched) => Problem::field(
                "body",
                "held_word",
                &format!(
                    "“{}” does not go into a translation: {}",
                    matched.word, matched.why
                ),
            ),
            None => Problem::new(
                Code::Closed,
                "Raid mode is on: new accounts cannot translate until it ends.",
            ),
        });
    }
    let judgement = judge_texts(translation.texts());
    // A card about an edge was looked at; its translation speaks of the same. What says more than
    // the card is no translation.
    if judgement.verdict == Verdict::Stop && judge_terms(&card.terms).verdict != Verdict::Stop {
        return Err(Problem::field(
            "body",
            "territorial",
            "This says something about land that the proposal does not.",
        ));
    }
    Ok(())
}

/// Says whether a translation is true: people whose answers weigh in full, but not its translator.
/// Two of different viewpoints make it reviewed; whose word was missing or of which viewpoint it was
/// shows in no answer. One that is not reviewed goes where such a person, or a moderator, finds it
/// wrong; a reviewed one is taken back by its translator or a moderator alone.
pub async fn review(
    work: &mut Work<'_>,
    card: ConcessionId,
    id: TranslationId,
    accepts: bool,
) -> Outcome<CommandResult> {
    let card = shown(work, card).await?;
    let found = card
        .translations
        .iter()
        .find(|one| one.id == id)
        .cloned()
        .ok_or_else(Problem::not_found)?;
    if accepts {
        return find_true(work, card, found).await;
    }
    let own = found.author.id == work.account.id;
    let place = remit::Place::Thing {
        points: card.terms.points.clone(),
        language: Some(found.language.clone()),
    };
    if !own && work.permit_over(Action::Moderate, &place).is_err() {
        ensure_standing(work)?;
        if found.state == TranslationState::Reviewed {
            let why = "Only its translator or a moderator can withdraw a reviewed translation.";
            return Err(Problem::new(Code::Forbidden, why).into());
        }
    }
    set_state(work, card.id, found, TranslationState::Withdrawn).await
}

fn ensure_standing(work: &Work<'_>) -> Result<(), Problem> {
    if work.weight() >= WEIGHT_STANDING {
        return Ok(());
    }
    let why = "You can review translations once your answers weigh in full.";
    Err(Problem::new(Code::Forbidden, why))
}

/// Notes that somebody found a translation true.
async fn find_true(
    work: &mut Work<'_>,
    card: Concession,
    found: Translation,
) -> Outcome<CommandResult> {
    if found.author.id == work.account.id {
        let why = "Somebody else must look at your translation.";
        return Err(Problem::new(Code::Forbidden, why).into());
    }
    ensure_standing(work)?;
    if found.state == TranslationState::Reviewed {
        let why = "This translation has already been reviewed.";
        return Err(Problem::new(Code::Conflict, why).into());
    }
    let (account, camp) = (work.account.id, work.actor.camp.clone());
    let camps = work
        .tx
        .found_true(found.id, account, camp.as_deref(), work.now)
        .await?;
    if agreed(&camps) {
        return set_state(work, card.id, found, TranslationState::Reviewed).await;
    }
    Ok(CommandResult {
        concession: Some(views::concession(card, work.actor.viewer())),
        ..CommandResult::default()
    })
}

async fn set_state(
    work: &mut Work<'_>,
    card: ConcessionId,
    found: Translation,
    state: TranslationState,
) -> Outcome<CommandResult> {
    let by = Some(work.account.id);
    work.tx.set_translation_state(found.id, state, by).await?;
    told(work, card, &Translation { state, ..found }).await
}

/// Tells of the card with its translations as they are now; the change vouches for the one that
/// moved. One that it replaces is withdrawn by that.
async fn told(
    work: &mut Work<'_>,
    id: ConcessionId,
    moved: &Translation,
) -> Outcome<CommandResult> {
    let card = work
        .tx
        .concession(id)
        .await?
        .ok_or_else(Problem::not_found)?;
    work.tell(
        Stream::Public,
        EventKind::ConcessionChanged,
        card.id,
        card.version,
        content::translation(moved),
    );
    Ok(CommandResult {
        concession: Some(views::concession(card, work.actor.viewer())),
        ..CommandResult::default()
    })
}
