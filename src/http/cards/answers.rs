//! Deals, answers to cards and points, orders, ballots.
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{concession::ConcessionId, framework::QuestionId, moderation::Object},
    http::{
        Api, ApiError, App,
        extract::{Asks, Body, Path},
        write::{Done, Write},
    },
    protocol::{
        command::Command,
        problem::Problem,
        rest::{BallotView, CommandResult, DealView},
    },
    service::reads::ballots,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(deal_cards))
        .routes(routes!(answer_card, withdraw_answer))
        .routes(routes!(set_order))
        .routes(routes!(answer_point))
        .routes(routes!(show_ballot))
}

/// Be dealt cards: one's own hand or, without an account, the hand of the hour.
#[utoipa::path(
    post,
    path = "/questions/{id}/deal",
    params(("id" = String, Path)),
    responses((status = 200, body = DealView))
)]
async fn deal_cards(
    State(app): State<App>,
    write: Option<Write>,
    Path(question): Path<QuestionId>,
) -> Result<Response, ApiError> {
    let Some(write) = write else {
        return Ok(Json(ballots::anonymous_deal(&app.services, question).await?).into_response());
    };
    let dealt = write
        .on_question(question)
        .await?
        .carry_out(Command::DealCards { question })
        .await?;
    Ok(Json(dealt.field("hand").expect("who is dealt cards gets a hand")).into_response())
}

/// Judge a card.
#[utoipa::path(
    put,
    path = "/concessions/{id}/answer",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn answer_card(
    write: Write,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on(Object::Concession(id))
        .await?
        .send("answer_card", body, [("concession", json!(id))])
        .await
}

/// Take an answer back.
#[utoipa::path(
    delete,
    path = "/concessions/{id}/answer",
    params(("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn withdraw_answer(
    write: Write,
    Path(concession): Path<ConcessionId>,
) -> Result<Done, ApiError> {
    write
        .on(Object::Concession(concession))
        .await?
        .carry_out(Command::WithdrawAnswer { concession })
        .await
}

/// Put accepted cards in order.
#[utoipa::path(
    put,
    path = "/questions/{id}/order",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn set_order(
    write: Write,
    Path(id): Path<QuestionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on_question(id)
        .await?
        .send("set_order", body, [("question", json!(id))])
        .await
}

/// Say whether one accepts the question's point as it stands.
#[utoipa::path(
    put,
    path = "/questions/{id}/point-answer",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn answer_point(
    write: Write,
    Path(id): Path<QuestionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on_question(id)
        .await?
        .send("answer_point", body, [("question", json!(id))])
        .await
}

/// One's own ballot.
#[utoipa::path(
    get,
    path = "/questions/{id}/ballot",
    params(("id" = String, Path)),
    responses((status = 200, body = BallotView))
)]
async fn show_ballot(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<QuestionId>,
) -> Api<BallotView> {
    let asker = asker.ok_or_else(Problem::unauthenticated)?;
    Ok(Json(
        ballots::ballot(&app.services, asker.account, id).await?,
    ))
}
