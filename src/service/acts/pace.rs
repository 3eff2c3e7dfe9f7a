//! Setting what slows a framework's debate down.
use std::sync::Arc;

use crate::{
    domain::{
        pace::PaceOrder,
        stream::{EventKind, Stream},
        text::Check,
    },
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{Outcome, content, work::Work},
};

/// Sets all of it; every change is public.
pub async fn set(work: &mut Work<'_>, order: PaceOrder) -> Outcome<CommandResult> {
    let before = work.framework.pace.clone();
    if order.version != before.version {
        return Err(Problem::new(
            Code::Conflict,
            "These settings have changed in the meantime. Read them again, then change them.",
        )
        .into());
    }
    let mut check = Check::default();
    let pace = order.onto(&before, work.actor.role, work.now, &mut check);
    let named = pace
        .slow_points
        .iter()
        .map(|slow| ("slow_points", slow.point))
        .chain(
            pace.paused_points
                .iter()
                .map(|point| ("paused_points", *point)),
        );
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
    work.tell(
        Stream::Public,
        EventKind::FrameworkChanged,
        work.framework.id,
        pace.version,
        content::pace(&pace),
    );
    work.framework.pace = Arc::new(pace.clone());
    Ok(CommandResult {
        pace: Some(pace),
        ..CommandResult::default()
    })
}
