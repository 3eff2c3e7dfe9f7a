//! Durable writes: answers and comments with 1, 32 and 256 people, over HTTP and pipelined over
//! sockets, on both databases.
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use demarche::{id, id::Id};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;

use crate::{
    Options, Part, ROUNDS,
    client::{Socket, request},
    measure::{Latencies, Requests, Sample, Window, closed_loop},
    process::Server,
    reference,
    report::{Table, progress},
    world::{World, body},
};

const CLIENTS: [usize; 3] = [1, 32, 256];
/// People on sockets, and how many commands each has under way.
const SOCKETS: usize = 32;
const UNDER_WAY: usize = 8;

/// What is written.
#[derive(Clone, Copy)]
enum Kind {
    Answer,
    Comment,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Answer => "answers",
            Self::Comment => "comments",
        }
    }
}

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let kinds: Vec<Kind> = [
        (Part::Answers, Kind::Answer),
        (Part::Comments, Kind::Comment),
    ]
    .into_iter()
    .filter(|(part, _)| options.wants(*part))
    .map(|(_, kind)| kind)
    .collect();
    on_sqlite(options, &kinds).await?;
    on_postgres(options, &kinds).await
}

/// The two servers of a database.
struct Pair {
    world: Arc<World>,
    product: Server,
    reference: Server,
}

async fn on_sqlite(options: &Options, kinds: &[Kind]) -> anyhow::Result<()> {
    let world = World::build(CLIENTS[2], None).await?;
    world.close().await;
    let folder = TempDir::new()?;
    let product = Server::product(options, world.folder(), None).await?;
    let pair = Pair {
        world: Arc::new(world),
        product,
        reference: Server::reference(folder.path(), None).await?,
    };
    for kind in kinds {
        let mut table = Table::new(&format!("Durable {} on SQLite", kind.word()));
        let all = over_http(options, &pair, *kind, &mut table, "≥ 0.5").await?;
        over_sockets(options, &pair, *kind, &mut table, &all).await?;
        table.note(format!(
            "With {} the reference commits in groups as well: one statement per batch.",
            kind.word()
        ));
        table.print();
    }
    pair.product.stop().await;
    pair.reference.stop().await;
    Ok(())
}

async fn on_postgres(options: &Options, kinds: &[Kind]) -> anyhow::Result<()> {
    let names = ["a", "b"].map(|which| {
        format!(
            "demarche_bench_{}_{which}",
            id::secret()[..10].to_lowercase().replace('-', "x")
        )
    });
    for name in &names {
        if let Err(error) = admin(options, format!("CREATE DATABASE {name}")).await {
            eprintln!(
                "load: SKIPPED: PostgreSQL at {} cannot be used: {error:#}",
                options.postgres
            );
            println!("\n**Durable writes on PostgreSQL were skipped: it did not answer.**");
            return Ok(());
        }
    }
    let done = with_databases(options, kinds, &names).await;
    for name in &names {
        admin(
            options,
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        )
        .await?;
    }
    done
}

async fn with_databases(
    options: &Options,
    kinds: &[Kind],
    names: &[String; 2],
) -> anyhow::Result<()> {
    let [ours, theirs] = names
        .each_ref()
        .map(|name| format!("{}/{name}", options.postgres));
    let world = World::build(CLIENTS[2], Some(ours)).await?;
    world.close().await;
    let product = Server::product(options, world.folder(), world.database()).await?;
    let reference = Server::reference(world.folder(), Some(&theirs)).await?;
    let pair = Pair {
        world: Arc::new(world),
        product,
        reference,
    };
    for kind in kinds {
        let mut table = Table::new(&format!("Durable {} on PostgreSQL", kind.word()));
        over_http(options, &pair, *kind, &mut table, "≥ 2").await?;
        let alone = "CPU is the server's alone, without PostgreSQL's.";
        table.note(format!(
            "With {} the reference makes one transaction per request, on 32 connections. {alone}",
            kind.word()
        ));
        table.print();
    }
    pair.product.stop().await;
    pair.reference.stop().await;
    Ok(())
}

async fn admin(options: &Options, statement: String) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(&format!("{}/postgres", options.postgres)).await?;
    connection
        .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement)))
        .await?;
    Ok(())
}

/// Each number of clients; the reference's runs at the last.
async fn over_http(
    options: &Options,
    pair: &Pair,
    kind: Kind,
    table: &mut Table,
    reach: &str,
) -> anyhow::Result<Vec<Sample>> {
    let mut last = vec![];
    for clients in CLIENTS
        .into_iter()
        .filter(|clients| *clients > 1 || !options.check)
    {
        progress(&format!("{} with {clients} clients", kind.word()));
        let (mut ours, mut theirs) = (vec![], vec![]);
        for _ in 0..ROUNDS {
            let sample = closed_loop(
                &pair.product,
                clients,
                options.time(1.5),
                product_requests(&pair.world, kind),
            )
            .await?;
            ours.push(at_rest(pair, kind, sample, options.time(1.5)).await);
            theirs.push(
                closed_loop(
                    &pair.reference,
                    clients,
                    options.time(1.5),
                    reference_requests(kind),
                )
                .await?,
            );
        }
        let reach = if clients == 1 && reach == "≥ 0.5" {
            ""
        } else {
            reach
        };
        table.rates(&format!("{clients} over HTTP"), &ours, Some(&theirs), reach);
        last = theirs;
    }
    Ok(last)
}

