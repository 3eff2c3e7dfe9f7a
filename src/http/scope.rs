//! The scope rule: drafts, the rule, cards under it, the ledger.
use axum::{Json, extract::State};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{
        concession::ConcessionId,
        framework::QuestionId,
        moderation::Object,
        scope::{Judgement, ledger::ScopeLedger},
    },
    http::{
        Api, ApiError, App,
        address::Visitor,
        extract::{Asks, Body, Path},
        write::{Done, Write},
    },
    protocol::{
        command::Command,
        rest::{CommandResult, ScopeCaseView, ScopeDraft, ScopeRulesView},
    },
    service::reads::scope,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(check_scope))
        .routes(routes!(show_scope_rules))
        .routes(routes!(show_scope_ledger))
        .routes(routes!(show_scope, confirm_scope))
        .routes(routes!(send_to_person))
}

/// What the gate makes of a draft; the text is neither kept nor logged. Offsets are into the texts
/// as they were sent.
#[utoipa::path(
    post,
    path = "/questions/{id}/scope-check",
    params(("id" = String, Path)),
    request_body = ScopeDraft,
    responses((status = 200, body = Judgement))
)]
async fn check_scope(
    State(app): State<App>,
    Asks(asker): Asks,
    Visitor(visitor): Visitor,
    Path(question): Path<QuestionId>,
    body: Body,
) -> Api<Judgement> {
    let draft: ScopeDraft = body.typed()?;
    Ok(Json(
        scope::check(&app.services, asker, &visitor, question, &draft).await?,
    ))
}

/// The published rule, and what the gate looks for, in the languages of the interface.
#[utoipa::path(get, path = "/scope-rules", responses((status = 200, body = ScopeRulesView)))]
async fn show_scope_rules() -> Json<ScopeRulesView> {
    Json(scope::rules())
}

/// How many cards were held, released and put back, per viewpoint of their authors and per
/// language.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/scope-ledger",
    params(("slug" = String, Path)),
    responses((status = 200, body = ScopeLedger))
)]
async fn show_scope_ledger(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
) -> Api<ScopeLedger> {
    Ok(Json(scope::ledger(&app.services, asker, &slug).await?))
}

/// How a card stands with the scope rule.
#[utoipa::path(
    get,
    path = "/concessions/{id}/scope",
    params(("id" = String, Path)),
    responses((status = 200, body = ScopeCaseView))
)]
async fn show_scope(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<ConcessionId>,
) -> Api<ScopeCaseView> {
    Ok(Json(scope::case(&app.services, asker, id).await?))
}

/// Say whether a card in the provisional lane is about land.
#[utoipa::path(
    put,
    path = "/concessions/{id}/scope",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn confirm_scope(
    write: Write,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on(Object::Concession(id))
        .await?
        .send("confirm_scope", body, [("concession", json!(id))])
        .await
}

/// Ask for a person's look at one's held card.
#[utoipa::path(
    post,
    path = "/concessions/{id}/person",
    params(("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn send_to_person(
    write: Write,
    Path(concession): Path<ConcessionId>,
) -> Result<Done, ApiError> {
    write
        .on(Object::Concession(concession))
        .await?
        .carry_out(Command::SendToPerson { concession })
        .await
}
