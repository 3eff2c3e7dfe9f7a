//! The live state that nodes share, in Redis or Valkey: tallies and presence are hashes, hints
//! travel on one channel. It may be away or empty at any time: calls then fail at once, and whoever
//! asked turns to the database.
mod ears;
mod here;
mod link;
mod scripts;
mod tallies;
mod voice;

use std::sync::Arc;

use redis::{AsyncTypedCommands, RedisResult, aio::ConnectionManager};
use tokio::sync::broadcast;
use tokio_util::task::AbortOnDropHandle;

use self::{ears::Ears, link::Link, scripts::Scripts, voice::Voice};
use super::{Away, hint::Hint};

/// Live state in Redis; cheap to clone.
#[derive(Clone)]
pub struct Redis {
    link: Arc<Link>,
    voice: Arc<Voice>,
    scripts: Arc<Scripts>,
    _tasks: Arc<[AbortOnDropHandle<()>; 2]>,
}

impl Redis {
    /// Connects, as [`Redis::open`] does.
    ///
    /// # Errors
    /// Also when nothing that speaks RESP3 answers there within two seconds.
    pub async fn connect(url: &str, prefix: &str, drop_one_in: u64) -> Result<Self, Away> {
        let redis = Self::open(url, prefix, drop_one_in).await?;
        if redis.is_away() {
            Err(Away("nothing answered in time".into()))
        } else {
            Ok(redis)
        }
    }

    /// Connects, or goes on trying where nothing answers yet. All keys and the channel begin with
    /// `prefix`; one hint in `drop_one_in` is lost on purpose (0: none).
    ///
    /// # Errors
    /// When the address is none, or what answers there refuses.
    pub async fn open(url: &str, prefix: &str, drop_one_in: u64) -> Result<Self, Away> {
        let link = Arc::new(Link::open(url, Ears::new(prefix, drop_one_in)).await?);
        let voice = Arc::new(Voice::default());
        let beat = AbortOnDropHandle::new(tokio::spawn(link.clone().beat()));
        let (speaks, way) = (voice.clone(), link.clone());
        let speech = AbortOnDropHandle::new(tokio::spawn(async move { speaks.speak(&way).await }));
        Ok(Self {
            link,
            voice,
            scripts: Arc::default(),
            _tasks: Arc::new([beat, speech]),
        })
    }

    pub(super) fn is_away(&self) -> bool {
        !self.link.is_up()
    }

    /// Asks Redis something; fails at once while it is known to be away.
    async fn ask<T, F: Future<Output = RedisResult<T>>>(
        &self,
        asked: impl FnOnce(ConnectionManager) -> F,
    ) -> Result<T, Away> {
        if self.is_away() {
            return Err(Away("Redis does not answer".into()));
        }
        self.link.within(asked(self.link.manager())).await
    }

    pub(super) fn publish(&self, hint: Hint) {
        // This node's sockets wait for nobody, and nobody waits for Redis.
        self.link.ears.hear(hint.clone());
        self.voice.say(hint);
    }

    pub(super) fn hints(&self) -> broadcast::Receiver<Hint> {
        self.link.ears.hints.subscribe()
    }

    pub(super) async fn flush(&self) -> Result<(), Away> {
        // A prefix may hold what a pattern takes for a wildcard.
        let escape = |c: char| {
            if c.is_ascii_alphanumeric() {
                String::from(c)
            } else {
                format!("\\{c}")
            }
        };
        let pattern = format!(
            "{}:*",
            self.link
                .ears
                .prefix
                .chars()
                .map(escape)
                .collect::<String>()
        );
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor)
                .arg("MATCH")
                .arg(&pattern)
                .arg("COUNT")
                .arg(1_000);
            let (next, keys): (u64, Vec<String>) = self
                .ask(async |mut redis| scan.query_async(&mut redis).await)
                .await?;
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
