//! The live state that nodes share, in Redis or Valkey: tallies and presence are hashes, hints travel on one channel.
//! It may be away or empty at any time: calls then fail at once, and whoever asked turns to the database.
use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use redis::{
    AsyncTypedCommands, Client, ErrorKind, FromRedisValue, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind, RedisResult, Script,
    ScriptInvocation, ServerErrorKind,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::broadcast,
    time::{sleep, timeout},
};
use tokio_util::task::AbortOnDropHandle;

use super::{Away, HINTS, Hint, RoundKey, Standing, fields};
use crate::domain::{
    DAY, Millis,
    framework::FrameworkId,
    presence::{self, Here},
    tally::{Applied, Delta, Release, Tally},
};

/// How long a call may take; the crate's default of half a second is short for a machine under load.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the connection is tried.
const BEAT: Duration = Duration::from_millis(500);
/// After so many failed tries in a row the connection is made anew: one over a dead link never breaks by itself.
const ENOUGH: u32 = 3;
/// How long Redis keeps a tally nobody moves, in milliseconds: it is recounted when somebody asks.
const TALLY_LIFE: Millis = 7 * DAY;

/// Live state in Redis; cheap to clone.
#[derive(Clone)]
pub struct Redis {
    link: Arc<Link>,
    scripts: Arc<Scripts>,
    _beat: Arc<AbortOnDropHandle<()>>,
}

/// The way to Redis.
struct Link {
    client: Client,
    // A std lock: nothing waits while it is held.
    manager: RwLock<ConnectionManager>,
    /// Whether calls are worth trying: a Redis that stalls must not cost each of them its patience.
    up: AtomicBool,
    /// Redis answers as a replica: the one to ask is reached by connecting anew.
    demoted: AtomicBool,
    ears: Ears,
}

/// Where hints come in.
#[derive(Clone)]
struct Ears {
    prefix: Arc<str>,
    /// This connection's name: its own words come back on the channel, and were heard when they were said.
    node: Arc<str>,
    hints: broadcast::Sender<Hint>,
    /// Drops one hint in so many, to exercise the way gaps are found; 0 drops none.
    drop_one_in: u64,
}

/// A hint on its way.
#[derive(Serialize, Deserialize)]
struct Word {
    node: String,
    hint: Hint,
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

impl Ears {
    fn channel(&self) -> String {
        format!("{}:hints", self.prefix)
    }

    fn hear(&self, hint: Hint) {
        if self.drop_one_in == 0 || crate::id::below(self.drop_one_in) != 0 {
            // Nobody listening is no fault.
            let _ = self.hints.send(hint);
        }
    }

    /// What comes in without having been asked for: words on the channel, and news of the connection.
    fn push(&self, push: PushInfo) {
        if push.kind != PushKind::Message {
            return;
        }
        let Ok([_, text]) = <[_; 2]>::try_from(push.data) else { return };
        let word = String::from_redis_value(text).ok().and_then(|text| serde_json::from_str::<Word>(&text).ok());
        match word {
            Some(word) if *word.node == *self.node => {}
            Some(word) => self.hear(word.hint),
            // A newer node may say what this one does not know; the sweep finds what moved.
            None => tracing::debug!("a hint was not understood"),
        }
    }
}

/// Connects and listens, within twice the patience.
async fn connect(client: &Client, ears: &Ears) -> RedisResult<ConnectionManager> {
    let listening = ears.clone();
    let config = ConnectionManagerConfig::new()
        .set_response_timeout(Some(PATIENCE))
        .set_connection_timeout(Some(PATIENCE))
        // The beat tries again; a caller does not wait for it.
        .set_number_of_retries(0)
        .set_push_sender(move |push| {
            listening.push(push);
            Ok::<(), redis::aio::SendError>(())
        })
        .set_automatic_resubscription();
    let mut manager = ConnectionManager::new_with_config(client.clone(), config).await?;
    manager.subscribe(ears.channel()).await?;
    Ok(manager)
}

impl Link {
    fn manager(&self) -> ConnectionManager {
        self.manager.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_up(&self, up: bool) {
        match (self.up.swap(up, Relaxed), up) {
            (true, false) => tracing::warn!("Redis is away: tallies are counted from the ballots"),
            (false, true) => tracing::info!("Redis is back"),
            _ => {}
        }
    }

    /// Waits for an answer, within the patience.
    async fn within<T>(&self, asked: impl Future<Output = RedisResult<T>>) -> Result<T, Away> {
        let error = match timeout(PATIENCE, asked).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error,
            Err(_) => {
                self.set_up(false);
                return Err(Away("Redis did not answer in time".into()));
            }
        };
        let demoted = error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly);
        if demoted || error.is_io_error() {
            self.demoted.fetch_or(demoted, Relaxed);
            self.set_up(false);
        }
        Err(Away(error.to_string()))
    }

