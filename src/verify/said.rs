//! What the changes of a stream said of each object so far.
use std::collections::{HashMap, HashSet};

/// The last word on an object.
#[derive(Clone, Debug)]
pub struct Last {
    /// Where it stands.
    pub seq: i64,
    /// Of which version.
    pub version: i64,
    /// What state it gave; `None` where nobody can say any more: it was erased, or is of the first
    /// form.
    pub now: Option<String>,
}

/// The last words on objects of one stream.
#[derive(Default)]
pub struct Said {
    /// By the object's id; a translation by its own.
    pub last: HashMap<String, Last>,
    /// Objects of whose changes some cannot be read any more.
    pub dim: HashSet<String>,
    /// Rounds whose published result was vouched for.
    pub rounds: HashSet<(String, i64)>,
    /// Where each round of a question was last spoken of.
    pub round_at: HashMap<(String, i64), i64>,
}

impl Said {
    /// Takes a word on an object.
    pub fn take(&mut self, object: &str, seq: i64, version: i64, now: Option<String>) {
        if now.is_none() {
            self.dim.insert(object.into());
        }
        self.last.insert(object.into(), Last { seq, version, now });
    }

    /// Whether a version may follow what was said: an object begins with its first version and goes
    /// on one by one.
    pub fn follows(&self, object: &str, version: i64, opens: bool) -> bool {
        match self.last.get(object) {
            None => opens && version == 1,
            Some(_) if opens => false,
            Some(last) => {
                self.dim.contains(object) || version == last.version || version == last.version + 1
            }
        }
    }
}
