//! Choosing a viewpoint, giving it up, keeping one's place.
use serde_json::Value;

use crate::{
    domain::{
        ballot::CAMP_CHANGE_EVERY,
        permission::Role,
        stream::{EventKind, Stream},
    },
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::{answers, roles},
        sight::views,
        work::Work,
    },
    store::{Membership, ReadMark},
};

/// Chooses a viewpoint.
pub async fn join(
    work: &mut Work<'_>,
    camp: Option<String>,
    consent: bool,
) -> Outcome<CommandResult> {
    let before = roles::so_far(work.tx, work.framework.id, work.account.id).await?;
    let after = declared(work, &before, camp, consent)?;
    answers::take_along(work, after.camp.as_ref());
    put(
        work,
        Membership {
            role: before.role.max(Role::Participant),
            ..after
        },
    )
    .await
}

/// What a membership becomes when a viewpoint, or "rather not say", is chosen.
pub(crate) fn declared(
    work: &Work<'_>,
    before: &Membership,
    camp: Option<String>,
    consent: bool,
) -> Result<Membership, Problem> {
    if !consent {
        return Err(Problem::field(
            "consent",
            "required",
            "A viewpoint is kept only with your consent.",
        ));
    }
    if camp
        .as_ref()
        .is_some_and(|camp| !work.framework.has_camp(camp))
    {
        return Err(Problem::field(
            "camp",
            "invalid",
            "There is no such viewpoint here.",
        ));
    }
    // The wait runs from the last time a camp was named: saying "rather not say" is free, and no
    // way around it.
    let changes = camp.is_some() && before.camp != camp;
    let wait = before.camp_changed_at + CAMP_CHANGE_EVERY - work.now;
    if changes && wait > 0 {
        let detail = "A viewpoint can change once in 14 days. Answers already given keep the viewpoint they were given with.";
        return Err(Problem {
            retry_after_ms: u64::try_from(wait).ok(),
            ..Problem::new(Code::Closed, detail)
        });
    }
    if changes && work.framework.pace.raided(work.now) && work.actor.role < Role::Moderator {
        let detail = "Raid mode is on: nobody can choose a viewpoint until it ends. You can still read, and judge with the viewpoint you have.";
        return Err(Problem::new(Code::Closed, detail));
    }
    let camp_changed_at = if changes {
        work.now
    } else {
        before.camp_changed_at
    };
    Ok(Membership {
        joined: true,
        camp,
        camp_changed_at,
        ..before.clone()
    })
}

/// Gives the viewpoint up; the time of the last choice stays, so that leaving is no way around the
/// wait.
pub async fn leave(work: &mut Work<'_>) -> Outcome<CommandResult> {
    let Some(before) = work
        .tx
        .membership(work.framework.id, work.account.id)
        .await?
    else {
        return Err(Problem::not_found().into());
    };
    let role = if before.role > Role::Participant {
        before.role
    } else {
        Role::Member
    };
    // Joined without a camp: "rather not say" until the wait is over.
    put(
        work,
        Membership {
            joined: before.joined,
            camp: None,
            role: role.max(Role::Participant),
            ..before
        },
    )
    .await
}

async fn put(work: &mut Work<'_>, membership: Membership) -> Outcome<CommandResult> {
    work.tx.put_membership(work.account.id, &membership).await?;
    // The viewpoint itself is no part of the chain: a digest of three possible words would tell it.
    work.tell(
        Stream::Account(work.account.id),
        EventKind::MembershipChanged,
        work.framework.id,
        0,
        Value::Null,
    );
    Ok(CommandResult {
        membership: Some(views::membership(membership)),
        ..CommandResult::default()
    })
}

/// Keeps the furthest place read in a point.
pub async fn mark_read(work: &mut Work<'_>, point: u32, seq: i64) -> Outcome<CommandResult> {
    if work.tx.point_id(work.framework.id, point).await?.is_none() {
        return Err(Problem::not_found().into());
    }
    let head = work
        .tx
        .head(work.framework.id, &Stream::Public.to_string())
        .await?
        .seq;
    if !(0..=head).contains(&seq) {
        return Err(Problem::field("seq", "invalid", "This place has not been reached.").into());
    }
    work.tx
        .put_read_mark(
            work.framework.id,
            work.account.id,
            point,
            ReadMark { seq, at: work.now },
        )
        .await?;
    let kept = work
        .tx
        .read_mark(work.framework.id, work.account.id, point)
        .await?;
    Ok(CommandResult {
        read_seq: kept.map(|mark| mark.seq),
        ..CommandResult::default()
    })
}
