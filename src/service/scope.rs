//! What everybody may ask about the scope rule: what the gate makes of a draft, the rule itself, the public ledger.
use super::{Outcome, accounts::Asker, frameworks, lane, node::Node};
use crate::{
    domain::{
        concession::texts,
        framework::QuestionId,
        scope::{self, Judgement, published},
        scope_ledger::{self, ScopeLedger},
        text::{self, Check},
    },
    protocol::{
        problem::Problem,
        rest::{PublishedRule, ScopeDraft, ScopeRulesView},
    },
};

/// Judges a draft; nothing of it is kept. Offsets are into the texts as they were sent.
///
/// # Errors
/// `bad_request` with the field that is longer than a card's may be, `not_found`, `rate_limited`.
pub async fn check(node: &Node, account: Option<Asker>, visitor: &str, question: QuestionId, draft: &ScopeDraft) -> Outcome<Judgement> {
    node.budgets.scope_check(visitor)?;
    let mut reader = node.store.read().await?;
    let question = reader.question(question).await?.ok_or_else(Problem::not_found)?;
    let framework = reader.framework(question.framework).await?.ok_or_else(Problem::not_found)?;
    frameworks::see(node, account, framework, reader).await?;
    let texts = texts(
        draft.title.as_deref().unwrap_or_default(),
        draft.body.as_deref().unwrap_or_default(),
        [("in_return", draft.in_return.as_deref()), ("trigger", draft.trigger.as_deref()), ("verifier", draft.verifier.as_deref())],
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
    let rule = PublishedRule { en: published::EN.into(), uk: published::UK.into(), ru: published::RU.into() };
    ScopeRulesView { rule, rules: scope::rules().cloned().collect() }
}

/// A framework's ledger of holds.
pub async fn ledger(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<ScopeLedger> {
    let mut seen = frameworks::see_slug(node, account, slug).await?;
    let steps = seen.reader.scope_steps(seen.framework.id).await?;
    let times = seen.reader.lane_times(seen.framework.id, lane::USUAL).await?;
    Ok(scope_ledger::ledger(&steps, node.options.rules.floor, &times))
}
