//! The REST door and the pages: handlers decode, call a service, and encode.
mod accounts;
mod arrived;
mod assets;
mod cards;
mod checkpoints;
mod extract;
mod frameworks;
pub mod guards;
mod health;
mod log;
mod moderation;
mod openapi;
mod pace;
pub mod pages;
mod problem;
mod roles;
mod rounds;
mod scope;
mod search;
mod second_factor;
mod threads;
mod twins;

use axum::{Router, extract::DefaultBodyLimit, http::HeaderValue, http::header, routing::get};
pub use extract::{Peer, Visitor, caller};
pub use openapi::document;
pub use problem::ApiError;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer};
use utoipa_axum::router::OpenApiRouter;

use crate::service::Services;

/// The largest body, in bytes.
pub const BODY: usize = 64 * 1024;

/// What a handler answers.
pub type Api<T> = Result<axum::Json<T>, ApiError>;

/// What handlers share.
#[derive(Clone)]
pub struct App {
    /// The services.
    pub services: Services,
    /// How requests name their origin and their sender.
    pub edge: std::sync::Arc<Edge>,
}

/// What the server knows of the world around it.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Origins whose pages may send cookies along: the public address and, on a loopback bind, both names of this machine.
    pub origins: Vec<String>,
    /// Whether cookies are for https alone.
    pub secure: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<std::net::IpAddr>,
    /// Keys the hashes of addresses; new at every start, and nothing is kept under it.
    pub address_key: String,
}

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(accounts::routes())
        .merge(second_factor::routes())
        .merge(frameworks::routes())
        .merge(checkpoints::routes())
        .merge(threads::routes())
        .merge(cards::routes())
        .merge(twins::routes())
        .merge(log::routes())
        .merge(moderation::routes())
        .merge(roles::routes())
        .merge(rounds::routes())
        .merge(scope::routes())
        .merge(search::routes())
        .merge(pace::routes())
}

/// Everything this server answers over HTTP but the socket.
pub fn router(app: App) -> Router {
    let (api, _) = OpenApiRouter::<App>::new().nest("/api/v1", api()).split_for_parts();
    let pages = assets::Pages::load(&app.services.options);
    let csp = HeaderValue::from_str(pages.policy()).expect("hashes and words are ASCII");
    let transport = HeaderValue::from_static("max-age=31536000");
    let secure = app.edge.secure;
    let limits = tower::ServiceBuilder::new().layer(CatchPanicLayer::new()).layer(CompressionLayer::new().gzip(true));
    api.route("/api/openapi.json", get(openapi::show))
        .route("/api/{*rest}", axum::routing::any(problem::no_route))
        .route("/frameworks/{slug}/feed.atom", get(search::feed))
        .route("/robots.txt", get(assets::robots))
        .route("/sitemap.xml", get(assets::sitemap))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(get(assets::serve).with_state((app.clone(), std::sync::Arc::new(pages))))
        .method_not_allowed_fallback(problem::no_method)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(limits)
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, csp))
        .layer(tower::util::option_layer(secure.then(|| SetResponseHeaderLayer::if_not_present(header::STRICT_TRANSPORT_SECURITY, transport))))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(axum::middleware::from_fn(health::in_time))
        .layer(axum::middleware::from_fn(health::measure))
        .with_state(app)
}

fn fixed(name: axum::http::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
