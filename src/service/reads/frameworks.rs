//! Frameworks: what a reader sees of one, choosing a viewpoint, keeping one's place.
use crate::{
    domain::{
        framework::{Framework, FrameworkId, Lineage, Point, Revision},
        permission::{Action, Actor},
        stream::Stream,
    },
    protocol::{
        problem::Problem,
        rest::{
            FrameworkEntry, FrameworkSnapshot, FrameworkView, List, PointEntry, PointText,
            PointView, RevisionEntry, RevisionView, SanctionView, YouView,
        },
    },
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        reads::posting,
        sight::{
            actor,
            seen::{Seen, see_slug},
            views,
        },
    },
    store::{Reader, Result},
};

/// The frameworks anyone may read, and those that `account` takes part in.
pub async fn list(node: &Node, account: Option<Asker>) -> Outcome<List<FrameworkEntry>> {
    let mut reader = node.store.read().await?;
    let mut items = vec![];
    for framework in reader.frameworks().await? {
        let actor = match account.filter(|_| !framework.public) {
            Some(account) => {
                let found = actor::actor(
                    &mut reader,
                    framework.id,
                    account.account,
                    node.now(),
                    node.options.second_factor,
                )
                .await?;
                found.map(|(_, actor)| actor)
            }
            None => None,
        };
        if !actor
            .unwrap_or_else(Actor::anonymous)
            .enters(framework.public)
        {
            continue;
        }
        let visibility = if framework.public {
            "public"
        } else {
            "participants"
        };
        let Some((revision, _)) = reader.revisions(framework.id).await?.pop() else {
            continue;
        };
        let points = reader.points(framework.id, revision.number).await?.len();
        let points = i64::try_from(points).unwrap_or(i64::MAX);
        let Framework {
            id, slug, title, ..
        } = framework;
        items.push(FrameworkEntry {
            id,
            slug,
            title,
            revision: revision.number,
            points,
            visibility: visibility.into(),
        });
    }
    Ok(List { items, next: None })
}

/// What everyone sees of a framework.
pub async fn snapshot(
    reader: &mut Reader,
    framework: &Framework,
    seq: i64,
) -> Outcome<FrameworkSnapshot> {
    let revisions = reader.revisions(framework.id).await?;
    let revisions: Vec<_> = revisions
        .into_iter()
        .map(|(revision, _)| revision_entry(revision))
        .collect();
    let revision = revisions.last().cloned().ok_or_else(Problem::not_found)?;
    let points = point_entries(reader, framework.id, revision.number).await?;
    let pause = views::pause(framework);
    let Framework {
        id,
        slug,
        title,
        summary,
        as_of,
        epoch,
        parties,
        camps,
        legends,
        pace,
        ..
    } = framework.clone();
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
        points,
        questions: reader
            .questions(id)
            .await?
            .iter()
            .map(views::question)
            .collect(),
    })
}

/// A revision in a list.
fn revision_entry(revision: Revision) -> RevisionEntry {
    let Revision {
        number,
        title,
        published_on,
        ..
    } = revision;
    RevisionEntry {
        number,
        title,
        published_on,
    }
}

/// The points of a revision, with what is counted of their threads.
async fn point_entries(
    reader: &mut Reader,
    framework: FrameworkId,
    revision: u32,
) -> Result<Vec<PointEntry>> {
    let counts = reader.point_counts(framework).await?;
    let of = |number| {
        counts
            .iter()
            .find(|(point, ..)| *point == number)
            .map_or((0, 0), |(_, threads, comments)| (*threads, *comments))
    };
    let points = reader.points(framework, revision).await?;
    let entry = |(id, point): (String, Point)| {
        let (threads, comments) = of(point.number);
        views::point_entry(id, &point, threads, comments)
    };
    Ok(points.into_iter().map(entry).collect())
}

