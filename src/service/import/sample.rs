//! The labelled sample: invented people, what they wrote, and the answers of synthetic readers.
use std::collections::BTreeMap;

use super::{
    Place, Refused, bad, figurehead,
    files::{AnswersFile, SampleFile, ThreadFile},
    named_id, place, put_card, read, terms,
};
use crate::{
    domain::{
        account::{Account, AccountId},
        ballot::DEAL_LIFE,
        concession::{ConcessionId, ConcessionState},
        framework::{FrameworkId, QuestionId},
    },
    protocol::{command::Command, problem::Problem},
    service::{Outcome, Services, desk::By},
    store::Deal,
};

pub(super) async fn sample(services: &Services, text: &str) -> Result<String, Refused> {
    let file: SampleFile = read(text)?;
    let place = place(services, text, &file.framework).await?;
    let parts = file.cards.iter().enumerate().map(|(at, card)| terms(text, &place, at, card)).collect::<Result<Vec<_>, _>>()?;
    check_references(text, &file)?;
    let mut authors = BTreeMap::new();
    for author in &file.authors {
        let made = figurehead(services, &place, &author.handle, author.display_name.as_deref(), author.camp.as_deref()).await?;
        authors.insert(author.key.clone(), made);
    }
    let author = |key: &str, field: &str| authors.get(key).ok_or_else(|| bad(text, field, &format!("There is no author {key}.")));
    let mut ids = BTreeMap::new();
    for (at, (card, part)) in file.cards.iter().zip(parts).enumerate() {
        let field = format!("cards.{at}.author");
        let by = author(card.author.as_deref().unwrap_or_default(), &field)?;
        let question = part.0.id;
        let name = format!("{}/sample/{}", file.framework, card.key);
        let state = if card.provisional { ConcessionState::Provisional } else { ConcessionState::Ranked };
        let (id, _) = put_card(services, &place, by, &name, part, state, (card.sources.clone(), true)).await?;
        ids.insert(card.key.clone(), (id, question));
    }
    let (mut comments, mut answers) = (0, 0);
    for (at, thread) in file.threads.iter().enumerate() {
        comments += put_thread(services, text, &place, (at, thread), &authors, &ids).await?;
    }
    for (camp, count) in &file.readers {
        for number in 1..=*count {
            answers += put_reader(services, text, &place, camp, number, &file.answers, &ids).await?;
        }
    }
    Ok(format!("sample: {} cards, {comments} comments, {answers} answers, all labelled", file.cards.len()))
}

/// What a sample names must be in it: found out before anything is written.
fn check_references(text: &str, file: &SampleFile) -> Result<(), Refused> {
    let author = |key: &str| file.authors.iter().any(|author| author.key == key);
    let card = |key: &str| file.cards.iter().any(|card| card.key == key);
    let missing = |field: &str, what: &str, key: &str| Err(bad(text, field, &format!("There is no {what} {key}.")));
    for (at, entry) in file.cards.iter().enumerate() {
        let key = entry.author.as_deref().unwrap_or_default();
        if !author(key) {
            return missing(&format!("cards.{at}.author"), "author", key);
        }
    }
    for (at, thread) in file.threads.iter().enumerate() {
        if let Some(key) = thread.card.as_deref().filter(|key| !card(key)) {
            return missing(&format!("threads.{at}.card"), "card", key);
        }
        let writers = thread.comments.iter().map(|comment| &comment.author).chain([&thread.author]);
        if let Some(key) = writers.into_iter().find(|key| !author(key)) {
            return missing(&format!("threads.{at}.author"), "author", key);
        }
    }
    match file.answers.iter().find(|answers| !card(&answers.card)) {
        Some(answers) => missing("answers.card", "card", &answers.card),
        None => Ok(()),
    }
}

type Ids = BTreeMap<String, (ConcessionId, QuestionId)>;

async fn put_thread(
    services: &Services,
    text: &str,
    place: &Place,
    (at, thread): (usize, &ThreadFile),
    authors: &BTreeMap<String, Account>,
    cards: &Ids,
) -> Result<usize, Refused> {
    let author = |key: &str| authors.get(key).ok_or_else(|| bad(text, &format!("threads.{at}.author"), &format!("There is no author {key}.")));
    let concession = match &thread.card {
        Some(key) => Some(cards.get(key).ok_or_else(|| bad(text, &format!("threads.{at}.card"), "There is no such card."))?.0),
        None => None,
    };
    let Some((first, rest)) = thread.comments.split_first() else { return Err(bad(text, &format!("threads.{at}.comments"), "At least one.")) };
    let open = Command::PostThread {
        point: thread.point,
        concession,
        title: thread.title.clone(),
        body: first.body.clone(),
        kind: first.kind,
        language: Some(first.language.clone()),
    };
    let made = submit(services, place.framework.id, author(&thread.author)?.id, &format!("thread/{at}/{}", place.framework.slug), open).await?;
    let thread_id = made["thread"]["id"].as_str().and_then(|id| id.parse().ok()).ok_or_else(Problem::not_found)?;
    let mut ids: BTreeMap<&str, crate::domain::thread::CommentId> = BTreeMap::new();
    ids.extend(made["comment"]["id"].as_str().and_then(|id| id.parse().ok()).map(|id| (first.key.as_str(), id)));
    for comment in rest {
        let command = Command::PostComment {
            thread: thread_id,
            body: comment.body.clone(),
            kind: comment.kind,
            parent: comment.parent.as_deref().and_then(|key| ids.get(key).copied()),
            language: Some(comment.language.clone()),
        };
        let name = format!("comment/{}/{}", comment.key, place.framework.slug);
        let made = submit(services, place.framework.id, author(&comment.author)?.id, &name, command).await?;
        ids.extend(made["comment"]["id"].as_str().and_then(|id| id.parse().ok()).map(|id| (comment.key.as_str(), id)));
    }
    Ok(thread.comments.len())
}

/// One synthetic reader: is dealt what they answer, and answers it.
async fn put_reader(
    services: &Services,
    text: &str,
    place: &Place,
    camp: &str,
    number: usize,
    answers: &[AnswersFile],
    cards: &Ids,
) -> Result<usize, Refused> {
    let reader = figurehead(services, place, &format!("sample-reader-{camp}-{number}"), None, Some(camp)).await?;
    let mut count = 0;
    for given in answers.iter().filter(|given| given.camp == camp) {
        let Some((acceptance, realism)) = given.given.get(number - 1).copied() else { continue };
        let (card, question) = *cards.get(&given.card).ok_or_else(|| bad(text, "answers.card", "There is no such card."))?;
        let mut tx = services.store.write().await?;
        tx.put_deal((question, 1), reader.id, card, &Deal { until: services.now() + DEAL_LIFE, camp: None, weight: 0 }).await?;
        tx.commit().await?;
        let command = Command::AnswerCard { concession: card, version: 1, acceptance, realism, unfreezes: None, deal: None, note: None };
        submit(services, place.framework.id, reader.id, &format!("answer/{card}/{camp}/{number}"), command).await?;
        count += 1;
    }
    Ok(count)
}

async fn submit(services: &Services, framework: FrameworkId, account: AccountId, name: &str, command: Command) -> Outcome<serde_json::Value> {
    let ack = services.desk.submit(By { account, session: None }, framework, named_id(name), command).await?;
    Ok(serde_json::from_str(ack.result.get()).expect("a result is JSON"))
}
