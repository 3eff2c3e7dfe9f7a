//! Wires the parts and serves: an accept loop of its own, with deadlines, and an end that loses
//! nothing acknowledged.
pub mod folder;
mod room;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::{
    clock::Clock,
    domain::{MINUTE, Millis, bridging::Rules, concession::SETTLE, dealing::LIVE, tally::Release},
    http::{self, Addresses, App, Edge, Held, Patient, Peer},
    id,
    live::{Live, Local, Redis},
    service::{
        self, Options, Services,
        keep::chain_key::ChainKey,
        people::{erasure, passwords},
        reads::search_index,
        way_in::clock,
        way_out::checkpoints,
    },
    settings::Settings,
    socket,
    store::{SetBack, Store},
};

pub use self::room::held;

/// How long a client may take to send a request's head.
const HEADERS: Duration = Duration::from_secs(10);
/// The largest head, in bytes; hyper asks for at least this.
const HEAD: usize = 8 * 1024;
/// How long a stopping server waits for its clients to have their answers and leave; then, for what
/// is still under way; then, for a word from the database, and for its connections to close: nine
/// seconds in all, as whoever stops it kills it after ten.
const LEAVING: Duration = Duration::from_millis(5_500);
const ENDING: Duration = Duration::from_millis(1_500);
const LAST_WORD: Duration = Duration::from_millis(1_500);
const CLOSING: Duration = Duration::from_millis(500);
/// Connections the kernel may hold for us.
const BACKLOG: u32 = 4_096;

/// What the kernel keeps for each client that has not taken it, in bytes. Left alone it grows to
/// four megabytes for one who reads nothing, and as long as it grows nobody notices that they do
/// not.
const UNSENT: u32 = 256 * 1024;
/// What a host set, for the services.
#[must_use]
pub fn options(settings: &Settings, demo: bool) -> Options {
    let (floor, enough) = settings.counts(demo);
    let release = if demo {
        Release::EACH
    } else {
        Release::BATCHED
    };
    let settle = if demo { 0 } else { SETTLE };
    // A ranked card shows numbers of every counting camp: none of them may be below the floor.
    let rules = Rules {
        floor,
        enough: enough.max(floor),
    };
    Options {
        name: settings.site_name.clone(),
        // What cannot be read was said when the settings were checked.
        logo: settings.logo().ok().flatten(),
        colour: settings.site_colour.clone(),
        intro: settings.site_intro.clone(),
        link_back: settings.link_back.clone(),
        registration: settings.registration,
        demo,
        rules,
        live_cards: settings
            .live_cards
            .unwrap_or(LIVE)
            .try_into()
            .unwrap_or(usize::MAX),
        settle: MINUTE * Millis::from(settings.settle_minutes.unwrap_or(settle)),
        release,
        second_factor: settings
            .second_factor
            .as_deref()
            .map_or(!demo, |wanted| wanted == "required"),
        budgets: settings.budgets == "on",
        pages: settings.data_dir.join("pages"),
        chain_key: Arc::new(ChainKey::new(
            settings.chain_key.clone(),
            settings.data_dir.join("chain.key"),
        )),
        public_url: settings
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", settings.bind)),
        frame_ancestors: settings.frame_ancestors.clone(),
        mutant: settings.mutants.mutant(),
    }
}

/// Opens the database the settings name.
///
/// # Errors
/// In words for whoever starts the server.
pub async fn store(settings: &Settings) -> anyhow::Result<Store> {
    let folder = &settings.data_dir;
    let cannot = |error: &dyn std::fmt::Display| {
        anyhow::anyhow!(
            "DEMARCHE_DATA_DIR: {} cannot be used: {error}",
            folder.display()
        )
    };
    if let Some(url) = &settings.database_url {
        // Where the key is kept, perhaps.
        if folder.exists() {
            folder::private(folder, None).map_err(|error| cannot(&error))?;
        }
        return Store::postgres(url).await.map_err(|error| {
            anyhow::anyhow!("DEMARCHE_DATABASE_URL: PostgreSQL could not be used: {error}")
        });
    }
    folder::private(folder, Some("demarche.db")).map_err(|error| cannot(&error))?;
    Store::sqlite(folder, settings.mutants.mutant())
        .await
        .map_err(|error| cannot(&error))
}

/// Opens the live state the settings name; one that does not answer yet is away until it does.
///
/// # Errors
/// In words for whoever starts the server.
pub async fn live(settings: &Settings) -> anyhow::Result<Live> {
    let lost = settings.mutants.drop_hints();
    let Some(url) = &settings.redis_url else {
        return Ok(Live::Local(Local::new(lost)));
    };
    let redis = Redis::open(url, &settings.redis_prefix, lost).await;
    Ok(Live::Redis(redis.map_err(|error| {
        anyhow::anyhow!("DEMARCHE_REDIS_URL: Redis could not be used: {}", error.0)
    })?))
}

/// Starts the services.
///
/// # Errors
/// In words for whoever starts the server.
pub async fn services(settings: &Settings, demo: bool, clock: Clock) -> anyhow::Result<Services> {
    if let Some(mutant) = settings.mutants.mutant() {
        tracing::warn!(
            ?mutant,
            "this server BREAKS A PROMISE ON PURPOSE and is for tests alone"
        );
    }
    let (store, live) = (store(settings).await?, live(settings).await?);
    let started = service::start(store, live, clock, options(settings, demo)).await;
    started.map_err(|error| match &settings.database_url {
        Some(_) => anyhow::anyhow!("DEMARCHE_DATABASE_URL: PostgreSQL could not be used: {error}"),
        None => anyhow::anyhow!(
            "DEMARCHE_DATA_DIR: {} cannot be used: {error}",
            settings.data_dir.display()
        ),
    })
}

