//! Bringing in frameworks, starter cards and the labelled sample, from files. A file is checked
//! whole before anything of it is written, and a bad one is refused with everything that is wrong
//! with it.
mod document;
mod files;
mod judge;
mod put;
mod sample;
mod shape;
mod translations;

use serde::de::DeserializeOwned;

use crate::{
    domain::{
        account,
        framework::{Framework, Question, QuestionState, Reveal},
    },
    id::{self, Id},
    service::{
        Failure, Outcome, Services,
        import::{
            document::{Document, Node},
            files::{CardsFile, FrameworkFile, QuestionFile, SampleFile},
            put::{Target, starter_cards, target},
        },
    },
    store::NewFramework,
};

pub use self::document::{BadFile, Fault};

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
    Cards(CardsFile, Target),
    Sample(SampleFile, Target),
}

/// Imports a file of any of the three formats; says in one line what it did.
///
/// # Errors
/// With nothing changed.
pub async fn import(services: &Services, text: &str) -> Result<String, Refused> {
    match read(services, text).await? {
        File::Framework(file) => framework(services, file).await,
        File::Cards(file, target) => starter_cards(services, file, &target).await,
        File::Sample(file, target) => sample::sample(services, &file, &target).await,
    }
}

/// Looks whether a file would be imported; says in one line what it is.
///
/// # Errors
/// As [`import`].
pub async fn check(services: &Services, text: &str) -> Result<String, Refused> {
    Ok(match read(services, text).await? {
        File::Framework(file) => format!(
            "a framework, {}: {} revisions, {} questions",
            file.slug,
            file.revisions.len(),
            file.questions.len()
        ),
        File::Cards(file, _) => format!("{} cards for {}", file.cards.len(), file.framework),
        File::Sample(file, _) => format!(
            "a sample for {}: {} cards, {} threads",
            file.framework,
            file.cards.len(),
            file.threads.len()
        ),
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
            let target = target(services, &root).await?;
            shape::CARDS.walk(&mut document, &root);
            let (target, document) = placed(document, &root, target, judge::cards)?;
            Ok(File::Cards(typed(document, &root)?, target))
        }
        Some("demarche.sample/1") => {
            let target = target(services, &root).await?;
            shape::SAMPLE.walk(&mut document, &root);
            let (target, document) = placed(document, &root, target, |document, root, target| {
                judge::cards(document, root, target);
                judge::sample(document, root, target);
            })?;
            let document = strangers(services, document, &root).await?;
            Ok(File::Sample(typed(document, &root)?, target))
        }
        _ => {
            document.fault_of(
                &root,
                "format",
                "One of demarche.framework/1, demarche.cards/1, demarche.sample/1.",
            );
            Err(Refused::File(document.faults()))
        }
    }
}

/// Finds the authors of a sample whose names people have.
async fn strangers<'a>(
    services: &Services,
    mut document: Document<'a>,
    root: &Node<'a>,
) -> Outcome<Document<'a>> {
    let mut reader = services.store.read().await?;
    for author in root.list("authors") {
        let skeleton = account::skeleton(&author.text("handle").unwrap_or_default());
        if reader
            .account_by_skeleton(&skeleton)
            .await?
            .is_some_and(|(account, _)| !account.sample)
        {
            document.fault_of(author, "handle", "A person has an account of this name.");
        }
    }
    Ok(document)
}

/// Judges what goes into a framework, where that is there.
fn placed<'a>(
    mut document: Document<'a>,
    root: &Node<'a>,
    target: Option<Target>,
    judge: impl FnOnce(&mut Document<'a>, &Node<'a>, &Target),
) -> Result<(Target, Document<'a>), Refused> {
    let Some(target) = target else {
        document.fault_of(
            root,
            "framework",
            "There is no such framework here: import it first.",
        );
        return Err(Refused::File(document.faults()));
    };
    judge(&mut document, root, &target);
    Ok((target, document))
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
        return Ok(format!(
            "framework {} is there already; nothing was changed",
            file.slug
        ));
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
    let said = format!(
        "framework {}: {} revisions",
        framework.slug,
        file.revisions.len()
    );
    let new = NewFramework {
        framework,
        revisions: file.revisions,
        lineage: file.lineage,
        questions,
    };
    tx.insert_framework(&new, services.now()).await?;
    tx.commit().await?;
    Ok(said)
}
