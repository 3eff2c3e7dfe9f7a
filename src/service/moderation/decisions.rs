//! Decisions: a rule and the facts, one moderator or two, carried out and told to whom they concern and to everyone.
use super::{Located, already, condition, places, queue, queue::taken_up, reversal, uniting, whose};
use crate::{
    domain::{
        HOUR, Millis,
        account::AccountId,
        concession::ConcessionState,
        framework::Framework,
        lane::HeldBy,
        moderation::{Act, DecisionState, Kind, Object, Previous, RULES, Sanction},
        stream::{EventKind, Stream},
        text::{self, Check},
    },
    id::Id,
    protocol::{
        command::Decide,
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome, cards,
        command::{Pending, Work},
        content, holds, lane, merging, views, writer,
    },
    store::{Decision, Waiting},
};

/// The longest suspension, in hours: a year.
const LONGEST: u32 = 8_760;
/// Things decided about at once.
const AT_ONCE: usize = 100;

/// A moderator's decision about one thing, or about several for the same reason.
pub async fn decide(work: &mut Work<'_>, mut decide: Decide) -> Outcome<CommandResult> {
    let objects: Vec<Object> = std::iter::once(decide.object).chain(std::mem::take(&mut decide.also)).collect();
    check(&mut decide, &objects)?;
    let mut decisions = vec![];
    for (place, object) in objects.iter().enumerate() {
        let seen = decide.seen.get(place).map(String::as_str);
        decisions.push(prepare(work, *object, &decide, seen).await?);
    }
    let mut views = vec![];
    for decision in decisions {
        // One wave is decided about with the first of its comments that is named.
        if !views.is_empty() && !condition::allows(work, &decision).await? {
            continue;
        }
        let decision = if wants_second(work, &decision).await? { pend(work, decision).await? } else { carry_out(work, decision).await? };
        views.push(views::decision(decision, None, views::For::Moderators));
    }
    let decision = views.first().cloned();
    Ok(CommandResult { decision, decisions: if views.len() > 1 { views } else { vec![] }, ..CommandResult::default() })
}

/// Whether the words of a decision fit its act.
fn check(decide: &mut Decide, objects: &[Object]) -> Outcome<()> {
    let (action, mut check) = (decide.action, Check::default());
    check.ensure(objects.len() <= AT_ONCE, "also", "too_many", "At most 100 things at once.");
    for (place, object) in objects.iter().enumerate() {
        let field = if place == 0 { "action".to_owned() } else { format!("also[{}]", place - 1) };
        check.ensure(action.fits(object.kind), &field, "invalid", "This cannot be done to that.");
        check.ensure(!objects[..place].contains(object), &field, "duplicate", "It is named twice.");
    }
    check.ensure(RULES.contains(&decide.rule.as_str()), "rule", "invalid", "One of the published rules, R1 to R10.");
    decide.facts = check.prose("facts", &decide.facts, text::FACTS);
    let hours = decide.duration_hours;
    check.ensure(hours.is_none_or(|hours| (1..=LONGEST).contains(&hours)), "duration_hours", "invalid", "1 to 8,760 hours.");
    check.ensure(hours.is_none() || action == Act::Suspend, "duration_hours", "invalid", "Only a suspension has a duration.");
    check.ensure(hours.is_some() || action != Act::Suspend, "duration_hours", "required", "How long it lasts.");
    let (card, thread) = (action == Act::Merge && objects[0].kind == Kind::Concession, action == Act::Merge && objects[0].kind == Kind::Thread);
    check.ensure(decide.into.is_some() || !card, "into", "required", "The proposal to merge it into.");
    check.ensure(
        decide.into.is_none() || card || action == Act::Move,
        "into",
        "invalid",
        "Only merging proposals and moving name a second proposal.",
    );
    check.ensure(decide.into_thread.is_some() || !thread, "into_thread", "required", "The thread to merge it into.");
    check.ensure(decide.into_thread.is_none() || thread, "into_thread", "invalid", "Only merging threads has a second thread.");
    let places = decide.into.is_some() != decide.point.is_some();
    check.ensure(action != Act::Move || places, "point", "required", "The point or the proposal to move it to.");
    check.ensure(decide.point.is_none() || action == Act::Move, "point", "invalid", "Only moving has a point.");
    if action == Act::Split {
        decide.title = Some(check.line("title", decide.title.as_deref().unwrap_or_default(), text::TITLE));
    } else {
        check.ensure(decide.title.is_none(), "title", "invalid", "Only splitting makes a title.");
    }
    let one = objects.len() == 1;
    check.ensure(one || !matches!(action, Act::Merge | Act::Split | Act::Move), "also", "invalid", "This is done to one thing at a time.");
    let versioned = decide.version.is_none() || (one && matches!(objects[0].kind, Kind::Comment | Kind::Thread | Kind::Concession));
    check.ensure(versioned, "version", "invalid", "Comments, threads and proposals have a version, and one at a time.");
    let named = decide.seen.is_empty() || decide.seen.len() == objects.len();
    check.ensure(named, "seen", "invalid", "One fingerprint for each thing, in their order.");
    Ok(check.finish()?)
}

