//! What somebody's posting has to do with the pace.
use crate::{
    domain::{
        framework::Framework,
        permission::{Action, Actor},
        scope::ledger::median_hours,
    },
    protocol::rest::{PointPost, PostingView},
    service::Outcome,
    store::Reader,
};

/// What somebody's posting has to do with the pace; `None` where nothing of it depends on them.
pub async fn posting(
    reader: &mut Reader,
    framework: &Framework,
    actor: &Actor,
) -> Outcome<Option<PostingView>> {
    let pace = &framework.pace;
    let Some(account) = actor
        .account
        .filter(|_| actor.may(Action::SetPace, false).is_err())
    else {
        return Ok(None);
    };
    if !pace.is_slow() && pace.first_posts == 0 && pace.raid.is_none() {
        return Ok(None);
    }
    let last = if pace.is_slow() {
        reader.last_posts(framework.id, &[account], 0).await?
    } else {
        vec![]
    };
    let points = last
        .iter()
        .filter_map(|last| {
            Some(PointPost {
                point: last.point?,
                at: last.at,
            })
        })
        .collect();
    let shown = if actor.standing || pace.first_posts == 0 {
        None
    } else {
        Some(reader.shown_comments(framework.id, &[account]).await?)
    };
    let first_posts = shown.map_or(0, |shown| {
        (i64::from(pace.first_posts) - shown.get(&account).copied().unwrap_or(0)).max(0)
    });
    let usual_hours = median_hours(&reader.hold_times(framework.id, USUAL).await?);
    Ok(Some(PostingView {
        last_at: last.iter().map(|last| last.at).max(),
        points,
        first_posts,
        usual_hours,
    }))
}

/// How many decided holds tell how long it usually takes.
pub(crate) const USUAL: i64 = 50;
