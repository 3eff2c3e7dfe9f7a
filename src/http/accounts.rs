//! Accounts, sessions, tokens, passwords.
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, ApiError, App, Edge,
    address::Visitor,
    extract::{Body, Path, SignedIn},
};
use crate::{
    domain::account::{Posts, SESSION_LIFE, skeleton},
    protocol::{
        problem::Problem,
        rest::{AccountView, List, MeView, NewAccountView, NewTokenView, PostsView, SessionView, SignedInView},
    },
    service::{
        self,
        accounts::{self, Applicant},
        erasure, export,
        second_factor::Second,
        sign_in::{self, Proof},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_account))
        .routes(routes!(create_session, end_session))
        .routes(routes!(reset_password))
        .routes(routes!(show_me, update_me, erase_me))
        .routes(routes!(export_me))
        .routes(routes!(list_posts))
        .routes(routes!(change_password))
        .routes(routes!(list_sessions, end_other_sessions))
        .routes(routes!(end_one_session))
        .routes(routes!(create_token))
        .routes(routes!(end_token))
}

/// An answer that sets or clears the session's cookie.
fn with_cookie(edge: &Edge, status: StatusCode, token: Option<&str>, body: impl Serialize) -> Response {
    let age = token.map_or(0, |_| SESSION_LIFE / 1_000);
    let secure = if edge.secure { "; Secure" } else { "" };
    let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", edge.cookie(), token.unwrap_or_default());
    let mut response = (status, Json(body)).into_response();
    let value = HeaderValue::from_str(&cookie).expect("tokens are ASCII");
    response.headers_mut().insert(header::SET_COOKIE, value);
    response
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    /// 3 to 30 letters, digits, and _ - .
    handle: String,
    /// 8 to 256 bytes.
    password: String,
    /// At most 60 graphemes.
    display_name: Option<String>,
    /// en, uk or ru.
    locale: Option<String>,
    /// The token of an invitation link.
    invitation: Option<String>,
}

