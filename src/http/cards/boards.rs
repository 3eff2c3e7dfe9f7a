//! Boards: what came of the answers, as much of it as one may see.
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::framework::QuestionId,
    http::{
        Api, App,
        extract::{Asks, Path, Query},
    },
    protocol::rest::{OpinionsView, TallyView},
    service::boards::{opinions, tally},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_tally))
        .routes(routes!(show_opinions))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Deal {
    /// The token of an anonymous hand.
    deal: Option<String>,
}

/// The board, as much of it as one may see.
#[utoipa::path(
    get,
    path = "/questions/{id}/tally",
    params(Deal, ("id" = String, Path)),
    responses((status = 200, body = TallyView))
)]
async fn show_tally(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<QuestionId>,
    Query(query): Query<Deal>,
) -> Api<TallyView> {
    Ok(Json(
        tally::view(&app.services, asker, id, query.deal.as_deref()).await?,
    ))
}

/// What other ways of counting say, where the whole board shows.
#[utoipa::path(
    get,
    path = "/questions/{id}/opinions",
    params(("id" = String, Path)),
    responses((status = 200, body = OpinionsView))
)]
async fn show_opinions(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<QuestionId>,
) -> Api<OpinionsView> {
    Ok(Json(opinions::view(&app.services, asker, id).await?))
}
