//! Decisions and the appeals against them: more to whom they concern than to everyone, and most to
//! moderators.
use crate::{
    domain::moderation::{APPEAL, DecisionState, Kind, UNDO},
    protocol::rest::{AppealView, DecisionView},
    store::{Appeal, Decision},
};

/// Whom a decision is shown to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Everyone.
    Public,
    /// Whom it concerns.
    Addressee,
    /// Moderators.
    Moderators,
}

/// A decision.
#[must_use]
pub fn decision(decision: Decision, appeal: Option<Appeal>, whom: For) -> DecisionView {
    let Decision {
        id,
        object,
        action,
        rule,
        facts,
        until,
        target,
        at,
        automated,
        addressee,
        state,
        effective_at,
        ended_at,
        ..
    } = decision;
    // The public log names nobody: an account's id would.
    let named = object.kind() != Kind::Account || whom != For::Public;
    let by = if automated { "automated" } else { "moderator" };
    let stands = state == DecisionState::Done;
    let appealable = stands
        && action.appealable()
        && addressee.is_some()
        && appeal.is_none()
        && whom == For::Addressee;
    let moderators = whom == For::Moderators;
    DecisionView {
        id,
        at,
        action,
        rule,
        facts,
        object: named.then_some(object),
        kind: object.kind(),
        until,
        into: target,
        point: decision.point,
        into_thread: decision.into_thread,
        title: decision.title,
        by: by.into(),
        alias: None,
        seconded: decision.seconded_by.is_some() && state != DecisionState::Refused,
        language: decision.language,
        state,
        ended_at,
        appeal: appeal.map(|appeal| self::appeal(appeal, whom)),
        appeal_until: appealable.then_some(at + APPEAL),
        undo_until: effective_at
            .filter(|_| moderators && stands && object.kind() != Kind::Site)
            .map(|at| at + UNDO),
        moderator: (moderators && !automated).then_some(decision.moderator),
    }
}

/// An appeal: everyone sees how it stands, its words are between its author and the moderators.
fn appeal(appeal: Appeal, whom: For) -> AppealView {
    let Appeal {
        id,
        at,
        state,
        statement,
        answer,
        decided_at,
        ..
    } = appeal;
    let shown = whom != For::Public;
    AppealView {
        id,
        at,
        state,
        statement: shown.then_some(statement),
        answer: answer.filter(|_| shown),
        decided_at,
    }
}
