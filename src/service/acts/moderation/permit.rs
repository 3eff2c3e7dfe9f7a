//! Whether a decision may be made: by whom, about what, and whether the thing is still as its maker
//! saw it.

use crate::{
    domain::{
        moderation::{Act, Object, Previous},
        permission::Action,
        remit::Place,
    },
    protocol::problem::{Code, Problem},
    service::{
        Outcome,
        sight::{
            condition::condition,
            thing::{Spot, Thing, place_of},
        },
        work::{Work, already},
    },
    store::{Decision, Reader},
};

/// A thing of this framework.
pub(crate) async fn of_this(work: &mut Work<'_>, object: Object) -> Outcome<Thing> {
    let thing = Thing::read(work.tx, object).await?;
    let here = |thing: &Thing| {
        thing
            .framework()
            .is_none_or(|framework| framework == work.framework.id)
    };
    Ok(thing.filter(here).ok_or_else(Problem::not_found)?)
}

/// Refuses where a thing is not as whoever decides saw it, or where the act does not apply to it as
/// it stands.
pub(crate) async fn ensure(
    work: &mut Work<'_>,
    thing: &Thing,
    act: Act,
    version: Option<i64>,
    seen: Option<&str>,
) -> Outcome<()> {
    let found = condition(work.tx, work.framework.id, thing).await?;
    if version.is_some_and(|version| found.version != Some(version))
        || seen.is_some_and(|seen| seen != found.fingerprint)
    {
        return Err(Problem::new(Code::Conflict, "Since you looked, it has changed or has been decided about. Read it again, then decide.").into());
    }
    if found.condition.allows(act) {
        Ok(())
    } else {
        Err(already().into())
    }
}

/// Whether what a decision does still applies to its thing.
pub(crate) async fn allows(
    work: &mut Work<'_>,
    decision: &Decision,
    thing: &Thing,
) -> Outcome<bool> {
    Ok(condition(work.tx, work.framework.id, thing)
        .await?
        .condition
        .allows(decision.action))
}

/// Refuses unless the actor may act on everything a decision touches: the thing at its place, where
/// it goes, and where it would go back to.
pub(crate) async fn permit(
    work: &mut Work<'_>,
    action: Action,
    decision: &Decision,
    spot: Spot,
) -> Outcome<()> {
    for place in places(work.tx, decision, spot).await? {
        work.permit_over(action, &place)?;
    }
    Ok(())
}

/// The thing of a decision that was made already, where the actor may act on all that it touches.
pub(crate) async fn permit_about(
    work: &mut Work<'_>,
    action: Action,
    decision: &Decision,
) -> Outcome<Thing> {
    let thing = of_this(work, decision.object).await?;
    let spot = thing.spot(work.tx).await?;
    permit(work, action, decision, spot).await?;
    Ok(thing)
}

async fn places(reader: &mut Reader, decision: &Decision, own: Spot) -> Outcome<Vec<Place>> {
    let language = own.language();
    let back = match decision.previous {
        Some(Previous::Place { point, concession }) => (point, concession),
        _ => (None, None),
    };
    let mut places = vec![own.place];
    for point in [decision.point, back.0].into_iter().flatten() {
        places.push(Place::Thing {
            points: vec![point],
            language: language.clone(),
        });
    }
    let cards = [decision.target, back.1]
        .into_iter()
        .flatten()
        .map(Object::Concession);
    for object in cards.chain(decision.into_thread.map(Object::Thread)) {
        places.push(
            place_of(reader, object)
                .await?
                .ok_or_else(Problem::not_found)?,
        );
    }
    Ok(places)
}
