//! Keeping hubs level with their streams: a hint says which one moved, and a sweep finds what was
//! lost of the hints.
use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep_until},
};

use crate::{
    domain::{
        framework::FrameworkId,
        stream::{Stream, StreamKey},
    },
    live::Hint,
    protocol::problem::Problem,
    service::{
        Failure,
        way_out::{feed::Feed, rights},
    },
    store::Result,
};

/// How many heads one query of a sweep asks for.
const HEADS: usize = 1_024;
/// How long a stream rests between two readings: events that come closer than that go out together,
/// by one write to each socket instead of many. One that comes alone goes out at once.
const GATHER: Duration = Duration::from_millis(10);
/// How often heads are swept for hints that were lost.
const SWEEP: Duration = Duration::from_secs(1);

/// Streams that moved a moment after something of theirs was handed out, and when each is to be
/// read.
#[derive(Default)]
struct Due(HashMap<StreamKey, Instant>);

impl Due {
    /// Takes out those whose time has come.
    fn now(&mut self) -> Vec<StreamKey> {
        let now = Instant::now();
        self.0
            .extract_if(|_, at| *at <= now)
            .map(|(key, _)| key)
            .collect()
    }
}

/// Follows the hints until the server stops.
pub async fn run(feed: Arc<Feed>) {
    let node = feed.node.clone();
    let mut hints = node.live.hints();
    let mut sweep = tokio::time::interval(SWEEP);
    sweep.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut swept, mut due) = (HashMap::new(), Due::default());
    loop {
        let next = due.0.values().min().copied();
        tokio::select! {
            () = node.stop.cancelled() => return,
            _ = sweep.tick() => feed.sweep(&mut swept).await,
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {
                for key in due.now() {
                    feed.refresh(key).await;
                }
            }
            hint = hints.recv() => match hint.inspect(|hint| if hint.tells_everyone() { node.shelf.turn() }) {
                Ok(Hint::Streams { framework, epoch, heads }) => {
                    for (stream, seq) in heads {
                        feed.heed((framework, stream), &epoch, seq, &mut due).await;
                    }
                }
                Ok(hint) => rights::heed(&node, &hint),
                // The sweep finds what was lost.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
        }
    }
}

impl Feed {
    /// Reads a stream that is said to stand at a place, or notes when to.
    async fn heed(&self, key: StreamKey, epoch: &str, seq: i64, due: &mut Due) {
        match self.due(key, epoch, seq) {
            None => {}
            Some(at) if at <= Instant::now() => {
                self.refresh(key).await;
            }
            Some(at) => {
                due.0.entry(key).or_insert(at);
            }
        }
    }

    /// When to read a stream that is said to stand at a place; `None` where nobody follows it, or
    /// all of that was handed out.
    fn due(&self, key: StreamKey, epoch: &str, seq: i64) -> Option<Instant> {
        let hub = self.hubs().get(&key).cloned()?;
        let state = hub.state();
        let behind = state.epoch != epoch || state.head < seq;
        behind.then(|| state.told.map_or_else(Instant::now, |told| told + GATHER))
    }

    /// Brings a watched stream up to date; false where it could not be read.
    async fn refresh(&self, key: StreamKey) -> bool {
        let Some(hub) = self.hubs().get(&key).cloned() else {
            return true;
        };
        let _reading = hub.reading.lock().await;
        let run = async {
            let mut reader = self.node.store.read().await?;
            let framework = reader
                .framework(key.0)
                .await?
                .ok_or_else(Problem::not_found)?;
            self.catch_up(&hub, &framework, &mut reader).await
        };
        match run.await {
            Ok(()) | Err(Failure::Problem(_)) => true,
            Err(Failure::Store(error)) => {
                // The sweep tries again within a second.
                tracing::warn!(%error, "a stream could not be read");
                false
            }
        }
    }

    /// Finds streams that moved without a hint, where their framework was written to since the last
    /// sweep that found nothing.
    async fn sweep(&self, swept: &mut HashMap<FrameworkId, (String, i64)>) {
        let mut watched: HashMap<FrameworkId, Vec<Stream>> = HashMap::new();
        for (framework, stream) in self.hubs().keys() {
            watched.entry(*framework).or_default().push(*stream);
        }
        let Ok(beats) = self.beats().await else {
            return;
        };
        for (framework, epoch, beat) in beats {
            let Some(streams) = watched.get(&framework) else {
                continue;
            };
            // A stream that began to be watched since has caught up when it was followed.
            if swept
                .get(&framework)
                .is_some_and(|(was, at)| *was == epoch && *at == beat)
            {
                continue;
            }
            if self
                .sweep_framework(framework, &epoch, streams)
                .await
                .unwrap_or(false)
            {
                swept.insert(framework, (epoch, beat));
            }
        }
    }

    async fn beats(&self) -> Result<Vec<(FrameworkId, String, i64)>> {
        self.node.store.read().await?.beats().await
    }

    /// Whether all of these streams are up to date afterwards.
    async fn sweep_framework(
        &self,
        framework: FrameworkId,
        epoch: &str,
        streams: &[Stream],
    ) -> Result<bool> {
        let mut whole = true;
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        let mut heads = HashMap::new();
        for some in names.chunks(HEADS) {
            heads.extend(
                self.node
                    .store
                    .read()
                    .await?
                    .heads_of(framework, some)
                    .await?,
            );
        }
        for (stream, name) in streams.iter().zip(names) {
            let known = self.hubs().get(&(framework, *stream)).map(|hub| {
                let state = hub.state();
                (state.head, state.epoch == epoch)
            });
            let Some((known, current)) = known else {
                continue;
            };
            if known < heads.get(&name).map_or(0, |head| head.seq) || !current {
                metrics::counter!("demarche_lost_hints").increment(1);
                whole &= self.refresh((framework, *stream)).await;
            }
        }
        Ok(whole)
    }
}
