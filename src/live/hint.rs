//! Hints: what one node tells the others.
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::{
    framework::{FrameworkId, QuestionId},
    stream::Stream,
};

/// How many hints may wait for a slow receiver; what is lost beyond it the sweep of heads finds.
pub(super) const HINTS: usize = 4_096;

/// A word from one node to all: something moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hint {
    /// Streams moved: one hint for all that a batch told.
    Streams {
        /// Whose.
        framework: FrameworkId,
        /// Their epoch.
        epoch: String,
        /// Which, and the last place of each. Of a later version's streams nothing is known here.
        #[serde(deserialize_with = "known")]
        heads: Vec<(Stream, i64)>,
    },
    /// A question's released tally moved.
    Tally(QuestionId),
    /// What an account may do in a framework changed: check its sockets again.
    Rights(crate::domain::account::AccountId),
    /// Who may read a framework changed: check all sockets again.
    Readers(FrameworkId),
}

/// The heads whose streams this version knows.
fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(Stream, i64)>, D::Error> {
    let heads: Vec<(String, i64)> = Vec::deserialize(from)?;
    Ok(heads
        .into_iter()
        .filter_map(|(stream, at)| Some((stream.parse().ok()?, at)))
        .collect())
}

impl Hint {
    /// Whether what visitors read may have changed.
    #[must_use]
    pub fn tells_everyone(&self) -> bool {
        match self {
            Self::Streams { heads, .. } => {
                heads.iter().any(|(stream, _)| *stream == Stream::Public)
            }
            Self::Readers(_) => true,
            Self::Tally(_) | Self::Rights(_) => false,
        }
    }
}
