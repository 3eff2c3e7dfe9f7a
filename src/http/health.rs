//! Whether the process lives, whether it is ready, and how long requests take.
use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    http::{ApiError, App},
    protocol::problem::{Code, Problem},
    service::reads::health::{self, Health},
};

/// The process lives.
pub async fn healthz() -> &'static str {
    "ok"
}

/// The database answers readers and writers, and the server takes requests. Behind the first line
/// stands what is amiss.
pub async fn readyz(State(app): State<App>) -> (StatusCode, String) {
    let Health { ready, notes } = health::look(&app.services).await;
    let (status, word) = if ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    (
        status,
        [&[word.to_owned()], notes.as_slice()].concat().join("\n"),
    )
}

/// How long a request may take: longer than any command has.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Ends what takes too long: whether it took effect is not known, so the same may be sent again
/// with the same id.
pub async fn in_time(request: Request, next: Next) -> Response {
    let late = |_| {
        ApiError(Problem::new(
            Code::UnknownOutcome,
            "This took too long. Send the same again.",
        ))
        .into_response()
    };
    tokio::time::timeout(TIMEOUT, next.run(request))
        .await
        .unwrap_or_else(late)
}

/// Counts requests and their time by route; no address, handle or body is kept.
pub async fn measure(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("page", MatchedPath::as_str)
        .to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("demarche_http_seconds", "route" => route, "status" => status)
        .record(started.elapsed().as_secs_f64());
    response
}
