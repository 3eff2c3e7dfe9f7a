//! Cards: proposing, reading and changing them, and cards that say the same.
mod answers;
mod boards;
mod translations;

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{concession::ConcessionId, framework::QuestionId, moderation::Object},
    http::{
        Api, ApiError, App,
        extract::{After, Asks, Body, Path, Query, SignedIn},
        write::{Done, Made, Write},
    },
    protocol::{
        command::Command,
        rest::{CardVersionView, CommandResult, ConcessionView, List, Page, SimilarView},
    },
    service::reads::{cards, similar},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_concessions, propose_concession))
        .routes(routes!(
            show_concession,
            edit_concession,
            withdraw_concession
        ))
        .routes(routes!(list_card_versions))
        .routes(routes!(find_similar))
        .routes(routes!(merge_concession))
        .merge(answers::routes())
        .merge(boards::routes())
        .merge(translations::routes())
}

/// A question's cards, oldest first.
#[utoipa::path(
    get,
    path = "/questions/{id}/concessions",
    params(After, ("id" = String, Path)),
    responses((status = 200, body = Page<ConcessionView>))
)]
async fn list_concessions(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<QuestionId>,
    Query(query): Query<After>,
) -> Api<Page<ConcessionView>> {
    Ok(Json(
        cards::list(&app.services, asker, id, query.after.as_deref()).await?,
    ))
}

/// Propose a card.
#[utoipa::path(
    post,
    path = "/questions/{id}/concessions",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn propose_concession(
    write: Write,
    Path(id): Path<QuestionId>,
    Body(body): Body,
) -> Result<Made, ApiError> {
    write
        .on_question(id)
        .await?
        .make("propose_concession", body, [("question", json!(id))])
        .await
}

/// One card.
#[utoipa::path(
    get,
    path = "/concessions/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = ConcessionView))
)]
async fn show_concession(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<ConcessionId>,
) -> Api<ConcessionView> {
    Ok(Json(cards::one(&app.services, asker, id).await?))
}

/// Change one's card.
#[utoipa::path(
    patch,
    path = "/concessions/{id}",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn edit_concession(
    write: Write,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on(Object::Concession(id))
        .await?
        .send("edit_concession", body, [("concession", json!(id))])
        .await
}

/// Take one's card back.
#[utoipa::path(
    delete,
    path = "/concessions/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn withdraw_concession(
    write: Write,
    Path(concession): Path<ConcessionId>,
) -> Result<Done, ApiError> {
    write
        .on(Object::Concession(concession))
        .await?
        .carry_out(Command::WithdrawConcession { concession })
        .await
}

/// A card's texts, oldest first.
#[utoipa::path(
    get,
    path = "/concessions/{id}/versions",
    params(("id" = String, Path)),
    responses((status = 200, body = List<CardVersionView>))
)]
async fn list_card_versions(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<ConcessionId>,
) -> Api<List<CardVersionView>> {
    Ok(Json(cards::versions(&app.services, asker, id).await?))
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
#[utoipa::path(
    post,
    path = "/questions/{id}/similar",
    params(("id" = String, Path)),
    request_body = Written,
    responses((status = 200, body = List<SimilarView>))
)]
async fn find_similar(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<QuestionId>,
    body: Body,
) -> Api<List<SimilarView>> {
    let Written { title, body } = body.typed()?;
    Ok(Json(
        similar::similar(&app.services, caller.account, id, &title, &body).await?,
    ))
}

/// Unite one's card with another that says the same: `{ into }`.
#[utoipa::path(
    post,
    path = "/concessions/{id}/merge",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn merge_concession(
    write: Write,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on(Object::Concession(id))
        .await?
        .send("merge_concession", body, [("from", json!(id))])
        .await
}
