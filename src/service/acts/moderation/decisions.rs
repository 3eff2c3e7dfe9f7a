//! Decisions: a rule and the facts, one moderator or two, carried out and told to whom they concern
//! and to everyone.
use crate::{
    domain::{
        HOUR, Millis,
        moderation::{Act, DecisionState, Object},
        stream::{EventKind, Stream},
    },
    id::Id,
    protocol::{
        command::Decide,
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::moderation::{
            check::check,
            effects::{apply, bars},
            permit,
            queue::{self, taken_up},
            uniting,
        },
        content,
        sight::{thing::Thing, views},
        work::{Work, already},
    },
    store::{Decision, Waiting},
};

/// A moderator's decision about one thing, or about several for the same reason.
pub async fn decide(work: &mut Work<'_>, mut decide: Decide) -> Outcome<CommandResult> {
    let objects: Vec<Object> = std::iter::once(decide.object)
        .chain(std::mem::take(&mut decide.also))
        .collect();
    check(&mut decide, &objects)?;
    let mut decisions = vec![];
    for (place, object) in objects.iter().enumerate() {
        let seen = decide.seen.get(place).map(String::as_str);
        decisions.push(prepare(work, *object, &decide, seen).await?);
    }
    let mut views = vec![];
    for (mut thing, decision) in decisions {
        if !views.is_empty() {
            // One wave is decided about with the first of its comments that is named: the others
            // are not what they were.
            thing = permit::of_this(work, decision.object).await?;
            if !permit::allows(work, &decision, &thing).await? {
                continue;
            }
        }
        let second = wants_second(work, &decision).await?;
        let decision = if second {
            pend(work, &thing, decision).await?
        } else {
            take_effect(work, thing, decision).await?
        };
        views.push(views::decision(decision, None, views::For::Moderators));
    }
    let decision = views.first().cloned();
    Ok(CommandResult {
        decision,
        decisions: if views.len() > 1 { views } else { vec![] },
        ..CommandResult::default()
    })
}

/// A decision about a thing that is there, that nobody else works on and that is not one's own.
async fn prepare(
    work: &mut Work<'_>,
    object: Object,
    decide: &Decide,
    seen: Option<&str>,
) -> Outcome<(Thing, Decision)> {
    let thing = permit::of_this(work, object).await?;
    let spot = thing.spot(work.tx).await?;
    let Decide {
        action,
        rule,
        facts,
        into,
        point,
        title,
        into_thread,
        ..
    } = decide.clone();
    let until = decide
        .duration_hours
        .map(|hours| work.now + Millis::from(hours) * HOUR);
    let new = new(work, &thing, action, rule, facts);
    let decision = Decision {
        until,
        target: into,
        point,
        into_thread,
        title,
        language: spot.language(),
        ..new
    };
    permit::permit(work, action.needs(object.kind()), &decision, spot).await?;
    if thing.whose() == Some(work.account.id) {
        return Err(Problem::new(
            Code::Forbidden,
            "Somebody else must decide about you and your posts.",
        )
        .into());
    }
    let waiting = taken_up(work, object.id()).await?;
    permit::ensure(work, &thing, action, decide.version, seen).await?;
    let decision = dated(work, decision, waiting).await?;
    Ok((thing, decision))
}

/// A decision with what the counts of the public log need.
async fn dated(
    work: &mut Work<'_>,
    decision: Decision,
    waiting: Option<Waiting>,
) -> Outcome<Decision> {
    let membership = match decision.addressee {
        Some(addressee) => work.tx.membership(work.framework.id, addressee).await?,
        None => None,
    };
    let camp = membership
        .filter(|membership| membership.joined)
        .and_then(|membership| membership.camp);
    Ok(Decision {
        waited_since: waiting.map(|waiting| waiting.opened_at),
        camp,
        ..decision
    })
}

fn new(work: &Work<'_>, thing: &Thing, action: Act, rule: String, facts: String) -> Decision {
    Decision {
        id: Id::<Decision>::new().to_string(),
        framework: work.framework.id,
        object: thing.object(),
        action,
        rule,
        facts,
        until: None,
        moderator: work.account.id,
        automated: false,
        addressee: thing.whose(),
        target: None,
        at: work.now,
        state: DecisionState::Done,
        revision: 1,
        seconded_by: None,
        effective_at: None,
        ended_at: None,
        waited_since: None,
        point: None,
        into_thread: None,
        title: None,
        language: None,
        camp: None,
        previous: None,
    }
}

/// A decision that nobody took: what people said was counted. Reports stay open, for a moderator to
/// look at.
pub async fn automated(
    work: &mut Work<'_>,
    thing: Thing,
    action: Act,
    rule: &str,
    facts: &str,
) -> Outcome<Decision> {
    let decision = Decision {
        automated: true,
        ..new(work, &thing, action, rule.into(), facts.into())
    };
    take_effect(work, thing, decision).await
}

/// Whether a moderator of another viewpoint must agree first: where the moderators are of two, and
/// the act silences a side.
async fn wants_second(work: &mut Work<'_>, decision: &Decision) -> Outcome<bool> {
    let wanted = !decision.automated && decision.action.wants_second(decision.object.kind());
    Ok(wanted
        && work
            .tx
            .moderators_camps(work.framework.id, work.host.second_factor)
            .await?
            >= 2)
}

