//! A framework as somebody may read it: the one way to a consistent state and to what they are
//! there.
use crate::{
    domain::{
        concession::{Concession, ConcessionId},
        framework::{Framework, FrameworkId, Question, QuestionId},
        permission::Actor,
        stream::Stream,
    },
    protocol::problem::Problem,
    service::{Outcome, caller::Asker, node::Node, sight::actor},
    store::Reader,
};

/// A framework somebody may read, and what they are there.
pub struct Seen {
    /// One consistent state.
    pub reader: Reader,
    /// The framework.
    pub framework: Framework,
    /// The reader.
    pub actor: Actor,
    /// The place in `public` of this state.
    pub seq: i64,
}

/// Opens a framework for somebody, or says it is not there.
pub async fn see(
    node: &Node,
    account: Option<Asker>,
    framework: Framework,
    mut reader: Reader,
) -> Outcome<Seen> {
    let actor = match account {
        None => Actor::anonymous(),
        Some(account) => {
            let found = actor::actor(
                &mut reader,
                framework.id,
                account.account,
                node.now(),
                node.options.second_factor,
            )
            .await?;
            found.map_or_else(Actor::anonymous, |(_, actor)| Actor {
                scope: account.scope,
                ..actor
            })
        }
    };
    if !actor.enters(framework.public) {
        return Err(Problem::not_found().into());
    }
    let seq = reader
        .head(framework.id, &Stream::Public.to_string())
        .await?
        .seq;
    Ok(Seen {
        reader,
        framework,
        actor,
        seq,
    })
}

/// As [`see`], by name.
pub async fn see_slug(node: &Node, account: Option<Asker>, slug: &str) -> Outcome<Seen> {
    let mut reader = node.store.read().await?;
    let framework = reader
        .framework_by_slug(slug)
        .await?
        .ok_or_else(Problem::not_found)?;
    see(node, account, framework, reader).await
}

/// As [`see`], by id.
pub async fn see_id(node: &Node, account: Option<Asker>, id: FrameworkId) -> Outcome<Seen> {
    let reader = node.store.read().await?;
    see_in(node, account, id, reader).await
}

/// As [`see`], of the framework that something stands in.
pub(crate) async fn see_in(
    node: &Node,
    account: Option<Asker>,
    id: FrameworkId,
    mut reader: Reader,
) -> Outcome<Seen> {
    let framework = reader.framework(id).await?.ok_or_else(Problem::not_found)?;
    see(node, account, framework, reader).await
}

/// A question of a framework that somebody may read.
pub(crate) async fn see_question(
    node: &Node,
    account: Option<Asker>,
    id: QuestionId,
) -> Outcome<(Seen, Question)> {
    let mut reader = node.store.read().await?;
    let question = reader.question(id).await?.ok_or_else(Problem::not_found)?;
    Ok((
        see_in(node, account, question.framework, reader).await?,
        question,
    ))
}

/// A card of a framework that somebody may read; whether the card shows is asked of it.
pub(crate) async fn see_card(
    node: &Node,
    account: Option<Asker>,
    id: ConcessionId,
) -> Outcome<(Seen, Concession)> {
    let mut reader = node.store.read().await?;
    let card = reader
        .concession(id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok((see_in(node, account, card.framework, reader).await?, card))
}
