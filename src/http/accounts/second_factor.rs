//! The second factor of one's own account.
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        Api, ApiError, App,
        extract::{Body, Owner},
    },
    protocol::rest::NewSecondFactorView,
    service::people::{
        proof::Proof,
        second_factor::{self, Second},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(
        set_up_second_factor,
        confirm_second_factor,
        remove_second_factor
    ))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetUp {
    /// The account's password.
    password: String,
}

/// Make the key of a second factor; it is asked for once it is confirmed.
#[utoipa::path(
    post,
    path = "/me/second-factor",
    request_body = SetUp,
    responses((status = 201, body = NewSecondFactorView))
)]
async fn set_up_second_factor(
    State(app): State<App>,
    Owner(caller): Owner,
    body: Body,
) -> Result<(StatusCode, Json<NewSecondFactorView>), ApiError> {
    let SetUp { password } = body.typed()?;
    Ok((
        StatusCode::CREATED,
        Json(second_factor::set_up(&app.services, &caller, password).await?),
    ))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirm {
    /// Six digits, as the app shows them.
    code: String,
}

/// Confirm the key; every other session and token ends.
#[utoipa::path(put, path = "/me/second-factor", request_body = Confirm, responses((status = 200)))]
async fn confirm_second_factor(
    State(app): State<App>,
    Owner(caller): Owner,
    body: Body,
) -> Api<serde_json::Value> {
    let Confirm { code } = body.typed()?;
    second_factor::confirm(&app.services, &caller, &code).await?;
    Ok(Json(serde_json::json!({})))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Remove {
    /// The account's password.
    password: String,
    /// Six digits, as the app shows them…
    code: Option<String>,
    /// …or one of the recovery codes.
    recovery_code: Option<String>,
}

/// Remove the second factor.
#[utoipa::path(
    delete,
    path = "/me/second-factor",
    request_body = Remove,
    responses((status = 200))
)]
async fn remove_second_factor(
    State(app): State<App>,
    Owner(caller): Owner,
    body: Body,
) -> Api<serde_json::Value> {
    let Remove {
        password,
        code,
        recovery_code,
    } = body.typed()?;
    let proof = Proof {
        password: Some(password),
        second: Second {
            code,
            recovery_code,
        },
    };
    second_factor::remove(&app.services, &caller, proof).await?;
    Ok(Json(serde_json::json!({})))
}
