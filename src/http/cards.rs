//! Cards, deals, answers, orders, boards.
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
    domain::{concession::ConcessionId, framework::QuestionId, moderation::Kind},
    http::{
        Api, ApiError, App,
        extract::{Body, Path, Query, SignedIn, account},
        threads::After,
        write::{Done, Made, Write},
    },
    protocol::{
        command::Command,
        problem::Problem,
        rest::{BallotView, CommandResult, ConcessionView, DealView, OpinionsView, Page, TallyView},
    },
    service::{
        boards::{opinions, tally},
        reads::{ballots, cards},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_concessions, propose_concession))
        .routes(routes!(show_concession, edit_concession, withdraw_concession))
        .routes(routes!(deal_cards))
        .routes(routes!(answer_card, withdraw_answer))
        .routes(routes!(set_order))
        .routes(routes!(answer_point))
        .routes(routes!(show_ballot))
        .routes(routes!(show_tally))
        .routes(routes!(show_opinions))
}

/// A question's cards, oldest first.
#[utoipa::path(get, path = "/questions/{id}/concessions", params(After, ("id" = String, Path)), responses((status = 200, body = Page<ConcessionView>)))]
async fn list_concessions(
    State(app): State<App>,
    caller: Option<SignedIn>,
    Path(id): Path<QuestionId>,
    Query(query): Query<After>,
) -> Api<Page<ConcessionView>> {
    Ok(Json(cards::list(&app.services, account(caller.as_ref()), id, query.after.as_deref()).await?))
}

/// Propose a card.
#[utoipa::path(post, path = "/questions/{id}/concessions", params(("id" = String, Path)), request_body = Command, responses((status = 201, body = CommandResult)))]
async fn propose_concession(write: Write, Path(id): Path<QuestionId>, Body(body): Body) -> Result<Made, ApiError> {
    write.to_question(id).await?.make("propose_concession", body, [("question", json!(id))]).await
}

/// One card.
#[utoipa::path(get, path = "/concessions/{id}", params(("id" = String, Path)), responses((status = 200, body = ConcessionView)))]
async fn show_concession(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<ConcessionId>) -> Api<ConcessionView> {
    Ok(Json(cards::one(&app.services, account(caller.as_ref()), id).await?))
}

/// Change one's card.
#[utoipa::path(patch, path = "/concessions/{id}", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn edit_concession(write: Write, Path(id): Path<ConcessionId>, Body(body): Body) -> Result<Done, ApiError> {
    write.to_thing(Kind::Concession, id).await?.send("edit_concession", body, [("concession", json!(id))]).await
}

/// Take one's card back.
#[utoipa::path(delete, path = "/concessions/{id}", params(("id" = String, Path)), responses((status = 200, body = CommandResult)))]
async fn withdraw_concession(write: Write, Path(concession): Path<ConcessionId>) -> Result<Done, ApiError> {
    write.to_thing(Kind::Concession, concession).await?.carry_out(Command::WithdrawConcession { concession }).await
}

/// Be dealt cards: one's own hand or, without an account, the hand of the hour.
#[utoipa::path(post, path = "/questions/{id}/deal", params(("id" = String, Path)), responses((status = 200, body = DealView)))]
async fn deal_cards(State(app): State<App>, write: Option<Write>, Path(question): Path<QuestionId>) -> Result<Response, ApiError> {
    let Some(write) = write else { return Ok(Json(ballots::anonymous_deal(&app.services, question).await?).into_response()) };
    let dealt = write.to_question(question).await?.carry_out(Command::DealCards { question }).await?;
    Ok(Json(dealt.field("hand").expect("who is dealt cards gets a hand")).into_response())
}

/// Judge a card.
#[utoipa::path(put, path = "/concessions/{id}/answer", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn answer_card(write: Write, Path(id): Path<ConcessionId>, Body(body): Body) -> Result<Done, ApiError> {
    write.to_thing(Kind::Concession, id).await?.send("answer_card", body, [("concession", json!(id))]).await
}

/// Take an answer back.
#[utoipa::path(delete, path = "/concessions/{id}/answer", params(("id" = String, Path)), responses((status = 200, body = CommandResult)))]
async fn withdraw_answer(write: Write, Path(concession): Path<ConcessionId>) -> Result<Done, ApiError> {
    write.to_thing(Kind::Concession, concession).await?.carry_out(Command::WithdrawAnswer { concession }).await
}

/// Put accepted cards in order.
#[utoipa::path(put, path = "/questions/{id}/order", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn set_order(write: Write, Path(id): Path<QuestionId>, Body(body): Body) -> Result<Done, ApiError> {
    write.to_question(id).await?.send("set_order", body, [("question", json!(id))]).await
}

/// Say whether one accepts the question's point as it stands.
#[utoipa::path(put, path = "/questions/{id}/point-answer", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn answer_point(write: Write, Path(id): Path<QuestionId>, Body(body): Body) -> Result<Done, ApiError> {
    write.to_question(id).await?.send("answer_point", body, [("question", json!(id))]).await
}

/// One's own ballot.
#[utoipa::path(get, path = "/questions/{id}/ballot", params(("id" = String, Path)), responses((status = 200, body = BallotView)))]
async fn show_ballot(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<QuestionId>) -> Api<BallotView> {
    let account = account(caller.as_ref()).ok_or_else(Problem::unauthenticated)?;
    Ok(Json(ballots::ballot(&app.services, account.account, id).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Deal {
    /// The token of an anonymous hand.
    deal: Option<String>,
}

/// The board, as much of it as one may see.
#[utoipa::path(get, path = "/questions/{id}/tally", params(Deal, ("id" = String, Path)), responses((status = 200, body = TallyView)))]
async fn show_tally(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<QuestionId>, Query(query): Query<Deal>) -> Api<TallyView> {
    Ok(Json(tally::view(&app.services, account(caller.as_ref()), id, query.deal.as_deref()).await?))
}

/// What other ways of counting say, where the whole board shows.
#[utoipa::path(get, path = "/questions/{id}/opinions", params(("id" = String, Path)), responses((status = 200, body = OpinionsView)))]
async fn show_opinions(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<QuestionId>) -> Api<OpinionsView> {
    Ok(Json(opinions::view(&app.services, account(caller.as_ref()), id).await?))
}
