//! Fan-out: everybody follows the public stream while a few people comment; as fast as it goes,
//! then at a slow pace.
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    sync::Semaphore,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Options, ROUNDS,
    client::{Http, Socket, request},
    measure::{Latencies, Sample, Spread, Window, as_float},
    process::Server,
    reference,
    report::{Better, Table, progress},
    world::World,
};

const WRITERS: usize = 16;
/// How many events may be on their way to the average subscriber: below the queue of a socket, so
/// that nobody lags for want of a brake on the writers.
const AHEAD: usize = 64;
/// The slow pace: a message every 20 ms.
const PACE: Duration = Duration::from_millis(20);
/// A short comment: the envelope of the server's event is most of its frame.
const WORDS: &str = "Both sides would see it.";
/// The small frame of the reference, in bytes.
const SMALL: usize = 200;

/// Who is measured: a server, how one follows it, and how one writes to it.
struct Subject {
    server: Server,
    /// Where sockets are opened, and what is sent on one.
    follow: (&'static str, Option<String>),
    writes: Vec<Vec<u8>>,
}

/// What the subscribers of one run saw.
#[derive(Default)]
struct Seen {
    events: AtomicU64,
    bytes: AtomicU64,
    lagging: AtomicU64,
    timing: AtomicBool,
}

/// What one run gave.
#[derive(Clone, Copy)]
struct Round {
    busy: Sample,
    paced: Sample,
    /// From the acknowledgement on.
    after_ack: Sample,
    frame: f64,
    lagging: u64,
}

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let subscribers = options.size(options.subscribers);
    progress(&format!("fan-out to {subscribers} subscribers"));
    let world = World::build(WRITERS, None).await?;
    world.close().await;
    let product = product(options, &world).await?;
    let folder = TempDir::new()?;
    let mut reference = reference(&folder).await?;
    let (mut ours, mut small, mut same) = (vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let round = measure(options, &product, subscribers)
            .await
            .context("the server's fan-out")?;
        ours.push(round);
        for (size, into) in [(SMALL, &mut small), (whole(round.frame), &mut same)] {
            reference.writes = vec![reference_write(size); WRITERS];
            into.push(
                measure(options, &reference, subscribers)
                    .await
                    .context("the reference's fan-out")?,
            );
        }
    }
    tell(subscribers, &ours, &small, &same);
    product.server.stop().await;
    reference.server.stop().await;
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a frame is between 0 and 64 KiB"
)]
fn whole(bytes: f64) -> usize {
    bytes.round() as usize
}

async fn product(options: &Options, world: &World) -> anyhow::Result<Subject> {
    let server = Server::product(options, world.folder(), None).await?;
    let follow = json!({ "type": "subscribe", "ref": "bench", "framework": world.framework.to_string(), "stream": "public" });
    let path = format!("/api/v1/threads/{}/comments", world.thread);
    let body = json!({ "body": WORDS, "kind": "remark" }).to_string();
    let writes = world
        .people
        .iter()
        .map(|person| request("POST", &path, Some(&person.token), &body))
        .collect();
    Ok(Subject {
        server,
        follow: ("/api/v1/socket", Some(follow.to_string())),
        writes,
    })
}

async fn reference(folder: &TempDir) -> anyhow::Result<Subject> {
    Ok(Subject {
        server: Server::reference(folder.path(), None).await?,
        follow: ("/socket", None),
        writes: vec![],
    })
}

/// A write whose event is a frame of so many bytes.
fn reference_write(size: usize) -> Vec<u8> {
    let around = r#"{"type":"event","body":""}"#.len();
    let body = json!({ "thread": reference::THREAD, "author": "reader", "kind": "remark", "body": "x".repeat(size.saturating_sub(around)) });
    request("POST", "/comment", None, &body.to_string())
}

async fn measure(
    options: &Options,
    subject: &Subject,
    subscribers: usize,
) -> anyhow::Result<Round> {
    let (seen, stop) = (Arc::new(Seen::default()), CancellationToken::new());
    let following: Vec<_> = stream::iter(0..subscribers)
        .map(|_| subscribe(subject, seen.clone(), stop.clone()))
        .buffer_unordered(64)
        .try_collect()
        .await
        .context("subscribing")?;
    let busy = busy(options, subject, &seen, subscribers).await?;
    let frame = as_float(usize::try_from(seen.bytes.load(Relaxed))?)
        / as_float(usize::try_from(seen.events.load(Relaxed))?).max(1.0);
    seen.timing.store(true, Relaxed);
    let (published, cpu, window) = paced(options, subject).await?;
    sleep(Duration::from_millis(300)).await;
    stop.cancel();
    let (mut from_sending, mut from_ack) = (Latencies::default(), Latencies::default());
    for follower in following {
        for (arrived, (sent, acked)) in follower.await??.into_iter().zip(&published) {
            from_sending.0.push(arrived - *sent);
            from_ack.0.push(arrived.saturating_duration_since(*acked));
        }
    }
    let (paced, after_ack) = (
        from_sending.sample(window, cpu),
        from_ack.sample(window, cpu),
    );
    Ok(Round {
        busy,
        paced,
        after_ack,
        frame,
        lagging: seen.lagging.load(Relaxed),
    })
}

