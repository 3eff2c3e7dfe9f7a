//! What a decision does to its thing, and what stood before.
use crate::{
    domain::{
        account::{Account, AccountId},
        concession::{Concession, ConcessionState},
        framework::Framework,
        lane::HeldBy,
        moderation::{Act, Previous, Sanction},
        stream::{EventKind, Stream},
        thread::Thread,
    },
    id::Id,
    protocol::problem::{Code, Problem},
    service::{
        Outcome,
        acts::{cards, holds, lane, merging, moderation::places},
        content,
        sight::{actor, thing::Thing},
        work::{Pending, Work, already},
    },
    store::Decision,
};

/// Puts an account under a limit, or under none.
pub(crate) async fn set_sanction(
    work: &mut Work<'_>,
    account: AccountId,
    sanction: Option<Sanction>,
) -> Outcome<()> {
    match sanction {
        Some(Sanction { until, decision }) => {
            work.tx
                .put_sanction(work.framework.id, account, until, &decision)
                .await?
        }
        None => drop(work.tx.delete_sanction(work.framework.id, account).await?),
    }
    work.told.rights.push(account);
    Ok(())
}

/// Does what a decision says; what stood before. Uniting threads is no part of it: what stood
/// before that is kept in rows.
pub(crate) async fn apply(
    work: &mut Work<'_>,
    thing: Thing,
    decision: &Decision,
) -> Outcome<Previous> {
    match thing {
        Thing::Comment(comment, thread) if decision.action == Act::Split => {
            places::split(work, decision, comment, thread).await
        }
        Thing::Comment(comment, _) => holds::decided(work, decision, comment).await,
        Thing::Concession(found) => card(work, decision, found).await,
        Thing::Thread(thread) if decision.action == Act::Move => {
            places::move_thread(work, decision, thread).await
        }
        Thing::Thread(found) => thread(work, decision, found).await,
        Thing::Account(account) => sanction(work, decision, account).await,
        Thing::Site => pause_site(work, decision).await,
        Thing::Framework(framework) => {
            let paused = decision.action == Act::Pause;
            if framework.paused == paused {
                return Err(already().into());
            }
            pause(work, paused).await?;
            Ok(Previous::Pause { paused: !paused })
        }
    }
}

async fn thread(work: &mut Work<'_>, decision: &Decision, thread: Thread) -> Outcome<Previous> {
    let before = work.tx.state_before_hiding(thread.id).await?;
    let state = decision
        .action
        .thread(thread.state, before)
        .ok_or_else(already)?;
    if state != thread.state {
        places::set_thread(work, &thread, state).await?;
    }
    Ok(Previous::Thread {
        state: thread.state,
    })
}

/// Pauses or resumes posting in this framework.
pub(crate) async fn pause(work: &mut Work<'_>, paused: bool) -> Outcome<()> {
    work.tx.set_paused(work.framework.id, paused).await?;
    work.framework.paused = paused;
    work.tell(
        Stream::Public,
        EventKind::FrameworkChanged,
        work.framework.id,
        0,
        content::paused(paused),
    );
    Ok(())
}

async fn card(work: &mut Work<'_>, decision: &Decision, card: Concession) -> Outcome<Previous> {
    let before = card.state;
    if let Some(into) = decision.target {
        merging::decided(work, card, into).await?;
        return Ok(Previous::Ballots { state: before });
    }
    let held_by = work.tx.hold(card.id).await?.map(|hold| hold.by);
    if decision.action == Act::Approve {
        lane::approved(work, card.id).await?;
        return Ok(Previous::Card {
            state: before,
            held_by,
        });
    }
    // A merged card that is put back stays merged: its answers are with the other one.
    let merged = |state| {
        if card.merged_into.is_some() && state == ConcessionState::Ranked {
            ConcessionState::Merged
        } else {
            state
        }
    };
    match decision
        .action
        .concession(before)
        .map(merged)
        .ok_or_else(already)?
    {
        state if state == before => {}
        ConcessionState::Held => drop(lane::hold(work, card, (HeldBy::People, None)).await?),
        state => drop(cards::set_state(work, card, state).await?),
    }
    Ok(Previous::Card {
        state: before,
        held_by,
    })
}

/// Pauses or resumes posting in every framework, and logs the decision in each.
async fn pause_site(work: &mut Work<'_>, decision: &Decision) -> Outcome<Previous> {
    if decision.action == Act::Approve {
        return Ok(Previous::Nothing);
    }
    let paused = decision.action == Act::Pause;
    if !work.tx.set_site_paused(paused).await? {
        return Err(already().into());
    }
    work.framework.site_paused = paused;
    work.tell(
        Stream::Public,
        EventKind::FrameworkChanged,
        work.framework.id,
        0,
        content::site_paused(paused),
    );
    let here = work.framework.id;
    for Framework { id, .. } in work
        .tx
        .frameworks()
        .await?
        .into_iter()
        .filter(|other| other.id != here)
    {
        if let Some(other) = work.tx.lock_framework(id).await? {
            log_pause(work, decision, other, paused).await?;
        }
    }
    // Taken back by resuming, in every framework alike.
    Ok(Previous::Nothing)
}

/// Keeps a decision about the site in another framework, and tells of it there.
async fn log_pause(
    work: &mut Work<'_>,
    decision: &Decision,
    other: Framework,
    paused: bool,
) -> Outcome<()> {
    let (id, effective_at) = (Id::<Decision>::new().to_string(), Some(work.now));
    let decision = Decision {
        id,
        framework: other.id,
        effective_at,
        ..decision.clone()
    };
    work.tx.insert_decision(&decision).await?;
    let told = |stream, kind, object: String, version, content| Pending {
        stream,
        kind,
        object,
        version,
        content,
    };
    let content = content::decision(&decision);
    let changes = vec![
        told(
            Stream::Public,
            EventKind::FrameworkChanged,
            other.id.to_string(),
            0,
            content::site_paused(paused),
        ),
        told(
            Stream::Public,
            EventKind::DecisionMade,
            decision.id.clone(),
            1,
            content.clone(),
        ),
        told(
            Stream::Moderators,
            EventKind::DecisionMade,
            decision.id,
            1,
            content,
        ),
    ];
    work.told.elsewhere.push((other, changes));
    Ok(())
}

/// Refuses to bar somebody of the same or a higher role.
pub(crate) async fn bars(work: &mut Work<'_>, account: &Account) -> Outcome<()> {
    // The rank is that of the role given, also where it waits for a second factor: nobody is barred
    // while they set one up.
    let (_, target) = actor::actor(work.tx, work.framework.id, account.id, work.now, false)
        .await?
        .ok_or_else(Problem::not_found)?;
    if !work.actor.may_bar(target.role) {
        return Err(Problem::new(
            Code::Forbidden,
            "Only somebody with a higher role can bar this account.",
        )
        .into());
    }
    Ok(())
}

async fn sanction(work: &mut Work<'_>, decision: &Decision, account: Account) -> Outcome<Previous> {
    match decision.action {
        Act::Suspend | Act::Ban => bars(work, &account).await?,
        Act::Lift => {}
        _ => return Ok(Previous::Nothing),
    }
    let before = work.tx.sanction(work.framework.id, account.id).await?;
    if decision.action == Act::Lift && before.is_none() {
        return Err(already().into());
    }
    let after = (decision.action != Act::Lift).then(|| Sanction {
        until: decision.until,
        decision: decision.id.clone(),
    });
    set_sanction(work, account.id, after).await?;
    Ok(Previous::Account { sanction: before })
}
