//! Frameworks: what a reader sees of one, choosing a viewpoint, keeping one's place.
use serde_json::Value;

use super::{Outcome, accounts::Asker, command::Work, node::Node, pace, views, writer};
use crate::{
    domain::{
        ballot::CAMP_CHANGE_EVERY,
        framework::{Framework, FrameworkId, Lineage},
        permission::{Action, Actor, Role},
        stream::{EventKind, Stream},
    },
    protocol::{
        problem::{Code, Problem},
        rest::{
            CommandResult, FrameworkEntry, FrameworkSnapshot, FrameworkView, List, PointText, PointView, RevisionEntry, RevisionView, SanctionView,
            YouView,
        },
    },
    store::{Membership, ReadMark, Reader},
};

/// Chooses a viewpoint.
pub async fn join(work: &mut Work<'_>, camp: Option<String>, consent: bool) -> Outcome<CommandResult> {
    let before = work.tx.membership(work.framework.id, work.account.id).await?;
    let before = before.unwrap_or_else(|| Membership::none(work.framework.id));
    let after = declared(work, &before, camp, consent)?;
    put(work, Membership { role: before.role.max(Role::Participant), ..after }).await
}

/// What a membership becomes when a viewpoint, or "rather not say", is chosen.
pub(super) fn declared(work: &Work<'_>, before: &Membership, camp: Option<String>, consent: bool) -> Result<Membership, Problem> {
    if !consent {
        return Err(Problem::field("consent", "required", "A viewpoint is kept only with your consent."));
    }
    if camp.as_ref().is_some_and(|camp| !work.framework.has_camp(camp)) {
        return Err(Problem::field("camp", "invalid", "There is no such viewpoint here."));
    }
    // The wait runs from the last time a camp was named: saying "rather not say" is free, and no way around it.
    let changes = camp.is_some() && before.camp != camp;
    let wait = before.camp_changed_at + CAMP_CHANGE_EVERY - work.now;
    if changes && wait > 0 {
        let detail = "A viewpoint can change once in 14 days. Answers already given keep the viewpoint they were given with.";
        return Err(Problem { retry_after_ms: u64::try_from(wait).ok(), ..Problem::new(Code::Closed, detail) });
    }
    if changes && work.framework.pace.raided(work.now) && work.actor.role < Role::Moderator {
        let detail = "Raid mode is on: nobody can choose a viewpoint until it ends. You can still read, and judge with the viewpoint you have.";
        return Err(Problem::new(Code::Closed, detail));
    }
    let camp_changed_at = if changes { work.now } else { before.camp_changed_at };
    Ok(Membership { joined: true, camp, camp_changed_at, ..before.clone() })
}

/// Gives the viewpoint up; the time of the last choice stays, so that leaving is no way around the wait.
pub async fn leave(work: &mut Work<'_>) -> Outcome<CommandResult> {
    let Some(before) = work.tx.membership(work.framework.id, work.account.id).await? else {
        return Err(Problem::not_found().into());
    };
    let role = if before.role > Role::Participant { before.role } else { Role::Member };
    // Joined without a camp: "rather not say" until the wait is over.
    put(work, Membership { joined: before.joined, camp: None, role: role.max(Role::Participant), ..before }).await
}

async fn put(work: &mut Work<'_>, membership: Membership) -> Outcome<CommandResult> {
    work.tx.put_membership(work.account.id, &membership).await?;
    // The viewpoint itself is no part of the chain: a digest of three possible words would tell it.
    work.tell(Stream::Account(work.account.id), EventKind::MembershipChanged, work.framework.id, 0, Value::Null);
    Ok(CommandResult { membership: Some(views::membership(membership)), ..CommandResult::default() })
}

/// Keeps the furthest place read in a point.
pub async fn mark_read(work: &mut Work<'_>, point: u32, seq: i64) -> Outcome<CommandResult> {
    if work.tx.point_id(work.framework.id, point).await?.is_none() {
        return Err(Problem::not_found().into());
    }
    let head = work.tx.head(work.framework.id, &Stream::Public.to_string()).await?.seq;
    if !(0..=head).contains(&seq) {
        return Err(Problem::field("seq", "invalid", "This place has not been reached.").into());
    }
    work.tx.put_read_mark(work.framework.id, work.account.id, point, ReadMark { seq, at: work.now }).await?;
    let kept = work.tx.read_mark(work.framework.id, work.account.id, point).await?;
    Ok(CommandResult { read_seq: kept.map(|mark| mark.seq), ..CommandResult::default() })
}