/// A decision about a thing that is there, that nobody else works on and that is not one's own.
async fn prepare(work: &mut Work<'_>, object: Object, decide: &Decide, seen: Option<&str>) -> Outcome<Decision> {
    let (addressee, located) = whose(work, object).await?;
    let Decide { action, rule, facts, into, point, title, into_thread, .. } = decide.clone();
    let until = decide.duration_hours.map(|hours| work.now + Millis::from(hours) * HOUR);
    let new = new(work, object, action, (rule, facts), addressee, located.as_ref());
    let decision = Decision { until, target: into, point, into_thread, title, ..new };
    condition::permit(work, action.needs(object.kind), &decision).await?;
    if addressee == Some(work.account.id) {
        return Err(Problem::new(Code::Forbidden, "Somebody else must decide about you and your posts.").into());
    }
    let waiting = taken_up(work, object.id).await?;
    condition::ensure(work, object, action, decide.version, seen).await?;
    dated(work, decision, waiting).await
}

/// A decision with what the counts of the public log need.
async fn dated(work: &mut Work<'_>, decision: Decision, waiting: Option<Waiting>) -> Outcome<Decision> {
    let membership = match decision.addressee {
        Some(addressee) => work.tx.membership(work.framework.id, addressee).await?,
        None => None,
    };
    let camp = membership.filter(|membership| membership.joined).and_then(|membership| membership.camp);
    Ok(Decision { waited_since: waiting.map(|waiting| waiting.opened_at), camp, ..decision })
}

fn new(
    work: &Work<'_>,
    object: Object,
    action: Act,
    (rule, facts): (String, String),
    addressee: Option<AccountId>,
    located: Option<&Located>,
) -> Decision {
    Decision {
        id: Id::<Decision>::new().to_string(),
        framework: work.framework.id,
        object,
        action,
        rule,
        facts,
        until: None,
        moderator: work.account.id,
        automated: false,
        addressee,
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
        language: located.and_then(Located::language),
        camp: None,
        previous: None,
    }
}

/// A decision that nobody took: what people said was counted. Reports stay open, for a moderator to look at.
pub fn automated(work: &Work<'_>, object: Object, action: Act, (rule, facts): (&str, &str), addressee: AccountId) -> Decision {
    Decision { automated: true, ..new(work, object, action, (rule.into(), facts.into()), Some(addressee), None) }
}

/// Whether a moderator of another viewpoint must agree first: where the moderators are of two, and the act silences a side.
async fn wants_second(work: &mut Work<'_>, decision: &Decision) -> Outcome<bool> {
    let wanted = !decision.automated && decision.action.wants_second(decision.object.kind);
    Ok(wanted && work.tx.moderators_camps(work.framework.id, work.second_factor).await? >= 2)
}

/// Keeps a decision until a second moderator has looked; that it could be carried out is seen now.
async fn pend(work: &mut Work<'_>, decision: Decision) -> Outcome<Decision> {
    if !work.tx.pending_decisions(decision.object.id).await?.is_empty() {
        return Err(Problem::new(Code::Conflict, "A decision about this is already waiting for a second moderator.").into());
    }
    match decision.object.kind {
        Kind::Account => bars(work, &decision).await?,
        _ => {
            let card = work.tx.concession(decision.object.id.cast()).await?.ok_or_else(Problem::not_found)?;
            decision.action.concession(card.state).ok_or_else(already)?;
        }
    }
    let decision = Decision { state: DecisionState::Pending, ..decision };
    work.tx.insert_decision(&decision).await?;
    tell(work, &decision, false);
    queue::touch(work, decision.object).await?;
    Ok(decision)
}

