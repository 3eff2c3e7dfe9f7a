//! Cards as one may read them.
use crate::{
    domain::{
        account::AccountId,
        concession::{Concession, ConcessionId},
        framework::QuestionId,
        permission::{Sight, State, visible_to},
    },
    protocol::{
        problem::Problem,
        rest::{CardVersionView, ConcessionView, List, Page, PostsView},
    },
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        sight::{appeals::with_appeals, cursor, seen, views},
    },
};

/// Cards on a page.
const CARDS: i64 = 100;
/// Own posts of each kind shown on the account page.
const POSTS: i64 = 100;

/// A question's cards that the reader may see, oldest first.
pub async fn list(
    node: &Node,
    account: Option<Asker>,
    question: QuestionId,
    after: Option<&str>,
) -> Outcome<Page<ConcessionView>> {
    let (mut seen, question) = seen::see_question(node, account, question).await?;
    let start = cursor::behind(after)?;
    let cards = seen.reader.concessions(question.id, start, CARDS).await?;
    let next = cursor::next(&cards, CARDS, |card| (card.created_at, card.id));
    let viewer = seen.actor.viewer();
    let shown = |card: &Concession| {
        visible_to(viewer, card.author.id, State::Concession(card.state)) == Sight::Whole
    };
    let items = cards
        .into_iter()
        .filter(shown)
        .map(|card| views::concession(card, viewer))
        .collect();
    Ok(Page {
        items,
        next,
        epoch: seen.framework.epoch,
        seq: seen.seq,
    })
}

/// One card.
pub async fn one(node: &Node, account: Option<Asker>, id: ConcessionId) -> Outcome<ConcessionView> {
    let (seen, card) = seen::see_card(node, account, id).await?;
    Ok(views::concession(card, seen.actor.viewer()))
}

/// A card's texts, oldest first; hidden where the card is.
pub async fn versions(
    node: &Node,
    account: Option<Asker>,
    id: ConcessionId,
) -> Outcome<List<CardVersionView>> {
    let (mut seen, card) = seen::see_card(node, account, id).await?;
    if visible_to(
        seen.actor.viewer(),
        card.author.id,
        State::Concession(card.state),
    ) != Sight::Whole
    {
        return Err(Problem::not_found().into());
    }
    let versions = seen.reader.concession_versions(id).await?;
    Ok(List {
        items: versions.into_iter().map(views::card_version).collect(),
        next: None,
    })
}

/// What an account wrote and what was decided about it.
pub async fn posts(node: &Node, account: AccountId) -> Outcome<PostsView> {
    let mut reader = node.store.read().await?;
    let viewer = crate::domain::permission::Viewer::of(account);
    let cards = reader.concessions_by(account, POSTS).await?;
    let comments = reader.comments_by(account, POSTS).await?;
    let decisions = reader.decisions_about(account, POSTS).await?;
    let decisions = with_appeals(&mut reader, decisions, views::For::Addressee).await?;
    Ok(PostsView {
        concessions: cards
            .into_iter()
            .map(|card| views::concession(card, viewer))
            .collect(),
        comments: comments
            .into_iter()
            .filter_map(|comment| views::comment(comment, false, viewer))
            .collect(),
        decisions,
    })
}

/// The framework a question belongs to.
pub async fn framework_of(
    node: &Node,
    question: QuestionId,
) -> Outcome<crate::domain::framework::FrameworkId> {
    if let Some(framework) = node.known.place(question) {
        return Ok(framework);
    }
    let found = node.store.read().await?.question(question).await?;
    let framework = found.ok_or_else(Problem::not_found)?.framework;
    node.known.keep_place(question, framework);
    Ok(framework)
}
