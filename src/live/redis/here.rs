//! Who is here, in Redis: what each node says of a framework.
use std::collections::HashMap;

use redis::AsyncTypedCommands;
use serde::{Deserialize, Serialize};

use super::Redis;
use crate::{
    domain::{
        Millis,
        framework::FrameworkId,
        presence::{self, Here},
    },
    live::Away,
};

/// What one node says of one framework, and when.
#[derive(Serialize, Deserialize)]
struct Said {
    at: Millis,
    here: Here,
}

impl Redis {
    fn here_key(&self, framework: FrameworkId) -> String {
        format!("{}:{{{framework}}}:here", self.link.ears.prefix)
    }

    pub(in crate::live) async fn say_here(
        &self,
        node: &str,
        framework: FrameworkId,
        here: Here,
        now: Millis,
    ) -> Result<(), Away> {
        let key = self.here_key(framework);
        let said = serde_json::to_string(&Said { at: now, here }).expect("a count is JSON");
        let mut pipe = redis::pipe();
        pipe.hset(&key, node, said)
            .ignore()
            .pexpire(&key, 2 * presence::LIFE)
            .ignore();
        self.ask(async |mut redis| pipe.exec_async(&mut redis).await)
            .await
    }

    pub(in crate::live) async fn here(
        &self,
        framework: FrameworkId,
        now: Millis,
    ) -> Result<Here, Away> {
        let key = self.here_key(framework);
        let kept: HashMap<String, String> = self
            .ask(async |mut redis| redis.hgetall(&key).await)
            .await?;
        // What a later version says in other words is nothing here, and its to take away.
        let said = kept
            .into_iter()
            .filter_map(|(node, word)| Some((node, serde_json::from_str(&word).ok()?)));
        let said: HashMap<String, Said> = said.collect();
        // Long silent, so that a node is not removed in the moment it speaks again.
        let gone: Vec<&String> = said
            .iter()
            .filter(|(_, said)| said.at <= now - 2 * presence::LIFE)
            .map(|(node, _)| node)
            .collect();
        if !gone.is_empty() {
            self.ask(async |mut redis| redis.hdel(&key, gone).await)
                .await?;
        }
        Ok(presence::sum(
            said.values().map(|said| (said.at, &said.here)),
            now,
        ))
    }
}
