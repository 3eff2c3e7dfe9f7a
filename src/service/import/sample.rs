//! The labelled sample: invented people, what they wrote, and the answers of synthetic readers.
use std::collections::BTreeMap;

use crate::{
    domain::{
        account::{Account, AccountId, names},
        ballot::DEAL_LIFE,
        concession::{ConcessionId, ConcessionState},
        framework::{FrameworkId, QuestionId},
        text::Check,
    },
    protocol::{command::Command, problem::Problem},
    service::{
        Outcome, Services,
        import::{
            Refused,
            files::{AnswersFile, SampleFile, ThreadFile},
            put::{Place, figurehead, named_id, part, put_card},
        },
        way_in::desk::By,
    },
    store::Deal,
};

/// Brings in a sample that was found good.
pub(super) async fn sample(services: &Services, file: &SampleFile, place: &Place) -> Result<String, Refused> {
    let mut authors = BTreeMap::new();
    for author in &file.authors {
        let mut check = Check::default();
        let (handle, _) = names::handle(&mut check, &author.handle, true);
        let display_name = names::display_name(&mut check, author.display_name.as_deref()).map(|(name, _)| name);
        let made = figurehead(services, place, &handle, display_name.as_deref(), author.camp.as_deref()).await?;
        authors.insert(author.key.clone(), made);
    }
    let mut ids = BTreeMap::new();
    for card in &file.cards {
        let by = &authors[card.author.as_deref().unwrap_or_default()];
        let name = format!("{}/sample/{}", file.framework, card.key);
        let state = if card.provisional { ConcessionState::Provisional } else { ConcessionState::Ranked };
        let card_of_file = part(place, card, state, true);
        let question = card_of_file.question;
        let (id, _) = put_card(services, place, by.id, &name, card_of_file).await?;
        ids.insert(card.key.clone(), (id, question));
    }
    let (mut comments, mut answers) = (0, 0);
    for (at, thread) in file.threads.iter().enumerate() {
        comments += put_thread(services, place, (at, thread), &authors, &ids).await?;
    }
    let mut reader = services.store.read().await?;
    for name in file.answers.iter().map(AnswersFile::name) {
        let Some(id) = place.shipped.get(&name).filter(|_| !ids.contains_key(&name)) else { continue };
        let card = reader.concession(*id).await?.ok_or_else(Problem::not_found)?;
        ids.insert(name, (card.id, card.question));
    }
    drop(reader);
    for (camp, count) in &file.readers {
        for number in 1..=*count {
            answers += put_reader(services, place, (camp, number), file, &ids).await?;
        }
    }
    Ok(format!("sample: {} cards, {comments} comments, {answers} answers, all labelled", file.cards.len()))
}

type Ids = BTreeMap<String, (ConcessionId, QuestionId)>;

async fn put_thread(
    services: &Services,
    place: &Place,
    (at, thread): (usize, &ThreadFile),
    authors: &BTreeMap<String, Account>,
    cards: &Ids,
) -> Result<usize, Refused> {
    let concession = thread.card.as_ref().map(|key| cards[key].0);
    let (first, rest) = thread.comments.split_first().expect("a thread of a good file has a comment");
    let open = Command::PostThread {
        point: thread.point,
        concession,
        title: thread.title.clone(),
        body: first.body.clone(),
        kind: first.kind,
        language: Some(first.language.clone()),
    };
    let made = submit(services, place.framework.id, authors[&thread.author].id, &format!("thread/{at}/{}", place.framework.slug), open).await?;
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
        let made = submit(services, place.framework.id, authors[&comment.author].id, &name, command).await?;
        ids.extend(made["comment"]["id"].as_str().and_then(|id| id.parse().ok()).map(|id| (comment.key.as_str(), id)));
    }
    Ok(thread.comments.len())
}

/// One synthetic reader: is dealt what they answer, and answers it.
async fn put_reader(services: &Services, place: &Place, (camp, number): (&str, usize), file: &SampleFile, cards: &Ids) -> Result<usize, Refused> {
    let reader = figurehead(services, place, &format!("sample-reader-{camp}-{number}"), None, Some(camp)).await?;
    let mut count = 0;
    for of_point in file.point_answers.iter().filter(|given| given.camp == camp) {
        let Some(accepts) = of_point.given.get(number - 1).copied() else { continue };
        let question = place.questions[&of_point.question].id;
        let command = Command::AnswerPoint { question, accepts };
        submit(services, place.framework.id, reader.id, &format!("point/{question}/{camp}/{number}"), command).await?;
    }
    for given in file.answers.iter().filter(|given| given.camp == camp) {
        let Some((acceptance, realism, unfreezes)) = given.given.get(number - 1).map(|one| one.parts()) else { continue };
        let (card, question) = cards[&given.name()];
        let mut tx = services.store.write().await?;
        tx.put_deal((question, 1), reader.id, card, &Deal { until: services.now() + DEAL_LIFE, camp: None, weight: 0 }).await?;
        tx.commit().await?;
        let command = Command::AnswerCard { concession: card, version: 1, acceptance, realism, unfreezes, deal: None, note: None };
        submit(services, place.framework.id, reader.id, &format!("answer/{card}/{camp}/{number}"), command).await?;
        count += 1;
    }
    Ok(count)
}

async fn submit(services: &Services, framework: FrameworkId, account: AccountId, name: &str, command: Command) -> Outcome<serde_json::Value> {
    let ack = services.desk.submit(By { account, session: None }, framework, named_id(name), command).await?;
    Ok(serde_json::from_str(ack.result.get()).expect("a result is JSON"))
}
