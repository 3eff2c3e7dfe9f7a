//! What is kept of a command's result, for its repeats: texts as pointers, so that what was removed
//! from view, or changed, does not come back with an old answer.
use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};

use crate::{
    domain::{
        concession::ConcessionId,
        framework::FrameworkId,
        moderation::ThingId,
        permission::Viewer,
        thread::{CommentId, ThreadId, ThreadState},
    },
    protocol::rest::{CommandResult, CommentView, ConcessionView, DealView, ThreadView},
    service::sight::{entry, views},
    store::{Reader, Result},
};

/// A result without its texts.
#[derive(Serialize)]
pub(crate) struct Receipt {
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<ThreadId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<CommentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concession: Option<ConcessionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hand: Option<Hand>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queued: Option<ThingId>,
    #[serde(flatten)]
    rest: CommandResult,
}

/// The hand that was dealt, its cards as pointers.
#[derive(Serialize)]
struct Hand {
    deal: String,
    cards: Vec<ConcessionId>,
    expires_at: i64,
}

impl From<DealView> for Hand {
    fn from(
        DealView {
            deal,
            cards,
            expires_at,
        }: DealView,
    ) -> Self {
        Self {
            deal,
            cards: cards.into_iter().map(|card| card.id).collect(),
            expires_at,
        }
    }
}

impl Receipt {
    pub fn of(mut result: CommandResult) -> Self {
        let thread = result.thread.take().map(|thread| thread.id);
        let comment = result.comment.take().map(|comment| comment.id);
        let concession = result.concession.take().map(|card| card.id);
        if let Some(invitation) = &mut result.invitation {
            // Only its hash is kept anywhere.
            invitation.token = None;
        }
        let hand = result.hand.take().map(Hand::from);
        let queued = result.queued.take().map(|queued| queued.object.id());
        Self {
            thread,
            comment,
            concession,
            hand,
            queued,
            rest: result,
        }
    }

    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("a receipt is JSON")
    }
}

/// The result of a repeat: as kept, with each text as it is now and as the sender may see it.
pub(crate) async fn restore(
    reader: &mut Reader,
    framework: FrameworkId,
    kept: &str,
    viewer: Viewer,
) -> Result<Box<RawValue>> {
    // What a later version keeps in another shape says nothing here; the command was carried out
    // all the same.
    let mut result: Map<String, Value> = serde_json::from_str(kept).unwrap_or_default();
    // Rows of older versions hold the texts themselves: those are no ids and stay as they are.
    if let Some(id) = pointer(&result, "thread") {
        put(&mut result, "thread", &thread(reader, id, viewer).await?);
    }
    if let Some(id) = pointer(&result, "comment") {
        put(&mut result, "comment", &comment(reader, id, viewer).await?);
    }
    if let Some(id) = pointer(&result, "concession") {
        put(
            &mut result,
            "concession",
            &reader
                .concession(id)
                .await?
                .map(|card| views::concession(card, viewer)),
        );
    }
    if let Some(id) = pointer::<ThingId>(&result, "queued") {
        let waiting = reader.waiting_of(&[id]).await?.pop();
        let queued = match waiting.filter(|_| viewer.sees_hidden) {
            Some(waiting) => Some(entry::entry(reader, framework, waiting).await?),
            None => None,
        };
        put(&mut result, "queued", &queued);
    }
    if let Some(cards) = result
        .get_mut("hand")
        .and_then(|hand| hand.get_mut("cards"))
    {
        let now = hand(reader, cards, viewer).await?;
        *cards = serde_json::to_value(now).expect("a body is JSON");
    }
    Ok(serde_json::value::to_raw_value(&result).expect("a result is JSON"))
}

async fn thread(reader: &mut Reader, id: ThreadId, viewer: Viewer) -> Result<Option<ThreadView>> {
    let Some(thread) = reader.thread(id).await? else {
        return Ok(None);
    };
    let point = match thread.point {
        Some(number) => reader.point_id(thread.framework, number).await?,
        None => None,
    };
    Ok(views::thread(thread, point, viewer))
}

async fn comment(
    reader: &mut Reader,
    id: CommentId,
    viewer: Viewer,
) -> Result<Option<CommentView>> {
    let Some(comment) = reader.comment(id).await? else {
        return Ok(None);
    };
    // In a thread that this version cannot read it is not shown either.
    let hidden = reader
        .thread(comment.thread)
        .await?
        .is_none_or(|thread| thread.state == ThreadState::Hidden);
    Ok(views::comment(comment, hidden, viewer))
}

/// The cards of a hand that are still there.
async fn hand(reader: &mut Reader, cards: &Value, viewer: Viewer) -> Result<Vec<ConcessionView>> {
    // Of a row of an older version no text is told again: its cards are read by their ids as well.
    let id = |card: &Value| {
        card.as_str()
            .or_else(|| card.get("id")?.as_str())?
            .parse()
            .ok()
    };
    let ids: Vec<ConcessionId> = cards
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(id)
        .collect();
    let mut views = vec![];
    for id in ids {
        views.extend(
            reader
                .concession(id)
                .await?
                .map(|card| views::concession(card, viewer)),
        );
    }
    Ok(views)
}

fn pointer<T: std::str::FromStr>(result: &Map<String, Value>, field: &str) -> Option<T> {
    result.get(field)?.as_str()?.parse().ok()
}

/// Puts what the sender may see of a thing; nothing of it leaves nothing.
fn put<T: Serialize>(result: &mut Map<String, Value>, field: &str, view: &Option<T>) {
    match view {
        Some(view) => result.insert(
            field.into(),
            serde_json::to_value(view).expect("a body is JSON"),
        ),
        None => result.remove(field),
    };
}
