//! Taking notices by people without an account.
use serde_json::Value;

use crate::{
    domain::{
        moderation::{Object, Reason},
        permission::{Sight, Viewer, visible_to},
        stream::{EventKind, Stream},
    },
    protocol::problem::Problem,
    service::{
        Outcome,
        acts::moderation::{reports::nothing_left, waiting},
        content,
        sight::thing::Thing,
        work::{Pending, Site},
    },
    store::PublicNotice,
};

/// A notice that was found well written.
#[derive(Clone)]
pub struct NewNotice {
    /// Under which id it is kept.
    pub id: String,
    /// The hash of the code that tells what became of it.
    pub code_hash: String,
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// What is wrong.
    pub statement: String,
    /// How to reach whoever sends it.
    pub contact: Option<String>,
}

/// Takes a notice: what is reported must be something everyone can see, or could.
pub async fn take(site: &mut Site<'_>, new: NewNotice) -> Outcome<()> {
    if !site.framework.public {
        return Err(Problem::not_found().into());
    }
    let found = Thing::read(site.tx, new.object)
        .await?
        .ok_or_else(Problem::not_found)?;
    let seen = found
        .whose()
        .zip(found.state())
        .map(|(author, state)| visible_to(Viewer::PUBLIC, author, state));
    if seen.is_none_or(|sight| sight == Sight::Nothing) {
        return Err(Problem::not_found().into());
    }
    if found.taken_back() {
        return Err(nothing_left().into());
    }
    let NewNotice {
        id,
        code_hash,
        object,
        reason,
        statement,
        contact,
    } = new;
    let (framework, closed_by, taken_back_at, at) = (site.framework.id, None, None, site.now);
    let notice = PublicNotice {
        id,
        framework,
        object,
        reason,
        statement,
        contact,
        closed_by,
        taken_back_at,
        at,
    };
    site.tx.insert_notice(&notice, &code_hash).await?;
    waiting::refresh(site.tx, framework, object, at).await?;
    let told = |kind, object: String, version, content| Pending {
        stream: Stream::Moderators,
        kind,
        object,
        version,
        content,
    };
    site.told.changes.push(told(
        EventKind::ReportMade,
        notice.id.clone(),
        1,
        content::notice(&notice),
    ));
    site.told.changes.push(told(
        EventKind::QueueChanged,
        object.id().to_string(),
        0,
        Value::Null,
    ));
    Ok(())
}
