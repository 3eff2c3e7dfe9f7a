//! Threads and comments.
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{
        concession::ConcessionId,
        moderation::{Kind, Object},
        thread::{CommentId, ThreadId},
    },
    http::{
        Api, ApiError, App,
        extract::{Body, Key, Path, Query, SignedIn, account},
        frameworks::carry_out,
    },
    id::Id,
    protocol::{
        command::Command,
        rest::{CommandResult, CommentView, List, Page, ThreadPage, ThreadView, VersionView},
    },
    service::{
        Services,
        reads::{places::framework_of, threads},
        sight::seen,
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_point_threads, post_point_thread))
        .routes(routes!(list_concession_threads, post_concession_thread))
        .routes(routes!(show_thread))
        .routes(routes!(post_comment))
        .routes(routes!(show_comment, edit_comment, delete_comment))
        .routes(routes!(list_versions))
}

/// Where a list goes on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct After {
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// What a REST write that makes something answers.
pub type Created = Result<(StatusCode, Json<Box<RawValue>>), ApiError>;

/// The framework a thing stands in.
pub async fn home<T>(services: &Services, kind: Kind, id: Id<T>) -> Result<crate::domain::framework::FrameworkId, ApiError> {
    Ok(framework_of(services, Object { kind, id: id.cast() }, None).await?)
}

/// Threads on a point, last active first.
#[utoipa::path(get, path = "/frameworks/{slug}/points/{number}/threads", params(After, ("slug" = String, Path), ("number" = u32, Path)), responses((status = 200, body = Page<ThreadView>)))]
async fn list_point_threads(
    State(app): State<App>,
    caller: Option<SignedIn>,
    Path((slug, number)): Path<(String, u32)>,
    Query(query): Query<After>,
) -> Api<Page<ThreadView>> {
    Ok(Json(threads::point_threads(&app.services, account(caller.as_ref()), &slug, number, query.after.as_deref()).await?))
}

/// Open a thread on a point.
#[utoipa::path(post, path = "/frameworks/{slug}/points/{number}/threads", params(("slug" = String, Path), ("number" = u32, Path)), request_body = Command, responses((status = 201, body = CommandResult)))]
async fn post_point_thread(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path((slug, number)): Path<(String, u32)>,
    Body(body): Body,
) -> Created {
    let framework = seen::see_slug(&app.services, Some((&caller).into()), &slug).await?.framework.id;
    let command = Command::from_rest("post_thread", body, vec![("point", number.into()), ("concession", Value::Null)])?;
    Ok((StatusCode::CREATED, carry_out(&app.services, &caller, framework, key, command).await?))
}

/// Threads under a card, last active first.
#[utoipa::path(get, path = "/concessions/{id}/threads", params(After, ("id" = String, Path)), responses((status = 200, body = Page<ThreadView>)))]
async fn list_concession_threads(
    State(app): State<App>,
    caller: Option<SignedIn>,
    Path(id): Path<ConcessionId>,
    Query(query): Query<After>,
) -> Api<Page<ThreadView>> {
    Ok(Json(threads::card_threads(&app.services, account(caller.as_ref()), id, query.after.as_deref()).await?))
}

/// Open a thread under a card.
#[utoipa::path(post, path = "/concessions/{id}/threads", params(("id" = String, Path)), request_body = Command, responses((status = 201, body = CommandResult)))]
async fn post_concession_thread(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Created {
    let framework = home(&app.services, Kind::Concession, id).await?;
    let command = Command::from_rest("post_thread", body, vec![("concession", id.to_string().into()), ("point", Value::Null)])?;
    Ok((StatusCode::CREATED, carry_out(&app.services, &caller, framework, key, command).await?))
}

/// A thread with a page of its comments, oldest first.
#[utoipa::path(get, path = "/threads/{id}", params(After, ("id" = String, Path)), responses((status = 200, body = ThreadPage)))]
async fn show_thread(
    State(app): State<App>,
    caller: Option<SignedIn>,
    Path(id): Path<ThreadId>,
    Query(query): Query<After>,
) -> Result<Response, ApiError> {
    let Some(account) = account(caller.as_ref()) else {
        let body = threads::visitors_page(&app.services, id, query.after).await?;
        return Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response());
    };
    let page: ThreadPage = threads::thread(&app.services, Some(account), id, query.after.as_deref()).await?;
    Ok(Json(page).into_response())
}

/// Comment or reply.
#[utoipa::path(post, path = "/threads/{id}/comments", params(("id" = String, Path)), request_body = Command, responses((status = 201, body = CommandResult)))]
async fn post_comment(State(app): State<App>, SignedIn(caller): SignedIn, key: Key, Path(id): Path<ThreadId>, Body(body): Body) -> Created {
    let framework = home(&app.services, Kind::Thread, id).await?;
    let command = Command::from_rest("post_comment", body, vec![("thread", id.to_string().into())])?;
    Ok((StatusCode::CREATED, carry_out(&app.services, &caller, framework, key, command).await?))
}

/// One comment.
#[utoipa::path(get, path = "/comments/{id}", params(("id" = String, Path)), responses((status = 200, body = CommentView)))]
async fn show_comment(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<CommentId>) -> Api<CommentView> {
    Ok(Json(threads::comment(&app.services, account(caller.as_ref()), id).await?))
}

/// Change one's comment.
#[utoipa::path(patch, path = "/comments/{id}", params(("id" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn edit_comment(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    key: Key,
    Path(id): Path<CommentId>,
    Body(body): Body,
) -> Api<Box<RawValue>> {
    let framework = home(&app.services, Kind::Comment, id).await?;
    let command = Command::from_rest("edit_comment", body, vec![("comment", id.to_string().into())])?;
    carry_out(&app.services, &caller, framework, key, command).await
}

/// Take one's comment back.
#[utoipa::path(delete, path = "/comments/{id}", params(("id" = String, Path)), responses((status = 200, body = CommandResult)))]
async fn delete_comment(State(app): State<App>, SignedIn(caller): SignedIn, key: Key, Path(comment): Path<CommentId>) -> Api<Box<RawValue>> {
    let framework = home(&app.services, Kind::Comment, comment).await?;
    carry_out(&app.services, &caller, framework, key, Command::DeleteComment { comment }).await
}

/// A comment's texts, oldest first.
#[utoipa::path(get, path = "/comments/{id}/versions", params(("id" = String, Path)), responses((status = 200, body = List<VersionView>)))]
async fn list_versions(State(app): State<App>, caller: Option<SignedIn>, Path(id): Path<CommentId>) -> Api<List<VersionView>> {
    Ok(Json(threads::versions(&app.services, account(caller.as_ref()), id).await?))
}
