//! Setting what slows a framework's debate down.
use std::sync::Arc;

use super::{Outcome, command::Work, content};
use crate::{
    domain::{
        framework::Framework,
        pace::PaceOrder,
        permission::{Action, Actor},
        scope_ledger::median_hours,
        stream::{EventKind, Stream},
        text::Check,
    },
    protocol::{
        problem::{Code, Problem},
        rest::{CommandResult, PointPost, PostingView},
    },
    store::Reader,
};

/// Sets all of it; every change is public.
pub async fn set(work: &mut Work<'_>, order: PaceOrder) -> Outcome<CommandResult> {
    let before = work.framework.pace.clone();
    if order.version != before.version {
        return Err(Problem::new(Code::Conflict, "These settings have changed in the meantime. Read them again, then change them.").into());
    }
    let mut check = Check::default();
    let pace = order.onto(&before, work.actor.role, work.now, &mut check);
    let named =
        pace.slow_points.iter().map(|slow| ("slow_points", slow.point)).chain(pace.paused_points.iter().map(|point| ("paused_points", *point)));
    for (field, point) in named {
        if work.tx.point_id(work.framework.id, point).await?.is_none() {
            check.fault(field, "invalid", format!("There is no point {point}."));
        }
    }
    check.finish()?;
    for (action, place) in pace.needs(&before, work.now) {
        work.permit_over(action, &place)?;
    }
    work.tx.set_pace(work.framework.id, &pace).await?;
    work.tell(Stream::Public, EventKind::FrameworkChanged, work.framework.id, pace.version, content::pace(&pace));
    work.framework.pace = Arc::new(pace.clone());
    Ok(CommandResult { pace: Some(pace), ..CommandResult::default() })
}

/// What somebody's posting has to do with the pace; `None` where nothing of it depends on them.
pub async fn posting(reader: &mut Reader, framework: &Framework, actor: &Actor) -> Outcome<Option<PostingView>> {
    let pace = &framework.pace;
    let Some(account) = actor.account.filter(|_| actor.may(Action::SetPace, false).is_err()) else { return Ok(None) };
    if !pace.is_slow() && pace.first_posts == 0 && pace.raid.is_none() {
        return Ok(None);
    }
    let last = if pace.is_slow() { reader.last_posts(framework.id, &[account], 0).await? } else { vec![] };
    let points = last.iter().filter_map(|last| Some(PointPost { point: last.point?, at: last.at })).collect();
    let shown = if actor.standing || pace.first_posts == 0 { None } else { Some(reader.shown_comments(framework.id, &[account]).await?) };
    let first_posts = shown.map_or(0, |shown| (i64::from(pace.first_posts) - shown.get(&account).copied().unwrap_or(0)).max(0));
    let usual_hours = median_hours(&reader.hold_times(framework.id, super::holds::USUAL).await?);
    Ok(Some(PostingView { last_at: last.iter().map(|last| last.at).max(), points, first_posts, usual_hours }))
}
