//! One thing in front of a moderator: its words, whose it is, what is said of it, what was decided. Each look is noted.
use crate::{
    domain::{
        account::AccountId,
        concession::ConcessionId,
        framework::FrameworkId,
        moderation::{Kind, Object},
        permission::{Action, Actor, Role, Viewer},
        thread::CommentId,
    },
    protocol::{
        problem::Problem,
        rest::{AuthorView, ConditionView, DecisionView, ItemText, ItemView, NoticeView, PastView, ReportedView},
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
            entry, seen,
            thing::{Located, locate, place_of},
            views,
        },
    },
    store::Reader,
};

/// Decisions shown of a thing, and of its author.
const DECISIONS: i64 = 50;

/// A thing with all that is known of it; that this moderator opened it is kept.
pub async fn item(node: &Node, asker: Asker, object: Object, named: Option<&str>) -> Outcome<ItemView> {
    let framework = framework_of(node, object, named).await?;
    search_index::caught_up(node).await;
    let seen = seen::see_id(node, Some(asker), framework).await?;
    seen.actor.may(Action::SeeRemoved, false)?;
    let mut reader = seen.reader;
    let located = locate(&mut reader, object).await?;
    let author = match object.kind {
        Kind::Account => Some(object.id.cast()),
        _ => located.as_ref().and_then(|located| located.author),
    };
    let waiting = match reader.waiting(framework, object.id).await? {
        Some(waiting) => Some(entry::entry(&mut reader, framework, waiting).await?),
        None => None,
    };
    let scope = match object.kind {
        Kind::Concession => {
            let card = reader.concession(object.id.cast()).await?.ok_or_else(Problem::not_found)?;
            Some(scope::case_of(&mut reader, &card, &seen.actor).await?)
        }
        _ => None,
    };
    let held = match object.kind {
        Kind::Comment => match reader.comment(object.id.cast()).await? {
            Some(comment) => held::shown(&mut reader, &comment).await?,
            None => None,
        },
        _ => None,
    };
    let texts = texts(&mut reader, object, located.as_ref()).await?;
    let condition = may_do(&mut reader, framework, object, &seen.actor, author).await?;
    let reports = reader.open_reports(object.id).await?.into_iter();
    let notices = reader.open_notices(object.id).await?.into_iter();
    let view = ItemView {
        object,
        waiting,
        thread: located.as_ref().and_then(|located| located.thread),
        point: located.as_ref().and_then(|located| located.point),
        again: again(&mut reader, framework, object, &texts, &seen.actor).await?,
        texts,
        comment: comment(&mut reader, object).await?,
        concession: card(&mut reader, object).await?,
        reports: reports.map(|report| ReportedView { reason: report.reason, note: report.note, at: report.at }).collect(),
        notices: notices
            .map(|notice| NoticeView { id: notice.id, reason: notice.reason, statement: notice.statement, contact: notice.contact, at: notice.at })
            .collect(),
        decisions: told(&mut reader, object).await?,
        author: match author {
            Some(author) => self::author(&mut reader, framework, author, &seen.actor, node.now()).await?,
            None => None,
        },
        scope,
        held,
        second_wanted: reader.moderators_camps(framework, node.options.second_factor).await? >= 2,
        looks: reader.accesses(object.id).await?,
        condition,
    };
    drop(reader);
    note(node, framework, object, asker.account).await?;
    Ok(view)
}

/// What a moderator may do to a thing as it stands.
async fn may_do(reader: &mut Reader, framework: FrameworkId, object: Object, actor: &Actor, author: Option<AccountId>) -> Outcome<ConditionView> {
    let place = place_of(reader, object).await?;
    let role = match author {
        Some(author) => reader.membership(framework, author).await?.map_or(Role::Member, |membership| membership.role),
        None => Role::Member,
    };
    let found = condition(reader, framework, object).await?.ok_or_else(Problem::not_found)?;
    Ok(found.view_for(object.kind, actor, &place, author.map(|author| (author, role))))
}

/// Notes the look. It changes nothing anybody else sees, so it is no command.
async fn note(node: &Node, framework: FrameworkId, object: Object, account: AccountId) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    tx.insert_access(framework, object, account, node.now()).await?;
    Ok(tx.commit().await?)
}

async fn comment(reader: &mut Reader, object: Object) -> Outcome<Option<crate::protocol::rest::CommentView>> {
    if object.kind != Kind::Comment {
        return Ok(None);
    }
    let found = reader.comment(object.id.cast()).await?;
    Ok(found.and_then(|comment| views::comment(comment, false, Viewer::RESTRICTED)))
}

async fn card(reader: &mut Reader, object: Object) -> Outcome<Option<crate::protocol::rest::ConcessionView>> {
    if object.kind != Kind::Concession {
        return Ok(None);
    }
    Ok(reader.concession(object.id.cast()).await?.map(|card| views::concession(card, Viewer::RESTRICTED)))
}

/// Everything it ever said, oldest first.
async fn texts(reader: &mut Reader, object: Object, located: Option<&Located>) -> Outcome<Vec<ItemText>> {
    Ok(match object.kind {
        Kind::Comment => {
            let versions = reader.comment_versions(object.id.cast::<_>() as CommentId).await?;
            versions.into_iter().map(|(version, body, _, at)| ItemText { version, title: None, body, at }).collect()
        }
        Kind::Concession => {
            let versions = reader.concession_versions(object.id.cast::<_>() as ConcessionId).await?;
            versions.into_iter().map(|text| ItemText { version: text.version, title: Some(text.title), body: text.body, at: text.at }).collect()
        }
        _ => located.map(|located| ItemText { version: 1, title: None, body: located.excerpt.clone(), at: 0 }).into_iter().collect(),
    })
}

/// What was decided about a thing, with the appeals.
async fn told(reader: &mut Reader, object: Object) -> Outcome<Vec<DecisionView>> {
    let decisions = reader.decisions_of(object.id, DECISIONS).await?;
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
    let Some((account, actor)) = actor::actor(reader, framework, id, now, false).await? else { return Ok(None) };
    let object = Object { kind: Kind::Account, id: id.cast() };
    let condition = may_do(reader, framework, object, looks, Some(id)).await?;
    let past = reader.decisions_about(id, DECISIONS).await?.into_iter().filter(|decision| decision.framework == framework);
    let past =
        past.map(|decision| PastView { id: decision.id, action: decision.action, rule: decision.rule, state: decision.state, at: decision.at });
    Ok(Some(AuthorView {
        id,
        handle: account.handle,
        display_name: account.display_name,
        since: account.created_at,
        standing: actor.standing,
        role: actor.role,
        sanction: actor.sanction.map(|until| crate::protocol::rest::SanctionView { until }),
        posts: reader.post_counts(framework, id).await?.into(),
        past: past.collect(),
        condition,
    }))
}
