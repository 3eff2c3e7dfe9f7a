//! Setting what slows a framework's debate down.
use std::sync::Arc;

use crate::{
    domain::{
        pace::PaceOrder,
        stream::{EventKind, Stream},
        text::Check,
    },
    protocol::rest::CommandResult,
    service::{
        Outcome, content,
        work::{Work, as_read},
    },
};

/// Sets all of it; every change is public.
pub async fn set(work: &mut Work<'_>, order: PaceOrder) -> Outcome<CommandResult> {
    let before = work.framework.pace.clone();
    let otherwise =
        "These settings have changed in the meantime. Read them again, then change them.";
    as_read(order.version == before.version, otherwise)?;
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
