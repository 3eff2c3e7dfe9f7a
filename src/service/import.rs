//! Bringing in frameworks, starter cards and the labelled sample, from files. A file is checked whole before anything of it is
//! written, and a bad one is refused with everything that is wrong with it.
mod document;
mod files;
mod judge;
mod sample;
mod shape;
mod translations;

use std::collections::BTreeMap;

pub use document::{BadFile, Fault};
use document::{Document, Node};
use files::{CardFile, CardsFile, FrameworkFile, QuestionFile, SampleFile};
use serde::de::DeserializeOwned;

use super::{Failure, Outcome, Services, cards, command::Work, secrets::token_hash, sheet::Sheet};
use crate::{
    domain::{
        account::{self, Account},
        concession::{ConcessionId, ConcessionState, Terms},
        framework::{Framework, Question, QuestionState, Reveal, Source},
        permission::{Actor, Role},
        text::Check,
    },
    id::{self, Id},
    protocol::{command::CommandId, problem::Problem},
    store::{Membership, NewFramework},
};

/// Why nothing was imported.
#[derive(Debug)]
pub enum Refused {
    /// The file is bad.
    File(BadFile),
    /// Something below failed.
    Failure(Failure),
}

impl<T: Into<Failure>> From<T> for Refused {
    fn from(failure: T) -> Self {
        Self::Failure(failure.into())
    }
}

/// A file that was found good, and where it goes.
enum File {
    Framework(FrameworkFile),
    Cards(CardsFile, Place),
    Sample(SampleFile, Place),
}

/// Imports a file of any of the three formats; says in one line what it did.
///
/// # Errors
/// With nothing changed.
pub async fn import(services: &Services, text: &str) -> Result<String, Refused> {
    match read(services, text).await? {
        File::Framework(file) => framework(services, file).await,
        File::Cards(file, place) => starter_cards(services, file, &place).await,
        File::Sample(file, place) => sample::sample(services, &file, &place).await,
    }
}

/// Looks whether a file would be imported; says in one line what it is.
///
/// # Errors
/// As [`import`].
pub async fn check(services: &Services, text: &str) -> Result<String, Refused> {
    Ok(match read(services, text).await? {
        File::Framework(file) => format!("a framework, {}: {} revisions, {} questions", file.slug, file.revisions.len(), file.questions.len()),
        File::Cards(file, _) => format!("{} cards for {}", file.cards.len(), file.framework),
        File::Sample(file, _) => format!("a sample for {}: {} cards, {} threads", file.framework, file.cards.len(), file.threads.len()),
    })
}

async fn read(services: &Services, text: &str) -> Result<File, Refused> {
    let mut document = Document::new(text);
    let root = document.parse().map_err(Refused::File)?;
    match root.text("format").as_deref() {
        Some("demarche.framework/1") => {
            shape::FRAMEWORK.walk(&mut document, &root);
            judge::framework(&mut document, &root);
            typed(document, &root).map(File::Framework)
        }
        Some("demarche.cards/1") => {
            let place = place(services, &root).await?;
            shape::CARDS.walk(&mut document, &root);
            let place = placed(document, &root, place, judge::cards)?;
            Ok(File::Cards(typed(place.1, &root)?, place.0))
        }
        Some("demarche.sample/1") => {
            let place = place(services, &root).await?;
            shape::SAMPLE.walk(&mut document, &root);
            let place = placed(document, &root, place, |document, root, place| {
                judge::cards(document, root, place);
                judge::sample(document, root, place);
            })?;
            let place = (place.0, strangers(services, place.1, &root).await?);
            Ok(File::Sample(typed(place.1, &root)?, place.0))
        }
        _ => {
            document.fault_of(&root, "format", "One of demarche.framework/1, demarche.cards/1, demarche.sample/1.");
            Err(Refused::File(document.faults()))
        }
    }
}

