//! The REST door and the pages: handlers decode, call a service, and encode.
mod accounts;
mod address;
mod arrived;
mod assets;
mod caching;
mod cards;
mod checkpoints;
mod connection;
mod cookies;
mod extract;
mod frameworks;
pub mod guards;
mod health;
mod log;
mod logo;
mod moderation;
mod openapi;
mod pace;
pub mod pages;
mod problem;
mod roles;
mod rounds;
mod scope;
mod search;
mod threads;
mod watch;
mod write;

pub use address::{Addresses, Peer, Visitor, place};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
    routing::get,
};
pub use connection::{Held, Patient};
pub use extract::caller;
pub use openapi::document;
pub use problem::ApiError;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer,
};
use utoipa_axum::router::OpenApiRouter;

use crate::service::Services;

/// The largest body, in bytes.
pub const BODY: usize = 64 * 1024;

/// What pages may not use, nor let frames in them use: the app needs none of it.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), bluetooth=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(), \
                           gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
                           publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

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
#[derive(Debug)]
pub struct Edge {
    /// Origins whose pages may send cookies along: the public address and, on a loopback bind, both
    /// names of this machine.
    pub origins: Vec<String>,
    /// Whether cookies are for https alone.
    pub secure: bool,
    /// Where requests come from.
    pub addresses: Addresses,
}

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(accounts::routes())
        .merge(frameworks::routes())
        .merge(checkpoints::routes())
        .merge(threads::routes())
        .merge(cards::routes())
        .merge(log::routes())
        .merge(moderation::routes())
        .merge(roles::routes())
        .merge(rounds::routes())
        .merge(scope::routes())
        .merge(search::routes())
        .merge(pace::routes())
}

/// Everything this server answers over HTTP, with the socket's route.
pub fn router(app: App, socket: Router) -> Router {
    let (api, _) = OpenApiRouter::<App>::new()
        .nest("/api/v1", api())
        .split_for_parts();
    // Here, where a route is known by its pattern and nothing else of the site passes.
    let api = api.layer(axum::middleware::from_fn_with_state(
        app.clone(),
        watch::watch,
    ));
    let pages = assets::Pages::load(&app.services.options);
    let csp = HeaderValue::from_str(pages.policy()).expect("hashes and words are ASCII");
    let limits = ServiceBuilder::new()
        .layer(axum::middleware::from_fn(health::in_time))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new().gzip(true))
        .layer(DefaultBodyLimit::max(BODY));
    let all = api
        .route("/api/openapi.json", get(openapi::show))
        .route("/api/{*rest}", axum::routing::any(problem::no_route))
        .route("/frameworks/{slug}/feed.atom", get(search::feed))
        .route("/site-logo", get(logo::show))
        .route("/robots.txt", get(assets::robots))
        .route("/sitemap.xml", get(assets::sitemap))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(get(assets::serve).with_state((app.clone(), std::sync::Arc::new(pages))))
        .method_not_allowed_fallback(problem::no_method)
        .layer(limits)
        .with_state(app.clone())
        .merge(socket);
    dressed(all, &app, csp)
}

/// With the headers that every answer has. They are one layer: a router boxes each that it is
/// given.
fn dressed(router: Router, app: &App, policy: HeaderValue) -> Router {
    let transport = HeaderValue::from_static("max-age=31536000");
    let headers = ServiceBuilder::new()
        .layer(axum::middleware::from_fn(health::measure))
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            caching::declare,
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static("permissions-policy"),
            for_documents(HeaderValue::from_static(PERMISSIONS)),
        ))
        .layer(fixed(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ))
        .layer(fixed(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .option_layer(app.edge.secure.then(|| {
            SetResponseHeaderLayer::if_not_present(header::STRICT_TRANSPORT_SECURITY, transport)
        }))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CONTENT_SECURITY_POLICY,
            for_documents(policy),
        ));
    router.layer(headers)
}

/// A header that says what a document may do. The parts of the app are none, and a first page
/// fetches a dozen of them: there it would be bytes for nothing.
fn for_documents(value: HeaderValue) -> impl Fn(&Response) -> Option<HeaderValue> + Clone {
    move |response| {
        (answers(response) && response.extensions().get() != Some(&caching::Caching::Immutable))
            .then(|| value.clone())
    }
}

/// Whether it is an answer: what opens a socket shows nothing, and some clients take a long head
/// that comes in drips for an attack.
fn answers(response: &Response) -> bool {
    response.status() != StatusCode::SWITCHING_PROTOCOLS
}

fn fixed(
    name: HeaderName,
    value: &'static str,
) -> SetResponseHeaderLayer<impl Fn(&Response) -> Option<HeaderValue> + Clone> {
    let value = HeaderValue::from_static(value);
    SetResponseHeaderLayer::if_not_present(name, move |response: &Response| {
        answers(response).then(|| value.clone())
    })
}