/// Listens at an address; one that is taken is an error that names the setting.
///
/// # Errors
/// In words for whoever starts the server.
pub fn listen(bind: SocketAddr) -> anyhow::Result<TcpListener> {
    let open = || -> io::Result<TcpListener> {
        let socket = if bind.is_ipv4() {
            TcpSocket::new_v4()
        } else {
            TcpSocket::new_v6()
        }?;
        socket.set_reuseaddr(true)?;
        socket.set_send_buffer_size(UNSENT)?;
        socket.bind(bind)?;
        socket.listen(BACKLOG)
    };
    open().map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow::anyhow!("{bind} is taken: stop what listens there, or set DEMARCHE_BIND (--bind) to another address"),
        _ => anyhow::anyhow!("DEMARCHE_BIND: cannot listen on {bind}: {error}"),
    })
}

/// What the server knows of the world around it, once it listens at `address`.
#[must_use]
pub fn edge(settings: &Settings, address: SocketAddr) -> Edge {
    let public = settings
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let mut origins = vec![public.clone()];
    if address.ip().is_loopback() {
        origins.extend(
            ["localhost", "127.0.0.1"].map(|name| format!("http://{name}:{}", address.port())),
        );
    }
    let addresses = Addresses::new(settings.trusted_proxies.clone(), id::secret());
    Edge {
        secure: public.starts_with("https://"),
        origins,
        addresses,
    }
}

/// Serves until the services' stop is cancelled, then drains.
///
/// # Errors
/// When the end was not clean: why.
pub async fn serve(
    listener: TcpListener,
    services: Services,
    edge: Edge,
    held: Arc<Held>,
) -> anyhow::Result<()> {
    look_at_heads(&services).await;
    if let Err(failure) = passwords::end_links(&services).await {
        tracing::error!(problem = %failure.told(), "links of the time before registration was changed may still let somebody in");
    }
    let edge = Arc::new(edge);
    let app = App {
        services: services.clone(),
        edge: edge.clone(),
    };
    let router = http::router(app.clone(), socket::router(app));
    // Here and not with the services: a command beside the server may have other settings, and must
    // not count a round by them.
    services.tasks.spawn(clock::run(services.desk.clone()));
    services.tasks.spawn(index(services.clone()));
    services.tasks.spawn(search_index::follow(services.node()));
    services.tasks.spawn(erasure::run(services.clone()));
    // Nor sign with another key.
    services.tasks.spawn(checkpoints::run(services.node()));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = services.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        // Nagle's algorithm held small frames back 40 ms.
        match accepted.and_then(|(stream, peer)| stream.set_nodelay(true).map(|()| (stream, peer)))
        {
            Ok((stream, peer)) => match held.admit(peer.ip(), &edge.addresses) {
                Some(place) => {
                    connections.spawn(connection(
                        Patient::new(stream, place),
                        peer,
                        router.clone(),
                        services.clone(),
                    ));
                }
                None => refuse(&stream),
            },
            Err(error) => {
                // Out of descriptors: wait for some to come free instead of spinning.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if timeout(LEAVING, connections.wait()).await.is_err() {
        tracing::warn!("some clients did not leave in time");
    }
    end(&services).await
}

/// Carries out what waits and lets go of the database.
async fn end(services: &Services) -> anyhow::Result<()> {
    services.desk.close();
    services.tasks.close();
    if timeout(ENDING, services.tasks.wait()).await.is_err() {
        tracing::warn!("some of what runs beside the requests did not end in time");
    }
    let idle = services.busy.is_idle();
    let answers = timeout(LAST_WORD, services.store.answers())
        .await
        .unwrap_or(false);
    let closed = timeout(CLOSING, services.store.close()).await.is_ok();
    if !answers {
        anyhow::bail!(
            "stopped while the database did not answer: what was under way may have been saved or not, and clients send it again"
        );
    }
    if !(idle && closed) {
        anyhow::bail!(
            "stopped before everything under way had ended: it may have been saved or not, and clients send it again"
        );
    }
    Ok(())
}

/// Says where nothing can be written, because a stream's head stands before the end of its log: in
/// the log, and in `/readyz`.
async fn look_at_heads(services: &Services) {
    let found = async { services.store.read().await?.set_back().await };
    match found.await {
        Ok(found) if found.is_empty() => {}
        Ok(found) => {
            let streams: Vec<String> = found
                .iter()
                .map(|SetBack { slug, stream, head, last }| {
                    format!("stream {stream} of framework {slug} stands at {head}, and its log goes on to {last}")
                })
                .collect();
            let why = format!(
                "{}: nothing can be added there. The database is not whole; restore a whole backup",
                streams.join("; ")
            );
            tracing::error!("{why}");
            // Set once, at the start.
            let _ = services.unfit.set(why);
        }
        Err(error) => {
            tracing::warn!(%error, "nobody could see whether the streams' heads fit their logs")
        }
    }
}

/// Builds the index for searching where an earlier version, or a restored copy, has none.
async fn index(services: Services) {
    if let Err(failure) = search_index::build(&services).await {
        tracing::error!(problem = %failure.told(), "the index for searching was not built: run `demarche reindex`");
    }
}

/// Says no in as few bytes as there are, and without waiting.
fn refuse(stream: &TcpStream) {
    metrics::counter!("demarche_connections_refused").increment(1);
    let _ = stream.try_write(b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 10\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

async fn connection(stream: Patient, peer: SocketAddr, router: Router, services: Services) {
    let router = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.map(axum::body::Body::new)
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(HEAD);
    let connection = builder
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = services.stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
