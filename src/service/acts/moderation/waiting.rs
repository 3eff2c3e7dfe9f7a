//! One row for each thing that waits, recomputed from what is known of it.
use crate::{
    domain::{
        Millis,
        concession::ConcessionState,
        framework::FrameworkId,
        moderation::{Object, Why, because, score},
        thread::CommentState,
    },
    service::sight::thing::Thing,
    store::{self, Reader, Tx, Waiting},
};

/// As [`touch`], without telling; whether something changed.
pub async fn refresh(
    tx: &mut Tx,
    framework: FrameworkId,
    object: Object,
    now: Millis,
) -> store::Result<bool> {
    let before = tx.waiting(framework, object.id()).await?;
    let Some(after) = waits(tx, object, before.as_ref(), now).await? else {
        return Ok(before.is_some() && tx.delete_waiting(framework, object.id()).await?);
    };
    if before.as_ref() == Some(&after) {
        return Ok(false);
    }
    tx.put_waiting(framework, &after).await?;
    Ok(true)
}

/// Why a thing waits, and since when; `None` where it does not.
async fn waits(
    reader: &mut Reader,
    object: Object,
    before: Option<&Waiting>,
    now: Millis,
) -> store::Result<Option<Waiting>> {
    let (mut counts, mut since) = (vec![], vec![]);
    for (reason, count, first) in reader.report_counts(object.id()).await? {
        counts.push((Why::Reported(reason), count));
        since.push(first);
    }
    for (reason, count, first) in reader.notice_counts(object.id()).await? {
        counts.push((Why::Noticed(reason), count));
        since.push(first);
    }
    let seconds = reader.pending_decisions(object.id()).await?;
    let appeals = reader.open_appeals(object.id()).await?;
    let length = |times: &[Millis]| i64::try_from(times.len()).unwrap_or(i64::MAX);
    counts.extend([
        (Why::SecondWanted, length(&seconds)),
        (Why::Appealed, length(&appeals)),
    ]);
    since.extend(seconds.into_iter().chain(appeals));
    let thing = Thing::read(reader, object).await?;
    if let Some((why, count, at)) = held(reader, thing.as_ref(), now).await? {
        counts.push((why, count));
        since.push(at);
    }
    let because = because(counts);
    if because.is_empty() {
        return Ok(None);
    }
    let opened_at = before.map_or_else(
        || since.into_iter().min().unwrap_or(now),
        |before| before.opened_at,
    );
    let (point, language) = match thing {
        Some(thing) => {
            let spot = thing.spot(reader).await?;
            (spot.point, spot.language())
        }
        None => (None, None),
    };
    Ok(Some(Waiting {
        object,
        point,
        language,
        score: score(&because),
        because,
        opened_at,
        claim: before.and_then(|before| before.claim),
    }))
}

/// Whether a thing is held or in the lane, how many with it, and since when. A wave of comments is
/// one thing, by its first.
async fn held(
    reader: &mut Reader,
    thing: Option<&Thing>,
    now: Millis,
) -> store::Result<Option<(Why, i64, Millis)>> {
    Ok(match thing {
        Some(Thing::Concession(card)) if card.state == ConcessionState::Held => {
            let hold = reader.hold(card.id).await?;
            hold.and_then(|hold| hold.queued_at)
                .map(|at| (Why::Held, 1, at))
        }
        Some(Thing::Concession(card)) if card.state == ConcessionState::Provisional => {
            Some((Why::Provisional, 1, card.created_at))
        }
        Some(Thing::Comment(comment, _)) => {
            let since = comment.hold.as_ref().map_or(now, |hold| hold.since);
            let members = reader.held_in_wave(comment.id).await?.len();
            let alone = comment.state == CommentState::Held
                && comment.hold.as_ref().is_none_or(|hold| hold.wave.is_none());
            let count = if members == 0 {
                i64::from(alone)
            } else {
                i64::try_from(members).unwrap_or(i64::MAX)
            };
            (count > 0).then_some((Why::Held, count, since))
        }
        _ => None,
    })
}
