//! Whether a decision may be made: by whom, about what, and whether the thing is still as its maker saw it.

use crate::{
    domain::{
        account::AccountId,
        moderation::{Act, Kind, Object, Previous, SITE},
        permission::Action,
        remit::Place,
    },
    protocol::problem::{Code, Problem},
    service::{
        Outcome,
        sight::{
            condition::condition,
            thing::{Located, locate, place_of},
        },
        work::{Work, already},
    },
    store::{Decision, Reader},
};

/// A thing of this framework, and whose it is; nobody's are the framework itself and the site.
pub(crate) async fn whose(work: &mut Work<'_>, object: Object) -> Outcome<(Option<AccountId>, Option<Located>)> {
    match object.kind {
        Kind::Framework if object.id == work.framework.id.cast() => Ok((None, None)),
        Kind::Site if object.id == SITE.into() => Ok((None, None)),
        Kind::Account => {
            let account = work.tx.account(object.id.cast()).await?.ok_or_else(Problem::not_found)?;
            Ok((Some(account.id), None))
        }
        _ => {
            let located = locate(work.tx, object).await?.filter(|located| located.framework == work.framework.id);
            let located = located.ok_or_else(Problem::not_found)?;
            Ok((located.author, Some(located)))
        }
    }
}

/// Refuses where a thing is not as whoever decides saw it, or where the act does not apply to it as it stands.
pub(crate) async fn ensure(work: &mut Work<'_>, object: Object, act: Act, version: Option<i64>, seen: Option<&str>) -> Outcome<()> {
    let found = condition(work.tx, work.framework.id, object).await?.ok_or_else(Problem::not_found)?;
    if version.is_some_and(|version| found.version != Some(version)) || seen.is_some_and(|seen| seen != found.fingerprint) {
        return Err(Problem::new(Code::Conflict, "Since you looked, it has changed or has been decided about. Read it again, then decide.").into());
    }
    if found.condition.allows(act) { Ok(()) } else { Err(already().into()) }
}

/// Whether what a decision does still applies to its thing.
pub(crate) async fn allows(work: &mut Work<'_>, decision: &Decision) -> Outcome<bool> {
    let found = condition(work.tx, work.framework.id, decision.object).await?;
    Ok(found.is_some_and(|found| found.condition.allows(decision.action)))
}

/// Refuses unless the actor may act on everything a decision touches: the thing, where it goes, and where it would go back to.
pub(crate) async fn permit(work: &mut Work<'_>, action: Action, decision: &Decision) -> Outcome<()> {
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