/// Finds the authors of a sample whose names people have.
async fn strangers<'a>(services: &Services, mut document: Document<'a>, root: &Node<'a>) -> Outcome<Document<'a>> {
    let mut reader = services.store.read().await?;
    for author in root.list("authors") {
        let skeleton = account::skeleton(&author.text("handle").unwrap_or_default());
        if reader.account_by_skeleton(&skeleton).await?.is_some_and(|(account, _)| !account.sample) {
            document.fault_of(author, "handle", "A person has an account of this name.");
        }
    }
    Ok(document)
}

/// Judges what goes into a framework, where that is there.
fn placed<'a>(
    mut document: Document<'a>,
    root: &Node<'a>,
    place: Option<Place>,
    judge: impl FnOnce(&mut Document<'a>, &Node<'a>, &Place),
) -> Result<(Place, Document<'a>), Refused> {
    let Some(place) = place else {
        document.fault_of(root, "framework", "There is no such framework here: import it first.");
        return Err(Refused::File(document.faults()));
    };
    judge(&mut document, root, &place);
    Ok((place, document))
}

/// The file as its type, where nothing is wrong with it.
fn typed<T: DeserializeOwned>(mut document: Document<'_>, root: &Node<'_>) -> Result<T, Refused> {
    let read = serde_json::from_str(root.raw);
    if let Err(error) = &read
        && document.is_good()
    {
        document.fault(root, document::without_place(error));
    }
    match read {
        Ok(file) if document.is_good() => Ok(file),
        _ => Err(Refused::File(document.faults())),
    }
}

async fn framework(services: &Services, file: FrameworkFile) -> Result<String, Refused> {
    let mut tx = services.store.write().await?;
    if tx.framework_by_slug(&file.slug).await?.is_some() {
        return Ok(format!("framework {} is there already; nothing was changed", file.slug));
    }
    let id = Id::new();
    let framework = Framework {
        id,
        slug: file.slug,
        title: file.title,
        summary: file.summary,
        as_of: file.as_of,
        epoch: id::secret()[..16].to_owned(),
        public: true,
        paused: false,
        site_paused: false,
        parties: file.parties,
        camps: file.camps,
        legends: file.legends,
        pace: Default::default(),
    };
    let question = |file: QuestionFile| Question {
        id: Id::new(),
        framework: id,
        key: file.key,
        giver: file.giver,
        point: file.point,
        prompt: file.prompt,
        state: QuestionState::Open,
        round: 1,
        reveal: file.reveal.unwrap_or(Reveal::AfterAnswer),
        cards: 0,
        ballot_seq: 0,
        opened_at: Some(services.now()),
        closes_at: None,
        closed_at: None,
    };
    let questions = file.questions.into_iter().map(question).collect();
    let said = format!("framework {}: {} revisions", framework.slug, file.revisions.len());
    let new = NewFramework { framework, revisions: file.revisions, lineage: file.lineage, questions };
    tx.insert_framework(&new, services.now()).await?;
    tx.commit().await?;
    Ok(said)
}

/// Where an import writes.
struct Place {
    framework: Framework,
    questions: BTreeMap<String, Question>,
    points: Vec<u32>,
    /// Cards of earlier imports, by label and key.
    shipped: BTreeMap<String, ConcessionId>,
}

/// The framework that a file names, if it is there.
async fn place(services: &Services, root: &Node<'_>) -> Outcome<Option<Place>> {
    let mut reader = services.store.read().await?;
    let Some(framework) = reader.framework_by_slug(&root.text("framework").unwrap_or_default()).await? else { return Ok(None) };
    let questions = reader.questions(framework.id).await?;
    let last = reader.revisions(framework.id).await?.last().map_or(0, |(revision, _)| revision.number);
    let points = reader.points(framework.id, last).await?.into_iter().map(|(_, point)| point.number).collect();
    let questions = questions.into_iter().map(|question| (question.key.clone(), question)).collect();
    let prefix = format!("{}/", framework.slug);
    let shipped = reader.site_values_of(&prefix).await?.into_iter();
    let shipped = shipped.filter_map(|(name, id)| Some((name.strip_prefix(&prefix)?.to_owned(), id.parse().ok()?))).collect();
    Ok(Some(Place { framework, questions, points, shipped }))
}

