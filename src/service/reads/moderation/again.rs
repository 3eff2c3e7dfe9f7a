//! Where the words of a thing in front of a moderator stand again, so that they are decided about
//! together. What is looked through is bounded: the threads around it, their earlier texts, and
//! what the index of words proposes.
use std::collections::HashMap;

use crate::{
    domain::{
        Millis,
        again::{How, Original},
        concession::{Concession, ConcessionState},
        framework::FrameworkId,
        moderation::{Object, ThingId},
        permission::{Actor, Role, Viewer},
        search::{Query, card_texts},
        thread::{Comment, CommentState, Thread, ThreadState},
    },
    protocol::rest::{AgainView, ItemText},
    service::{
        Outcome,
        reads::search::{Seen, seen},
        sight::{
            condition::condition,
            thing::{self, Thing},
        },
    },
    store::{self, Reader, Within},
};

/// Comments around it that are read, and as many earlier texts of theirs.
const AROUND: i64 = 500;
/// Things that the index may propose for each pair of words.
const PROPOSED: i64 = 50;
/// Pairs of neighbouring words that are looked for in the index.
const PAIRS: usize = 8;
/// Texts of the thing that are compared: the last it had.
const TEXTS: usize = 5;
/// Places that are told.
const MOST: usize = 20;

/// A place where words stand again.
struct Found {
    object: Object,
    how: How,
    excerpt: String,
    at: Millis,
}

/// The places where the words of a thing stand again and show, the newest first.
pub(crate) async fn again(
    reader: &mut Reader,
    framework: FrameworkId,
    thing: &Thing,
    texts: &[ItemText],
    actor: &Actor,
) -> Outcome<Vec<AgainView>> {
    let said = |text: &ItemText| {
        Original::of(&[text.title.as_deref().unwrap_or_default(), &text.body].join("\n\n"))
    };
    let originals: Vec<Original> = texts.iter().rev().take(TEXTS).map(said).collect();
    let mut found: HashMap<ThingId, Found> = HashMap::new();
    for one in around(reader, thing, &originals)
        .await?
        .into_iter()
        .chain(proposed(reader, framework, &originals).await?)
    {
        if one.object != thing.object() {
            found.entry(one.object.id()).or_insert(one);
        }
    }
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.at), one.object.id()));
    found.truncate(MOST);
    let mut views = vec![];
    for Found {
        object,
        how,
        excerpt,
        at,
    } in found
    {
        let Some(thing) = Thing::read(reader, object).await? else {
            continue;
        };
        let place = thing.spot(reader).await?.place;
        let found = condition(reader, framework, &thing).await?;
        let condition = found.view_for(
            object.kind(),
            actor,
            &place,
            thing.whose().map(|author| (author, Role::Member)),
        );
        views.push(AgainView {
            object,
            how,
            excerpt: thing::excerpt(&excerpt),
            at,
            condition,
        });
    }
    Ok(views)
}

fn stands_in(originals: &[Original], body: &str) -> Option<How> {
    originals
        .iter()
        .find_map(|original| original.stands_in(body))
}

fn of_comment(comment: &Comment, how: How) -> Option<Found> {
    let shows = matches!(comment.state, CommentState::Visible | CommentState::Held);
    shows.then(|| Found {
        object: Object::Comment(comment.id),
        how,
        excerpt: comment.body.clone(),
        at: comment.created_at,
    })
}

fn of_thread(thread: &Thread, how: How) -> Option<Found> {
    let found = || Found {
        object: Object::Thread(thread.id),
        how,
        excerpt: thread.title.clone(),
        at: thread.created_at,
    };
    (thread.state != ThreadState::Hidden).then(found)
}

fn of_card(card: &Concession, how: How) -> Option<Found> {
    let shows = card.state.shows() || card.state == ConcessionState::Held;
    shows.then(|| Found {
        object: Object::Concession(card.id),
        how,
        excerpt: card.terms.title.clone(),
        at: card.created_at,
    })
}

/// Among the comments of the same thread, or under the same card, their earlier texts, and the
/// title they stand under.
async fn around(reader: &mut Reader, thing: &Thing, originals: &[Original]) -> Outcome<Vec<Found>> {
    let from = |at| (at, String::new());
    let (title, comments) = match thing {
        Thing::Comment(comment, thread) => (
            Some(thread),
            reader
                .comments(thread.id, from(comment.created_at), AROUND)
                .await?,
        ),
        Thing::Thread(thread) => (
            None,
            reader
                .comments(thread.id, from(Millis::MIN), AROUND)
                .await?,
        ),
        Thing::Concession(card) => (None, reader.comments_under(card.id, AROUND).await?),
        Thing::Account(_) | Thing::Framework(_) | Thing::Site => return Ok(vec![]),
    };
    let mut found: Vec<Found> = comments
        .iter()
        .filter_map(|comment| of_comment(comment, stands_in(originals, &comment.body)?))
        .collect();
    found.extend(title.and_then(|thread| of_thread(thread, stands_in(originals, &thread.title)?)));
    let ids: Vec<_> = comments
        .iter()
        .filter(|comment| comment.version > 1)
        .map(|comment| comment.id)
        .collect();
    let versions = reader.earlier_texts(&ids, AROUND).await?;
    for (id, body) in versions
        .iter()
        .filter(|(_, body)| stands_in(originals, body).is_some())
    {
        let comment = comments.iter().find(|comment| comment.id == *id);
        found.extend(comment.and_then(|comment| {
            of_comment(
                &Comment {
                    body: body.clone(),
                    ..comment.clone()
                },
                How::Version,
            )
        }));
    }
    Ok(found)
}

/// Among what the index proposes for pairs of neighbouring words, anywhere in the framework.
async fn proposed(
    reader: &mut Reader,
    framework: FrameworkId,
    originals: &[Original],
) -> store::Result<Vec<Found>> {
    let mut found = vec![];
    for pair in originals
        .first()
        .map(|original| original.pairs(PAIRS))
        .unwrap_or_default()
    {
        let Ok(query) = Query::read(&pair) else {
            continue;
        };
        let within = Within {
            frameworks: &[framework],
            kind: None,
            before: (Millis::MAX, String::new()),
            limit: PROPOSED,
        };
        let proposed = reader.proposed(&query, &within).await?;
        for (_, seen) in seen(reader, &proposed, |_| Viewer::MODERATORS).await? {
            found.extend(match seen {
                Seen::Comment(comment, _) => {
                    stands_in(originals, &comment.body).and_then(|how| of_comment(&comment, how))
                }
                Seen::Thread(thread) => {
                    stands_in(originals, &thread.title).and_then(|how| of_thread(&thread, how))
                }
                Seen::Concession(card) => card_texts(&card)
                    .iter()
                    .find_map(|text| stands_in(originals, text))
                    .and_then(|how| of_card(&card, how)),
            });
        }
    }
    Ok(found)
}
