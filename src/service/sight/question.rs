//! Whether a question takes anything yet.
use crate::{
    domain::framework::{Question, QuestionState},
    protocol::problem::{Code, Problem},
};

/// Refuses what a closed question no longer takes.
pub fn ensure_open(question: &Question) -> Result<(), Problem> {
    if question.state == QuestionState::Open {
        Ok(())
    } else {
        Err(Problem::new(Code::Closed, "This question is closed."))
    }
}
