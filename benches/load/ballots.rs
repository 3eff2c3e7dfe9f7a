//! One more answer where few and where very many have answered: the same cost, and a board that is told at its own pace.
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
const FEW: usize = 1_000;
const MANY: usize = 100_000;

/// Tally frames one follower of a board got, and since when.
struct Board {
    frames: Arc<AtomicUsize>,
    since: Instant,
}

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let sizes = [options.size(FEW), options.size(MANY)];
    progress(&format!("one more ballot beside {} and {}", sizes[0], sizes[1]));
    let world = World::build(PEOPLE, None).await?;
    for (place, size) in sizes.into_iter().enumerate() {
        world.add_ballots(place, size).await?;
        world.answer_all(place).await?;
    }
    world.close().await;
    let world = Arc::new(world);
    let server = Server::product(options, world.folder(), None).await?;
    let boards = [follow(&server, &world, 0).await?, follow(&server, &world, 1).await?];
    let mut runs: [[Vec<Sample>; 2]; 2] = Default::default();
    for _ in 0..ROUNDS {
        for (place, runs) in runs.iter_mut().enumerate() {
            for (clients, runs) in [1, PEOPLE].into_iter().zip(runs) {
                runs.push(closed_loop(&server, clients, options.time(1.5), answers(&world, place)).await?);
            }
        }
    }
    tell(sizes, &runs, &boards);
    server.stop().await;
    Ok(())
}

/// Follows a board, which also keeps its tally running.
async fn follow(server: &Server, world: &World, place: usize) -> anyhow::Result<Board> {
    let (question, token) = (world.questions[place].id, world.people[0].token.as_str());
    let view = request("GET", &format!("/api/v1/questions/{question}/tally"), Some(token), "");
    Http::connect(server.address).await?.send(&view).await.context("a board")?;
    let mut socket = Socket::open(server.address, None, "/api/v1/socket", Some(token)).await?;
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
    Ok(Board { frames, since: Instant::now() })
}

fn answers(world: &Arc<World>, place: usize) -> Requests {
    let world = world.clone();
    Arc::new(move |client, turn| {
        let card = world.cards[place][turn % world.cards[place].len()];
        let acceptance = if (turn / world.cards[place].len()).is_multiple_of(2) { "yes" } else { "no" };
        let body = json!({ "version": 1, "acceptance": acceptance, "realism": "maybe" });
        request("PUT", &format!("/api/v1/concessions/{card}/answer"), Some(&world.people[client].token), &body.to_string())
    })
}

fn tell(sizes: [usize; 2], runs: &[[Vec<Sample>; 2]; 2], boards: &[Board; 2]) {
    let mut table = Table::new(&format!("One more ballot beside {} ballots; as reference, beside {}", sizes[1], sizes[0]));
    for (place, clients) in [1, PEOPLE].into_iter().enumerate() {
        let figure = |size: usize, figure: fn(&Sample) -> f64| Spread::of(&runs[size][place], figure);
        table.compare(&format!("{clients} clients: answers/s"), figure(1, |run| run.rate), Some(figure(0, |run| run.rate)), "same");
        table.compare(&format!("{clients} clients: p50 ms"), figure(1, |run| run.p50), Some(figure(0, |run| run.p50)), "same");
        table.compare(&format!("{clients} clients: CPU-µs an answer"), figure(1, |run| run.cpu), Some(figure(0, |run| run.cpu)), "same");
    }
    let pace = |board: &Board| as_float(board.frames.load(Relaxed)) / board.since.elapsed().max(Duration::from_millis(1)).as_secs_f64();
    table.note(format!(
        "Tally frames a follower of each board got, over the whole part: {:.2} and {:.2} a second (≤ 10).",
        pace(&boards[0]),
        pace(&boards[1])
    ));
    table.print();
}
