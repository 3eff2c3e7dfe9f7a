//! Translations of cards.
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{concession::ConcessionId, moderation::Object, translation::TranslationId},
    http::{
        ApiError, App,
        extract::{Body, Path},
        write::{Done, Made, Write},
    },
    protocol::{command::Command, rest::CommandResult},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(translate_concession))
        .routes(routes!(review_translation))
}

/// Translate a card.
#[utoipa::path(
    post,
    path = "/concessions/{id}/translations",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn translate_concession(
    write: Write,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Result<Made, ApiError> {
    write
        .on(Object::Concession(id))
        .await?
        .make("translate_concession", body, [("concession", json!(id))])
        .await
}

/// Say whether a translation is true: `{ accepts }`.
#[utoipa::path(
    put,
    path = "/concessions/{id}/translations/{translation}/review",
    params(("id" = String, Path), ("translation" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn review_translation(
    write: Write,
    Path((id, translation)): Path<(ConcessionId, TranslationId)>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on(Object::Concession(id))
        .await?
        .send(
            "review_translation",
            body,
            [
                ("concession", json!(id)),
                ("translation", json!(translation)),
            ],
        )
        .await
}
