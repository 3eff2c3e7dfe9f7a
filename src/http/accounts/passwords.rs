//! Passwords and recovery codes.
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        Api, ApiError, App,
        address::Visitor,
        extract::{Body, Owner},
    },
    protocol::rest::RecoveryCodesView,
    service::people::{passwords, proof::Proof, second_factor::Second},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(reset_password))
        .routes(routes!(change_password))
        .routes(routes!(renew_recovery_codes))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordReset {
    /// The link's token.
    token: String,
    /// 8 to 256 characters; neither a common one nor the handle.
    password: String,
}

/// Set a new password by a link.
#[utoipa::path(
    post,
    path = "/password-resets",
    request_body = PasswordReset,
    responses((status = 200))
)]
async fn reset_password(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    body: Body,
) -> Api<serde_json::Value> {
    let PasswordReset { token, password } = body.typed()?;
    passwords::reset(&app.services, &visitor, &token, password).await?;
    Ok(Json(serde_json::json!({})))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// Not needed within an hour of signing in with a recovery code.
    current: Option<String>,
    /// Six digits, as the app shows them, where the account has a second factor…
    code: Option<String>,
    /// …or one of the recovery codes.
    recovery_code: Option<String>,
    /// 8 to 256 characters; neither a common one nor the handle.
    new: String,
}

/// Change the password; every other session ends, and there are new recovery codes.
#[utoipa::path(
    post,
    path = "/me/password",
    request_body = NewPassword,
    responses((status = 200, body = RecoveryCodesView))
)]
async fn change_password(
    State(app): State<App>,
    Owner(caller): Owner,
    body: Body,
) -> Api<RecoveryCodesView> {
    let NewPassword {
        current,
        code,
        recovery_code,
        new,
    } = body.typed()?;
    let proof = Proof {
        password: current,
        second: Second {
            code,
            recovery_code,
        },
    };
    Ok(Json(
        passwords::change(&app.services, &caller, new, proof).await?,
    ))
}

/// What proves again that the account is the caller's; each body that asks for it has these fields.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Proving {
    /// The account's password.
    password: Option<String>,
    /// Six digits, as the app shows them, where the account has a second factor…
    code: Option<String>,
    /// …or one of the recovery codes.
    recovery_code: Option<String>,
}

impl From<Proving> for Proof {
    fn from(
        Proving {
            password,
            code,
            recovery_code,
        }: Proving,
    ) -> Self {
        Self {
            password,
            second: Second {
                code,
                recovery_code,
            },
        }
    }
}

/// New recovery codes; those before are worthless.
#[utoipa::path(
    post,
    path = "/me/recovery-codes",
    request_body = Proving,
    responses((status = 201, body = RecoveryCodesView))
)]
async fn renew_recovery_codes(
    State(app): State<App>,
    Owner(caller): Owner,
    body: Body,
) -> Result<(StatusCode, Json<RecoveryCodesView>), ApiError> {
    let proof: Proving = body.typed()?;
    Ok((
        StatusCode::CREATED,
        Json(passwords::renew(&app.services, &caller, proof.into()).await?),
    ))
}