fn terms(card: &CardFile) -> Terms {
    Terms {
        title: card.title.clone(),
        body: card.body.clone(),
        in_return: card.in_return.clone(),
        verifier: card.verifier.clone(),
        trigger: card.trigger.clone(),
        receivers: card.receivers.clone(),
        category: card.category,
        points: card.points.clone(),
        language: card.language.clone(),
    }
}

/// What a card that was found good says, and the question it answers.
fn part(place: &Place, card: &CardFile) -> (Question, Terms) {
    (place.questions[&card.question].clone(), terms(card).checked(&mut Check::default()))
}

async fn starter_cards(services: &Services, file: CardsFile, place: &Place) -> Result<String, Refused> {
    let editors = figurehead(services, place, "starter-cards", None, None).await?;
    let mut count = 0;
    for card in &file.cards {
        let name = format!("{}/{}/{}", file.framework, file.label, card.key);
        let origin = (card.sources.clone(), false);
        let (id, new) = put_card(services, place, &editors, &name, part(place, card), ConcessionState::Ranked, origin).await?;
        translations::put(services, place, &editors, &name, id, card).await?;
        count += usize::from(new);
    }
    Ok(format!("{count} of {} cards were new", file.cards.len()))
}

/// An account that cannot sign in, made once: the author of what an import brings.
async fn figurehead(services: &Services, place: &Place, handle: &str, display_name: Option<&str>, camp: Option<&str>) -> Outcome<Account> {
    let skeleton = account::skeleton(handle);
    let mut tx = services.store.write().await?;
    let found = tx.account_by_skeleton(&skeleton).await?;
    let account = match found {
        Some((account, _)) => account,
        None => {
            let account = Account {
                id: Id::random(),
                handle: handle.into(),
                display_name: display_name.map(Into::into),
                admin: false,
                locale: None,
                vouched: true,
                sample: true,
                created_at: services.now(),
            };
            tx.insert_account(&account, &skeleton, None).await?;
            account
        }
    };
    if !account.sample {
        return Err(Problem::field("author", "taken", "A person has an account of this name.").into());
    }
    let camp = camp.map(Into::into);
    let membership =
        Membership { joined: true, camp, role: Role::Participant, camp_changed_at: services.now(), ..Membership::none(place.framework.id) };
    tx.put_membership(account.id, &membership).await?;
    tx.commit().await?;
    Ok(account)
}

/// An id that the same name always has, so that a repeated import repeats its commands.
fn named_id(name: &str) -> CommandId {
    let hash = token_hash(name);
    // The version and variant of a UUIDv7 around the hash's digits.
    let digits = format!("{}-{}-7{}-8{}-{}", &hash[..8], &hash[8..12], &hash[12..15], &hash[15..18], &hash[18..30]);
    digits.parse().expect("32 hexadecimal digits in the form of a UUID")
}

/// Puts a card with its sources and label, once; true where it is new.
async fn put_card(
    services: &Services,
    place: &Place,
    author: &Account,
    name: &str,
    (question, terms): (Question, Terms),
    state: ConcessionState,
    origin: (Vec<Source>, bool),
) -> Outcome<(ConcessionId, bool)> {
    let mut tx = services.store.write().await?;
    let kept = tx.site_value(name).await?;
    if let Some(id) = kept.and_then(|id| id.parse().ok()) {
        return Ok((id, false));
    }
    let mut framework = tx.lock_framework(place.framework.id).await?.ok_or_else(Problem::not_found)?;
    let actor = Actor { account: Some(author.id), role: Role::Participant, standing: true, ..Actor::anonymous() };
    let now = services.now();
    let dealer = &services.dealer;
    let mut sheet = Sheet::default();
    let mut work = Work::begin(&mut tx, &mut sheet, &mut framework, author, actor, now, dealer);
    let card = cards::insert(&mut work, &question, terms, state, origin).await?;
    let changes = std::mem::take(&mut work.changes);
    super::writer::append_imported(&mut tx, &framework, author.id, named_id(name), changes, now).await?;
    tx.site_value_or(name, &card.id.to_string()).await?;
    tx.commit().await?;
    Ok((card.id, true))
}
