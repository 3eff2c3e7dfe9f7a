//! One thing in front of a moderator: its words, whose it is, what is said of it, what was decided.
//! Each look is noted.
use crate::{
    domain::{
        account::AccountId,
        framework::FrameworkId,
        moderation::Object,
        permission::{Action, Actor, Role, Viewer},
    },
    protocol::{
        problem::Problem,
        rest::{
            AuthorView, ConditionView, DecisionView, ItemText, ItemView, NoticeView, PastView,
            ReportedView,
        },
    },
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        reads::{
            moderation::{again::again, held},
            places::framework_of,
            scope, search_index,
        },
        sight::{
            actor,
            appeals::with_appeals,
            condition::condition,
            entry::entry_of,
            seen,
            thing::{Spot, Thing},
            views,
        },
    },
    store::{PublicNotice, Reader, Report},
};

/// Decisions shown of a thing, and of its author.
const DECISIONS: i64 = 50;

/// A thing with all that is known of it; that this moderator opened it is kept.
pub async fn item(
    node: &Node,
    asker: Asker,
    object: Object,
    named: Option<&str>,
) -> Outcome<ItemView> {
    let framework = framework_of(node, object, named).await?;
    search_index::caught_up(node).await;
    let seen = seen::see_id(node, Some(asker), framework).await?;
    seen.actor.may(Action::SeeRemoved, false)?;
    let mut reader = seen.reader;
    let thing = Thing::read(&mut reader, object)
        .await?
        .ok_or_else(Problem::not_found)?;
    let view = view(node, &mut reader, framework, &seen.actor, &thing).await?;
    drop(reader);
    note(node, framework, object, asker.account).await?;
    Ok(view)
}

async fn view(
    node: &Node,
    reader: &mut Reader,
    framework: FrameworkId,
    looks: &Actor,
    thing: &Thing,
) -> Outcome<ItemView> {
    let object = thing.object();
    let waiting = match reader.waiting(framework, object.id()).await? {
        Some(waiting) => Some(entry_of(reader, framework, waiting, Some(thing)).await?),
        None => None,
    };
    let (scope, held) = match thing {
        Thing::Concession(card) => (Some(scope::case_of(reader, card, looks).await?), None),
        Thing::Comment(comment, _) => (None, held::shown(reader, comment).await?),
        _ => (None, None),
    };
    let texts = texts(reader, thing).await?;
    let spot = thing.spot(reader).await?;
    let condition = may_do(reader, framework, thing, &spot, looks).await?;
    let author = match thing.whose() {
        Some(author) => self::author(reader, framework, author, looks, node.now()).await?,
        None => None,
    };
    let (comment, concession) = match thing {
        Thing::Comment(comment, _) => (
            views::comment(comment.clone(), false, Viewer::RESTRICTED),
            None,
        ),
        Thing::Concession(card) => (
            None,
            Some(views::concession(card.clone(), Viewer::RESTRICTED)),
        ),
        _ => (None, None),
    };
    Ok(ItemView {
        object,
        waiting,
        thread: thing.thread(),
        point: spot.point,
        again: again(reader, framework, thing, &texts, looks).await?,
        texts,
        comment,
        concession,
        reports: reports(reader, object).await?,
        notices: notices(reader, object).await?,
        decisions: told(reader, object).await?,
        author,
        scope,
        held,
        second_wanted: reader
            .moderators_camps(framework, node.options.second_factor)
            .await?
            >= 2,
        looks: reader.accesses(object.id()).await?,
        condition,
    })
}

/// What a moderator may do to a thing as it stands.
async fn may_do(
    reader: &mut Reader,
    framework: FrameworkId,
    thing: &Thing,
    spot: &Spot,
    looks: &Actor,
) -> Outcome<ConditionView> {
    let author = match thing.whose() {
        Some(author) => {
            let membership = reader.membership(framework, author).await?;
            Some((
                author,
                membership.map_or(Role::Member, |membership| membership.role),
            ))
        }
        None => None,
    };
    let found = condition(reader, framework, thing).await?;
    Ok(found.view_for(thing.object().kind(), looks, &spot.place, author))
}

/// Notes the look. It changes nothing anybody else sees, so it is no command.
async fn note(
    node: &Node,
    framework: FrameworkId,
    object: Object,
    account: AccountId,
) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    tx.insert_access(framework, object, account, node.now())
        .await?;
    Ok(tx.commit().await?)
}

/// Everything it ever said, oldest first.
async fn texts(reader: &mut Reader, thing: &Thing) -> Outcome<Vec<ItemText>> {
    Ok(match thing {
        Thing::Comment(comment, _) => {
            let versions = reader.comment_versions(comment.id).await?;
            versions
                .into_iter()
                .map(|(version, body, _, at)| ItemText {
                    version,
                    title: None,
                    body,
                    at,
                })
                .collect()
        }
        Thing::Concession(card) => {
            let versions = reader.concession_versions(card.id).await?;
            versions
                .into_iter()
                .map(|text| ItemText {
                    version: text.version,
                    title: Some(text.title),
                    body: text.body,
                    at: text.at,
                })
                .collect()
        }
        Thing::Thread(thread) => vec![ItemText {
            version: 1,
            title: None,
            body: thread.title.clone(),
            at: 0,
        }],
        Thing::Account(_) | Thing::Framework(_) | Thing::Site => vec![],
    })
}

async fn reports(reader: &mut Reader, object: Object) -> Outcome<Vec<ReportedView>> {
    let view = |Report {
                    reason, note, at, ..
                }| ReportedView { reason, note, at };
    Ok(reader
        .open_reports(object.id())
        .await?
        .into_iter()
        .map(view)
        .collect())
}

async fn notices(reader: &mut Reader, object: Object) -> Outcome<Vec<NoticeView>> {
    let view = |PublicNotice {
                    id,
                    reason,
                    statement,
                    contact,
                    at,
                    ..
                }| NoticeView {
        id,
        reason,
        statement,
        contact,
        at,
    };
    Ok(reader
        .open_notices(object.id())
        .await?
        .into_iter()
        .map(view)
        .collect())
}

/// What was decided about a thing, with the appeals.
async fn told(reader: &mut Reader, object: Object) -> Outcome<Vec<DecisionView>> {
    let decisions = reader.decisions_of(object.id(), DECISIONS).await?;
    with_appeals(reader, decisions, views::For::Moderators).await
}

/// Whose it is, and what was decided about them here. Their viewpoint is no part of it.
async fn author(
    reader: &mut Reader,
    framework: FrameworkId,
    id: AccountId,
    looks: &Actor,
    now: crate::domain::Millis,
) -> Outcome<Option<AuthorView>> {
    let Some((account, actor)) = actor::actor(reader, framework, id, now, false).await? else {
        return Ok(None);
    };
    let condition = may_do(
        reader,
        framework,
        &Thing::Account(account.clone()),
        &Spot::WHOLE,
        looks,
    )
    .await?;
    let past = reader
        .decisions_about(id, DECISIONS)
        .await?
        .into_iter()
        .filter(|decision| decision.framework == framework);
    let past = past.map(|decision| PastView {
        id: decision.id,
        action: decision.action,
        rule: decision.rule,
        state: decision.state,
        at: decision.at,
    });
    Ok(Some(AuthorView {
        id,
        handle: account.handle,
        display_name: account.display_name,
        since: account.created_at,
        standing: actor.standing,
        role: actor.role,
        sanction: actor
            .sanction
            .map(|until| crate::protocol::rest::SanctionView { until }),
        posts: reader.post_counts(framework, id).await?.into(),
        past: past.collect(),
        condition,
    }))
}