    /// Tries the connection again and again, and makes it anew where that does not help.
    async fn beat(self: Arc<Self>) {
        let mut failed = 0;
        loop {
            sleep(BEAT).await;
            if self.demoted.swap(false, Relaxed) || failed >= ENOUGH {
                let fresh = connect(&self.client, &self.ears);
                if let Ok(Ok(fresh)) = timeout(2 * PATIENCE, fresh).await {
                    *self.manager.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                }
            }
            // Subscribing again changes nothing, and mends a subscription that got lost on the way.
            let mut manager = self.manager();
            let answered = self.within(async { manager.subscribe(self.ears.channel()).await }).await.is_ok();
            failed = if answered { 0 } else { failed + 1 };
            self.set_up(answered);
        }
    }
}

impl Redis {
    /// Connects. All keys and the channel begin with `prefix`; one hint in `drop_one_in` is lost on purpose (0: none).
    ///
    /// # Errors
    /// When the address is none, or nothing that speaks RESP3 answers there within two seconds.
    pub async fn connect(url: &str, prefix: &str, drop_one_in: u64) -> Result<Self, Away> {
        let away = |error: redis::RedisError| Away(error.to_string());
        let info = url.into_connection_info().map_err(away)?;
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        // Nagle's algorithm would hold small commands back.
        let tcp = info.tcp_settings().clone().set_nodelay(true);
        let client = Client::open(info.set_redis_settings(settings).set_tcp_settings(tcp)).map_err(away)?;
        let ears = Ears { prefix: prefix.into(), node: crate::id::secret().into(), hints: broadcast::Sender::new(HINTS), drop_one_in };
        let late = |_| Away("nothing answered in time".into());
        let manager = timeout(2 * PATIENCE, connect(&client, &ears)).await.map_err(late)?.map_err(away)?;
        let link = Link { client, manager: RwLock::new(manager), up: AtomicBool::new(true), demoted: AtomicBool::new(false), ears };
        let link = Arc::new(link);
        let beat = AbortOnDropHandle::new(tokio::spawn(link.clone().beat()));
        let scripts = Scripts {
            shift: Script::new(concat!(include_str!("lua/due.lua"), include_str!("lua/move.lua"))),
            release: Script::new(concat!(include_str!("lua/due.lua"), include_str!("lua/release.lua"))),
            load: Script::new(concat!(include_str!("lua/due.lua"), include_str!("lua/load.lua"))),
        };
        Ok(Self { link, scripts: Arc::new(scripts), _beat: Arc::new(beat) })
    }

    /// Asks Redis something; fails at once while it is known to be away.
    async fn ask<T, F: Future<Output = RedisResult<T>>>(&self, asked: impl FnOnce(ConnectionManager) -> F) -> Result<T, Away> {
        if !self.link.up.load(Relaxed) {
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

    pub(super) async fn publish(&self, hint: Hint) {
        // This node's sockets wait for nobody.
        self.link.ears.hear(hint.clone());
        let word = Word { node: self.link.ears.node.to_string(), hint };
        let word = serde_json::to_string(&word).expect("a hint is JSON");
        if let Err(error) = self.ask(async |mut redis| redis.publish(self.link.ears.channel(), word).await).await {
            tracing::debug!(%error, "a hint stayed on this node");
        }
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
            self.publish(Hint::Tally(delta.question)).await;
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
            self.publish(Hint::Tally(key.0)).await;
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
            self.publish(Hint::Tally(key.0)).await;
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
        let said = |word: &String| serde_json::from_str(word).unwrap_or(Said { at: 0, here: Here::default() });
        let said: HashMap<String, Said> = kept.iter().map(|(node, word)| (node.clone(), said(word))).collect();
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
