//! Threads and comments.
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{
        concession::ConcessionId,
        moderation::Object,
        thread::{CommentId, ThreadId},
    },
    http::{
        Api, ApiError, App,
        extract::{After, Asks, Body, Path, Query},
        write::{Done, Made, Write},
    },
    protocol::{
        command::Command,
        rest::{CommandResult, CommentView, List, Page, ThreadPage, ThreadView, VersionView},
    },
    service::reads::threads,
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

/// Threads on a point, last active first.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/points/{number}/threads",
    params(After, ("slug" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = Page<ThreadView>))
)]
async fn list_point_threads(
    State(app): State<App>,
    Asks(asker): Asks,
    Path((slug, number)): Path<(String, u32)>,
    Query(query): Query<After>,
) -> Api<Page<ThreadView>> {
    Ok(Json(
        threads::point_threads(&app.services, asker, &slug, number, query.after.as_deref()).await?,
    ))
}

/// Open a thread on a point.
#[utoipa::path(
    post,
    path = "/frameworks/{slug}/points/{number}/threads",
    params(("slug" = String, Path), ("number" = u32, Path)),
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn post_point_thread(
    write: Write,
    Path((slug, number)): Path<(String, u32)>,
    Body(body): Body,
) -> Result<Made, ApiError> {
    write
        .within(&slug)
        .await?
        .make(
            "post_thread",
            body,
            [("point", json!(number)), ("concession", Value::Null)],
        )
        .await
}

/// Threads under a card, last active first.
#[utoipa::path(
    get,
    path = "/concessions/{id}/threads",
    params(After, ("id" = String, Path)),
    responses((status = 200, body = Page<ThreadView>))
)]
async fn list_concession_threads(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<ConcessionId>,
    Query(query): Query<After>,
) -> Api<Page<ThreadView>> {
    Ok(Json(
        threads::card_threads(&app.services, asker, id, query.after.as_deref()).await?,
    ))
}

/// Open a thread under a card.
#[utoipa::path(
    post,
    path = "/concessions/{id}/threads",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn post_concession_thread(
    write: Write,
    Path(id): Path<ConcessionId>,
    Body(body): Body,
) -> Result<Made, ApiError> {
    write
        .on(Object::Concession(id))
        .await?
        .make(
            "post_thread",
            body,
            [("concession", json!(id)), ("point", Value::Null)],
        )
        .await
}

/// A thread with a page of its comments, oldest first.
#[utoipa::path(
    get,
    path = "/threads/{id}",
    params(After, ("id" = String, Path)),
    responses((status = 200, body = ThreadPage))
)]
async fn show_thread(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<ThreadId>,
    Query(query): Query<After>,
) -> Result<Response, ApiError> {
    let Some(asker) = asker else {
        let body = threads::visitors_page(&app.services, id, query.after).await?;
        return Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response());
    };
    let page: ThreadPage =
        threads::thread(&app.services, Some(asker), id, query.after.as_deref()).await?;
    Ok(Json(page).into_response())
}

/// Comment or reply.
#[utoipa::path(
    post,
    path = "/threads/{id}/comments",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn post_comment(
    write: Write,
    Path(id): Path<ThreadId>,
    Body(body): Body,
) -> Result<Made, ApiError> {
    write
        .on(Object::Thread(id))
        .await?
        .make("post_comment", body, [("thread", json!(id))])
        .await
}

/// One comment.
#[utoipa::path(
    get,
    path = "/comments/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = CommentView))
)]
async fn show_comment(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<CommentId>,
) -> Api<CommentView> {
    Ok(Json(threads::comment(&app.services, asker, id).await?))
}

/// Change one's comment.
#[utoipa::path(
    patch,
    path = "/comments/{id}",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn edit_comment(
    write: Write,
    Path(id): Path<CommentId>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .on(Object::Comment(id))
        .await?
        .send("edit_comment", body, [("comment", json!(id))])
        .await
}

/// Take one's comment back.
#[utoipa::path(
    delete,
    path = "/comments/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn delete_comment(write: Write, Path(comment): Path<CommentId>) -> Result<Done, ApiError> {
    write
        .on(Object::Comment(comment))
        .await?
        .carry_out(Command::DeleteComment { comment })
        .await
}

/// A comment's texts, oldest first.
#[utoipa::path(
    get,
    path = "/comments/{id}/versions",
    params(("id" = String, Path)),
    responses((status = 200, body = List<VersionView>))
)]
async fn list_versions(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(id): Path<CommentId>,
) -> Api<List<VersionView>> {
    Ok(Json(threads::versions(&app.services, asker, id).await?))
}
