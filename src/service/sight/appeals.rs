//! Decisions with their appeals.
use crate::{
    domain::account::AccountId,
    protocol::rest::DecisionView,
    service::{Outcome, sight::views},
    store::{Decision, Reader},
};

/// Decisions with the appeals against them.
pub(crate) async fn with_appeals(
    reader: &mut Reader,
    decisions: Vec<Decision>,
    whom: views::For,
) -> Outcome<Vec<DecisionView>> {
    let ids: Vec<String> = decisions
        .iter()
        .map(|decision| decision.id.clone())
        .collect();
    let mut appeals: std::collections::HashMap<_, _> = reader
        .appeals_against(&ids)
        .await?
        .into_iter()
        .map(|appeal| (appeal.decision.clone(), appeal))
        .collect();
    let mut aliases = std::collections::HashMap::new();
    for framework in decisions
        .iter()
        .map(|decision| decision.framework)
        .collect::<std::collections::BTreeSet<_>>()
    {
        let here = decisions
            .iter()
            .filter(|decision| decision.framework == framework && !decision.automated);
        let accounts: Vec<AccountId> = here.map(|decision| decision.moderator).collect();
        aliases.extend(
            reader
                .aliases(framework, &accounts)
                .await?
                .into_iter()
                .map(|(account, alias)| ((framework, account), alias)),
        );
    }
    Ok(decisions
        .into_iter()
        .map(|decision| {
            let appeal = appeals.remove(&decision.id);
            let alias = aliases
                .get(&(decision.framework, decision.moderator))
                .copied()
                .filter(|_| !decision.automated);
            DecisionView {
                alias,
                ..views::decision(decision, appeal, whom)
            }
        })
        .collect())
}