type Follower = JoinHandle<anyhow::Result<Vec<Instant>>>;

/// Opens a socket and follows; the task returns when events arrived while they were timed.
async fn subscribe(
    subject: &Subject,
    seen: Arc<Seen>,
    stop: CancellationToken,
) -> anyhow::Result<Follower> {
    let (path, follow) = &subject.follow;
    let mut socket = Socket::open(subject.server.address, path, None).await?;
    if let Some(follow) = follow {
        socket.send(follow).await?;
    }
    socket.until(r#""type":"subscribed""#).await?;
    let follow = follow.clone();
    Ok(tokio::spawn(async move {
        let mut reading = Reading::default();
        loop {
            let batch = socket.batch(|text| reading.take(text));
            tokio::select! {
                () = stop.cancelled() => return Ok(reading.arrived),
                read = batch => read?,
            }
            let lagging = reading.count(&seen);
            if let Some(follow) = follow.as_ref().filter(|_| lagging) {
                seen.lagging.fetch_add(1, Relaxed);
                socket
                    .send(&resume(follow, &String::from_utf8_lossy(&reading.last))?)
                    .await?;
            }
        }
    }))
}

/// What one subscriber reads.
#[derive(Default)]
struct Reading {
    events: u64,
    bytes: u64,
    lagging: bool,
    /// The beginning of the last event.
    last: Vec<u8>,
    arrived: Vec<Instant>,
}

impl Reading {
    fn take(&mut self, text: &[u8]) {
        // {"type":"event… or {"type":"lagging…
        match text.get(9..12) {
            Some(b"eve") => {
                self.events += 1;
                self.bytes += text.len() as u64;
                self.last.clear();
                self.last.extend_from_slice(&text[..text.len().min(256)]);
            }
            Some(b"lag") => self.lagging = true,
            _ => {}
        }
    }

    /// Adds what was taken to what all saw; whether to resume.
    fn count(&mut self, seen: &Seen) -> bool {
        let events = std::mem::take(&mut self.events);
        seen.events.fetch_add(events, Relaxed);
        seen.bytes
            .fetch_add(std::mem::take(&mut self.bytes), Relaxed);
        if seen.timing.load(Relaxed) {
            let now = Instant::now();
            self.arrived.extend((0..events).map(|_| now));
        }
        std::mem::take(&mut self.lagging)
    }
}

/// A subscription that goes on after the last event, of which this is the beginning.
fn resume(follow: &str, last: &str) -> anyhow::Result<String> {
    let after = |name: &str| last.split_once(name).map(|(_, rest)| rest);
    let epoch = after(r#""epoch":""#)
        .and_then(|rest| rest.split('"').next())
        .context("an event names its epoch")?;
    let seq = after(r#""seq":"#)
        .and_then(|rest| rest.split([',', '}']).next())
        .context("an event names its place")?;
    let mut frame: serde_json::Value = serde_json::from_str(follow)?;
    frame["epoch"] = epoch.into();
    frame["after"] = seq.parse::<i64>()?.into();
    Ok(frame.to_string())
}

/// Writers as fast as acknowledgements come, held back while events are on their way.
async fn busy(
    options: &Options,
    subject: &Subject,
    seen: &Arc<Seen>,
    subscribers: usize,
) -> anyhow::Result<Sample> {
    let permits = Arc::new(Semaphore::new(AHEAD));
    let (address, stop) = (subject.server.address, CancellationToken::new());
    let writers: Vec<_> = subject
        .writes
        .iter()
        .map(|write| {
            tokio::spawn(write_on(
                address,
                write.clone(),
                permits.clone(),
                stop.clone(),
            ))
        })
        .collect();
    let pacer = tokio::spawn(give_back(seen.clone(), permits, subscribers));
    let window = Window::after_warm_up(options.time(3.0));
    let events = || as_float(usize::try_from(seen.events.load(Relaxed)).unwrap_or(0));
    let (cpu, delivered) = tokio::join!(
        window.growth(|| subject.server.cpu()),
        window.growth(events)
    );
    stop.cancel();
    for writer in writers {
        writer.await??;
    }
    // What is under way arrives before anything is timed.
    sleep(Duration::from_millis(500)).await;
    pacer.abort();
    Ok(Sample {
        rate: delivered / window.seconds(),
        cpu: cpu / delivered.max(1.0) * 1e6,
        ..Sample::default()
    })
}

async fn write_on(
    address: SocketAddr,
    write: Vec<u8>,
    permits: Arc<Semaphore>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut connection = Http::connect(address).await?;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            permit = permits.acquire() => permit?.forget(),
        }
        connection.send(&write).await?;
    }
}

async fn give_back(seen: Arc<Seen>, permits: Arc<Semaphore>, subscribers: usize) {
    let (mut tick, mut given) = (interval(Duration::from_millis(1)), 0);
    loop {
        tick.tick().await;
        let done = usize::try_from(seen.events.load(Relaxed)).unwrap_or(usize::MAX) / subscribers;
        permits.add_permits(done - given);
        given = done;
    }
}

type Published = Vec<(Instant, Instant)>;

/// One writer at the slow pace; when each was sent and acknowledged.
async fn paced(options: &Options, subject: &Subject) -> anyhow::Result<(Published, f64, Window)> {
    let mut connection = Http::connect(subject.server.address).await?;
    let from = Instant::now();
    let window = Window {
        from,
        until: from + options.time(4.0),
    };
    let (mut published, mut tick) = (vec![], interval(PACE));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let before = subject.server.cpu();
    while Instant::now() < window.until {
        tick.tick().await;
        let sent = Instant::now();
        connection.send(&subject.writes[0]).await?;
        published.push((sent, Instant::now()));
    }
    sleep(Duration::from_millis(50)).await;
    Ok((published, subject.server.cpu() - before, window))
}

fn tell(subscribers: usize, ours: &[Round], small: &[Round], same: &[Round]) {
    let mut table = Table::new(&format!("Fan-out to {subscribers} subscribers"));
    let over = |rounds: &[Round], figure: fn(&Round) -> f64| {
        Spread::over(rounds.iter().map(figure).collect())
    };
    let size = over(ours, |round| round.frame).median;
    let mut row = |what: &str, figure: fn(&Round) -> f64, reach: &str| {
        table.compare(
            &format!("{what}, reference at {SMALL} B"),
            over(ours, figure),
            Some(over(small, figure)),
            reach,
        );
        table.compare(
            &format!("{what}, both at {size:.0} B"),
            over(ours, figure),
            Some(over(same, figure)),
            "",
        );
    };
    row("busy: deliveries/s", |round| round.busy.rate, "≥ 0.9");
    row(
        "busy: CPU-s per million deliveries",
        |round| round.busy.cpu,
        "≤ 1.15",
    );
    row(
        "50 messages/s: CPU-s per million deliveries",
        |round| round.paced.cpu,
        "≤ 1.15",
    );
    row(
        "50 messages/s: sent → received, p50 ms",
        |round| round.paced.p50,
        "",
    );
    row(
        "50 messages/s: sent → received, p99 ms",
        |round| round.paced.p99,
        "≤ 1.3",
    );
    row(
        "50 messages/s: acknowledged → received, p50 ms",
        |round| round.after_ack.p50,
        "",
    );
    row(
        "50 messages/s: acknowledged → received, p99 ms",
        |round| round.after_ack.p99,
        "",
    );
    table.hold(
        "busy: deliveries/s",
        Better::More,
        over(ours, |round| round.busy.rate),
        over(small, |round| round.busy.rate),
    );
    table.hold(
        "busy: CPU",
        Better::Less,
        over(ours, |round| round.busy.cpu),
        over(small, |round| round.busy.cpu),
    );
    table.hold(
        "50 messages/s: CPU",
        Better::Less,
        over(ours, |round| round.paced.cpu),
        over(small, |round| round.paced.cpu),
    );
    let paced = over(ours, |round| round.paced.rate).median / as_float(subscribers);
    let lagging: u64 = ours.iter().map(|round| round.lagging).sum();
    table.note(format!(
        "Events come from {WRITERS} people (busy) or one (50/s) commenting over HTTP, each made durable first, on both sides. The server's event \
         frame is {size:.0} B; the slow pace was {paced:.1} a second. Sockets told to resume (lagging): {lagging}."
    ));
    table.print();
}
