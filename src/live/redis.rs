//! The live state that nodes share, in Redis or Valkey: tallies and presence are hashes, hints travel on one channel.
//! It may be away or empty at any time: calls then fail at once, and whoever asked turns to the database.
mod link;
mod voice;

use std::{collections::HashMap, sync::Arc};

use redis::{AsyncTypedCommands, FromRedisValue, RedisResult, Script, ScriptInvocation, aio::ConnectionManager};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio_util::task::AbortOnDropHandle;

use self::{
    link::{Ears, Link},
    voice::Voice,
};
use super::{Away, Hint, RoundKey, Standing, fields};
use crate::domain::{
    DAY, Millis,
    framework::FrameworkId,
    presence::{self, Here},
    tally::{Applied, Delta, Release, Tally},
};

/// How long Redis keeps a tally nobody moves, in milliseconds: it is recounted when somebody asks.
const TALLY_LIFE: Millis = 7 * DAY;

/// Live state in Redis; cheap to clone.
#[derive(Clone)]
pub struct Redis {
    link: Arc<Link>,
    voice: Arc<Voice>,
    scripts: Arc<Scripts>,
    _tasks: Arc<[AbortOnDropHandle<()>; 2]>,
}

/// What one node says of one framework, and when.
#[derive(Serialize, Deserialize)]
struct Said {
    at: Millis,
    here: Here,
}

struct Scripts {
    shift: Script,
    release: Script,
    load: Script,
}

impl Redis {
    /// Connects, as [`Redis::open`] does.
    ///
    /// # Errors
    /// Also when nothing that speaks RESP3 answers there within two seconds.
    pub async fn connect(url: &str, prefix: &str, drop_one_in: u64) -> Result<Self, Away> {
        let redis = Self::open(url, prefix, drop_one_in).await?;
        if redis.is_away() { Err(Away("nothing answered in time".into())) } else { Ok(redis) }
    }

    /// Connects, or goes on trying where nothing answers yet. All keys and the channel begin with `prefix`; one hint in
    /// `drop_one_in` is lost on purpose (0: none).
    ///
    /// # Errors
    /// When the address is none, or what answers there refuses.
    pub async fn open(url: &str, prefix: &str, drop_one_in: u64) -> Result<Self, Away> {
        let link = Arc::new(Link::open(url, Ears::new(prefix, drop_one_in)).await?);
        let voice = Arc::new(Voice::default());
        let beat = AbortOnDropHandle::new(tokio::spawn(link.clone().beat()));
        let (speaks, way) = (voice.clone(), link.clone());
        let speech = AbortOnDropHandle::new(tokio::spawn(async move { speaks.speak(&way).await }));
        let scripts = Scripts {
            shift: Script::new(concat!(include_str!("lua/due.lua"), include_str!("lua/move.lua"))),
            release: Script::new(concat!(include_str!("lua/due.lua"), include_str!("lua/release.lua"))),
            load: Script::new(concat!(include_str!("lua/due.lua"), include_str!("lua/load.lua"))),
        };
        Ok(Self { link, voice, scripts: Arc::new(scripts), _tasks: Arc::new([beat, speech]) })
    }

    pub(super) fn is_away(&self) -> bool {
        !self.link.is_up()
    }

    /// Asks Redis something; fails at once while it is known to be away.
    async fn ask<T, F: Future<Output = RedisResult<T>>>(&self, asked: impl FnOnce(ConnectionManager) -> F) -> Result<T, Away> {
        if self.is_away() {
            return Err(Away("Redis does not answer".into()));
        }
        self.link.within(asked(self.link.manager())).await
    }

    async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Away> {
        self.ask(async |mut redis| script.invoke_async(&mut redis).await).await
    }

    /// The running and the shown tally. The braces keep what belongs to a question on one node of a Redis Cluster.
    fn keys(&self, (question, round): RoundKey) -> [String; 2] {
        ["running", "shown"].map(|which| format!("{}:{{{question}}}:{round}:{which}", self.link.ears.prefix))
    }

    pub(super) fn publish(&self, hint: Hint) {
        // This node's sockets wait for nobody, and nobody waits for Redis.
        self.link.ears.hear(hint.clone());
        self.voice.say(hint);
    }

    pub(super) fn hints(&self) -> broadcast::Receiver<Hint> {
        self.link.ears.hints.subscribe()
    }