/// A second moderator agrees or does not.
pub async fn second(work: &mut Work<'_>, id: &str, agrees: bool, seen: Option<&str>) -> Outcome<CommandResult> {
    let decision = own_framework(work, id).await?;
    condition::permit(work, decision.action.needs(decision.object.kind), &decision).await?;
    if decision.state != DecisionState::Pending {
        return Err(already().into());
    }
    let first = work.tx.membership(work.framework.id, decision.moderator).await?.and_then(|first| first.camp);
    let other = work.actor.camp.is_some() && work.actor.camp != first && work.account.id != decision.moderator;
    if !other || decision.addressee == Some(work.account.id) {
        return Err(Problem::new(Code::Forbidden, "This needs a moderator of a different viewpoint from the first.").into());
    }
    if agrees {
        condition::ensure(work, decision.object, decision.action, None, seen).await?;
    }
    let decision = Decision { seconded_by: Some(work.account.id), revision: decision.revision + 1, ..decision };
    let decision = if agrees {
        complete(work, Decision { state: DecisionState::Done, ..decision }).await?
    } else {
        let decision = Decision { state: DecisionState::Refused, ended_at: Some(work.now), ..decision };
        work.tx.update_decision(&decision).await?;
        tell(work, &decision, false);
        queue::touch(work, decision.object).await?;
        decision
    };
    Ok(CommandResult { decision: Some(views::decision(decision, None, views::For::Moderators)), ..CommandResult::default() })
}

/// A decision of this framework.
pub(super) async fn own_framework(work: &mut Work<'_>, id: &str) -> Outcome<Decision> {
    let found = work.tx.decision(id).await?.filter(|decision| decision.framework == work.framework.id);
    Ok(found.ok_or_else(Problem::not_found)?)
}

/// Carries a new decision out, keeps it and tells of it.
pub async fn carry_out(work: &mut Work<'_>, decision: Decision) -> Outcome<Decision> {
    let previous = apply(work, &decision).await?;
    let decision = Decision { previous, effective_at: Some(work.now), ..decision };
    work.tx.insert_decision(&decision).await?;
    if decision.into_thread.is_some() {
        uniting::unite(work, &decision).await?;
    }
    settle(work, decision).await
}

/// Carries out a decision that had waited.
async fn complete(work: &mut Work<'_>, decision: Decision) -> Outcome<Decision> {
    let previous = apply(work, &decision).await?;
    let decision = Decision { previous, effective_at: Some(work.now), ..decision };
    work.tx.update_decision(&decision).await?;
    settle(work, decision).await
}

/// What follows every decision that took effect.
async fn settle(work: &mut Work<'_>, decision: Decision) -> Outcome<Decision> {
    if !decision.automated {
        work.tx.close_reports(decision.object.id, &decision.id).await?;
        if decision.object.kind == Kind::Concession {
            work.tx.clear_opinions(decision.object.id.cast()).await?;
        }
    }
    tell(work, &decision, true);
    queue::touch(work, decision.object).await?;
    Ok(decision)
}

/// Tells of a decision: the moderators and, once it has taken effect, everyone and whom it concerns.
pub(super) fn tell(work: &mut Work<'_>, decision: &Decision, effective: bool) {
    let (id, revision, content) = (&decision.id, decision.revision, content::decision(decision));
    if effective {
        work.tell(Stream::Public, EventKind::DecisionMade, id, revision, content.clone());
    }
    work.tell(Stream::Moderators, EventKind::DecisionMade, id, revision, content.clone());
    if let Some(addressee) = decision.addressee.filter(|_| effective) {
        work.tell(Stream::Account(addressee), EventKind::Notice, id, revision, content);
    }
}

/// Does what a decision says; what stood before. Uniting threads is no part of it: that keeps what stood before beside the decision.
async fn apply(work: &mut Work<'_>, decision: &Decision) -> Outcome<Option<Previous>> {
    let (object, action) = (decision.object, decision.action);
    let previous = match object.kind {
        Kind::Thread if action == Act::Merge => {
            uniting::parts(work, decision).await?;
            return Ok(None);
        }
        Kind::Comment if action == Act::Split => places::split(work, decision).await,
        Kind::Comment => holds::decided(work, decision).await,
        Kind::Concession => card(work, decision).await,
        Kind::Thread if action == Act::Move => places::move_thread(work, decision).await,
        Kind::Thread => {
            let thread = work.tx.thread(object.id.cast()).await?.ok_or_else(Problem::not_found)?;
            let before = work.tx.state_before_hiding(thread.id).await?;
            let state = action.thread(thread.state, before).ok_or_else(already)?;
            if state != thread.state {
                places::set_thread(work, &thread, state).await?;
            }
            Ok(Previous::Thread { state: thread.state })
        }
        Kind::Account => sanction(work, decision).await,
        Kind::Site => pause_site(work, decision).await,
        Kind::Framework => {
            let paused = action == Act::Pause;
            if work.framework.paused == paused {
                return Err(already().into());
            }
            pause(work, paused).await?;
            Ok(Previous::Pause { paused: !paused })
        }
    };
    previous.map(Some)
}

