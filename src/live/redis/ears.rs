//! Where hints come in: this node's own, and those of others from the channel.
use std::sync::Arc;

use redis::{FromRedisValue, PushInfo, PushKind};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::live::hint::{HINTS, Hint};

/// Where hints come in.
#[derive(Clone)]
pub(super) struct Ears {
    pub prefix: Arc<str>,
    /// This connection's name: its own words come back on the channel, and were heard when they
    /// were said.
    pub node: Arc<str>,
    pub hints: broadcast::Sender<Hint>,
    /// Drops one hint in so many, to exercise the way gaps are found; 0 drops none.
    drop_one_in: u64,
}

/// A hint on its way.
#[derive(Serialize, Deserialize)]
pub(super) struct Word {
    pub node: String,
    pub hint: Hint,
}

impl Ears {
    pub fn new(prefix: &str, drop_one_in: u64) -> Self {
        Self {
            prefix: prefix.into(),
            node: crate::id::secret().into(),
            hints: broadcast::Sender::new(HINTS),
            drop_one_in,
        }
    }

    pub fn channel(&self) -> String {
        format!("{}:hints", self.prefix)
    }

    pub fn hear(&self, hint: Hint) {
        if self.drop_one_in == 0 || crate::id::below(self.drop_one_in) != 0 {
            // Nobody listening is no fault.
            let _ = self.hints.send(hint);
        }
    }

    /// What comes in without having been asked for: words on the channel, and news of the
    /// connection.
    pub fn push(&self, push: PushInfo) {
        if push.kind != PushKind::Message {
            return;
        }
        let Ok([_, text]) = <[_; 2]>::try_from(push.data) else {
            return;
        };
        let word = String::from_redis_value(text)
            .ok()
            .and_then(|text| serde_json::from_str::<Word>(&text).ok());
        match word {
            Some(word) if *word.node == *self.node => {}
            Some(word) => self.hear(word.hint),
            // A newer node may say what this one does not know; the sweep finds what moved.
            None => tracing::debug!("a hint was not understood"),
        }
    }
}

#[cfg(test)]
mod tests {
    use redis::Value;

    use super::*;
    use crate::{domain::stream::Stream, id::Id};

    #[test]
    fn of_what_a_later_version_says_is_heard_what_this_one_knows() {
        let (ears, framework) = (Ears::new("test", 0), Id::new());
        let mut heard = ears.hints.subscribe();
        let say = |hint: serde_json::Value| {
            let word =
                serde_json::json!({ "node": "another", "hint": hint, "later": 1 }).to_string();
            ears.push(PushInfo {
                kind: PushKind::Message,
                data: vec![
                    Value::BulkString(b"test:hints".into()),
                    Value::BulkString(word.into()),
                ],
            });
        };
        say(serde_json::json!({ "Later": { "framework": framework } }));
        say(
            serde_json::json!({ "Streams": { "framework": framework, "epoch": "e", "heads": [["later", 3], ["public", 7]], "later": {} } }),
        );
        assert_eq!(
            heard.try_recv().unwrap(),
            Hint::Streams {
                framework,
                epoch: "e".into(),
                heads: vec![(Stream::Public, 7)]
            }
        );
        assert!(heard.try_recv().is_err());
    }
}
