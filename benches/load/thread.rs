//! A page of a hundred comments, of a thread that holds no more and of one that holds very many.
use std::sync::Arc;

use anyhow::Context;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    Options, ROUNDS,
    client::{Http, request},
    measure::{Sample, Spread, closed_loop},
    process::Server,
    reference,
    report::{Table, progress},
    world::World,
};

const CLIENTS: usize = 32;
const PAGE: usize = 100;
const LONG: usize = 100_000;

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let long = options.size(LONG);
    progress(&format!("pages of threads, one of {long} comments"));
    let world = World::build(CLIENTS, None).await?;
    let (short, deep) = (world.add_thread(PAGE).await?, world.add_thread(long).await?);
    world.close().await;
    let folder = TempDir::new()?;
    let product = Server::product(options, world.folder(), None).await?;
    let reference = Server::reference(folder.path(), None).await?;
    let first = format!("/api/v1/threads/{deep}");
    let middle = in_the_middle(&product, &first, long).await?;
    let ours = [format!("/api/v1/threads/{short}"), first, middle];
    let theirs = [
        format!("/thread/{}", reference::THREAD),
        "/cached".to_owned(),
    ];
    let mut runs: [Vec<Sample>; 5] = Default::default();
    for _ in 0..ROUNDS {
        for (place, path) in ours.iter().enumerate() {
            runs[place].push(read(options, &product, path).await?);
        }
        for (place, path) in theirs.iter().enumerate() {
            runs[ours.len() + place].push(read(options, &reference, path).await?);
        }
    }
    let sizes = [
        size(&product, &ours[0]).await?,
        size(&reference, &theirs[0]).await?,
    ];
    tell(long, &runs, sizes);
    product.stop().await;
    reference.stop().await;
    Ok(())
}

async fn read(options: &Options, server: &Server, path: &str) -> anyhow::Result<Sample> {
    let wanted = request("GET", path, None, "");
    closed_loop(
        server,
        CLIENTS,
        options.time(1.5),
        Arc::new(move |_, _| wanted.clone()),
    )
    .await
}

async fn size(server: &Server, path: &str) -> anyhow::Result<usize> {
    Ok(Http::connect(server.address)
        .await?
        .send(&request("GET", path, None, ""))
        .await?
        .len())
}

/// The address of a page far into a thread: its cursor is the time and id of the comment before it,
/// and the comments of the prepared thread are a millisecond apart.
async fn in_the_middle(server: &Server, first: &str, comments: usize) -> anyhow::Result<String> {
    let mut connection = Http::connect(server.address).await?;
    let page: Value =
        serde_json::from_slice(connection.send(&request("GET", first, None, "")).await?)?;
    let began = page["comments"]["items"][0]["created_at"]
        .as_i64()
        .context("a page holds comments")?;
    let place = began + i64::try_from(comments / 2)?;
    Ok(format!("{first}?after={place}_0"))
}

fn tell(long: usize, runs: &[Vec<Sample>; 5], sizes: [usize; 2]) {
    let [short, first, middle, rendered, cached] = runs;
    let mut table = Table::new("A page of 100 comments, 32 clients");
    table.rates(
        "thread of 100, beside 100 rows rendered",
        short,
        Some(rendered),
        "≥ 0.5",
    );
    table.rates(
        "thread of 100, beside cached bytes",
        short,
        Some(cached),
        "≥ 0.5",
    );
    let cpu = |runs: &[Sample]| Spread::of(runs, |sample| sample.cpu);
    let both = "CPU-µs a page: beside that of the thread of 100";
    table.compare(
        &format!("thread of {long}, first page; {both}"),
        cpu(first),
        Some(cpu(short)),
        "≤ 1.3",
    );
    table.compare(
        &format!("thread of {long}, page in the middle; {both}"),
        cpu(middle),
        Some(cpu(short)),
        "≤ 1.3",
    );
    table.note(format!("A page is {} B of JSON from the server and {} B from the reference; both without compression.", sizes[0], sizes[1]));
    table.print();
}
