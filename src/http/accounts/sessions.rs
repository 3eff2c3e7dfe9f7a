//! Signing in and out, sessions, tokens.
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::Response,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::permission::Scope,
    http::{
        Api, ApiError, App,
        address::Visitor,
        cookies::{cookie, with_cookie},
        extract::{After, Body, Device, Owner, Path, Query, SignedIn},
    },
    protocol::{
        problem::Problem,
        rest::{List, NewTokenView, SessionView, SignedInView},
    },
    service::{
        keep::devices,
        people::{
            proof::Proof,
            second_factor::Second,
            sessions::{self, Wanted},
            sign_in,
        },
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_session, end_session))
        .routes(routes!(list_sessions, end_other_sessions))
        .routes(routes!(end_one_session))
        .routes(routes!(create_token))
        .routes(routes!(end_token))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSession {
    /// The handle.
    handle: String,
    /// The password…
    password: Option<String>,
    /// …or one of the recovery codes. With the password it stands in for `code`.
    recovery_code: Option<String>,
    /// Six digits, as the app shows them, where the account has a second factor.
    code: Option<String>,
}

/// Sign in.
#[utoipa::path(
    post,
    path = "/session",
    request_body = NewSession,
    responses((status = 201, body = SignedInView))
)]
async fn create_session(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    Device(device): Device,
    body: Body,
) -> Result<Response, ApiError> {
    let NewSession {
        handle,
        password,
        recovery_code,
        code,
    } = body.typed()?;
    if password.is_none() && recovery_code.is_none() {
        return Err(
            Problem::field("password", "required", "A password or a recovery code.").into(),
        );
    }
    if password.is_some() && recovery_code.is_some() && code.is_some() {
        return Err(Problem::field(
            "recovery_code",
            "invalid",
            "It stands in for the password or for the code: two of the three.",
        )
        .into());
    }
    let proof = Proof {
        password,
        second: Second {
            code,
            recovery_code,
        },
    };
    let signed = sign_in::sign_in(
        &app.services,
        sign_in::From { visitor, device },
        &handle,
        proof,
    )
    .await?;
    let mut response = with_cookie(
        &app.edge,
        StatusCode::CREATED,
        Some(&signed.token),
        SignedInView {
            account: signed.account,
        },
    );
    response.headers_mut().append(
        header::SET_COOKIE,
        cookie(
            &app.edge,
            app.edge.device_cookie(),
            Some(&signed.device),
            devices::LIFE,
        ),
    );
    Ok(response)
}

/// Sign out.
#[utoipa::path(delete, path = "/session", responses((status = 200)))]
async fn end_session(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Response, ApiError> {
    sessions::end(&app.services, &caller, Some(&caller.session)).await?;
    Ok(with_cookie(
        &app.edge,
        StatusCode::OK,
        None,
        serde_json::json!({}),
    ))
}

/// Sessions and tokens, newest first.
#[utoipa::path(
    get,
    path = "/me/sessions",
    params(After),
    responses((status = 200, body = List<SessionView>))
)]
async fn list_sessions(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(query): Query<After>,
) -> Api<List<SessionView>> {
    Ok(Json(
        sessions::list(&app.services, &caller, query.after.as_deref()).await?,
    ))
}

/// End all sessions and tokens but this one.
#[utoipa::path(delete, path = "/me/sessions", responses((status = 200)))]
async fn end_other_sessions(
    State(app): State<App>,
    Owner(caller): Owner,
) -> Api<serde_json::Value> {
    sessions::end(&app.services, &caller, None).await?;
    Ok(Json(serde_json::json!({})))
}

/// End one session or token.
#[utoipa::path(
    delete,
    path = "/me/sessions/{id}",
    params(("id" = String, Path)),
    responses((status = 200))
)]
async fn end_one_session(
    State(app): State<App>,
    Owner(caller): Owner,
    Path(id): Path<String>,
) -> Api<serde_json::Value> {
    sessions::end(&app.services, &caller, Some(&id)).await?;
    Ok(Json(serde_json::json!({})))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// 1 to 60 graphemes.
    name: String,
    /// What it may; `read` where nothing is said.
    scope: Option<Scope>,
    /// After how many days it ends: 1 to 365, 90 where nothing is said.
    days: Option<u32>,
    /// The account's password.
    password: Option<String>,
    /// Six digits, as the app shows them, where the account has a second factor…
    code: Option<String>,
    /// …or one of the recovery codes.
    recovery_code: Option<String>,
}

/// Make an API token; an account has at most 20.
#[utoipa::path(
    post,
    path = "/me/tokens",
    request_body = NewToken,
    responses((status = 201, body = NewTokenView))
)]
async fn create_token(
    State(app): State<App>,
    Owner(caller): Owner,
    body: Body,
) -> Result<(StatusCode, Json<NewTokenView>), ApiError> {
    let NewToken {
        name,
        scope,
        days,
        password,
        code,
        recovery_code,
    } = body.typed()?;
    let wanted = Wanted {
        name,
        scope: scope.unwrap_or(Scope::Read),
        days,
    };
    let proof = Proof {
        password,
        second: Second {
            code,
            recovery_code,
        },
    };
    Ok((
        StatusCode::CREATED,
        Json(sessions::new_token(&app.services, &caller, wanted, proof).await?),
    ))
}

/// End a token.
#[utoipa::path(
    delete,
    path = "/me/tokens/{id}",
    params(("id" = String, Path)),
    responses((status = 200))
)]
async fn end_token(
    State(app): State<App>,
    Owner(caller): Owner,
    Path(id): Path<String>,
) -> Api<serde_json::Value> {
    sessions::end(&app.services, &caller, Some(&id)).await?;
    Ok(Json(serde_json::json!({})))
}
