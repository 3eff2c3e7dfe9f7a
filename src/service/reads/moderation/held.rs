//! What a moderator sees of a held comment, or of the wave it is in.
use crate::{
    domain::{
        hold::CommentHold,
        thread::{Comment, CommentState},
    },
    protocol::rest::{EarlierView, HeldItem},
    service::{
        Outcome,
        sight::thing::{excerpt, in_order},
    },
    store::Reader,
};

/// What a moderator sees of a held comment, or of the wave it is in.
pub(crate) async fn shown(reader: &mut Reader, comment: &Comment) -> Outcome<Option<HeldItem>> {
    let members = reader
        .held_in_wave(
            comment
                .hold
                .as_ref()
                .and_then(|hold| hold.wave)
                .unwrap_or(comment.id),
        )
        .await?;
    let Some(hold) = comment
        .hold
        .as_ref()
        .filter(|_| comment.state == CommentState::Held || !members.is_empty())
    else {
        return Ok(None);
    };
    let earlier = earlier(reader, hold).await?;
    Ok(Some(HeldItem {
        by: hold.by,
        matched: hold.matched.clone(),
        comments: members.len().max(1),
        earlier,
    }))
}

/// Those of a wave that were posted before it was one.
async fn earlier(reader: &mut Reader, hold: &CommentHold) -> Outcome<Vec<EarlierView>> {
    let found = in_order(reader.comments_of(&hold.earlier).await?, &hold.earlier);
    let view = |one: Comment| EarlierView {
        id: one.id,
        state: one.state,
        excerpt: excerpt(&one.body),
    };
    Ok(found.into_iter().map(view).collect())
}
