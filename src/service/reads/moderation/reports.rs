//! What became of reports and notices.
use crate::{
    domain::{Millis, account::AccountId},
    protocol::{
        problem::Problem,
        rest::{List, NoticeOutcomeView, OutcomeView, ReportView},
    },
    service::{Outcome, keep::secrets, node::Node, sight::cursor},
    store::{Decision, Reader, Report},
};

/// Reports on a page of one's own.
const OWN: i64 = 50;

/// What an account reported, and what became of it.
pub async fn own(
    node: &Node,
    account: AccountId,
    after: Option<&str>,
) -> Outcome<List<ReportView>> {
    let mut reader = node.store.read().await?;
    let mut items = vec![];
    let reports = reader
        .reports_by(account, cursor::before(after)?, OWN)
        .await?;
    let next = cursor::next(&reports, OWN, |report| (report.at, report.id.clone()));
    for report in reports {
        let outcome = outcome(
            &mut reader,
            report.closed_by.as_deref(),
            report.taken_back_at,
        )
        .await?;
        let Report {
            id,
            object,
            reason,
            note,
            at,
            ..
        } = report;
        items.push(ReportView {
            id,
            object,
            reason,
            note,
            at,
            outcome,
        });
    }
    Ok(List { items, next })
}

async fn outcome(
    reader: &mut Reader,
    closed_by: Option<&str>,
    taken_back_at: Option<Millis>,
) -> Outcome<Option<OutcomeView>> {
    let Some(closed_by) = closed_by else {
        return Ok(None);
    };
    if let Some(at) = taken_back_at {
        return Ok(Some(OutcomeView {
            action: None,
            rule: None,
            state: None,
            taken_back: true,
            at,
        }));
    }
    let found = reader.decision(closed_by).await?;
    let view = |decision: Decision| OutcomeView {
        action: Some(decision.action),
        rule: Some(decision.rule),
        state: Some(decision.state),
        taken_back: false,
        at: decision.effective_at.unwrap_or(decision.at),
    };
    Ok(found.map(view))
}

/// What became of a notice, for whoever holds its code.
pub async fn notice_outcome(node: &Node, visitor: &str, code: &str) -> Outcome<NoticeOutcomeView> {
    node.budgets.notice(visitor)?;
    let mut reader = node.store.read().await?;
    let notice = reader
        .notice(&secrets::token_hash(code))
        .await?
        .ok_or_else(Problem::not_found)?;
    let outcome = outcome(
        &mut reader,
        notice.closed_by.as_deref(),
        notice.taken_back_at,
    )
    .await?;
    Ok(NoticeOutcomeView {
        object: notice.object,
        reason: notice.reason,
        at: notice.at,
        outcome,
    })
}
