//! Taking decisions back: by whom made them, within ten minutes, or on appeal. What stood before
//! stands again, and its counts.
use crate::{
    domain::{
        concession::{Concession, ConcessionState},
        lane::HeldBy,
        moderation::{DecisionState, Kind, Previous, UNDO},
        permission::Role,
        thread::{Comment, CommentState},
    },
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::{
            cards, comments, holds, lane, merging,
            moderation::{
                decisions,
                effects::{self, set_sanction},
                permit, places, queue, uniting,
            },
        },
        sight::{thing::Thing, views},
        work::{Work, already},
    },
    store::Decision,
};

/// Decisions of a thing that are looked through for a later one.
const LATER: i64 = 20;

/// Takes a decision back, within ten minutes.
pub async fn undo(work: &mut Work<'_>, id: &str) -> Outcome<CommandResult> {
    let decision = decisions::own_framework(work, id).await?;
    permit::permit_about(work, decision.needs(), &decision).await?;
    if decision.moderator != work.account.id && work.actor.role < Role::Owner {
        return Err(Problem::new(
            Code::Forbidden,
            "Only the moderator who made a decision can undo it; others decide about an appeal.",
        )
        .into());
    }
    let pending = decision.state == DecisionState::Pending;
    if !pending {
        if decision.state != DecisionState::Done {
            return Err(already().into());
        }
        if decision.effective_at.is_none_or(|at| at + UNDO < work.now)
            || decision.object.kind() == Kind::Site
        {
            return Err(Problem::new(
                Code::Closed,
                "A decision can be undone for ten minutes. Make a new one, or wait for an appeal.",
            )
            .into());
        }
    }
    let decision = end(work, decision, DecisionState::Undone).await?;
    Ok(CommandResult {
        decision: Some(views::decision(decision, None, views::For::Moderators)),
        ..CommandResult::default()
    })
}

/// Ends a decision: what it changed is put back, what it answered is open again.
pub(crate) async fn end(
    work: &mut Work<'_>,
    decision: Decision,
    state: DecisionState,
) -> Outcome<Decision> {
    let effective = decision.state == DecisionState::Done;
    if effective {
        last_word(work, &decision).await?;
        reverse(work, &decision).await?;
        if state == DecisionState::Undone {
            work.tx.reopen_reports(&decision.id).await?;
        }
    }
    let decision = Decision {
        state,
        revision: decision.revision + 1,
        ended_at: Some(work.now),
        ..decision
    };
    work.tx.update_decision(&decision).await?;
    decisions::tell(work, &decision, effective);
    queue::touch(work, decision.object).await?;
    Ok(decision)
}

/// Refuses where the thing was decided about again since: that later decision would be undone with
/// it.
async fn last_word(work: &mut Work<'_>, decision: &Decision) -> Outcome<()> {
    let changed = |other: &Decision| {
        other.into_thread.is_some() || !matches!(other.previous, None | Some(Previous::Nothing))
    };
    let changes = |other: &Decision| other.state == DecisionState::Done && changed(other);
    let later = work.tx.decisions_of(decision.object.id(), LATER).await?;
    let since = later
        .iter()
        .take_while(|other| other.id != decision.id)
        .any(changes);
    if since {
        return Err(Problem::new(
            Code::Conflict,
            "There has been another decision about it since. Undo that one first.",
        )
        .into());
    }
    Ok(())
}

/// Puts back what stood before.
async fn reverse(work: &mut Work<'_>, decision: &Decision) -> Outcome<()> {
    if decision.into_thread.is_some() {
        return uniting::part(work, decision).await;
    }
    let unknown = || {
        Problem::new(
            Code::Closed,
            "This decision was made by an earlier version of the program. Make a new one.",
        )
    };
    let previous = decision.previous.clone().ok_or_else(unknown)?;
    match (previous, permit::of_this(work, decision.object).await?) {
        (Previous::Comment { state }, Thing::Comment(comment, _)) => {
            put_comment_back(work, comment, state).await
        }
        (Previous::Wave { comments }, _) => holds::hold_again(work, &comments).await,
        (
            Previous::Branch {
                thread,
                parent,
                became,
            },
            Thing::Comment(root, _),
        ) => places::rejoin(work, &root, thread, parent, became).await,
        (Previous::Card { state, held_by }, Thing::Concession(card)) => {
            put_card_back(work, card, state, held_by).await
        }
        (Previous::Ballots { state }, Thing::Concession(card)) => {
            merging::part(work, card, decision, state).await
        }
        (Previous::Thread { state }, Thing::Thread(thread)) if thread.state != state => {
            places::set_thread(work, &thread, state).await
        }
        (Previous::Place { point, concession }, Thing::Thread(thread)) => {
            places::put(work, &thread, point, concession).await
        }
        (Previous::Account { sanction }, Thing::Account(account)) => {
            set_sanction(work, account.id, sanction).await
        }
        (Previous::Pause { paused }, _) => effects::pause(work, paused).await,
        // Nothing was changed, or it is as it was.
        (Previous::Nothing, _) | (Previous::Thread { .. }, Thing::Thread(_)) => Ok(()),
        _ => Err(unknown().into()),
    }
}

async fn put_comment_back(
    work: &mut Work<'_>,
    comment: Comment,
    state: CommentState,
) -> Outcome<()> {
    // What its author took back meanwhile stays taken back.
    if comment.state == state || comment.state == CommentState::Deleted {
        return Ok(());
    }
    match state {
        CommentState::Held => holds::wait_again(work, comment).await,
        state => comments::set_state(work, comment, state).await.map(drop),
    }
}

async fn put_card_back(
    work: &mut Work<'_>,
    card: Concession,
    state: ConcessionState,
    held_by: Option<HeldBy>,
) -> Outcome<()> {
    if card.state == state || card.state == ConcessionState::Withdrawn {
        return Ok(());
    }
    match state {
        ConcessionState::Held => lane::hold(work, card, (held_by.unwrap_or(HeldBy::People), None))
            .await
            .map(drop),
        state => cards::set_state(work, card, state).await.map(drop),
    }
}
