//! A question of a framework that somebody may read.
use crate::{
    domain::framework::{Question, QuestionId, QuestionState},
    protocol::problem::{Code, Problem},
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        sight::seen::{self, Seen},
    },
};

/// A question of a framework that somebody may read.
pub(crate) async fn seen(node: &Node, account: Option<Asker>, id: QuestionId) -> Outcome<(Seen, Question)> {
    let mut reader = node.store.read().await?;
    let question = reader.question(id).await?.ok_or_else(Problem::not_found)?;
    let framework = reader.framework(question.framework).await?.ok_or_else(Problem::not_found)?;
    Ok((seen::see(node, account, framework, reader).await?, question))
}

/// Refuses what a closed question no longer takes.
pub fn ensure_open(question: &Question) -> Result<(), Problem> {
    if question.state == QuestionState::Open { Ok(()) } else { Err(Problem::new(Code::Closed, "This question is closed.")) }
}
