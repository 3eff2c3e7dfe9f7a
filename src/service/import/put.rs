//! Writing what a file brings.
use std::collections::BTreeMap;

use crate::{
    domain::{
        account::{self, Account, AccountId},
        concession::{ConcessionId, ConcessionState, Terms},
        framework::{Framework, Question},
        permission::Role,
        text::Check,
    },
    id::Id,
    protocol::{command::CommandId, problem::Problem},
    service::{
        Outcome, Services,
        acts::cards::NewCard,
        import::{
            Refused,
            document::Node,
            files::{CardFile, CardsFile},
            translations,
        },
        keep::secrets::token_hash,
        way_in::job::Errand,
    },
    store::Membership,
};

/// Where an import writes.
pub(crate) struct Target {
    pub(crate) framework: Framework,
    pub(crate) questions: BTreeMap<String, Question>,
    pub(crate) points: Vec<u32>,
    /// Cards of earlier imports, by label and key.
    pub(crate) shipped: BTreeMap<String, ConcessionId>,
}

/// The framework that a file names, if it is there.
pub(crate) async fn target(services: &Services, root: &Node<'_>) -> Outcome<Option<Target>> {
    let mut reader = services.store.read().await?;
    let Some(framework) = reader
        .framework_by_slug(&root.text("framework").unwrap_or_default())
        .await?
    else {
        return Ok(None);
    };
    let questions = reader.questions(framework.id).await?;
    let last = reader
        .revisions(framework.id)
        .await?
        .last()
        .map_or(0, |(revision, _)| revision.number);
    let points = reader
        .points(framework.id, last)
        .await?
        .into_iter()
        .map(|(_, point)| point.number)
        .collect();
    let questions = questions
        .into_iter()
        .map(|question| (question.key.clone(), question))
        .collect();
    let prefix = format!("{}/", framework.slug);
    let shipped = reader.site_values_of(&prefix).await?.into_iter();
    let shipped = shipped
        .filter_map(|(name, id)| Some((name.strip_prefix(&prefix)?.to_owned(), id.parse().ok()?)))
        .collect();
    Ok(Some(Target {
        framework,
        questions,
        points,
        shipped,
    }))
}

pub(crate) fn terms(card: &CardFile) -> Terms {
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

/// A card that was found good, to be kept.
pub(crate) fn part(
    target: &Target,
    card: &CardFile,
    state: ConcessionState,
    sample: bool,
) -> NewCard {
    let (question, terms) = (
        target.questions[&card.question].id,
        terms(card).checked(&mut Check::default()),
    );
    NewCard {
        question,
        terms,
        state,
        sources: card.sources.clone(),
        sample,
        settle: 0,
        grew_out_of: None,
    }
}

pub(crate) async fn starter_cards(
    services: &Services,
    file: CardsFile,
    target: &Target,
) -> Result<String, Refused> {
    let editors = figurehead(services, target, "starter-cards", None, None).await?;
    let mut count = 0;
    for card in &file.cards {
        let name = format!("{}/{}/{}", file.framework, file.label, card.key);
        let new = part(target, card, ConcessionState::Ranked, false);
        let (id, new) = put_card(services, target, editors.id, &name, new).await?;
        translations::put(services, target, editors.id, &name, id, card).await?;
        count += usize::from(new);
    }
    Ok(format!("{count} of {} cards were new", file.cards.len()))
}

/// An account that cannot sign in, made once: the author of what an import brings.
pub(crate) async fn figurehead(
    services: &Services,
    target: &Target,
    handle: &str,
    display_name: Option<&str>,
    camp: Option<&str>,
) -> Outcome<Account> {
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
        return Err(
            Problem::field("author", "taken", "A person has an account of this name.").into(),
        );
    }
    let camp = camp.map(Into::into);
    let membership = Membership {
        joined: true,
        camp,
        role: Role::Participant,
        camp_changed_at: services.now(),
        ..Membership::none(target.framework.id)
    };
    tx.put_membership(account.id, &membership).await?;
    tx.commit().await?;
    Ok(account)
}

/// An id that the same name always has, so that a repeated import repeats its commands.
pub(crate) fn named_id(name: &str) -> CommandId {
    let hash = token_hash(name);
    // The version and variant of a UUIDv7 around the hash's digits.
    let digits = format!(
        "{}-{}-7{}-8{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[12..15],
        &hash[15..18],
        &hash[18..30]
    );
    digits
        .parse()
        .expect("32 hexadecimal digits in the form of a UUID")
}

/// Puts a card with its sources and label, once; true where it is new.
pub(crate) async fn put_card(
    services: &Services,
    target: &Target,
    author: AccountId,
    name: &str,
    card: NewCard,
) -> Outcome<(ConcessionId, bool)> {
    if let Some(id) = kept(services, name).await? {
        return Ok((id, false));
    }
    services
        .desk
        .errand(
            author,
            target.framework.id,
            named_id(name),
            Errand::Card(name.into(), card.into()),
        )
        .await?;
    let id = kept(services, name)
        .await?
        .ok_or_else(Problem::unavailable)?;
    Ok((id, true))
}

/// The card that was put under a name.
async fn kept(services: &Services, name: &str) -> Outcome<Option<ConcessionId>> {
    let found = services.store.read().await?.site_value(name).await?;
    Ok(found.and_then(|id| id.parse().ok()))
}
