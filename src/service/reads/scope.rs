//! What everybody may ask about the scope rule: what the gate makes of a draft, the rule itself,
//! the public ledger.
use crate::{
    domain::{
        concession::{Concession, ConcessionId, ConcessionState, Terms, texts},
        framework::QuestionId,
        permission::{Action, Actor, Role, Sight, State, visible_to},
        scope::{
            self, Judgement,
            ledger::{self, ScopeLedger, median_hours},
            published,
        },
        text::{self, Check},
    },
    protocol::{
        problem::Problem,
        rest::{PublishedRule, ScopeCaseView, ScopeDraft, ScopeRulesView, ScopeTerms},
    },
    service::{Outcome, caller::Asker, node::Node, sight::seen},
    store::Reader,
};

/// Judges a draft; nothing of it is kept. Offsets are into the texts as they were sent.
///
/// # Errors
/// `bad_request` with the field that is longer than a card's may be, `not_found`, `rate_limited`.
pub async fn check(
    node: &Node,
    account: Option<Asker>,
    visitor: &str,
    question: QuestionId,
    draft: &ScopeDraft,
) -> Outcome<Judgement> {
    node.budgets.scope_check(visitor)?;
    seen::see_question(node, account, question).await?;
    let texts = texts(
        draft.title.as_deref().unwrap_or_default(),
        draft.body.as_deref().unwrap_or_default(),
        [
            ("in_return", draft.in_return.as_deref()),
            ("trigger", draft.trigger.as_deref()),
            ("verifier", draft.verifier.as_deref()),
        ],
    );
    let mut check = Check::default();
    for one in &texts {
        let most = match one.field {
            "title" => text::TITLE,
            "body" => text::CARD_BODY,
            _ => text::CARD_FIELD,
        };
        check.optional(one.field, Some(one.text), most);
    }
    check.finish()?;
    Ok(scope::judge_texts(texts))
}

/// The published rule, and what the gate looks for.
#[must_use]
pub fn rules() -> ScopeRulesView {
    let rule = PublishedRule {
        en: published::EN.into(),
        uk: published::UK.into(),
        ru: published::RU.into(),
    };
    ScopeRulesView {
        rule,
        rules: scope::rules().cloned().collect(),
    }
}

/// A framework's ledger of holds.
pub async fn ledger(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<ScopeLedger> {
    let mut seen = seen::see_slug(node, account, slug).await?;
    let steps = seen.reader.scope_steps(seen.framework.id).await?;
    let times = seen.reader.lane_times(seen.framework.id, USUAL).await?;
    Ok(ledger::ledger(&steps, node.options.rules.floor, &times))
}

/// How many cards tell how long the lane usually takes.
pub(crate) const USUAL: i64 = 50;

/// How a card stands with the scope rule, as far as somebody may know.
pub async fn case(node: &Node, account: Option<Asker>, id: ConcessionId) -> Outcome<ScopeCaseView> {
    let (mut seen, card) = seen::see_card(node, account, id).await?;
    if visible_to(
        seen.actor.viewer(),
        card.author.id,
        State::Concession(card.state),
    ) != Sight::Whole
    {
        return Err(Problem::not_found().into());
    }
    case_of(&mut seen.reader, &card, &seen.actor).await
}

/// As [`case`], for somebody who may see the card.
pub(crate) async fn case_of(
    reader: &mut Reader,
    card: &Concession,
    actor: &Actor,
) -> Outcome<ScopeCaseView> {
    let hold = reader.hold(card.id).await?;
    let own = actor.account == Some(card.author.id);
    let insider = own || actor.role >= Role::Moderator;
    let voices = match actor.account {
        Some(_) => reader.voices(card.id).await?,
        None => vec![],
    };
    let said = voices
        .iter()
        .find(|voice| Some(voice.account) == actor.account && voice.version == card.version);
    let in_lane = card.state == ConcessionState::Provisional;
    let usual_hours = median_hours(&reader.lane_times(card.framework, USUAL).await?);
    let Terms {
        title,
        body,
        in_return,
        verifier,
        trigger,
        ..
    } = card.terms.clone();
    Ok(ScopeCaseView {
        state: card.state,
        version: card.version,
        held_by: hold.as_ref().map(|hold| hold.by),
        held_at: hold.as_ref().map(|hold| hold.held_at),
        queued_at: hold.as_ref().and_then(|hold| hold.queued_at),
        matched: hold.and_then(|hold| hold.matched).filter(|_| insider),
        scope: insider.then(|| scope::judge_terms(&card.terms)),
        terms: insider.then_some(ScopeTerms {
            title,
            body,
            in_return,
            verifier,
            trigger,
        }),
        may_confirm: in_lane
            && !own
            && actor.counts_on_scope()
            && actor.may(Action::ConfirmScope, false).is_ok(),
        said: said.map(|voice| voice.territorial),
        usual_hours,
    })
}
