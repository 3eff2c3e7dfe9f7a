//! How a thing stands in front of whoever decides about it: what may be done to it, the places it touches, and the fingerprint by
//! which a decision names what its maker saw.
use sha2::{Digest, Sha256};

use super::{already, place_of};
use crate::{
    domain::{
        account::AccountId,
        framework::FrameworkId,
        moderation::{Act, Condition, Kind, Object, Previous},
        permission::{Action, Actor, Role},
        remit::Place,
        thread::CommentState,
    },
    protocol::{
        problem::{Code, Problem},
        rest::ConditionView,
    },
    service::{Outcome, command::Work, ledger::hex},
    store::{self, Decision, Reader},
};

/// Hexadecimal digits of a fingerprint: nobody gains by two that are alike.
const LENGTH: usize = 16;

/// How a thing stands.
pub(super) struct Found {
    condition: Condition,
    /// Of its words; `None` for what has no words.
    version: Option<i64>,
    /// Of its words, its state and what was decided about it last.
    pub fingerprint: String,
}

impl Found {
    /// What can be done to a thing of `kind` as it stands, by whoever may.
    pub fn acts(&self, kind: Kind) -> Vec<Act> {
        Act::ALL.into_iter().filter(|act| act.fits(kind) && self.condition.allows(*act)).collect()
    }

    /// To moderators, whoever they are.
    pub fn view(self, kind: Kind) -> ConditionView {
        ConditionView { acts: self.acts(kind), fingerprint: self.fingerprint }
    }

    /// To one moderator: what they may do, with a thing at `place` by `author`.
    pub fn view_for(self, kind: Kind, actor: &Actor, place: &Place, author: Option<(AccountId, Role)>) -> ConditionView {
        let own = author.is_some_and(|(author, _)| actor.account == Some(author));
        let bars = |act| matches!(act, Act::Suspend | Act::Ban);
        let outranked = author.is_some_and(|(_, role)| kind == Kind::Account && !actor.may_bar(role));
        let barred = |act: &Act| own || (outranked && bars(*act));
        let may = |act: &Act| !barred(act) && actor.may_over(act.needs(kind), false, place).is_ok();
        let view = self.view(kind);
        ConditionView { acts: view.acts.into_iter().filter(may).collect(), ..view }
    }
}

/// How a thing of a framework stands; `None` where there is no such thing.
pub(super) async fn condition(reader: &mut Reader, framework: FrameworkId, object: Object) -> store::Result<Option<Found>> {
    let id = object.id;
    let (condition, version) = match object.kind {
        Kind::Comment => {
            let Some(comment) = reader.comment(id.cast()).await? else { return Ok(None) };
            // A wave is decided about by its first comment, whatever became of that one.
            let wave = comment.hold.is_some() && !reader.held_in_wave(comment.id).await?.is_empty();
            (Condition::Comment(if wave { CommentState::Held } else { comment.state }), Some(comment.version))
        }
        Kind::Thread => {
            let Some(thread) = reader.thread(id.cast()).await? else { return Ok(None) };
            let condition = if thread.united().is_some() { Condition::United } else { Condition::Thread(thread.state) };
            (condition, Some(thread.version))
        }
        Kind::Concession => {
            let Some(card) = reader.concession(id.cast()).await? else { return Ok(None) };
            (Condition::Concession(card.state), Some(card.version))
        }
        Kind::Account => (Condition::Account(reader.sanction(framework, id.cast()).await?.is_some()), None),
        Kind::Framework | Kind::Site => {
            let Some(framework) = reader.framework(framework).await? else { return Ok(None) };
            (Condition::Posting(if object.kind == Kind::Site { framework.site_paused } else { framework.paused }), None)
        }
    };
    let last = reader.decisions_of(id, 1).await?.pop().map(|decision| (decision.id, decision.revision));
    let all = hex(&Sha256::digest(format!("{id} {condition:?} {version:?} {last:?}")));
    Ok(Some(Found { condition, version, fingerprint: all[..LENGTH].into() }))
}

/// Refuses where a thing is not as whoever decides saw it, or where the act does not apply to it as it stands.
pub(super) async fn ensure(work: &mut Work<'_>, object: Object, act: Act, version: Option<i64>, seen: Option<&str>) -> Outcome<()> {
    let found = condition(work.tx, work.framework.id, object).await?.ok_or_else(Problem::not_found)?;
    if version.is_some_and(|version| found.version != Some(version)) || seen.is_some_and(|seen| seen != found.fingerprint) {
        return Err(Problem::new(Code::Conflict, "Since you looked, it has changed or has been decided about. Read it again, then decide.").into());
    }
    if found.condition.allows(act) { Ok(()) } else { Err(already().into()) }
}

/// Whether what a decision does still applies to its thing.
pub(super) async fn allows(work: &mut Work<'_>, decision: &Decision) -> Outcome<bool> {
    let found = condition(work.tx, work.framework.id, decision.object).await?;
    Ok(found.is_some_and(|found| found.condition.allows(decision.action)))
}

/// Refuses unless the actor may act on everything a decision touches: the thing, where it goes, and where it would go back to.
pub(super) async fn permit(work: &mut Work<'_>, action: Action, decision: &Decision) -> Outcome<()> {
    for place in places(work.tx, decision).await? {
        work.permit_over(action, &place)?;
    }
    Ok(())
}

async fn places(reader: &mut Reader, decision: &Decision) -> Outcome<Vec<Place>> {
    let own = place_of(reader, decision.object).await?;
    let language = match &own {
        Place::Thing { language, .. } => language.clone(),
        _ => None,
    };
    let back = match decision.previous {
        Some(Previous::Place { point, concession }) => (point, concession),
        _ => (None, None),
    };
    let mut places = vec![own];
    for point in [decision.point, back.0].into_iter().flatten() {
        places.push(Place::Thing { points: vec![point], language: language.clone() });
    }
    let things = [decision.target, back.1].into_iter().flatten().map(|card| Object { kind: Kind::Concession, id: card.cast() });
    for thing in things.chain(decision.into_thread.map(|thread| Object { kind: Kind::Thread, id: thread.cast() })) {
        places.push(place_of(reader, thing).await?);
    }
    Ok(places)
}
