//! The queue as moderators read it.
use crate::{
    domain::{Millis, permission::Action},
    protocol::{problem::Problem, rest::QueuePage},
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        sight::{entry::entry_of, seen, thing::Thing},
    },
    store::QueuePlace,
};

pub use crate::store::QueueFilter as Filter;

/// Things on a page.
const PAGE: i64 = 50;

/// What waits, most urgent first, without whose it is: who decides shall read the words first.
pub async fn page(
    node: &Node,
    asker: Asker,
    slug: &str,
    filter: Filter,
    after: Option<&str>,
) -> Outcome<QueuePage> {
    let mut seen = seen::see_slug(node, Some(asker), slug).await?;
    seen.actor.may(Action::SeeHidden, false)?;
    let after = after.map_or(Ok((i64::MAX, Millis::MIN, String::new())), place)?;
    let found = seen
        .reader
        .queue(seen.framework.id, &filter, after, PAGE)
        .await?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count == PAGE);
    let next = found
        .last()
        .filter(|_| full)
        .map(|last| format!("{}_{}_{}", last.score, last.opened_at, last.object.id()));
    let waiting = seen.reader.waiting_count(seen.framework.id).await?;
    let second_wanted = seen
        .reader
        .moderators_camps(seen.framework.id, node.options.second_factor)
        .await?
        >= 2;
    let (mut items, limited) = (vec![], !seen.actor.remit.is_whole());
    for one in found {
        let thing = Thing::read(&mut seen.reader, one.object).await?;
        // By the place they decide by, so that nothing is listed that they may not decide about.
        let covered = match &thing {
            Some(thing) if limited => seen
                .actor
                .remit
                .covers_place(&thing.spot(&mut seen.reader).await?.place),
            _ => !limited,
        };
        if covered {
            items.push(entry_of(&mut seen.reader, seen.framework.id, one, thing.as_ref()).await?);
        }
    }
    Ok(QueuePage {
        items,
        next,
        waiting,
        second_wanted,
    })
}

/// Reads a cursor.
pub(crate) fn place(cursor: &str) -> Outcome<QueuePlace> {
    let mut parts = cursor.splitn(3, '_');
    let mut number = || parts.next()?.parse::<i64>().ok();
    let found = number().zip(number());
    let rest = cursor.splitn(3, '_').nth(2);
    let found = found
        .zip(rest)
        .map(|((score, at), object)| (score, at, object.to_owned()));
    found.ok_or_else(|| Problem::field("after", "invalid", "Not a cursor of this list.").into())
}