/// Make an account and sign in.
#[utoipa::path(post, path = "/accounts", request_body = NewAccount, responses((status = 201, body = NewAccountView)))]
async fn create_account(State(app): State<App>, Visitor(visitor): Visitor, body: Body) -> Result<Response, ApiError> {
    let NewAccount { handle, password, display_name, locale, invitation } = body.typed()?;
    app.services.budgets.registration(&visitor)?;
    let (view, token) = accounts::register(&app.services, Applicant { handle, password, display_name, locale, invitation }).await?;
    Ok(with_cookie(&app.edge, StatusCode::CREATED, Some(&token), view))
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
#[utoipa::path(post, path = "/session", request_body = NewSession, responses((status = 201, body = SignedInView)))]
async fn create_session(State(app): State<App>, body: Body) -> Result<Response, ApiError> {
    let NewSession { handle, password, recovery_code, code } = body.typed()?;
    if password.is_none() && recovery_code.is_none() {
        return Err(Problem::field("password", "required", "A password or a recovery code.").into());
    }
    if password.is_some() && recovery_code.is_some() && code.is_some() {
        return Err(Problem::field("recovery_code", "invalid", "It stands in for the password or for the code: two of the three.").into());
    }
    app.services.budgets.sign_in(&skeleton(&handle))?;
    let proof = Proof { password, second: Second { code, recovery_code } };
    let (account, token) = sign_in::sign_in(&app.services, &handle, proof).await?;
    Ok(with_cookie(&app.edge, StatusCode::CREATED, Some(&token), SignedInView { account }))
}

/// Sign out.
#[utoipa::path(delete, path = "/session", responses((status = 200)))]
async fn end_session(State(app): State<App>, SignedIn(caller): SignedIn) -> Result<Response, ApiError> {
    accounts::end(&app.services, &caller, Some(&caller.session)).await?;
    Ok(with_cookie(&app.edge, StatusCode::OK, None, serde_json::json!({})))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordReset {
    /// The link's token.
    token: String,
    /// 8 to 256 bytes.
    password: String,
}

/// Set a new password by a link.
#[utoipa::path(post, path = "/password-resets", request_body = PasswordReset, responses((status = 200)))]
async fn reset_password(State(app): State<App>, body: Body) -> Api<serde_json::Value> {
    let PasswordReset { token, password } = body.typed()?;
    accounts::reset(&app.services, &token, password).await?;
    Ok(Json(serde_json::json!({})))
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
#[utoipa::path(patch, path = "/me", request_body = Profile, responses((status = 200, body = AccountView)))]
async fn update_me(State(app): State<App>, SignedIn(caller): SignedIn, body: Body) -> Api<AccountView> {
    let Profile { display_name, locale } = body.typed()?;
    Ok(Json(accounts::update(&app.services, &caller, display_name, locale).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Erasure {
    /// The password.
    password: String,
    /// Whether posts are emptied, or stand without a name.
    posts: Posts,
}

/// Erase the account: it cannot be undone.
#[utoipa::path(delete, path = "/me", request_body = Erasure, responses((status = 200)))]
async fn erase_me(State(app): State<App>, SignedIn(caller): SignedIn, body: Body) -> Result<Response, ApiError> {
    let Erasure { password, posts } = body.typed()?;
    if let Some(account) = accounts::me(&app.services, &caller).await.ok().map(|me| me.account) {
        app.services.budgets.sign_in(&skeleton(&account.handle))?;
    }
    erasure::erase(&app.services, &caller, password, posts).await?;
    Ok(with_cookie(&app.edge, StatusCode::OK, None, serde_json::json!({})))
}

/// Everything that is kept about one's account, as a file.
#[utoipa::path(get, path = "/me/export", responses((status = 200, body = serde_json::Value)))]
async fn export_me(State(app): State<App>, SignedIn(caller): SignedIn) -> Result<Response, ApiError> {
    app.services.budgets.export(caller.account)?;
    let file = export::export(&app.services, caller.account).await?;
    let name = "attachment; filename=\"demarche-account.json\"";
    Ok(([(header::CONTENT_DISPOSITION, name)], Json(file)).into_response())
}

/// What one wrote, and what moderators decided about it.
#[utoipa::path(get, path = "/me/posts", responses((status = 200, body = PostsView)))]
async fn list_posts(State(app): State<App>, SignedIn(caller): SignedIn) -> Api<PostsView> {
    Ok(Json(service::cards::posts(&app.services, caller.account).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// Not needed right after signing in with a recovery code.
    current: Option<String>,
    /// 8 to 256 bytes.
    new: String,
}

/// Change the password; every other session ends.
#[utoipa::path(post, path = "/me/password", request_body = NewPassword, responses((status = 200)))]
async fn change_password(State(app): State<App>, SignedIn(caller): SignedIn, body: Body) -> Api<serde_json::Value> {
    let NewPassword { current, new } = body.typed()?;
    if let Some(account) = accounts::me(&app.services, &caller).await.ok().map(|me| me.account) {
        app.services.budgets.sign_in(&skeleton(&account.handle))?;
    }
    accounts::change_password(&app.services, &caller, current, new).await?;
    Ok(Json(serde_json::json!({})))
}

/// Sessions and tokens.
#[utoipa::path(get, path = "/me/sessions", responses((status = 200, body = List<SessionView>)))]
async fn list_sessions(State(app): State<App>, SignedIn(caller): SignedIn) -> Api<List<SessionView>> {
    Ok(Json(accounts::sessions(&app.services, &caller).await?))
}

/// End all sessions but this one.
#[utoipa::path(delete, path = "/me/sessions", responses((status = 200)))]
async fn end_other_sessions(State(app): State<App>, SignedIn(caller): SignedIn) -> Api<serde_json::Value> {
    accounts::end(&app.services, &caller, None).await?;
    Ok(Json(serde_json::json!({})))
}

/// End one session or token.
#[utoipa::path(delete, path = "/me/sessions/{id}", params(("id" = String, Path)), responses((status = 200)))]
async fn end_one_session(State(app): State<App>, SignedIn(caller): SignedIn, Path(id): Path<String>) -> Api<serde_json::Value> {
    accounts::end(&app.services, &caller, Some(&id)).await?;
    Ok(Json(serde_json::json!({})))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// 1 to 60 graphemes.
    name: String,
}

/// Make an API token.
#[utoipa::path(post, path = "/me/tokens", request_body = NewToken, responses((status = 201, body = NewTokenView)))]
async fn create_token(State(app): State<App>, SignedIn(caller): SignedIn, body: Body) -> Result<(StatusCode, Json<NewTokenView>), ApiError> {
    let NewToken { name } = body.typed()?;
    Ok((StatusCode::CREATED, Json(accounts::new_token(&app.services, &caller, &name).await?)))
}

/// End a token.
#[utoipa::path(delete, path = "/me/tokens/{id}", params(("id" = String, Path)), responses((status = 200)))]
async fn end_token(State(app): State<App>, SignedIn(caller): SignedIn, Path(id): Path<String>) -> Api<serde_json::Value> {
    accounts::end(&app.services, &caller, Some(&id)).await?;
    Ok(Json(serde_json::json!({})))
}
