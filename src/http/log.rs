//! The public log of decisions, and what it comes to.
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::moderation::record::Record,
    http::{
        Api, ApiError, App,
        extract::{After, Asks, Path, Query},
    },
    protocol::rest::{DecisionView, List},
    service::reads::moderation::log,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_log))
        .routes(routes!(download_log))
        .routes(routes!(download_table))
        .routes(routes!(show_record))
}

/// What was decided, newest first, without names.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/moderation-log",
    params(After, ("slug" = String, Path)),
    responses((status = 200, body = List<DecisionView>))
)]
async fn show_log(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
    Query(query): Query<After>,
) -> Api<List<DecisionView>> {
    Ok(Json(
        log::log(&app.services, asker, &slug, query.after.as_deref()).await?,
    ))
}

/// A file to keep.
pub fn attachment(kind: &'static str, name: &str, body: String) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    (
        [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        body,
    )
        .into_response()
}

/// All of it, as a JSON array.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/moderation-log.json",
    params(("slug" = String, Path)),
    responses((status = 200, body = Vec<DecisionView>))
)]
async fn download_log(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
) -> Result<Response, ApiError> {
    let all = log::whole(&app.services, asker, &slug).await?;
    let body = serde_json::to_string(&all).expect("decisions are JSON");
    Ok(attachment("application/json", "moderation-log.json", body))
}

/// All of it, one row for each decision.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/moderation-log.csv",
    params(("slug" = String, Path)),
    responses((status = 200, body = String, content_type = "text/csv"))
)]
async fn download_table(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
) -> Result<Response, ApiError> {
    let table = log::table(&app.services, asker, &slug).await?;
    Ok(attachment(
        "text/csv; charset=utf-8; header=present",
        "moderation-log.csv",
        table,
    ))
}

/// How many decisions, how many overturned, how long things waited: per viewpoint of whom they
/// concerned and per language.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/moderation-record",
    params(("slug" = String, Path)),
    responses((status = 200, body = Record))
)]
async fn show_record(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
) -> Api<Record> {
    Ok(Json(log::record(&app.services, asker, &slug).await?))
}
