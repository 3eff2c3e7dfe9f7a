//! Whether the process lives, whether it is ready, and how long requests take.
use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};

use super::App;

/// The process lives.
pub async fn healthz() -> &'static str {
    "ok"
}

/// The database answers and the server takes requests.
pub async fn readyz(State(app): State<App>) -> (StatusCode, &'static str) {
    let ready = !app.services.stop.is_cancelled() && app.services.store.answers().await;
    if ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready") }
}

/// Counts requests and their time by route; no address, handle or body is kept.
pub async fn measure(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str).to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("demarche_http_seconds", "route" => route, "status" => status).record(started.elapsed().as_secs_f64());
    response
}
