//! Rounds: opening and closing them, what came out of each, receipts, and the auditors' file.
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::framework::QuestionId,
    http::{
        Api, ApiError, App,
        extract::{Asks, Body, Path, Query, SignedIn},
        log::attachment,
        write::{Done, Write},
    },
    protocol::{
        command::Command,
        problem::Problem,
        rest::{CommandResult, List, ReceiptView, RoundEntry, RoundView},
    },
    service::reads::rounds,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_rounds, open_round))
        .routes(routes!(close_round))
        .routes(routes!(set_closing))
        .routes(routes!(show_round))
        .routes(routes!(show_ballots))
        .routes(routes!(show_receipt))
}

/// The closed rounds of a question, newest first.
#[utoipa::path(
    get,
    path = "/questions/{id}/rounds",
    params(("id" = String, Path)),
    responses((status = 200, body = List<RoundEntry>))
)]
async fn list_rounds(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<QuestionId>,
) -> Api<List<RoundEntry>> {
    Ok(Json(rounds::list(&app.services, asker, id).await?))
}

/// Open the next round of a closed question: `{ reveal?, closes_at? }`.
#[utoipa::path(
    post,
    path = "/questions/{id}/rounds",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn open_round(
    write: Write,
    Path(id): Path<QuestionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on_question(id)
        .await?
        .send("open_round", body, [("question", json!(id))])
        .await
}

/// Close the present round.
#[utoipa::path(
    post,
    path = "/questions/{id}/close",
    params(("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn close_round(
    write: Write,
    Path(id): Path<QuestionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on_question(id)
        .await?
        .send("close_round", body, [("question", json!(id))])
        .await
}

/// Set when the clock closes the present round: `{ closes_at }`, `null` for never.
#[utoipa::path(
    put,
    path = "/questions/{id}/closing",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn set_closing(
    write: Write,
    Path(id): Path<QuestionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on_question(id)
        .await?
        .send("set_closing", body, [("question", json!(id))])
        .await
}

/// What came out of a round; with `.csv` behind the number, one row per card and camp.
#[utoipa::path(
    get,
    path = "/questions/{id}/rounds/{round}",
    params(("id" = String, Path), ("round" = String, Path)),
    responses((status = 200, content((RoundView = "application/json"), (String = "text/csv"))))
)]
async fn show_round(
    State(app): State<App>,
    Asks(asker): Asks,
    Path((id, round)): Path<(QuestionId, String)>,
) -> Result<Response, ApiError> {
    let (number, as_table) = round
        .strip_suffix(".csv")
        .map_or((round.as_str(), false), |number| (number, true));
    let number: u32 = number.parse().map_err(|_| Problem::not_found())?;
    if !as_table {
        return Ok(Json(rounds::view(&app.services, asker, id, number).await?).into_response());
    }
    let table = rounds::table(&app.services, asker, id, number).await?;
    Ok(attachment(
        "text/csv; charset=utf-8; header=present",
        &format!("round-{number}.csv"),
        table,
    ))
}

/// Every ballot of a closed round under pseudonyms, for auditors whom the host named.
#[utoipa::path(
    get,
    path = "/questions/{id}/rounds/{round}/ballots",
    params(("id" = String, Path), ("round" = u32, Path)),
    responses((status = 200, body = serde_json::Value))
)]
async fn show_ballots(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((id, round)): Path<(QuestionId, u32)>,
) -> Api<crate::domain::recount::BallotFile> {
    Ok(Json(
        rounds::audit(&app.services, (&caller).into(), id, round).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfRound {
    /// Which round; absent: the present one.
    round: Option<u32>,
}

/// The receipt of one's own ballot.
#[utoipa::path(
    get,
    path = "/questions/{id}/receipt",
    params(OfRound, ("id" = String, Path)),
    responses((status = 200, body = ReceiptView))
)]
async fn show_receipt(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<QuestionId>,
    Query(query): Query<OfRound>,
) -> Api<ReceiptView> {
    Ok(Json(
        rounds::receipt(&app.services, caller.account, id, query.round).await?,
    ))
}
