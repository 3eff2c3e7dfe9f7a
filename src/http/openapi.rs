//! The OpenAPI document, generated from the handlers, the wire's types and the table of guards.
mod refine;
mod shapes;

use std::{io::Write, sync::LazyLock};

use axum::{
    Extension,
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
};
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::{App, api, caching::Caching};
use crate::protocol::{command::Command, event::Event, problem::Problem, socket::ServerFrame};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Demarche",
        description = "Errors are `application/problem+json` with a `code`. A write takes an optional `Idempotency-Key` (a UUID): the same sent again has one effect. Who may use what is told in docs/permissions.md, what each thing means in docs/protocol.md."
    ),
    components(schemas(Command, Event, Problem, ServerFrame))
)]
struct Info;

/// Under which path the interface stands.
const BASE: &str = "/api/v1";

/// The document.
#[must_use]
pub fn document() -> Value {
    let (_, document) = OpenApiRouter::<App>::with_openapi(Info::openapi())
        .nest(BASE, api())
        .split_for_parts();
    refine::refined(serde_json::to_value(document).expect("the document is JSON"))
}

/// The document as it goes out: made once, plain and compressed, since it is long and asked for by
/// anybody.
static DOCUMENT: LazyLock<(Bytes, Bytes)> = LazyLock::new(|| {
    let plain = document().to_string();
    let mut packed = GzEncoder::new(vec![], Compression::best());
    packed
        .write_all(plain.as_bytes())
        .and_then(|()| packed.finish())
        .map(|packed| (plain.into(), packed.into()))
        .expect("memory takes what is written")
});

/// The document, to readers.
pub async fn show(headers: HeaderMap) -> impl IntoResponse {
    let (plain, packed) = &*DOCUMENT;
    let takes = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    let mut own = HeaderMap::from_iter([
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ]);
    if takes {
        own.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    (
        own,
        Extension(Caching::Public(300)),
        if takes { packed.clone() } else { plain.clone() },
    )
}
