//! Cards like a text, uniting cards, their earlier texts and translations.
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{concession::ConcessionId, framework::QuestionId, moderation::Kind, translation::TranslationId},
    http::{
        Api, App,
        extract::{Body, Key, Path, SignedIn, account},
        frameworks::carry_out,
        threads::{Created, home},
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
async fn merge_concession(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Api<Box<RawValue>> {
    let framework = home(&app.services, Kind::Concession, id).await?;
    let command = Command::from_rest("merge_concession", body, vec![("from", id.to_string().into())])?;
    carry_out(&app.services, &caller, framework, key, command).await
}

/// A card's texts, oldest first.
#[utoipa::path(get, path = "/concessions/{id}/versions", params(("id" = String, Path)), responses((status = 200, body = List<CardVersionView>)))]
async fn list_card_versions(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<ConcessionId>) -> Api<List<CardVersionView>> {
    Ok(Json(cards::versions(&app.services, account(caller.as_ref()), id).await?))
}

/// Translate a card.
#[utoipa::path(post, path = "/concessions/{id}/translations", params(("id" = String, Path)), request_body = Command, responses((status = 201, body = CommandResult)))]
async fn translate_concession(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Created {
    let framework = home(&app.services, Kind::Concession, id).await?;
    let command = Command::from_rest("translate_concession", body, vec![("concession", id.to_string().into())])?;
    Ok((StatusCode::CREATED, carry_out(&app.services, &caller, framework, key, command).await?))
}

/// Say whether a translation is true: `{ accepts }`.
#[utoipa::path(put, path = "/concessions/{id}/translations/{translation}/review", params(("id" = String, Path), ("translation" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn review_translation(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path((id, translation)): Path<(ConcessionId, TranslationId)>,
    Body(body): Body,
) -> Api<Box<RawValue>> {
    let framework = home(&app.services, Kind::Concession, id).await?;
    let address = vec![("concession", id.to_string().into()), ("translation", translation.to_string().into())];
    let command = Command::from_rest("review_translation", body, address)?;
    carry_out(&app.services, &caller, framework, key, command).await
}
