//! What this node tells the others: it waits in one place, the latest of each kind, until the way
//! is free. Nobody waits for it.
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::Notify;

use super::{ears::Word, link::Link};
use crate::{
    domain::{
        account::AccountId,
        framework::{FrameworkId, QuestionId},
    },
    live::hint::{HINTS, Hint},
};

/// What a hint speaks of: a later one of the same says all that an earlier one did.
#[derive(PartialEq, Eq, Hash)]
enum Subject {
    Streams(FrameworkId),
    Tally(QuestionId),
    Rights(AccountId),
    Readers(FrameworkId),
}

impl Subject {
    fn of(hint: &Hint) -> Self {
        match hint {
            Hint::Streams { framework, .. } => Self::Streams(*framework),
            Hint::Tally(question) => Self::Tally(*question),
            Hint::Rights(account) => Self::Rights(*account),
            Hint::Readers(framework) => Self::Readers(*framework),
        }
    }
}

/// Hints that wait to be said.
#[derive(Default)]
pub(super) struct Voice {
    // A std mutex: nothing waits while it is held.
    waiting: Mutex<HashMap<Subject, Hint>>,
    wake: Notify,
}

impl Voice {
    /// Says a hint as soon as the way is free; where too many wait, it is dropped, and the sweep
    /// finds what it told.
    pub fn say(&self, hint: Hint) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let subject = Subject::of(&hint);
        if let Some(earlier) = waiting.get_mut(&subject) {
            unite(earlier, hint);
        } else if waiting.len() < HINTS {
            waiting.insert(subject, hint);
        }
        drop(waiting);
        self.wake.notify_one();
    }

    fn take(&self) -> Vec<Hint> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
            .into_values()
            .collect()
    }

    /// Says what waits, all of it in one round trip, again and again.
    pub async fn speak(&self, link: &Link) {
        loop {
            self.wake.notified().await;
            let hints = self.take();
            // What is lost while Redis is away stays on this node.
            if hints.is_empty() || !link.is_up() {
                continue;
            }
            let mut pipe = redis::pipe();
            for hint in hints {
                let word = Word {
                    node: link.ears.node.to_string(),
                    hint,
                };
                pipe.publish(
                    link.ears.channel(),
                    serde_json::to_string(&word).expect("a hint is JSON"),
                )
                .ignore();
            }
            let mut manager = link.manager();
            if let Err(error) = link.within(pipe.exec_async(&mut manager)).await {
                tracing::debug!(%error, "hints stayed on this node");
            }
        }
    }
}

/// Adds to a hint what a later one of the same subject says.
fn unite(earlier: &mut Hint, later: Hint) {
    match (earlier, later) {
        (
            Hint::Streams { epoch, heads, .. },
            Hint::Streams {
                epoch: now,
                heads: moved,
                ..
            },
        ) if *epoch == now => {
            for (stream, at) in moved {
                match heads.iter_mut().find(|(known, _)| *known == stream) {
                    Some((_, known)) => *known = at.max(*known),
                    None => heads.push((stream, at)),
                }
            }
        }
        (earlier, later) => *earlier = later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::stream::Stream, id::Id};

    #[test]
    fn what_waits_is_the_latest_of_each_subject_and_says_all_that_the_earlier_ones_did() {
        let (voice, framework, question) = (Voice::default(), Id::new(), Id::new());
        let streams = |stream, at| Hint::Streams {
            framework,
            epoch: "e".into(),
            heads: vec![(stream, at)],
        };
        for hint in [
            streams(Stream::Public, 1),
            Hint::Tally(question),
            streams(Stream::Moderators, 1),
            streams(Stream::Public, 2),
            Hint::Tally(question),
        ] {
            voice.say(hint);
        }
        let said = voice.take();
        assert_eq!(said.len(), 2);
        assert!(said.contains(&Hint::Tally(question)));
        let heads = vec![(Stream::Public, 2), (Stream::Moderators, 1)];
        assert!(
            said.contains(&Hint::Streams {
                framework,
                epoch: "e".into(),
                heads
            }),
            "{said:?}"
        );
    }

    #[test]
    fn no_more_wait_than_have_room() {
        let voice = Voice::default();
        (0..=HINTS).for_each(|_| voice.say(Hint::Tally(Id::new())));
        assert_eq!(voice.take().len(), HINTS);
    }
}
