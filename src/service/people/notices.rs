//! Notices by people without an account.
use serde_json::Value;

use crate::{
    domain::{
        moderation::{Object, Reason},
        permission::{Sight, Viewer, visible_to},
        stream::{EventKind, Stream},
        text::{self, Check},
    },
    id::{self, Id},
    protocol::{problem::Problem, rest::MadeNoticeView},
    service::{
        Outcome,
        acts::moderation::{
            reports::{hides, nothing_left},
            waiting,
        },
        content,
        keep::secrets,
        node::Node,
        reads::places::framework_of,
        sight::thing::locate,
        way_in::ledger,
        work::Pending,
    },
    store::PublicNotice,
};

/// What somebody without an account sends.
pub struct NewNotice {
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// What is wrong.
    pub statement: String,
    /// How to reach them.
    pub contact: Option<String>,
}

/// Takes a notice: what is reported must be something everyone can see, or could.
pub async fn notify(node: &Node, visitor: &str, new: NewNotice) -> Outcome<MadeNoticeView> {
    node.budgets.notice(visitor)?;
    let mut check = Check::default();
    let statement = check.prose("statement", &new.statement, text::FACTS);
    let contact = check.optional("contact", new.contact.as_deref(), text::CONTACT);
    check.ensure(hides(new.object.kind).is_some(), "object", "invalid", "A comment, a thread or a proposal.");
    check.finish()?;
    let framework = framework_of(node, new.object, None).await?;
    let code = id::secret();
    let id = Id::<PublicNotice>::new().to_string();
    let mut tx = node.store.write().await?;
    let framework = tx.lock_framework(framework).await?.filter(|framework| framework.public).ok_or_else(Problem::not_found)?;
    let now = node.clock.at(tx.time());
    let author = locate(&mut tx, new.object).await?.ok_or_else(Problem::not_found)?;
    if author.author.is_none_or(|id| visible_to(Viewer::PUBLIC, id, author.state) == Sight::Nothing) {
        return Err(Problem::not_found().into());
    }
    if author.taken_back {
        return Err(nothing_left().into());
    }
    let NewNotice { object, reason, .. } = new;
    let (closed_by, taken_back_at) = (None, None);
    let notice = PublicNotice { id: id.clone(), framework: framework.id, object, reason, statement, contact, closed_by, taken_back_at, at: now };
    tx.insert_notice(&notice, &secrets::token_hash(&code)).await?;
    waiting::refresh(&mut tx, framework.id, object, now).await?;
    let told = |kind, object: String, version, content| Pending { stream: Stream::Moderators, kind, object, version, content };
    let changes = vec![
        told(EventKind::ReportMade, id.clone(), 1, content::notice(&notice)),
        told(EventKind::QueueChanged, object.id.to_string(), 0, Value::Null),
    ];
    let hint = ledger::append_of_site(&mut tx, &framework, now, changes).await?;
    tx.commit().await?;
    node.live.publish(hint);
    Ok(MadeNoticeView { id, code })
}
