//! The OpenAPI document, generated from the handlers, the wire's types and the table of guards.
mod refine;

use axum::{Json, response::IntoResponse};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::{App, api};
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
    let (_, document) = OpenApiRouter::<App>::with_openapi(Info::openapi()).nest(BASE, api()).split_for_parts();
    refine::refined(serde_json::to_value(document).expect("the document is JSON"))
}

/// The document, to readers.
pub async fn show() -> impl IntoResponse {
    Json(document())
}
