//! One's own account.
mod passwords;
mod second_factor;
mod sessions;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::account::Posts,
    http::{
        Api, ApiError, App,
        address::Visitor,
        cookies::{cookie, with_cookie},
        extract::{Body, Owner, SignedIn},
    },
    protocol::rest::{AccountView, MeView, NewAccountView, PostsView},
    service::{
        people::{
            accounts, erasure,
            proof::Proof,
            registration::{self, Applicant},
            second_factor::Second,
        },
        reads::{cards, export},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_account))
        .routes(routes!(show_me, update_me, erase_me))
        .routes(routes!(export_me))
        .routes(routes!(list_posts))
        .merge(passwords::routes())
        .merge(second_factor::routes())
        .merge(sessions::routes())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    /// 3 to 30 letters, digits, and _ - . ’, one letter at least.
    handle: String,
    /// 8 to 256 characters; neither a common one nor the handle.
    password: String,
    /// At most 60 graphemes.
    display_name: Option<String>,
    /// en, uk or ru.
    locale: Option<String>,
    /// The token of an invitation link.
    invitation: Option<String>,
}

/// Make an account and sign in.
#[utoipa::path(
    post,
    path = "/accounts",
    request_body = NewAccount,
    responses((status = 201, body = NewAccountView))
)]
async fn create_account(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    body: Body,
) -> Result<Response, ApiError> {
    let NewAccount {
        handle,
        password,
        display_name,
        locale,
        invitation,
    } = body.typed()?;
    app.services.budgets.registration(&visitor)?;
    let (view, token) = registration::register(
        &app.services,
        &visitor,
        Applicant {
            handle,
            password,
            display_name,
            locale,
            invitation,
        },
    )
    .await?;
    Ok(with_cookie(
        &app.edge,
        StatusCode::CREATED,
        Some(&token),
        view,
    ))
}

/// One's account and memberships.
#[utoipa::path(get, path = "/me", responses((status = 200, body = MeView)))]
async fn show_me(State(app): State<App>, SignedIn(caller): SignedIn) -> Api<MeView> {
    Ok(Json(accounts::me(&app.services, &caller).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Profile {
    /// At most 60 graphemes; empty for none; absent leaves it.
    display_name: Option<String>,
    /// en, uk or ru; absent leaves it.
    locale: Option<String>,
}

/// Change the display name or language.
#[utoipa::path(
    patch,
    path = "/me",
    request_body = Profile,
    responses((status = 200, body = AccountView))
)]
async fn update_me(State(app): State<App>, Owner(caller): Owner, body: Body) -> Api<AccountView> {
    let Profile {
        display_name,
        locale,
    } = body.typed()?;
    Ok(Json(
        accounts::update(&app.services, &caller, display_name, locale).await?,
    ))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Erasure {
    /// The password.
    password: String,
    /// Six digits, as the app shows them, where the account has a second factor…
    code: Option<String>,
    /// …or one of the recovery codes.
    recovery_code: Option<String>,
    /// Whether posts are emptied, or stand without a name.
    posts: Posts,
}

/// Erase the account: it cannot be undone.
#[utoipa::path(delete, path = "/me", request_body = Erasure, responses((status = 200)))]
async fn erase_me(
    State(app): State<App>,
    Owner(caller): Owner,
    body: Body,
) -> Result<Response, ApiError> {
    let Erasure {
        password,
        code,
        recovery_code,
        posts,
    } = body.typed()?;
    let proof = Proof {
        password: Some(password),
        second: Second {
            code,
            recovery_code,
        },
    };
    erasure::erase(&app.services, &caller, proof, posts).await?;
    let mut response = with_cookie(&app.edge, StatusCode::OK, None, serde_json::json!({}));
    response.headers_mut().append(
        header::SET_COOKIE,
        cookie(&app.edge, app.edge.device_cookie(), None, 0),
    );
    Ok(response)
}

/// Everything that is kept about one's account, as a file.
#[utoipa::path(get, path = "/me/export", responses((status = 200, body = serde_json::Value)))]
async fn export_me(State(app): State<App>, Owner(caller): Owner) -> Result<Response, ApiError> {
    app.services.budgets.export(caller.account)?;
    let file = export::export(&app.services, caller.account).await?;
    let name = "attachment; filename=\"demarche-account.json\"";
    Ok(([(header::CONTENT_DISPOSITION, name)], Json(file)).into_response())
}

/// What one wrote, and what moderators decided about it.
#[utoipa::path(get, path = "/me/posts", responses((status = 200, body = PostsView)))]
async fn list_posts(State(app): State<App>, SignedIn(caller): SignedIn) -> Api<PostsView> {
    Ok(Json(cards::posts(&app.services, caller.account).await?))
}