/// Keeps a decision until a second moderator has looked; that it could be carried out is seen now.
async fn pend(work: &mut Work<'_>, thing: &Thing, decision: Decision) -> Outcome<Decision> {
    if !work
        .tx
        .pending_decisions(decision.object.id())
        .await?
        .is_empty()
    {
        return Err(Problem::new(
            Code::Conflict,
            "A decision about this is already waiting for a second moderator.",
        )
        .into());
    }
    if let Thing::Account(account) = thing {
        bars(work, account).await?;
    }
    let decision = Decision {
        state: DecisionState::Pending,
        ..decision
    };
    work.tx.insert_decision(&decision).await?;
    tell(work, &decision, false);
    queue::touch(work, decision.object).await?;
    Ok(decision)
}

/// A second moderator agrees or does not.
pub async fn second(
    work: &mut Work<'_>,
    id: &str,
    agrees: bool,
    seen: Option<&str>,
) -> Outcome<CommandResult> {
    let decision = own_framework(work, id).await?;
    let thing = permit::permit_about(work, decision.needs(), &decision).await?;
    if decision.state != DecisionState::Pending {
        return Err(already().into());
    }
    let first = work
        .tx
        .membership(work.framework.id, decision.moderator)
        .await?
        .and_then(|first| first.camp);
    let other = work.actor.camp.is_some()
        && work.actor.camp != first
        && work.account.id != decision.moderator;
    if !other || decision.addressee == Some(work.account.id) {
        return Err(Problem::new(
            Code::Forbidden,
            "This needs a moderator of a different viewpoint from the first.",
        )
        .into());
    }
    if agrees {
        permit::ensure(work, &thing, decision.action, None, seen).await?;
    }
    let decision = Decision {
        seconded_by: Some(work.account.id),
        revision: decision.revision + 1,
        ..decision
    };
    let decision = if agrees {
        complete(
            work,
            thing,
            Decision {
                state: DecisionState::Done,
                ..decision
            },
        )
        .await?
    } else {
        let decision = Decision {
            state: DecisionState::Refused,
            ended_at: Some(work.now),
            ..decision
        };
        work.tx.update_decision(&decision).await?;
        tell(work, &decision, false);
        queue::touch(work, decision.object).await?;
        decision
    };
    Ok(CommandResult {
        decision: Some(views::decision(decision, None, views::For::Moderators)),
        ..CommandResult::default()
    })
}

/// A decision of this framework.
pub(crate) async fn own_framework(work: &mut Work<'_>, id: &str) -> Outcome<Decision> {
    let found = work
        .tx
        .decision(id)
        .await?
        .filter(|decision| decision.framework == work.framework.id);
    Ok(found.ok_or_else(Problem::not_found)?)
}

/// Does what a new decision says, keeps it and tells of it.
async fn take_effect(work: &mut Work<'_>, thing: Thing, decision: Decision) -> Outcome<Decision> {
    let decision = Decision {
        effective_at: Some(work.now),
        ..decision
    };
    let decision = match thing {
        Thing::Thread(thread) if decision.action == Act::Merge => {
            // What stood before two threads were united is kept in rows that name the decision.
            let parts = uniting::parts(work, &decision, thread).await?;
            work.tx.insert_decision(&decision).await?;
            uniting::unite(work, &decision, parts).await?;
            decision
        }
        thing => {
            let decision = Decision {
                previous: Some(apply(work, thing, &decision).await?),
                ..decision
            };
            work.tx.insert_decision(&decision).await?;
            decision
        }
    };
    settle(work, decision).await
}

/// Does what a decision says that had waited.
async fn complete(work: &mut Work<'_>, thing: Thing, decision: Decision) -> Outcome<Decision> {
    let previous = Some(apply(work, thing, &decision).await?);
    let decision = Decision {
        previous,
        effective_at: Some(work.now),
        ..decision
    };
    work.tx.update_decision(&decision).await?;
    settle(work, decision).await
}

/// What follows every decision that took effect.
async fn settle(work: &mut Work<'_>, decision: Decision) -> Outcome<Decision> {
    if !decision.automated {
        work.tx
            .close_reports(decision.object.id(), &decision.id)
            .await?;
        if let Object::Concession(card) = decision.object {
            work.tx.clear_voices(card).await?;
        }
    }
    tell(work, &decision, true);
    queue::touch(work, decision.object).await?;
    Ok(decision)
}

/// Tells of a decision: the moderators and, once it has taken effect, everyone and whom it
/// concerns.
pub(crate) fn tell(work: &mut Work<'_>, decision: &Decision, effective: bool) {
    let (id, revision, content) = (&decision.id, decision.revision, content::decision(decision));
    if effective {
        work.tell(
            Stream::Public,
            EventKind::DecisionMade,
            id,
            revision,
            content.clone(),
        );
    }
    work.tell(
        Stream::Moderators,
        EventKind::DecisionMade,
        id,
        revision,
        content.clone(),
    );
    if let Some(addressee) = decision.addressee.filter(|_| effective) {
        work.tell(
            Stream::Account(addressee),
            EventKind::Notice,
            id,
            revision,
            content,
        );
    }
}
