//! Bringing in frameworks, starter cards and the labelled sample, from files. A bad file is refused whole, with line, field
//! and reason.
mod files;
mod sample;
mod translations;

use std::{collections::BTreeMap, fmt};

use files::{CardFile, CardsFile, FrameworkFile, QuestionFile};
use serde::{Deserialize, de::DeserializeOwned};

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

/// What is wrong with a file.
#[derive(Debug)]
pub struct BadFile {
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The field's path.
    pub field: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, field, reason } = self;
        write!(f, "line {line}, {field}: {reason}")
    }
}

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

/// Imports a file of any of the three formats; says in one line what it did.
///
/// # Errors
/// With nothing changed.
pub async fn import(services: &Services, text: &str) -> Result<String, Refused> {
    #[derive(Deserialize)]
    struct Head {
        format: String,
    }
    let head: Head = read(text)?;
    match head.format.as_str() {
        "demarche.framework/1" => framework(services, text).await,
        "demarche.cards/1" => starter_cards(services, text).await,
        "demarche.sample/1" => sample::sample(services, text).await,
        _ => Err(bad(text, "format", "One of demarche.framework/1, demarche.cards/1, demarche.sample/1.")),
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Refused> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        let reason = error.inner().to_string();
        // The parser ends its words with the place, which stands in front here.
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        Refused::File(BadFile { line: error.inner().line(), field, reason })
    })
}

/// A fault found after reading: the line is that of the first mention of the field's last name, a good guess in a long file.
fn bad(text: &str, field: &str, reason: &str) -> Refused {
    let name = format!("\"{}\"", field.rsplit('.').find(|part| part.parse::<usize>().is_err()).unwrap_or(field));
    let line = text.lines().position(|line| line.contains(&name)).map_or(0, |line| line + 1);
    Refused::File(BadFile { line, field: field.into(), reason: reason.into() })
}

async fn framework(services: &Services, text: &str) -> Result<String, Refused> {
    let file: FrameworkFile = read(text)?;
    check_framework(text, &file)?;
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

fn check_framework(text: &str, file: &FrameworkFile) -> Result<(), Refused> {
    let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if file.slug.is_empty() || file.slug.len() > 60 || !file.slug.chars().all(slug) {
        return Err(bad(text, "slug", "1 to 60 lower-case letters, digits and hyphens."));
    }
    if file.camps.iter().all(|camp| !camp.in_score) {
        return Err(bad(text, "camps", "At least one camp must have in_score: true."));
    }
    let known = |key: &String| file.camps.iter().any(|camp| camp.key == *key);
    if let Some(place) = file.parties.iter().position(|party| party.camp.as_ref().is_some_and(|key| !known(key))) {
        return Err(bad(text, &format!("parties.{place}.camp"), "There is no such camp."));
    }
    let Some(last) = file.revisions.last() else { return Err(bad(text, "revisions", "At least one revision.")) };
    for (place, revision) in file.revisions.iter().enumerate() {
        if usize::try_from(revision.number) != Ok(place + 1) {
            return Err(bad(text, &format!("revisions.{place}.number"), "Revisions are numbered from 1, oldest first."));
        }
        for (at, point) in revision.points.iter().enumerate() {
            if revision.points[..at].iter().any(|earlier| earlier.number == point.number) {
                return Err(bad(text, &format!("revisions.{place}.points.{at}.number"), "This number stands twice."));
            }
            for position in &point.positions {
                if file.parties.iter().all(|party| party.key != position.party) {
                    let field = format!("revisions.{place}.points.{at}.positions.party");
                    return Err(bad(text, &field, &format!("There is no party {}.", position.party)));
                }
            }
        }
    }
    for (place, question) in file.questions.iter().enumerate() {
        if file.questions[..place].iter().any(|earlier| earlier.key == question.key) {
            return Err(bad(text, &format!("questions.{place}.key"), "This key stands twice."));
        }
        if last.points.iter().all(|point| point.number != question.point) {
            return Err(bad(text, &format!("questions.{place}.point"), "The last revision has no such point."));
        }
        if file.parties.iter().all(|party| party.key != question.giver) {
            return Err(bad(text, &format!("questions.{place}.giver"), "There is no such party."));
        }
    }
    Ok(())
}

/// Where an import writes.
struct Place {
    framework: Framework,
    questions: BTreeMap<String, Question>,
    points: Vec<u32>,
}

async fn place(services: &Services, text: &str, slug: &str) -> Result<Place, Refused> {
    let mut reader = services.store.read().await?;
    let framework = reader.framework_by_slug(slug).await?.ok_or_else(|| bad(text, "framework", "Import this framework first."))?;
    let questions = reader.questions(framework.id).await?;
    let last = reader.revisions(framework.id).await?.last().map_or(0, |(revision, _)| revision.number);
    let points = reader.points(framework.id, last).await?.into_iter().map(|(_, point)| point.number).collect();
    let questions = questions.into_iter().map(|question| (question.key.clone(), question)).collect();
    Ok(Place { framework, questions, points })
}

fn terms(text: &str, place: &Place, at: usize, card: &CardFile) -> Result<(Question, Terms), Refused> {
    let question = place.questions.get(&card.question).cloned();
    let question = question.ok_or_else(|| bad(text, &format!("cards.{at}.question"), "There is no such question."))?;
    let terms = Terms {
        title: card.title.clone(),
        body: card.body.clone(),
        in_return: card.in_return.clone(),
        verifier: card.verifier.clone(),
        trigger: card.trigger.clone(),
        receivers: card.receivers.clone(),
        category: card.category,
        points: card.points.clone(),
        language: card.language.clone(),
    };
    let mut check = Check::default();
    let party = |key: &String| place.framework.parties.iter().any(|party| party.key == *key);
    check.ensure(terms.receivers.iter().all(party), "receivers", "invalid", "Keys of this framework's parties only.");
    check.ensure(terms.points.iter().all(|number| place.points.contains(number)), "points", "invalid", "Numbers of the last revision only.");
    let terms = terms.checked(&mut check);
    translations::check(text, at, card)?;
    check.finish().map_err(|faults| bad(text, &format!("cards.{at}.{}", faults[0].field), &faults[0].detail))?;
    Ok((question, terms))
}

async fn starter_cards(services: &Services, text: &str) -> Result<String, Refused> {
    let file: CardsFile = read(text)?;
    let place = place(services, text, &file.framework).await?;
    let cards = file.cards.iter().enumerate().map(|(at, card)| terms(text, &place, at, card)).collect::<Result<Vec<_>, _>>()?;
    let editors = figurehead(services, &place, "starter-cards", None, None).await?;
    let mut count = 0;
    for (card, (question, terms)) in file.cards.iter().zip(cards) {
        let name = format!("{}/{}/{}", file.framework, file.label, card.key);
        let origin = (card.sources.clone(), false);
        let (id, new) = put_card(services, &place, &editors, &name, (question, terms), ConcessionState::Ranked, origin).await?;
        translations::put(services, &place, &editors, &name, id, card).await?;
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
