//! Tallies in Redis: two hashes each, what is counted and what is shown.
use redis::{AsyncTypedCommands, FromRedisValue, ScriptInvocation};

use super::Redis;
use crate::{
    domain::{
        DAY, Millis,
        tally::{Applied, Delta, Release, Tally},
    },
    live::{Away, RoundKey, Standing, fields, hint::Hint},
};

/// How long Redis keeps a tally nobody moves, in milliseconds: it is recounted when somebody asks.
const TALLY_LIFE: Millis = 7 * DAY;

impl Redis {
    /// The running and the shown tally. The braces keep what belongs to a question on one node of a
    /// Redis Cluster.
    fn keys(&self, (question, round): RoundKey) -> [String; 2] {
        ["running", "shown"]
            .map(|which| format!("{}:{{{question}}}:{round}:{which}", self.link.ears.prefix))
    }

    async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Away> {
        self.ask(async |mut redis| script.invoke_async(&mut redis).await)
            .await
    }

    pub(in crate::live) async fn move_tally(
        &self,
        delta: &Delta,
        release: Release,
        now: Millis,
    ) -> Result<Option<Applied>, Away> {
        let [running, shown] = self.keys((delta.question, delta.round));
        let mut script = self.scripts.shift.key(running);
        script
            .key(shown)
            .arg(delta.at_seq)
            .arg(now)
            .arg(release.ballots)
            .arg(release.after)
            .arg(release.at_least)
            .arg(TALLY_LIFE);
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

    pub(in crate::live) async fn release_due(
        &self,
        key: RoundKey,
        release: Release,
        now: Millis,
    ) -> Result<Option<Standing>, Away> {
        let [running, shown] = self.keys(key);
        let mut script = self.scripts.release.key(running);
        script
            .key(shown)
            .arg(now)
            .arg(release.ballots)
            .arg(release.after)
            .arg(release.at_least);
        let Some((moved, released, running)) =
            self.run::<Option<(bool, i64, i64)>>(&script).await?
        else {
            return Ok(None);
        };
        if moved {
            self.publish(Hint::Tally(key.0));
        }
        Ok(Some(Standing { released, running }))
    }

    pub(in crate::live) async fn tally(&self, key: RoundKey) -> Result<Option<(Tally, i64)>, Away> {
        let [running, shown] = self.keys(key);
        let mut pipe = redis::pipe();
        pipe.atomic().hgetall(shown).hget(running, fields::AT_SEQ);
        let (shown, at): (Vec<(String, String)>, Option<String>) = self
            .ask(async |mut redis| pipe.query_async(&mut redis).await)
            .await?;
        Ok(fields::tally(shown).zip(at.and_then(|at| at.parse().ok())))
    }

    pub(in crate::live) async fn running_tally(
        &self,
        key: RoundKey,
    ) -> Result<Option<Tally>, Away> {
        let [running, _] = self.keys(key);
        let kept = self
            .ask(async |mut redis| redis.hgetall(running).await)
            .await?;
        Ok(fields::tally(kept))
    }

    pub(in crate::live) async fn load_tally(
        &self,
        key: RoundKey,
        tally: &Tally,
        now: Millis,
    ) -> Result<(), Away> {
        let [running, shown] = self.keys(key);
        let mut script = self.scripts.load.key(running);
        script
            .key(shown)
            .arg(tally.at_seq)
            .arg(now)
            .arg(TALLY_LIFE)
            .arg(fields::of_tally(tally));
        if self.run(&script).await? {
            self.publish(Hint::Tally(key.0));
        }
        Ok(())
    }

    pub(in crate::live) async fn forget_tally(&self, key: RoundKey) -> Result<(), Away> {
        let keys = self.keys(key);
        self.ask(async |mut redis| redis.unlink(&keys).await)
            .await
            .map(|_| ())
    }
}
