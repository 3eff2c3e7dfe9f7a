//! What a service gives back: what was asked for, or why not.
use crate::{protocol::problem::Problem, store};

/// What a service returns.
pub type Outcome<T> = Result<T, Failure>;

/// Why something was not done: a reason for the user, or a fault below that is logged once.
#[derive(Debug)]
pub enum Failure {
    /// For the user.
    Problem(Problem),
    /// Below.
    Store(store::Error),
}

impl<T: Into<Problem>> From<T> for Failure {
    fn from(problem: T) -> Self {
        Self::Problem(problem.into())
    }
}
impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl Failure {
    /// What the user is told. A fault below is logged here, once, and becomes `unavailable`.
    #[must_use]
    pub fn told(self) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Store(error) => {
                tracing::error!(%error, "the store failed");
                Problem::unavailable()
            }
        }
    }
}
