//! Appeals: the author objects, and a moderator who had no part in the decision answers.
use crate::{
    domain::{
        account::AccountId,
        moderation::{APPEAL, AppealState, DecisionState},
        permission::Action,
        stream::{EventKind, Stream},
        text::{self, Check},
    },
    id::Id,
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::moderation::{decisions, permit, queue, reversal},
        content,
        sight::views,
        work::Work,
    },
    store::{Appeal, Decision},
};

/// Objects to a decision about oneself or one's own.
pub async fn appeal(
    work: &mut Work<'_>,
    decision: String,
    statement: &str,
) -> Outcome<CommandResult> {
    let found = work
        .tx
        .decision(&decision)
        .await?
        .filter(|found| found.framework == work.framework.id);
    // Whom it does not concern learns nothing about it here.
    let found = found
        .filter(|found| found.addressee == Some(work.account.id))
        .ok_or_else(Problem::not_found)?;
    let mut check = Check::default();
    let statement = check.prose("statement", statement, text::FACTS);
    check.finish()?;
    if found.state != DecisionState::Done || !found.action.appealable() {
        return Err(Problem::new(Code::Closed, "There is nothing to appeal: this decision takes nothing away from you, or no longer stands.").into());
    }
    if found.at + APPEAL < work.now {
        return Err(
            Problem::new(Code::Closed, "A decision can be appealed for six months.").into(),
        );
    }
    let id = Id::<Appeal>::new().to_string();
    let appeal = Appeal {
        id,
        framework: work.framework.id,
        decision,
        account: work.account.id,
        statement,
        at: work.now,
        state: AppealState::Open,
        answer: None,
        decided_by: None,
        decided_at: None,
    };
    if !work.tx.insert_appeal(&appeal).await? {
        return Err(
            Problem::new(Code::Conflict, "You have already appealed this decision.").into(),
        );
    }
    tell(work, &appeal, 1);
    queue::touch(work, found.object).await?;
    let view = views::decision(found, Some(appeal), views::For::Addressee);
    Ok(CommandResult {
        decision: Some(view),
        ..CommandResult::default()
    })
}

/// Decides about an appeal.
pub async fn decide(
    work: &mut Work<'_>,
    id: &str,
    reverse: bool,
    answer: &str,
) -> Outcome<CommandResult> {
    let found = work
        .tx
        .appeal(id)
        .await?
        .filter(|found| found.framework == work.framework.id)
        .ok_or_else(Problem::not_found)?;
    let decision = decisions::own_framework(work, &found.decision).await?;
    permit::permit_about(work, Action::DecideAppeal, &decision).await?;
    let mut check = Check::default();
    let answer = check.prose("answer", answer, text::FACTS);
    check.finish()?;
    if found.state != AppealState::Open {
        return Err(Problem::new(Code::Conflict, "This appeal has already been decided.").into());
    }
    if had_part(work.account.id, &decision) {
        let detail = "An appeal goes to a moderator who had no part in the decision.";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    let state = if reverse {
        AppealState::Reversed
    } else {
        AppealState::Upheld
    };
    let (decided_by, decided_at) = (Some(work.account.id), Some(work.now));
    let appeal = Appeal {
        state,
        answer: Some(answer),
        decided_by,
        decided_at,
        ..found
    };
    let overturned = reverse && decision.state == DecisionState::Done;
    let decision = if overturned {
        reversal::end(work, decision, DecisionState::Overturned).await?
    } else {
        decision
    };
    work.tx.update_appeal(&appeal).await?;
    tell(work, &appeal, 2);
    work.tell(
        Stream::Public,
        EventKind::DecisionMade,
        &decision.id,
        decision.revision,
        content::decision(&decision),
    );
    queue::touch(work, decision.object).await?;
    let view = views::decision(decision, Some(appeal), views::For::Moderators);
    Ok(CommandResult {
        decision: Some(view),
        ..CommandResult::default()
    })
}

/// Whether somebody made a decision or agreed to it, or is whom it concerns.
fn had_part(account: AccountId, decision: &Decision) -> bool {
    let made = decision.moderator == account || decision.seconded_by == Some(account);
    made && !decision.automated || decision.addressee == Some(account)
}

/// Tells the moderators and the author how an appeal stands.
fn tell(work: &mut Work<'_>, appeal: &Appeal, version: i64) {
    let content = if appeal.state == AppealState::Open {
        content::appeal(appeal)
    } else {
        content::answered_appeal(appeal)
    };
    for stream in [Stream::Moderators, Stream::Account(appeal.account)] {
        work.tell(
            stream,
            EventKind::AppealChanged,
            &appeal.decision,
            version,
            content.clone(),
        );
    }
}