/// A framework as somebody sees it.
pub async fn view(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<FrameworkView> {
    let Seen {
        mut reader,
        framework,
        actor,
        seq,
    } = see_slug(node, account, slug).await?;
    let shared = snapshot(&mut reader, &framework, seq).await?;
    let you = you(&mut reader, &framework, &actor).await?;
    let mut streams = vec![Stream::Public.to_string()];
    if actor.may(Action::SeeHidden, false).is_ok() {
        streams.push(Stream::Moderators.to_string());
    }
    streams.extend(
        actor
            .account
            .map(|account| Stream::Account(account).to_string()),
    );
    streams.extend(
        shared
            .questions
            .iter()
            .map(|question| format!("tally/{}", question.id)),
    );
    // No connection is held while the live state is asked.
    drop(reader);
    let here = node
        .presence
        .shown(&node.live, framework.id, node.now())
        .await
        .count;
    let quiet_window = framework
        .pace
        .quiet
        .as_ref()
        .and_then(|quiet| quiet.window(node.now()));
    Ok(FrameworkView {
        shared,
        streams,
        here,
        quiet_window,
        you,
    })
}

/// The reader, as far as they are signed in.
pub async fn you(
    reader: &mut Reader,
    framework: &Framework,
    actor: &Actor,
) -> Outcome<Option<YouView>> {
    let Some(account) = actor.account else {
        return Ok(None);
    };
    let joined = reader
        .membership(framework.id, account)
        .await?
        .is_some_and(|membership| membership.joined);
    let answered = reader.answered(framework.id, account).await?;
    let sanction = actor.sanction.map(|until| SanctionView { until });
    let posting = posting::posting(reader, framework, actor).await?;
    let Actor {
        role,
        waiting,
        ref camp,
        standing,
        ..
    } = *actor;
    let (second_factor_missing, camp, (points, languages)) = (
        waiting.is_some(),
        camp.clone(),
        views::limits(actor.remit.clone()),
    );
    Ok(Some(YouView {
        role,
        second_factor_missing,
        waiting_role: waiting,
        camp,
        points,
        languages,
        standing,
        joined,
        answered,
        sanction,
        posting,
    }))
}

/// A revision's points and lineage.
pub async fn revision(
    node: &Node,
    account: Option<Asker>,
    slug: &str,
    number: u32,
) -> Outcome<RevisionView> {
    let Seen {
        mut reader,
        framework,
        ..
    } = see_slug(node, account, slug).await?;
    let found = reader
        .revisions(framework.id)
        .await?
        .into_iter()
        .find(|(revision, _)| revision.number == number);
    let (revision, lineage) = found.ok_or_else(Problem::not_found)?;
    let text = |(_, point): (String, Point)| PointText {
        number: point.number,
        title: point.title,
        category: point.category,
        status: point.status,
        status_by: point.status_by,
        summary: point.summary,
    };
    let points = reader
        .points(framework.id, number)
        .await?
        .into_iter()
        .map(text)
        .collect();
    let Revision {
        number,
        title,
        published_on,
        as_of,
        introduction,
        ..
    } = revision;
    Ok(RevisionView {
        number,
        title,
        published_on,
        as_of,
        introduction,
        points,
        lineage,
    })
}

/// A point of the current revision in full.
pub async fn point(
    node: &Node,
    account: Option<Asker>,
    slug: &str,
    number: u32,
) -> Outcome<PointView> {
    let Seen {
        mut reader,
        framework,
        actor,
        seq,
    } = see_slug(node, account, slug).await?;
    let (revision, lineage) = reader
        .revisions(framework.id)
        .await?
        .pop()
        .ok_or_else(Problem::not_found)?;
    let points = reader.points(framework.id, revision.number).await?;
    let (id, point) = points
        .into_iter()
        .find(|(_, point)| point.number == number)
        .ok_or_else(Problem::not_found)?;
    let (threads, comments) = reader.point_count(framework.id, number).await?;
    let mark = match actor.account {
        Some(account) => reader.read_mark(framework.id, account, number).await?,
        None => None,
    };
    drop(reader);
    let here = node
        .presence
        .shown(&node.live, framework.id, node.now())
        .await;
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
