//! The public log: what was decided, without names; as a page, as a whole, as a table, and counted.
use crate::{
    domain::{Millis, csv, moderation::record},
    protocol::rest::{DecisionView, List},
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        sight::{
            appeals::with_appeals,
            cursor,
            seen::{self, Seen},
            views,
        },
    },
    store::Decision,
};

/// Decisions on a page of the log.
const LOG: i64 = 50;
/// Decisions that are read at a time where all are.
const WHOLE: i64 = 1_000;

/// What was decided, newest first, without names.
pub async fn log(
    node: &Node,
    account: Option<Asker>,
    slug: &str,
    after: Option<&str>,
) -> Outcome<List<DecisionView>> {
    let mut seen = seen::see_slug(node, account, slug).await?;
    let start = cursor::before(after)?;
    let decisions = seen.reader.decisions(seen.framework.id, start, LOG).await?;
    let next = cursor::next(&decisions, LOG, |decision| {
        (decision.at, decision.id.clone())
    });
    let items = with_appeals(&mut seen.reader, decisions, views::For::Public).await?;
    Ok(List { items, next })
}

/// All of it.
pub async fn whole(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<Vec<DecisionView>> {
    let mut seen = seen::see_slug(node, account, slug).await?;
    let decisions = all(&mut seen).await?;
    let mut views = vec![];
    for some in decisions.chunks(256) {
        views.extend(with_appeals(&mut seen.reader, some.to_vec(), views::For::Public).await?);
    }
    Ok(views)
}

async fn all(seen: &mut Seen) -> Outcome<Vec<Decision>> {
    let (mut all, mut start): (Vec<Decision>, _) = (vec![], (Millis::MAX, String::new()));
    loop {
        let some = seen
            .reader
            .decisions(seen.framework.id, start, WHOLE)
            .await?;
        let full = i64::try_from(some.len()).is_ok_and(|count| count == WHOLE);
        all.extend(some);
        match all.last().filter(|_| full) {
            Some(last) => start = (last.at, last.id.clone()),
            None => return Ok(all),
        }
    }
}

/// All of it as a table, one row for each decision.
pub async fn table(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<String> {
    let head = [
        "id",
        "at",
        "action",
        "kind",
        "object",
        "rule",
        "facts",
        "by",
        "moderator",
        "seconded",
        "until",
        "state",
        "ended_at",
        "appeal",
        "language",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for view in whole(node, account, slug).await? {
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let appeal = view
            .appeal
            .as_ref()
            .map(|appeal| word(&appeal.state))
            .unwrap_or_default();
        let object = view
            .object
            .map(|object| object.id().to_string())
            .unwrap_or_default();
        let (action, kind, state) = (word(&view.action), word(&view.kind), word(&view.state));
        rows.push(vec![
            view.id,
            view.at.to_string(),
            action,
            kind,
            object,
            view.rule,
            view.facts,
            view.by,
            number(view.alias),
            view.seconded.to_string(),
            number(view.until),
            state,
            number(view.ended_at),
            appeal,
            view.language.unwrap_or_default(),
        ]);
    }
    Ok(csv::table(&rows))
}

/// A value as its word on the wire.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// How the sides were treated.
pub async fn record(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<record::Record> {
    let mut seen = seen::see_slug(node, account, slug).await?;
    let decisions = all(&mut seen).await?;
    let mut appealed = std::collections::HashSet::new();
    for some in decisions.chunks(256) {
        let ids: Vec<String> = some.iter().map(|decision| decision.id.clone()).collect();
        appealed.extend(
            seen.reader
                .appeals_against(&ids)
                .await?
                .into_iter()
                .map(|appeal| appeal.decision),
        );
    }
    let entries: Vec<record::Entry> = decisions
        .into_iter()
        .map(|decision| record::Entry {
            appealed: appealed.contains(&decision.id),
            waited: decision.waited_since.map(|since| decision.at - since),
            action: decision.action,
            automated: decision.automated,
            state: decision.state,
            camp: decision.camp,
            addressee: decision.addressee,
            language: decision.language,
        })
        .collect();
    Ok(record::record(&entries, node.options.rules.floor))
}
