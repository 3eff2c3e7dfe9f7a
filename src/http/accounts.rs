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

use crate::{
    domain::{
        account::{Posts, SESSION_LIFE},
        permission::Scope,
    },
    http::{
        Api, ApiError, App, Edge,
        address::Visitor,
        extract::{After, Body, Device, Owner, Path, Query, SignedIn},
    },
    protocol::{
        problem::Problem,
        rest::{AccountView, List, MeView, NewAccountView, NewTokenView, PostsView, RecoveryCodesView, SessionView, SignedInView},
    },
    service::{
        keep::devices,
        people::{
            accounts, erasure, passwords,
            proof::Proof,
            registration::{self, Applicant},
            second_factor::Second,
            sessions::{self, Wanted},
            sign_in,
        },
        reads::{cards, export},
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
        .routes(routes!(renew_recovery_codes))
        .routes(routes!(list_sessions, end_other_sessions))
        .routes(routes!(end_one_session))
        .routes(routes!(create_token))
        .routes(routes!(end_token))
}

/// A cookie of this site alone; no value clears it.
fn cookie(edge: &Edge, name: &str, value: Option<&str>, life: i64) -> HeaderValue {
    let age = value.map_or(0, |_| life / 1_000);
    let secure = if edge.secure { "; Secure" } else { "" };
    let cookie = format!("{name}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", value.unwrap_or_default());
    HeaderValue::from_str(&cookie).expect("tokens are ASCII")
}

/// An answer that sets or clears the session's cookie.
fn with_cookie(edge: &Edge, status: StatusCode, token: Option<&str>, body: impl Serialize) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie(edge, edge.cookie(), token, SESSION_LIFE));
    response
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
    fn from(Proving { password, code, recovery_code }: Proving) -> Self {
        Self { password, second: Second { code, recovery_code } }
    }
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
#[utoipa::path(post, path = "/accounts", request_body = NewAccount, responses((status = 201, body = NewAccountView)))]
async fn create_account(State(app): State<App>, Visitor(visitor): Visitor, body: Body) -> Result<Response, ApiError> {
    let NewAccount { handle, password, display_name, locale, invitation } = body.typed()?;
    app.services.budgets.registration(&visitor)?;
    let (view, token) = registration::register(&app.services, &visitor, Applicant { handle, password, display_name, locale, invitation }).await?;
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
async fn create_session(State(app): State<App>, Visitor(visitor): Visitor, Device(device): Device, body: Body) -> Result<Response, ApiError> {
    let NewSession { handle, password, recovery_code, code } = body.typed()?;
    if password.is_none() && recovery_code.is_none() {
        return Err(Problem::field("password", "required", "A password or a recovery code.").into());
    }
    if password.is_some() && recovery_code.is_some() && code.is_some() {
        return Err(Problem::field("recovery_code", "invalid", "It stands in for the password or for the code: two of the three.").into());
    }
    let proof = Proof { password, second: Second { code, recovery_code } };
    let signed = sign_in::sign_in(&app.services, sign_in::From { visitor, device }, &handle, proof).await?;
    let mut response = with_cookie(&app.edge, StatusCode::CREATED, Some(&signed.token), SignedInView { account: signed.account });
    response.headers_mut().append(header::SET_COOKIE, cookie(&app.edge, app.edge.device_cookie(), Some(&signed.device), devices::LIFE));
    Ok(response)
}

/// Sign out.
#[utoipa::path(delete, path = "/session", responses((status = 200)))]
async fn end_session(State(app): State<App>, SignedIn(caller): SignedIn) -> Result<Response, ApiError> {
    sessions::end(&app.services, &caller, Some(&caller.session)).await?;
    Ok(with_cookie(&app.edge, StatusCode::OK, None, serde_json::json!({})))
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
#[utoipa::path(post, path = "/password-resets", request_body = PasswordReset, responses((status = 200)))]
async fn reset_password(State(app): State<App>, Visitor(visitor): Visitor, body: Body) -> Api<serde_json::Value> {
    let PasswordReset { token, password } = body.typed()?;
    passwords::reset(&app.services, &visitor, &token, password).await?;
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
async fn update_me(State(app): State<App>, Owner(caller): Owner, body: Body) -> Api<AccountView> {
    let Profile { display_name, locale } = body.typed()?;
    Ok(Json(accounts::update(&app.services, &caller, display_name, locale).await?))
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
async fn erase_me(State(app): State<App>, Owner(caller): Owner, body: Body) -> Result<Response, ApiError> {
    let Erasure { password, code, recovery_code, posts } = body.typed()?;
    let proof = Proof { password: Some(password), second: Second { code, recovery_code } };
    erasure::erase(&app.services, &caller, proof, posts).await?;
    let mut response = with_cookie(&app.edge, StatusCode::OK, None, serde_json::json!({}));
    response.headers_mut().append(header::SET_COOKIE, cookie(&app.edge, app.edge.device_cookie(), None, 0));
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
#[utoipa::path(post, path = "/me/password", request_body = NewPassword, responses((status = 200, body = RecoveryCodesView)))]
async fn change_password(State(app): State<App>, Owner(caller): Owner, body: Body) -> Api<RecoveryCodesView> {
    let NewPassword { current, code, recovery_code, new } = body.typed()?;
    let proof = Proof { password: current, second: Second { code, recovery_code } };
    Ok(Json(passwords::change(&app.services, &caller, new, proof).await?))
}

/// New recovery codes; those before are worthless.
#[utoipa::path(post, path = "/me/recovery-codes", request_body = Proving, responses((status = 201, body = RecoveryCodesView)))]
async fn renew_recovery_codes(State(app): State<App>, Owner(caller): Owner, body: Body) -> Result<(StatusCode, Json<RecoveryCodesView>), ApiError> {
    let proof: Proving = body.typed()?;
    Ok((StatusCode::CREATED, Json(passwords::renew(&app.services, &caller, proof.into()).await?)))
}

/// Sessions and tokens, newest first.
#[utoipa::path(get, path = "/me/sessions", params(After), responses((status = 200, body = List<SessionView>)))]
async fn list_sessions(State(app): State<App>, SignedIn(caller): SignedIn, Query(query): Query<After>) -> Api<List<SessionView>> {
    Ok(Json(sessions::list(&app.services, &caller, query.after.as_deref()).await?))
}

/// End all sessions and tokens but this one.
#[utoipa::path(delete, path = "/me/sessions", responses((status = 200)))]
async fn end_other_sessions(State(app): State<App>, Owner(caller): Owner) -> Api<serde_json::Value> {
    sessions::end(&app.services, &caller, None).await?;
    Ok(Json(serde_json::json!({})))
}

/// End one session or token.
#[utoipa::path(delete, path = "/me/sessions/{id}", params(("id" = String, Path)), responses((status = 200)))]
async fn end_one_session(State(app): State<App>, Owner(caller): Owner, Path(id): Path<String>) -> Api<serde_json::Value> {
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
#[utoipa::path(post, path = "/me/tokens", request_body = NewToken, responses((status = 201, body = NewTokenView)))]
async fn create_token(State(app): State<App>, Owner(caller): Owner, body: Body) -> Result<(StatusCode, Json<NewTokenView>), ApiError> {
    let NewToken { name, scope, days, password, code, recovery_code } = body.typed()?;
    let wanted = Wanted { name, scope: scope.unwrap_or(Scope::Read), days };
    let proof = Proof { password, second: Second { code, recovery_code } };
    Ok((StatusCode::CREATED, Json(sessions::new_token(&app.services, &caller, wanted, proof).await?)))
}

/// End a token.
#[utoipa::path(delete, path = "/me/tokens/{id}", params(("id" = String, Path)), responses((status = 200)))]
async fn end_token(State(app): State<App>, Owner(caller): Owner, Path(id): Path<String>) -> Api<serde_json::Value> {
    sessions::end(&app.services, &caller, Some(&id)).await?;
    Ok(Json(serde_json::json!({})))
}
