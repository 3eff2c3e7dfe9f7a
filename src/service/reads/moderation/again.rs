//! Where the words of a thing in front of a moderator stand again, so that they are decided about together. What is looked through
//! is bounded: the threads around it, their earlier texts, and what the index of words proposes.
use std::collections::HashMap;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        again::{How, Original},
        concession::{Concession, ConcessionState},
        framework::FrameworkId,
        moderation::{Kind, Object, ThingId},
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
            thing::{EXCERPT, place_of},
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
    author: AccountId,
    how: How,
    excerpt: String,
    at: Millis,
}

/// The places where the words of a thing stand again and show, the newest first.
pub(crate) async fn again(reader: &mut Reader, framework: FrameworkId, object: Object, texts: &[ItemText], actor: &Actor) -> Outcome<Vec<AgainView>> {
    if !matches!(object.kind, Kind::Comment | Kind::Thread | Kind::Concession) {
        return Ok(vec![]);
    }
    let said = |text: &ItemText| Original::of(&[text.title.as_deref().unwrap_or_default(), &text.body].join("\n\n"));
    let originals: Vec<Original> = texts.iter().rev().take(TEXTS).map(said).collect();
    let mut found: HashMap<ThingId, Found> = HashMap::new();
    for one in around(reader, object, &originals).await?.into_iter().chain(proposed(reader, framework, &originals).await?) {
        if one.object != object {
            found.entry(one.object.id).or_insert(one);
        }
    }
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.at), one.object.id));
    found.truncate(MOST);
    let mut views = vec![];
    for Found { object, author, how, excerpt, at } in found {
        let place = place_of(reader, object).await?;
        let Some(found) = condition(reader, framework, object).await? else { continue };
        let condition = found.view_for(object.kind, actor, &place, Some((author, Role::Member)));
        views.push(AgainView { object, how, excerpt: excerpt.chars().take(EXCERPT).collect(), at, condition });
    }
    Ok(views)
}

fn stands_in(originals: &[Original], body: &str) -> Option<How> {
    originals.iter().find_map(|original| original.stands_in(body))
}

fn of_comment(comment: &Comment, how: How) -> Option<Found> {
    let shows = matches!(comment.state, CommentState::Visible | CommentState::Held);
    let object = Object { kind: Kind::Comment, id: comment.id.cast() };
    shows.then(|| Found { object, author: comment.author.id, how, excerpt: comment.body.clone(), at: comment.created_at })
}

fn of_thread(thread: &Thread, how: How) -> Option<Found> {
    let object = Object { kind: Kind::Thread, id: thread.id.cast() };
    let found = || Found { object, author: thread.author.id, how, excerpt: thread.title.clone(), at: thread.created_at };
    (thread.state != ThreadState::Hidden).then(found)
}

fn of_card(card: &Concession, how: How) -> Option<Found> {
    let object = Object { kind: Kind::Concession, id: card.id.cast() };
    let shows = card.state.shows() || card.state == ConcessionState::Held;
    shows.then(|| Found { object, author: card.author.id, how, excerpt: card.terms.title.clone(), at: card.created_at })
}

/// Among the comments of the same thread, or under the same card, their earlier texts, and the title they stand under.
async fn around(reader: &mut Reader, object: Object, originals: &[Original]) -> Outcome<Vec<Found>> {
    let (thread, comments) = match object.kind {
        Kind::Comment => {
            let Some(comment) = reader.comment(object.id.cast()).await? else { return Ok(vec![]) };
            let after = (comment.created_at, String::new());
            (reader.thread(comment.thread).await?, reader.comments(comment.thread, after, AROUND).await?)
        }
        Kind::Thread => (None, reader.comments(object.id.cast(), (Millis::MIN, String::new()), AROUND).await?),
        _ => (None, reader.comments_under(object.id.cast(), AROUND).await?),
    };
    let mut found: Vec<Found> = comments.iter().filter_map(|comment| of_comment(comment, stands_in(originals, &comment.body)?)).collect();
    found.extend(thread.and_then(|thread| of_thread(&thread, stands_in(originals, &thread.title)?)));
    let ids: Vec<_> = comments.iter().filter(|comment| comment.version > 1).map(|comment| comment.id).collect();
    let versions = reader.earlier_texts(&ids, AROUND).await?;
    for (id, body) in versions.iter().filter(|(_, body)| stands_in(originals, body).is_some()) {
        let comment = comments.iter().find(|comment| comment.id == *id);
        found.extend(comment.and_then(|comment| of_comment(&Comment { body: body.clone(), ..comment.clone() }, How::Version)));
    }
    Ok(found)
}

/// Among what the index proposes for pairs of neighbouring words, anywhere in the framework.
async fn proposed(reader: &mut Reader, framework: FrameworkId, originals: &[Original]) -> store::Result<Vec<Found>> {
    let mut found = vec![];
    for pair in originals.first().map(|original| original.pairs(PAIRS)).unwrap_or_default() {
        let Ok(query) = Query::read(&pair) else { continue };
        let within = Within { frameworks: &[framework], kind: None, before: (Millis::MAX, String::new()), limit: PROPOSED };
        let proposed = reader.proposed(&query, &within).await?;
        for (_, seen) in seen(reader, &proposed, |_| Viewer::MODERATORS).await? {
            found.extend(match seen {
                Seen::Comment(comment, _) => stands_in(originals, &comment.body).and_then(|how| of_comment(&comment, how)),
                Seen::Thread(thread) => stands_in(originals, &thread.title).and_then(|how| of_thread(&thread, how)),
                Seen::Concession(card) => card_texts(&card).iter().find_map(|text| stands_in(originals, text)).and_then(|how| of_card(&card, how)),
            });
        }
    }
    Ok(found)
}