/// Pauses or resumes posting in this framework.
pub(super) async fn pause(work: &mut Work<'_>, paused: bool) -> Outcome<()> {
    work.tx.set_paused(work.framework.id, paused).await?;
    work.framework.paused = paused;
    work.tell(Stream::Public, EventKind::FrameworkChanged, work.framework.id, 0, content::paused(paused));
    Ok(())
}

async fn card(work: &mut Work<'_>, decision: &Decision) -> Outcome<Previous> {
    let card = work.tx.concession(decision.object.id.cast()).await?.ok_or_else(Problem::not_found)?;
    let before = card.state;
    if let Some(into) = decision.target {
        merging::decided(work, card, into, &decision.id).await?;
        return Ok(Previous::Ballots { state: before });
    }
    let held_by = work.tx.hold(card.id).await?.map(|hold| hold.by);
    if decision.action == Act::Approve {
        lane::approved(work, card.id).await?;
        return Ok(Previous::Card { state: before, held_by });
    }
    // A merged card that is put back stays merged: its answers are with the other one.
    let merged = |state| if card.merged_into.is_some() && state == ConcessionState::Ranked { ConcessionState::Merged } else { state };
    match decision.action.concession(before).map(merged).ok_or_else(already)? {
        state if state == before => {}
        ConcessionState::Held => drop(lane::hold(work, card, (HeldBy::People, None)).await?),
        state => drop(cards::set_state(work, card, state).await?),
    }
    Ok(Previous::Card { state: before, held_by })
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
    work.tell(Stream::Public, EventKind::FrameworkChanged, work.framework.id, 0, content::site_paused(paused));
    for Framework { id, .. } in work.tx.frameworks().await?.into_iter().filter(|other| other.id != work.framework.id) {
        let Some(other) = work.tx.lock_framework(id).await? else { continue };
        let decision = Decision { id: Id::<Decision>::new().to_string(), framework: id, effective_at: Some(work.now), ..decision.clone() };
        work.tx.insert_decision(&decision).await?;
        let told = |stream, kind, object: String, version, content| Pending { stream, kind, object, version, content };
        let content = content::decision(&decision);
        let changes = vec![
            told(Stream::Public, EventKind::FrameworkChanged, id.to_string(), 0, content::site_paused(paused)),
            told(Stream::Public, EventKind::DecisionMade, decision.id.clone(), 1, content.clone()),
            told(Stream::Moderators, EventKind::DecisionMade, decision.id, 1, content),
        ];
        work.elsewhere.push((other, changes));
    }
    // Taken back by resuming, in every framework alike.
    Ok(Previous::Nothing)
}

/// Refuses to bar somebody of the same or a higher role.
async fn bars(work: &mut Work<'_>, decision: &Decision) -> Outcome<()> {
    let account: AccountId = decision.object.id.cast();
    // The rank is that of the role given, also where it waits for a second factor: nobody is barred while they set one up.
    let (_, target) = writer::actor(work.tx, work.framework.id, account, work.now, false).await?.ok_or_else(Problem::not_found)?;
    if !work.actor.may_bar(target.role) {
        return Err(Problem::new(Code::Forbidden, "Only somebody with a higher role can bar this account.").into());
    }
    Ok(())
}

async fn sanction(work: &mut Work<'_>, decision: &Decision) -> Outcome<Previous> {
    let account: AccountId = decision.object.id.cast();
    match decision.action {
        Act::Suspend | Act::Ban => bars(work, decision).await?,
        Act::Lift => {}
        _ => return Ok(Previous::Nothing),
    }
    let before = work.tx.sanction(work.framework.id, account).await?;
    if decision.action == Act::Lift && before.is_none() {
        return Err(already().into());
    }
    let after = (decision.action != Act::Lift).then(|| Sanction { until: decision.until, decision: decision.id.clone() });
    reversal::set_sanction(work, account, after).await?;
    Ok(Previous::Account { sanction: before })
}