    pub(super) async fn move_tally(&self, delta: &Delta, release: Release, now: Millis) -> Result<Option<Applied>, Away> {
        let [running, shown] = self.keys((delta.question, delta.round));
        let mut script = self.scripts.shift.key(running);
        script.key(shown).arg(delta.at_seq).arg(now).arg(release.ballots).arg(release.after).arg(release.at_least).arg(TALLY_LIFE);
        script.arg(fields::of_delta(delta));
        let became: String = self.run(&script).await?;
        if became == "released" {
            self.publish(Hint::Tally(delta.question));
        }
        match became.as_str() {
            "yes" | "released" => Ok(Some(Applied::Yes)),
            "old" => Ok(Some(Applied::Old)),
            "gap" => Ok(Some(Applied::Gap)),
            _ => Ok(None),
        }
    }

    pub(super) async fn release_due(&self, key: RoundKey, release: Release, now: Millis) -> Result<Option<Standing>, Away> {
        let [running, shown] = self.keys(key);
        let mut script = self.scripts.release.key(running);
        script.key(shown).arg(now).arg(release.ballots).arg(release.after).arg(release.at_least);
        let Some((moved, released, running)) = self.run::<Option<(bool, i64, i64)>>(&script).await? else { return Ok(None) };
        if moved {
            self.publish(Hint::Tally(key.0));
        }
        Ok(Some(Standing { released, running }))
    }

    pub(super) async fn tally(&self, key: RoundKey) -> Result<Option<(Tally, i64)>, Away> {
        let [running, shown] = self.keys(key);
        let mut pipe = redis::pipe();
        pipe.atomic().hgetall(shown).hget(running, fields::AT_SEQ);
        let (shown, at): (Vec<(String, String)>, Option<String>) = self.ask(async |mut redis| pipe.query_async(&mut redis).await).await?;
        Ok(fields::tally(shown).zip(at.and_then(|at| at.parse().ok())))
    }

    pub(super) async fn running_tally(&self, key: RoundKey) -> Result<Option<Tally>, Away> {
        let [running, _] = self.keys(key);
        let kept = self.ask(async |mut redis| redis.hgetall(running).await).await?;
        Ok(fields::tally(kept))
    }

    pub(super) async fn load_tally(&self, key: RoundKey, tally: &Tally, now: Millis) -> Result<(), Away> {
        let [running, shown] = self.keys(key);
        let mut script = self.scripts.load.key(running);
        script.key(shown).arg(tally.at_seq).arg(now).arg(TALLY_LIFE).arg(fields::of_tally(tally));
        if self.run(&script).await? {
            self.publish(Hint::Tally(key.0));
        }
        Ok(())
    }

    pub(super) async fn forget_tally(&self, key: RoundKey) -> Result<(), Away> {
        let keys = self.keys(key);
        self.ask(async |mut redis| redis.unlink(&keys).await).await.map(|_| ())
    }

    fn here_key(&self, framework: FrameworkId) -> String {
        format!("{}:{{{framework}}}:here", self.link.ears.prefix)
    }

    pub(super) async fn say_here(&self, node: &str, framework: FrameworkId, here: Here, now: Millis) -> Result<(), Away> {
        let key = self.here_key(framework);
        let said = serde_json::to_string(&Said { at: now, here }).expect("a count is JSON");
        let mut pipe = redis::pipe();
        pipe.hset(&key, node, said).ignore().pexpire(&key, 2 * presence::LIFE).ignore();
        self.ask(async |mut redis| pipe.exec_async(&mut redis).await).await
    }

    pub(super) async fn here(&self, framework: FrameworkId, now: Millis) -> Result<Here, Away> {
        let key = self.here_key(framework);
        let kept: HashMap<String, String> = self.ask(async |mut redis| redis.hgetall(&key).await).await?;
        // What a later version says in other words is nothing here, and its to take away.
        let said = kept.into_iter().filter_map(|(node, word)| Some((node, serde_json::from_str(&word).ok()?)));
        let said: HashMap<String, Said> = said.collect();
        // Long silent, so that a node is not removed in the moment it speaks again.
        let gone: Vec<&String> = said.iter().filter(|(_, said)| said.at <= now - 2 * presence::LIFE).map(|(node, _)| node).collect();
        if !gone.is_empty() {
            self.ask(async |mut redis| redis.hdel(&key, gone).await).await?;
        }
        Ok(presence::sum(said.values().map(|said| (said.at, &said.here)), now))
    }

    pub(super) async fn flush(&self) -> Result<(), Away> {
        // A prefix may hold what a pattern takes for a wildcard.
        let escape = |c: char| if c.is_ascii_alphanumeric() { String::from(c) } else { format!("\\{c}") };
        let pattern = format!("{}:*", self.link.ears.prefix.chars().map(escape).collect::<String>());
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(1_000);
            let (next, keys): (u64, Vec<String>) = self.ask(async |mut redis| scan.query_async(&mut redis).await).await?;
            if !keys.is_empty() {
                self.ask(async |mut redis| redis.unlink(keys).await).await?;
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
    }
}