/// A framework somebody may read, and what they are there.
pub struct Seen {
    /// One consistent state.
    pub reader: Reader,
    /// The framework.
    pub framework: Framework,
    /// The reader.
    pub actor: Actor,
    /// The place in `public` of this state.
    pub seq: i64,
}

/// Opens a framework for somebody, or says it is not there.
pub async fn see(node: &Node, account: Option<Asker>, framework: Framework, mut reader: Reader) -> Outcome<Seen> {
    let actor = match account {
        None => Actor::anonymous(),
        Some(account) => {
            let found = writer::actor(&mut reader, framework.id, account.account, node.now(), node.options.second_factor).await?;
            found.map_or_else(Actor::anonymous, |(_, actor)| Actor { scope: account.scope, ..actor })
        }
    };
    if !actor.enters(framework.public) {
        return Err(Problem::not_found().into());
    }
    let seq = reader.head(framework.id, &Stream::Public.to_string()).await?.seq;
    Ok(Seen { reader, framework, actor, seq })
}

/// As [`see`], by name.
pub async fn see_slug(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<Seen> {
    let mut reader = node.store.read().await?;
    let framework = reader.framework_by_slug(slug).await?.ok_or_else(Problem::not_found)?;
    see(node, account, framework, reader).await
}

/// As [`see`], by id.
pub async fn see_id(node: &Node, account: Option<Asker>, id: FrameworkId) -> Outcome<Seen> {
    let mut reader = node.store.read().await?;
    let framework = reader.framework(id).await?.ok_or_else(Problem::not_found)?;
    see(node, account, framework, reader).await
}

/// The frameworks anyone may read, and those that `account` takes part in.
pub async fn list(node: &Node, account: Option<Asker>) -> Outcome<List<FrameworkEntry>> {
    let mut reader = node.store.read().await?;
    let mut items = vec![];
    for framework in reader.frameworks().await? {
        let actor = match account.filter(|_| !framework.public) {
            Some(account) => {
                let found = writer::actor(&mut reader, framework.id, account.account, node.now(), node.options.second_factor).await?;
                found.map(|(_, actor)| actor)
            }
            None => None,
        };
        if !actor.unwrap_or_else(Actor::anonymous).enters(framework.public) {
            continue;
        }
        let visibility = if framework.public { "public" } else { "participants" };
        let Some((revision, _)) = reader.revisions(framework.id).await?.pop() else { continue };
        let points = reader.points(framework.id, revision.number).await?.len();
        let points = i64::try_from(points).unwrap_or(i64::MAX);
        let Framework { id, slug, title, .. } = framework;
        items.push(FrameworkEntry { id, slug, title, revision: revision.number, points, visibility: visibility.into() });
    }
    Ok(List { items, next: None })
}

/// What everyone sees of a framework.
pub async fn snapshot(reader: &mut Reader, framework: &Framework, seq: i64) -> Outcome<FrameworkSnapshot> {
    let revisions = reader.revisions(framework.id).await?;
    let entry = |revision: &crate::domain::framework::Revision| RevisionEntry {
        number: revision.number,
        title: revision.title.clone(),
        published_on: revision.published_on.clone(),
    };
    let revisions: Vec<_> = revisions.iter().map(|(revision, _)| entry(revision)).collect();
    let revision = revisions.last().cloned().ok_or_else(Problem::not_found)?;
    let counts = reader.point_counts(framework.id).await?;
    let of = |number| counts.iter().find(|(point, ..)| *point == number).map_or((0, 0), |(_, threads, comments)| (*threads, *comments));
    let points = reader.points(framework.id, revision.number).await?;
    let points = points.into_iter().map(|(id, point)| {
        let (threads, comments) = of(point.number);
        views::point_entry(id, &point, threads, comments)
    });
    let pause = views::pause(framework);
    let Framework { id, slug, title, summary, as_of, epoch, parties, camps, legends, pace, .. } = framework.clone();
    Ok(FrameworkSnapshot {
        id,
        slug,
        title,
        summary,
        as_of,
        epoch,
        seq,
        pause,
        pace: (*pace).clone(),
        revision,
        revisions,
        parties,
        camps,
        legends,
        points: points.collect(),
        questions: reader.questions(id).await?.iter().map(views::question).collect(),
    })
}

/// A framework as somebody sees it.
pub async fn view(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<FrameworkView> {
    let Seen { mut reader, framework, actor, seq } = see_slug(node, account, slug).await?;
    let shared = snapshot(&mut reader, &framework, seq).await?;
    let you = you(&mut reader, &framework, &actor).await?;
    let mut streams = vec![Stream::Public.to_string()];
    if actor.may(Action::SeeHidden, false).is_ok() {
        streams.push(Stream::Moderators.to_string());
    }
    streams.extend(actor.account.map(|account| Stream::Account(account).to_string()));
    streams.extend(shared.questions.iter().map(|question| format!("tally/{}", question.id)));
    // No connection is held while the live state is asked.
    drop(reader);
    let here = node.presence.shown(&node.live, framework.id, node.now()).await.count;
    let quiet_window = framework.pace.quiet.as_ref().and_then(|quiet| quiet.window(node.now()));
    Ok(FrameworkView { shared, streams, here, quiet_window, you })
}

/// The reader, as far as they are signed in.
pub async fn you(reader: &mut Reader, framework: &Framework, actor: &Actor) -> Outcome<Option<YouView>> {
    let Some(account) = actor.account else { return Ok(None) };
    let joined = reader.membership(framework.id, account).await?.is_some_and(|membership| membership.joined);
    let answered = reader.answered(framework.id, account).await?;
    let sanction = actor.sanction.map(|until| SanctionView { until });
    let posting = pace::posting(reader, framework, actor).await?;
    let Actor { role, waiting, ref camp, standing, .. } = *actor;
    let (second_factor_missing, camp, (points, languages)) = (waiting.is_some(), camp.clone(), views::limits(actor.remit.clone()));
    Ok(Some(YouView { role, second_factor_missing, waiting_role: waiting, camp, points, languages, standing, joined, answered, sanction, posting }))
}

/// A revision's points and lineage.
pub async fn revision(node: &Node, account: Option<Asker>, slug: &str, number: u32) -> Outcome<RevisionView> {
    let Seen { mut reader, framework, .. } = see_slug(node, account, slug).await?;
    let found = reader.revisions(framework.id).await?.into_iter().find(|(revision, _)| revision.number == number);
    let (revision, lineage) = found.ok_or_else(Problem::not_found)?;
    let text = |(_, point): (String, crate::domain::framework::Point)| PointText {
        number: point.number,
        title: point.title,
        category: point.category,
        status: point.status,
        status_by: point.status_by,
        summary: point.summary,
    };
    let points = reader.points(framework.id, number).await?.into_iter().map(text).collect();
    let crate::domain::framework::Revision { number, title, published_on, as_of, introduction, .. } = revision;
    Ok(RevisionView { number, title, published_on, as_of, introduction, points, lineage })
}

/// A point of the current revision in full.
pub async fn point(node: &Node, account: Option<Asker>, slug: &str, number: u32) -> Outcome<PointView> {
    let Seen { mut reader, framework, actor, seq } = see_slug(node, account, slug).await?;
    let (revision, lineage) = reader.revisions(framework.id).await?.pop().ok_or_else(Problem::not_found)?;
    let points = reader.points(framework.id, revision.number).await?;
    let (id, point) = points.into_iter().find(|(_, point)| point.number == number).ok_or_else(Problem::not_found)?;
    let (threads, comments) = reader.point_count(framework.id, number).await?;
    let mark = match actor.account {
        Some(account) => reader.read_mark(framework.id, account, number).await?,
        None => None,
    };
    drop(reader);
    let here = node.presence.shown(&node.live, framework.id, node.now()).await;
    let entry = views::point_entry(id, &point, threads, comments);
    let of_this = |line: &Lineage| line.to.contains(&number);
    Ok(PointView {
        entry,
        notes: point.notes,
        verification: point.verification,
        positions: point.positions,
        sources: point.sources,
        lineage: lineage.into_iter().filter(of_this).collect(),
        read_seq: mark.map(|mark| mark.seq),
        read_at: mark.map(|mark| mark.at),
        here: here.points.get(&number).copied().unwrap_or(0),
        epoch: framework.epoch,
        seq,
    })
}
