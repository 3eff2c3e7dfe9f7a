//! Wires the parts and serves: an accept loop of its own, with deadlines, and an end that loses nothing acknowledged.
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
    domain::{bridging::Rules, dealing::LIVE, tally::Release},
    http::{self, App, Edge, Peer},
    id,
    live::{Live, Local, Redis},
    service::{
        Options, Services,
        checkpoints::{self, ChainKey},
        erasure, rounds, search,
    },
    settings::Settings,
    socket,
    store::Store,
};

/// How long a client may take to send a request's head.
const HEADERS: Duration = Duration::from_secs(10);
/// The largest head, in bytes; hyper asks for at least this.
const HEAD: usize = 8 * 1024;
/// How long a stopping server waits for its clients.
const DRAIN: Duration = Duration::from_secs(10);
/// Connections the kernel may hold for us.
const BACKLOG: u32 = 4_096;

/// What a host set, for the services.
#[must_use]
pub fn options(settings: &Settings, demo: bool) -> Options {
    let (floor, enough, release) = if demo { (3, 3, Release::EACH) } else { (5, 8, Release::BATCHED) };
    let floor = settings.floor.unwrap_or(floor);
    // A ranked card shows numbers of every counting camp: none of them may be below the floor.
    let rules = Rules { floor, enough: settings.enough.unwrap_or(enough).max(floor) };
    Options {
        name: settings.site_name.clone(),
        logo: settings.site_logo.clone(),
        colour: settings.site_colour.clone(),
        intro: settings.site_intro.clone(),
        link_back: settings.link_back.clone(),
        registration: settings.registration,
        demo,
        rules,
        live_cards: settings.live_cards.unwrap_or(LIVE).try_into().unwrap_or(usize::MAX),
        release,
        second_factor: settings.second_factor.as_deref().map_or(!demo, |wanted| wanted == "required"),
        budgets: settings.budgets == "on",
        pages: settings.data_dir.join("pages"),
        chain_key: Arc::new(ChainKey::new(settings.chain_key.clone(), settings.data_dir.join("chain.key"))),
        public_url: settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.bind)),
        frame_ancestors: settings.frame_ancestors.clone(),
        mutant: settings.test_mutant,
    }
}

/// Opens the database the settings name.
///
/// # Errors
/// In words for whoever starts the server.
pub async fn store(settings: &Settings) -> anyhow::Result<Store> {
    if let Some(url) = &settings.database_url {
        return Store::postgres(url).await.map_err(|error| anyhow::anyhow!("DEMARCHE_DATABASE_URL: PostgreSQL could not be used: {error}"));
    }
    let folder = &settings.data_dir;
    let cannot = |error: &dyn std::fmt::Display| anyhow::anyhow!("DEMARCHE_DATA_DIR: {} cannot be used: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    Store::sqlite(folder, settings.test_mutant).await.map_err(|error| cannot(&error))
}

/// Opens the live state the settings name.
///
/// # Errors
/// In words for whoever starts the server.
pub async fn live(settings: &Settings) -> anyhow::Result<Live> {
    let lost = settings.test_drop_hints;
    let Some(url) = &settings.redis_url else { return Ok(Live::Local(Local::new(lost))) };
    let redis = Redis::connect(url, &settings.redis_prefix, lost).await;
    Ok(Live::Redis(redis.map_err(|error| anyhow::anyhow!("DEMARCHE_REDIS_URL: Redis could not be used: {}", error.0))?))
}

/// Starts the services.
///
/// # Errors
/// In words for whoever starts the server.
pub async fn services(settings: &Settings, demo: bool, clock: Clock) -> anyhow::Result<Services> {
    if let Some(mutant) = settings.test_mutant {
        tracing::warn!(?mutant, "DEMARCHE_TEST_MUTANT: this server BREAKS A PROMISE ON PURPOSE and is for tests alone");
    }
    let (store, live) = (store(settings).await?, live(settings).await?);
    let started = Services::start(store, live, clock, options(settings, demo)).await;
    started.map_err(|error| match &settings.database_url {
        Some(_) => anyhow::anyhow!("DEMARCHE_DATABASE_URL: PostgreSQL could not be used: {error}"),
        None => anyhow::anyhow!("DEMARCHE_DATA_DIR: {} cannot be used: {error}", settings.data_dir.display()),
    })
}

/// Listens at an address; one that is taken is an error that names the setting.
///
/// # Errors
/// In words for whoever starts the server.
pub fn listen(bind: SocketAddr) -> anyhow::Result<TcpListener> {
    let open = || -> io::Result<TcpListener> {
        let socket = if bind.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
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
    let public = settings.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let mut origins = vec![public.clone()];
    if address.ip().is_loopback() {
        origins.extend(["localhost", "127.0.0.1"].map(|name| format!("http://{name}:{}", address.port())));
    }
    Edge { secure: public.starts_with("https://"), origins, proxies: settings.trusted_proxies.clone(), address_key: id::secret() }
}

/// Serves until the services' stop is cancelled, then drains.
pub async fn serve(listener: TcpListener, services: Services, edge: Edge) {
    let app = App { services: services.clone(), edge: Arc::new(edge) };
    let router = socket::router(app.clone()).merge(http::router(app));
    // Here and not with the services: a command beside the server may have other settings, and must not count a round by them.
    services.tasks.spawn(rounds::run(services.clone()));
    services.tasks.spawn(index(services.clone()));
    services.tasks.spawn(erasure::run(services.clone()));
    // Nor sign with another key.
    services.tasks.spawn(checkpoints::run(services.clone()));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = services.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(connection(stream, peer, router.clone(), services.clone()));
            }
            Err(error) => {
                // Out of descriptors: wait for some to come free instead of spinning.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    let drained = async {
        connections.wait().await;
        services.desk.close();
        services.tasks.close();
        services.tasks.wait().await;
    };
    if timeout(DRAIN, drained).await.is_err() {
        tracing::warn!("some clients did not leave in time");
    }
    services.store.close().await;
}

/// Builds the index for searching where an earlier version, or a restored copy, has none.
async fn index(services: Services) {
    if let Err(failure) = search::build(&services).await {
        tracing::error!(problem = %failure.told(), "the index for searching was not built: run `demarche reindex`");
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, services: Services) {
    // Nagle's algorithm held small frames back 40 ms.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let router = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.map(axum::body::Body::new)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(HEAD);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = services.stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