/// Comments are indexed after they are acknowledged: that is part of what one costs, and must not
/// fall into the reference's time.
async fn at_rest(pair: &Pair, kind: Kind, sample: Sample, time: Duration) -> Sample {
    let Kind::Comment = kind else { return sample };
    let written = (sample.rate * time.as_secs_f64()).max(1.0);
    Sample {
        cpu: sample.cpu + pair.product.rest().await / written * 1e6,
        ..sample
    }
}

fn answer_body(turn: usize) -> Value {
    let acceptance = ["yes", "no", "with_changes"][turn % 3];
    json!({ "version": 1, "acceptance": acceptance, "realism": "maybe" })
}

fn product_requests(world: &Arc<World>, kind: Kind) -> Requests {
    let world = world.clone();
    Arc::new(move |client, turn| {
        let token = Some(world.people[client].token.as_str());
        match kind {
            Kind::Answer => {
                let card = world.cards[0][turn % world.cards[0].len()];
                request(
                    "PUT",
                    &format!("/api/v1/concessions/{card}/answer"),
                    token,
                    &answer_body(turn).to_string(),
                )
            }
            Kind::Comment => {
                let words = json!({ "body": body(turn), "kind": "remark" }).to_string();
                request(
                    "POST",
                    &format!("/api/v1/threads/{}/comments", world.thread),
                    token,
                    &words,
                )
            }
        }
    })
}

fn reference_requests(kind: Kind) -> Requests {
    Arc::new(move |client, turn| match kind {
        Kind::Answer => {
            let mut words = answer_body(turn);
            words["account"] = format!("0199f0a2-0000-7000-8000-{client:012}").into();
            words["card"] = format!("0199f0a2-0000-7000-9000-{:012}", turn % 5).into();
            request("PUT", "/answer", None, &words.to_string())
        }
        Kind::Comment => {
            let words = json!({ "thread": reference::THREAD, "author": "reader", "kind": "remark", "body": body(turn) });
            request("POST", "/comment", None, &words.to_string())
        }
    })
}

/// The same commands over sockets, several under way on each; beside as many under way over HTTP at
/// the reference.
async fn over_sockets(
    options: &Options,
    pair: &Pair,
    kind: Kind,
    table: &mut Table,
    reference: &[Sample],
) -> anyhow::Result<()> {
    progress(&format!("{} over {SOCKETS} sockets", kind.word()));
    let mut runs = vec![];
    for _ in 0..ROUNDS {
        let sample = pipelined(pair, kind, options.time(1.5))
            .await
            .context("commands over sockets")?;
        runs.push(at_rest(pair, kind, sample, options.time(1.5)).await);
    }
    table.rates(
        &format!("{SOCKETS} sockets with {UNDER_WAY} under way (reference: 256 over HTTP)"),
        &runs,
        Some(reference),
        "",
    );
    Ok(())
}

async fn pipelined(pair: &Pair, kind: Kind, time: Duration) -> anyhow::Result<Sample> {
    let mut sockets = vec![];
    for person in &pair.world.people[..SOCKETS] {
        sockets
            .push(Socket::open(pair.product.address, "/api/v1/socket", Some(&person.token)).await?);
    }
    let window = Window::after_warm_up(time);
    let running: Vec<_> = sockets
        .into_iter()
        .map(|socket| tokio::spawn(one_socket(socket, pair.world.clone(), kind, window)))
        .collect();
    let cpu = window.growth(|| pair.product.cpu()).await;
    let mut all = Latencies::default();
    for socket in running {
        all.0.extend(socket.await??);
    }
    Ok(all.sample(window, cpu))
}

async fn one_socket(
    mut socket: Socket,
    world: Arc<World>,
    kind: Kind,
    window: Window,
) -> anyhow::Result<Vec<Duration>> {
    let (mut latencies, mut under_way, mut turn) = (vec![], HashMap::new(), 0);
    while Instant::now() < window.until {
        while under_way.len() < UNDER_WAY {
            let id = Id::<World>::new().to_string();
            let frame = json!({ "type": "command", "id": id, "framework": world.framework.to_string(), "command": command(&world, kind, turn) });
            under_way.insert(id, Instant::now());
            socket.send(&frame.to_string()).await?;
            turn += 1;
        }
        let mut refused = None;
        let batch = socket.batch(|text| {
            let text = std::str::from_utf8(text).unwrap_or_default();
            // {"type":"ack","id":"…
            if let Some(id) = text
                .strip_prefix(r#"{"type":"ack","id":""#)
                .and_then(|rest| rest.get(..36))
            {
                if let Some(sent) = under_way
                    .remove(id)
                    .filter(|_| Instant::now() >= window.from)
                {
                    latencies.push(sent.elapsed());
                }
            } else if text.starts_with(r#"{"type":"nack""#) {
                refused = Some(text.to_owned());
            }
        });
        batch.await?;
        anyhow::ensure!(refused.is_none(), "a command was refused: {refused:?}");
    }
    Ok(latencies)
}

fn command(world: &World, kind: Kind, turn: usize) -> Value {
    match kind {
        Kind::Answer => {
            let mut command = answer_body(turn);
            command["type"] = "answer_card".into();
            command["concession"] = world.cards[0][turn % world.cards[0].len()]
                .to_string()
                .into();
            command
        }
        Kind::Comment => {
            json!({ "type": "post_comment", "thread": world.thread.to_string(), "body": body(turn), "kind": "remark" })
        }
    }
}
