//! One more answer where few and where very many have answered: the same cost, and a board that is
//! told at its own pace.
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use serde_json::json;

use crate::{
    Options, ROUNDS,
    client::{Http, Socket, request},
    measure::{Requests, Sample, Spread, as_float, closed_loop},
    process::Server,
    report::{Table, progress},
    world::World,
};

const PEOPLE: usize = 32;
/// The curve: what is there already.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// Tally frames one follower of a board got, and since when.
struct Board {
    frames: Arc<AtomicUsize>,
    since: Instant,
}

/// A server on data of one size.
struct Place {
    size: usize,
    world: Arc<World>,
    server: Server,
    board: Board,
    /// By clients: one, and many.
    runs: [Vec<Sample>; 2],
}

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let sizes = SIZES.map(|size| options.size(size));
    progress(&format!(
        "one more ballot beside {} to {}",
        sizes[0], sizes[2]
    ));
    let mut places = vec![];
    for size in sizes {
        let world = World::build(PEOPLE, None).await?;
        world.add_ballots(0, size).await?;
        world.answer_all(0).await?;
        world.close().await;
        let server = Server::product(options, world.folder(), None).await?;
        let board = follow(&server, &world, 0).await?;
        places.push(Place {
            size,
            world: Arc::new(world),
            server,
            board,
            runs: Default::default(),
        });
    }
    for _ in 0..ROUNDS {
        for place in &mut places {
            for (clients, runs) in [1, PEOPLE].into_iter().zip(&mut place.runs) {
                runs.push(
                    closed_loop(
                        &place.server,
                        clients,
                        options.time(1.5),
                        answers(&place.world, 0),
                    )
                    .await?,
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

/// Follows a board, which also keeps its tally running.
async fn follow(server: &Server, world: &World, place: usize) -> anyhow::Result<Board> {
    let (question, token) = (world.questions[place].id, world.people[0].token.as_str());
    let view = request(
        "GET",
        &format!("/api/v1/questions/{question}/tally"),
        Some(token),
        "",
    );
    Http::connect(server.address)
        .await?
        .send(&view)
        .await
        .context("a board")?;
    let mut socket = Socket::open(server.address, "/api/v1/socket", Some(token)).await?;
    let follow = json!({ "type": "subscribe", "ref": "bench", "framework": world.framework.to_string(), "stream": format!("tally/{question}") });
    socket.send(&follow.to_string()).await?;
    socket.until(r#""type":"subscribed""#).await?;
    let frames = Arc::new(AtomicUsize::new(0));
    let counted = frames.clone();
    let mut count = move |text: &[u8]| {
        if text.starts_with(br#"{"type":"tally""#) {
            counted.fetch_add(1, Relaxed);
        }
    };
    tokio::spawn(async move { while socket.batch(&mut count).await.is_ok() {} });
    Ok(Board {
        frames,
        since: Instant::now(),
    })
}

fn answers(world: &Arc<World>, place: usize) -> Requests {
    let world = world.clone();
    Arc::new(move |client, turn| {
        let card = world.cards[place][turn % world.cards[place].len()];
        let acceptance = if (turn / world.cards[place].len()).is_multiple_of(2) {
            "yes"
        } else {
            "no"
        };
        let body = json!({ "version": 1, "acceptance": acceptance, "realism": "maybe" });
        request(
            "PUT",
            &format!("/api/v1/concessions/{card}/answer"),
            Some(&world.people[client].token),
            &body.to_string(),
        )
    })
}

fn tell(places: &[Place]) {
    let (few, more) = places.split_first().expect("three sizes");
    let mut table = Table::new(&format!(
        "One more ballot beside many; as reference, beside {}",
        few.size
    ));
    for (at, clients) in [1, PEOPLE].into_iter().enumerate() {
        for place in more {
            let mut row = |what: &str, figure: fn(&Sample) -> f64| {
                let what = format!("beside {}, {clients} clients: {what}", place.size);
                table.compare(
                    &what,
                    Spread::of(&place.runs[at], figure),
                    Some(Spread::of(&few.runs[at], figure)),
                    "same",
                );
            };
            row("answers/s", |run| run.rate);
            row("p50 ms", |run| run.p50);
            row("CPU-µs an answer", |run| run.cpu);
        }
    }
    let pace = |place: &Place| {
        as_float(place.board.frames.load(Relaxed))
            / place
                .board
                .since
                .elapsed()
                .max(Duration::from_millis(1))
                .as_secs_f64()
    };
    let paces: Vec<String> = places
        .iter()
        .map(|place| format!("{:.2}", pace(place)))
        .collect();
    table.note(format!(
        "Tally frames a follower of each board got, over the whole part: {} a second (≤ 10).",
        paces.join(", ")
    ));
    table.print();
}
