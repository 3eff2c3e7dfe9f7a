//! Cards like a text, uniting cards, their earlier texts and translations.
use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{concession::ConcessionId, framework::QuestionId, moderation::Kind, translation::TranslationId},
    http::{
        Api, ApiError, App,
        extract::{Body, Path, SignedIn, account},
        write::{Done, Made, Write},
    },
    protocol::{
        command::Command,
        rest::{CardVersionView, CommandResult, List, SimilarView},
    },
    service::reads::{cards, similar},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(find_similar))
        .routes(routes!(merge_concession))
        .routes(routes!(list_card_versions))
        .routes(routes!(translate_concession))
        .routes(routes!(review_translation))
}

/// A text being written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// At most 160 graphemes, or nothing yet.
    #[serde(default)]
    title: String,
    /// At most 1,200 graphemes, or nothing yet.
    #[serde(default)]
    body: String,
}

/// Cards that are like a text, most like first: at most 5.
#[utoipa::path(post, path = "/questions/{id}/similar", params(("id" = String, Path)), request_body = Written, responses((status = 200, body = List<SimilarView>)))]
async fn find_similar(State(app): State<App>, SignedIn(caller): SignedIn, Path(id): Path<QuestionId>, body: Body) -> Api<List<SimilarView>> {
    let Written { title, body } = body.typed()?;
    Ok(Json(similar::similar(&app.services, caller.account, id, &title, &body).await?))
}

/// Unite one's card with another that says the same: `{ into }`.
#[utoipa::path(post, path = "/concessions/{id}/merge", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn merge_concession(write: Write, Path(id): Path<ConcessionId>, Body(body): Body) -> Result<Done, ApiError> {
    write.to_thing(Kind::Concession, id).await?.send("merge_concession", body, [("from", json!(id))]).await
}

/// A card's texts, oldest first.
#[utoipa::path(get, path = "/concessions/{id}/versions", params(("id" = String, Path)), responses((status = 200, body = List<CardVersionView>)))]
async fn list_card_versions(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<ConcessionId>) -> Api<List<CardVersionView>> {
    Ok(Json(cards::versions(&app.services, account(caller.as_ref()), id).await?))
}

/// Translate a card.
#[utoipa::path(post, path = "/concessions/{id}/translations", params(("id" = String, Path)), request_body = Command, responses((status = 201, body = CommandResult)))]
async fn translate_concession(write: Write, Path(id): Path<ConcessionId>, Body(body): Body) -> Result<Made, ApiError> {
    write.to_thing(Kind::Concession, id).await?.make("translate_concession", body, [("concession", json!(id))]).await
}

/// Say whether a translation is true: `{ accepts }`.
#[utoipa::path(put, path = "/concessions/{id}/translations/{translation}/review", params(("id" = String, Path), ("translation" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn review_translation(write: Write, Path((id, translation)): Path<(ConcessionId, TranslationId)>, Body(body): Body) -> Result<Done, ApiError> {
    write
        .to_thing(Kind::Concession, id)
        .await?
        .send("review_translation", body, [("concession", json!(id)), ("translation", json!(translation))])
        .await
}
