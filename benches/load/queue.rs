//! The moderators' queue where few things and where very many wait: its pages, and how it follows
//! live.
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use demarche::domain::moderation::ThingId;
use serde_json::{Value, json};

use crate::{
    Options, ROUNDS,
    client::{Http, Socket, request},
    measure::{Requests, Sample, Spread, as_float, closed_loop},
    process::Server,
    report::{Table, progress},
    world::World,
};

const MODERATORS: usize = 16;
/// The curve: what waits.
const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// What is measured: the first page, one in the middle, taking up and letting go.
const PARTS: [&str; 3] = ["first page", "page in the middle", "claims"];

/// A server on a queue of one length.
struct Place {
    size: usize,
    world: Arc<World>,
    items: Arc<Vec<ThingId>>,
    server: Server,
    middle: String,
    changes: Arc<AtomicUsize>,
    since: Instant,
    runs: [Vec<Sample>; 3],
}

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let sizes = SIZES.map(|size| options.size(size).max(MODERATORS));
    progress(&format!("a queue of {} to {}", sizes[0], sizes[2]));
    let mut places = vec![];
    for size in sizes {
        let world = World::build(MODERATORS, None).await?;
        let items = world.add_queue(size).await?;
        world.close().await;
        let server = Server::product(options, world.folder(), None).await?;
        let changes = follow(&server, &world).await?;
        let middle = in_the_middle(&server, &world, size).await?;
        let (world, items, runs) = (Arc::new(world), Arc::new(items), Default::default());
        places.push(Place {
            size,
            world,
            items,
            server,
            middle,
            changes,
            since: Instant::now(),
            runs,
        });
    }
    for _ in 0..ROUNDS {
        for place in &mut places {
            for (part, runs) in place.runs.iter_mut().enumerate() {
                let requests = match part {
                    0 => pages(&place.world, first()),
                    1 => pages(&place.world, place.middle.clone()),
                    _ => claims(&place.world, &place.items),
                };
                runs.push(
                    closed_loop(&place.server, MODERATORS, options.time(1.5), requests).await?,
                );
            }
        }
    }
    tell(&places);
    for place in places {
        place.server.stop().await;
    }
    Ok(())
}

fn first() -> String {
    "/api/v1/moderation/queue?framework=ukraine-2025".into()
}

/// The address of a page half-way through the queue: pages are walked as a moderator would.
async fn in_the_middle(server: &Server, world: &World, size: usize) -> anyhow::Result<String> {
    let mut connection = Http::connect(server.address).await?;
    let (mut path, mut seen) = (first(), 0);
    while seen < size / 2 {
        let page: Value = serde_json::from_slice(
            connection
                .send(&request("GET", &path, Some(&world.people[0].token), ""))
                .await?,
        )?;
        seen += page["items"].as_array().context("a page has items")?.len();
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("{}&after={next}", first());
    }
    Ok(path)
}

/// Follows the queue as a moderator's page does.
async fn follow(server: &Server, world: &World) -> anyhow::Result<Arc<AtomicUsize>> {
    let mut socket = Socket::open(
        server.address,
        "/api/v1/socket",
        Some(&world.people[0].token),
    )
    .await?;
    let follow = json!({ "type": "subscribe", "ref": "bench", "framework": world.framework.to_string(), "stream": "moderators" });
    socket.send(&follow.to_string()).await?;
    socket.until(r#""type":"subscribed""#).await?;
    let changes = Arc::new(AtomicUsize::new(0));
    let counted = changes.clone();
    let mut count = move |text: &[u8]| {
        if text.windows(15).any(|word| word == b"\"queue_changed\"") {
            counted.fetch_add(1, Relaxed);
        }
    };
    tokio::spawn(async move { while socket.batch(&mut count).await.is_ok() {} });
    Ok(changes)
}

fn pages(world: &Arc<World>, path: String) -> Requests {
    let world = world.clone();
    Arc::new(move |client, _| request("GET", &path, Some(&world.people[client].token), ""))
}

/// Each moderator takes up one thing of their own, lets it go, and so on.
fn claims(world: &Arc<World>, items: &Arc<Vec<ThingId>>) -> Requests {
    let (world, items) = (world.clone(), items.clone());
    Arc::new(move |client, turn| {
        let item = items[client * (items.len() / MODERATORS)];
        let method = if turn.is_multiple_of(2) {
            "PUT"
        } else {
            "DELETE"
        };
        request(
            method,
            &format!("/api/v1/moderation/items/comment/{item}/claim"),
            Some(&world.people[client].token),
            "",
        )
    })
}

fn tell(places: &[Place]) {
    let (few, more) = places.split_first().expect("three sizes");
    let mut table = Table::new(&format!(
        "A queue where many things wait, {MODERATORS} moderators; as reference, where {} do",
        few.size
    ));
    for (part, name) in PARTS.iter().enumerate() {
        for place in more {
            let mut row = |what: &str, figure: fn(&Sample) -> f64| {
                let what = format!("{}: {name}, {what}", place.size);
                table.compare(
                    &what,
                    Spread::of(&place.runs[part], figure),
                    Some(Spread::of(&few.runs[part], figure)),
                    "same",
                );
            };
            row("a second", |run| run.rate);
            row("p50 ms", |run| run.p50);
        }
    }
    let pace = |place: &Place| {
        as_float(place.changes.load(Relaxed))
            / place
                .since
                .elapsed()
                .max(Duration::from_millis(1))
                .as_secs_f64()
    };
    let paces: Vec<String> = places
        .iter()
        .map(|place| format!("{:.0}", pace(place)))
        .collect();
    table.note(format!(
        "Changes of the queue that a following moderator got, over the whole part: {} a second.",
        paces.join(", ")
    ));
    table.print();
}
