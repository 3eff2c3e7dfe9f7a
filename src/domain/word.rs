//! Words that are stored or sent: those of this version, and those of a later one whose node runs
//! beside this.
use serde::{Serialize, Serializer};

/// A word of a closed set, as another version of the program may have written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word<T> {
    /// One this version knows.
    Known(T),
    /// One it does not. What it stands for is neither shown nor changed here; it goes back as it
    /// came.
    Other(String),
}

impl<T> Word<T> {
    /// The word, if this version knows it.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(word) => Some(word),
            Self::Other(_) => None,
        }
    }

    /// The same of a word that may be absent: `None` where one is there that this version does not
    /// know.
    pub fn if_any(word: Option<Self>) -> Option<Option<T>> {
        word.map_or(Some(None), |word| word.known().map(Some))
    }
}

impl<T> From<T> for Word<T> {
    fn from(word: T) -> Self {
        Self::Known(word)
    }
}

impl<T: PartialEq> PartialEq<T> for Word<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Known(word) if word == other)
    }
}

impl<T: Serialize> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(word) => word.serialize(to),
            Self::Other(word) => word.serialize(to),
        }
    }
}
