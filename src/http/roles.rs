//! Roles, invitations, and who may read a framework.
use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        Api, ApiError, App,
        address::Visitor,
        extract::{After, Asks, Body, Path, Query, SignedIn},
        write::{Done, Made, Write},
    },
    protocol::{
        command::Command,
        problem::Problem,
        rest::{AppointmentView, CommandResult, InvitationView, InvitedView, List, TeamView},
    },
    service::reads::{invitations, team},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_team))
        .routes(routes!(set_role))
        .routes(routes!(list_invitations, invite))
        .routes(routes!(revoke_invitation))
        .routes(routes!(preview_invitation))
        .routes(routes!(accept_invitation))
        .routes(routes!(list_appointments))
        .routes(routes!(set_visibility))
}

/// Who has a role, and whether moderators of two viewpoints are present.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/team",
    params(("slug" = String, Path)),
    responses((status = 200, body = TeamView))
)]
async fn show_team(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(slug): Path<String>,
) -> Api<TeamView> {
    Ok(Json(
        team::team(&app.services, (&caller).into(), &slug).await?,
    ))
}

/// Give, change or take a role: `{ role, points?, languages? }`.
#[utoipa::path(
    put,
    path = "/frameworks/{slug}/team/{account}",
    params(("slug" = String, Path), ("account" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn set_role(
    write: Write,
    Path((slug, whose)): Path<(String, String)>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .within(&slug)
        .await?
        .send("set_role", body, [("account", json!(whose))])
        .await
}

/// The links that were made, newest first.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/invitations",
    params(After, ("slug" = String, Path)),
    responses((status = 200, body = List<InvitationView>))
)]
async fn list_invitations(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(slug): Path<String>,
    Query(query): Query<After>,
) -> Api<List<InvitationView>> {
    Ok(Json(
        invitations::list(
            &app.services,
            (&caller).into(),
            &slug,
            query.after.as_deref(),
        )
        .await?,
    ))
}

/// Make a link: `{ role, camp?, points?, languages?, hours, uses }`. Its token is told this once.
#[utoipa::path(
    post,
    path = "/frameworks/{slug}/invitations",
    params(("slug" = String, Path)),
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn invite(
    write: Write,
    Path(slug): Path<String>,
    Body(body): Body,
) -> Result<Made, ApiError> {
    write.within(&slug).await?.make("invite", body, []).await
}

/// Make a link worthless.
#[utoipa::path(
    delete,
    path = "/frameworks/{slug}/invitations/{id}",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn revoke_invitation(
    write: Write,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Done, ApiError> {
    write
        .within(&slug)
        .await?
        .carry_out(Command::RevokeInvitation { id })
        .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Token {
    /// The link's token.
    token: String,
}

/// What a link gives, to whoever holds it. In a body, so that no log of addresses keeps the token.
#[utoipa::path(
    post,
    path = "/invitations/preview",
    request_body = Token,
    responses((status = 200, body = InvitedView))
)]
async fn preview_invitation(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    body: Body,
) -> Api<InvitedView> {
    let Token { token } = body.typed()?;
    app.services.budgets.preview(&visitor)?;
    Ok(Json(invitations::preview(&app.services, &token).await?))
}

/// Take what a link gives: `{ token, camp?, consent? }`.
#[utoipa::path(
    post,
    path = "/invitations/accept",
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn accept_invitation(
    State(app): State<App>,
    write: Write,
    Visitor(visitor): Visitor,
    Body(body): Body,
) -> Result<Done, ApiError> {
    let command = Command::from_rest("accept_invitation", body, [])?;
    let Command::AcceptInvitation(accepted) = &command else {
        return Err(Problem::not_found().into());
    };
    app.services.budgets.preview(&visitor)?;
    write
        .invited_by(&accepted.token)
        .await?
        .carry_out(command)
        .await
}

/// Which roles were given and taken, newest first, by alias.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/appointments",
    params(After, ("slug" = String, Path)),
    responses((status = 200, body = List<AppointmentView>))
)]
async fn list_appointments(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
    Query(query): Query<After>,
) -> Api<List<AppointmentView>> {
    Ok(Json(
        team::appointments(&app.services, asker, &slug, query.after.as_deref()).await?,
    ))
}

/// Say whether anyone may read the framework, or only who takes part: `{ public }`.
#[utoipa::path(
    put,
    path = "/frameworks/{slug}/visibility",
    params(("slug" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn set_visibility(
    write: Write,
    Path(slug): Path<String>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .within(&slug)
        .await?
        .send("set_visibility", body, [])
        .await
}
