//! What a socket costs while nothing happens: resident memory before and after very many open.
use std::time::Duration;

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use tempfile::TempDir;
use tokio::{task::AbortHandle, time::sleep};

use crate::{
    Options, ROUNDS,
    client::Socket,
    measure::{Spread, as_float},
    process::{Server, limit, ports},
    report::{Table, progress},
    world::World,
};

/// Opened before anything is measured: the first few pay for what all share.
const FIRST: usize = 50;
const PEOPLE: usize = 64;
/// How long memory settles.
const SETTLE: Duration = Duration::from_secs(2);

/// How the sockets come in.
struct Door {
    path: &'static str,
    follow: Option<String>,
    tokens: Vec<String>,
}

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let room = usize::try_from(limit())
        .unwrap_or(usize::MAX)
        .saturating_sub(1_000);
    let sockets = options
        .size(options.sockets)
        .min(room)
        .min(ports().saturating_sub(FIRST));
    progress(&format!("{sockets} idle sockets"));
    let (mut visitors, mut people, mut reference) = (vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        visitors.push(of_product(options, sockets, false).await?);
        reference.push(of_reference(sockets).await?);
        people.push(of_product(options, sockets, true).await?);
    }
    let mut table = Table::new(&format!("{sockets} idle sockets"));
    let beside = Spread::over(reference);
    table.compare(
        "KiB each, visitors following the public stream",
        Spread::over(visitors),
        Some(beside),
        "",
    );
    table.compare(
        "KiB each, signed in and following (≤ 10 KiB)",
        Spread::over(people),
        Some(beside),
        "",
    );
    if sockets < options.size(options.sockets) {
        table.note(format!("Only {sockets} sockets: this process may open {} files, and the kernel has {} ports to give.", limit(), ports()));
    }
    table.print();
    Ok(())
}

/// A fresh server, so that no memory of an earlier run counts.
async fn of_product(options: &Options, sockets: usize, signed_in: bool) -> anyhow::Result<f64> {
    let world = World::build(PEOPLE, None).await?;
    world.close().await;
    let server = Server::product(options, world.folder(), None).await?;
    let follow = json!({ "type": "subscribe", "ref": "bench", "framework": world.framework.to_string(), "stream": "public" });
    let tokens = if signed_in {
        world
            .people
            .iter()
            .map(|person| person.token.clone())
            .collect()
    } else {
        vec![]
    };
    let door = Door {
        path: "/api/v1/socket",
        follow: Some(follow.to_string()),
        tokens,
    };
    let each = each(&server, &door, sockets)
        .await
        .context("the server's sockets")?;
    server.stop().await;
    Ok(each)
}

async fn of_reference(sockets: usize) -> anyhow::Result<f64> {
    let folder = TempDir::new()?;
    let server = Server::reference(folder.path(), None).await?;
    let door = Door {
        path: "/socket",
        follow: None,
        tokens: vec![],
    };
    let each = each(&server, &door, sockets)
        .await
        .context("the reference's sockets")?;
    server.stop().await;
    Ok(each)
}

/// KiB of a socket.
async fn each(server: &Server, door: &Door, sockets: usize) -> anyhow::Result<f64> {
    let mut open = open(server, door, 0..FIRST).await?;
    sleep(SETTLE / 4).await;
    let before = server.memory();
    open.extend(self::open(server, door, FIRST..FIRST + sockets).await?);
    sleep(SETTLE).await;
    let after = server.memory();
    open.iter().for_each(AbortHandle::abort);
    Ok((after - before) / as_float(sockets) / 1024.0)
}

async fn open(
    server: &Server,
    door: &Door,
    numbers: std::ops::Range<usize>,
) -> anyhow::Result<Vec<AbortHandle>> {
    stream::iter(numbers)
        .map(|number| one(server, door, number))
        .buffer_unordered(64)
        .try_collect()
        .await
}

/// Opens a socket and keeps answering its pings.
async fn one(server: &Server, door: &Door, number: usize) -> anyhow::Result<AbortHandle> {
    let token = (!door.tokens.is_empty()).then(|| door.tokens[number % door.tokens.len()].as_str());
    let mut socket = Socket::open(server.address, door.path, token).await?;
    if let Some(follow) = &door.follow {
        socket.send(follow).await?;
    }
    socket.until(r#""type":"subscribed""#).await?;
    Ok(tokio::spawn(async move { while socket.batch(|_| {}).await.is_ok() {} }).abort_handle())
}
