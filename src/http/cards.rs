//! Cards, deals, answers, orders, boards.
use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{
        concession::ConcessionId,
        framework::{FrameworkId, QuestionId},
        moderation::Kind,
    },
    http::{
        Api, ApiError, App,
        extract::{Body, Key, Path, Query, SignedIn, account},
        frameworks::carry_out,
        threads::{After, Created, home},
    },
    protocol::{
        command::Command,
        problem::Problem,
        rest::{BallotView, CommandResult, ConcessionView, DealView, OpinionsView, Page, TallyView},
    },
    service::{
        Services,
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

/// The framework a question belongs to.
async fn of_question(services: &Services, id: QuestionId) -> Result<FrameworkId, ApiError> {
    Ok(cards::framework_of(services, id).await?)
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
async fn propose_concession(State(app): State<App>, SignedIn(caller): SignedIn, key: Key, Path(id): Path<QuestionId>, Body(body): Body) -> Created {
    let framework = of_question(&app.services, id).await?;
    let command = Command::from_rest("propose_concession", body, vec![("question", id.to_string().into())])?;
    Ok((StatusCode::CREATED, carry_out(&app.services, &caller, framework, key, command).await?))
}

/// One card.
#[utoipa::path(get, path = "/concessions/{id}", params(("id" = String, Path)), responses((status = 200, body = ConcessionView)))]
async fn show_concession(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<ConcessionId>) -> Api<ConcessionView> {
    Ok(Json(cards::one(&app.services, account(caller.as_ref()), id).await?))
}

/// Change one's card.
#[utoipa::path(patch, path = "/concessions/{id}", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn edit_concession(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Api<Box<RawValue>> {
    let framework = home(&app.services, Kind::Concession, id).await?;
    let command = Command::from_rest("edit_concession", body, vec![("concession", id.to_string().into())])?;
    carry_out(&app.services, &caller, framework, key, command).await
}

/// Take one's card back.
#[utoipa::path(delete, path = "/concessions/{id}", params(("id" = String, Path)), responses((status = 200, body = CommandResult)))]
async fn withdraw_concession(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path(concession): Path<ConcessionId>,
) -> Api<Box<RawValue>> {
    let framework = home(&app.services, Kind::Concession, concession).await?;
    carry_out(&app.services, &caller, framework, key, Command::WithdrawConcession { concession }).await
}

/// Be dealt cards: one's own hand or, without an account, the hand of the hour.
#[utoipa::path(post, path = "/questions/{id}/deal", params(("id" = String, Path)), responses((status = 200, body = DealView)))]
async fn deal_cards(State(app): State<App>, caller: Option<SignedIn>, key: Key, Path(question): Path<QuestionId>) -> Api<Box<RawValue>> {
    let Some(SignedIn(caller)) = caller else {
        let hand = ballots::anonymous_deal(&app.services, question).await?;
        return Ok(Json(to_raw_value(&hand).expect("a hand is JSON")));
    };
    let framework = of_question(&app.services, question).await?;
    let Json(result) = carry_out(&app.services, &caller, framework, key, Command::DealCards { question }).await?;
    let mut result: BTreeMap<String, Box<RawValue>> = serde_json::from_str(result.get()).expect("a result is an object");
    Ok(Json(result.remove("hand").expect("who is dealt cards gets a hand")))
}

/// Judge a card.
#[utoipa::path(put, path = "/concessions/{id}/answer", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn answer_card(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Api<Box<RawValue>> {
    let framework = home(&app.services, Kind::Concession, id).await?;
    let command = Command::from_rest("answer_card", body, vec![("concession", id.to_string().into())])?;
    carry_out(&app.services, &caller, framework, key, command).await
}

/// Take an answer back.
#[utoipa::path(delete, path = "/concessions/{id}/answer", params(("id" = String, Path)), responses((status = 200, body = CommandResult)))]
async fn withdraw_answer(State(app): State<App>, SignedIn(caller): SignedIn, key: Key, Path(concession): Path<ConcessionId>) -> Api<Box<RawValue>> {
    let framework = home(&app.services, Kind::Concession, concession).await?;
    carry_out(&app.services, &caller, framework, key, Command::WithdrawAnswer { concession }).await
}

/// Put accepted cards in order.
#[utoipa::path(put, path = "/questions/{id}/order", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn set_order(State(app): State<App>, SignedIn(caller): SignedIn, key: Key, Path(id): Path<QuestionId>, Body(body): Body) -> Api<Box<RawValue>> {
    let framework = of_question(&app.services, id).await?;
    let command = Command::from_rest("set_order", body, vec![("question", id.to_string().into())])?;
    carry_out(&app.services, &caller, framework, key, command).await
}

/// Say whether one accepts the question's point as it stands.
#[utoipa::path(put, path = "/questions/{id}/point-answer", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn answer_point(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path(id): Path<QuestionId>,
    Body(body): Body,
) -> Api<Box<RawValue>> {
    let framework = of_question(&app.services, id).await?;
    let command = Command::from_rest("answer_point", body, vec![("question", id.to_string().into())])?;
    carry_out(&app.services, &caller, framework, key, command).await
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
