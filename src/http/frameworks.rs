//! Frameworks, points, membership, changes.
use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        Api, ApiError, App,
        extract::{Asks, Body, Path, Query, SignedIn},
        write::{Done, Write},
    },
    protocol::{
        command::Command,
        problem::Problem,
        rest::{FrameworkEntry, FrameworkView, HostPage, List, PointView, RevisionView, SiteView},
        strict,
    },
    service::{
        people::accounts,
        reads::{frameworks, pages},
        way_out::changes,
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_site))
        .routes(routes!(show_page))
        .routes(routes!(list_frameworks))
        .routes(routes!(show_framework))
        .routes(routes!(show_revision))
        .routes(routes!(show_point))
        .routes(routes!(join_framework, leave_framework))
        .routes(routes!(mark_point_read))
        .routes(routes!(list_changes))
}

/// The site, its host and who asks.
#[utoipa::path(get, path = "/site", responses((status = 200, body = SiteView)))]
async fn show_site(State(app): State<App>, caller: Option<SignedIn>) -> Api<SiteView> {
    Ok(Json(
        accounts::site(
            &app.services,
            caller.as_ref().map(|SignedIn(caller)| caller),
        )
        .await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Locale {
    /// en, uk or ru.
    locale: Option<String>,
}

/// One of the host's pages.
#[utoipa::path(
    get,
    path = "/pages/{key}",
    params(Locale, ("key" = String, Path)),
    responses((status = 200, body = HostPage))
)]
async fn show_page(
    State(app): State<App>,
    Path(key): Path<String>,
    Query(query): Query<Locale>,
) -> Api<HostPage> {
    Ok(Json(
        pages::page(&app.services, &key, query.locale.as_deref().unwrap_or("en")).await?,
    ))
}

/// Frameworks anyone may read, and those one takes part in.
#[utoipa::path(get, path = "/frameworks", responses((status = 200, body = List<FrameworkEntry>)))]
async fn list_frameworks(State(app): State<App>, Asks(asker): Asks) -> Api<List<FrameworkEntry>> {
    Ok(Json(frameworks::list(&app.services, asker).await?))
}

/// A framework with its points and questions.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}",
    params(("slug" = String, Path)),
    responses((status = 200, body = FrameworkView))
)]
async fn show_framework(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
) -> Api<FrameworkView> {
    Ok(Json(frameworks::view(&app.services, asker, &slug).await?))
}

/// A revision's points and how they came about.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/revisions/{number}",
    params(("slug" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = RevisionView))
)]
async fn show_revision(
    State(app): State<App>,
    Asks(asker): Asks,
    Path((slug, number)): Path<(String, u32)>,
) -> Api<RevisionView> {
    Ok(Json(
        frameworks::revision(&app.services, asker, &slug, number).await?,
    ))
}

/// A point of the current revision in full.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/points/{number}",
    params(("slug" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = PointView))
)]
async fn show_point(
    State(app): State<App>,
    Asks(asker): Asks,
    Path((slug, number)): Path<(String, u32)>,
) -> Api<PointView> {
    Ok(Json(
        frameworks::point(&app.services, asker, &slug, number).await?,
    ))
}

/// Choose a viewpoint: `{ camp, consent }`.
#[utoipa::path(
    post,
    path = "/frameworks/{slug}/membership",
    params(("slug" = String, Path)),
    responses((status = 200, body = crate::protocol::rest::CommandResult))
)]
async fn join_framework(
    write: Write,
    Path(slug): Path<String>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write.within(&slug).await?.send("join", body, []).await
}

/// Give the viewpoint up.
#[utoipa::path(
    delete,
    path = "/frameworks/{slug}/membership",
    params(("slug" = String, Path)),
    responses((status = 200, body = crate::protocol::rest::CommandResult))
)]
async fn leave_framework(write: Write, Path(slug): Path<String>) -> Result<Done, ApiError> {
    write
        .within(&slug)
        .await?
        .carry_out(Command::Leave {})
        .await
}

/// Remember how far one has read a point: `{ seq }`.
#[utoipa::path(
    put,
    path = "/frameworks/{slug}/points/{number}/read",
    params(("slug" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = crate::protocol::rest::CommandResult))
)]
async fn mark_point_read(
    write: Write,
    Path((slug, number)): Path<(String, u32)>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .within(&slug)
        .await?
        .send("mark_read", body, [("point", json!(number))])
        .await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Since {
    /// `public`, `moderators` or `account/<id>`.
    stream: Option<String>,
    /// The epoch `after` belongs to.
    epoch: Option<String>,
    /// The last place one has.
    #[serde(deserialize_with = "strict::natural")]
    after: i64,
}

/// Changes of a stream after a place, at most 1,000; another epoch is a conflict: read the
/// framework again.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/changes",
    params(Since, ("slug" = String, Path)),
    responses((status = 200, body = changes::ChangesView))
)]
async fn list_changes(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
    Query(since): Query<Since>,
) -> Api<changes::ChangesView> {
    let stream = since
        .stream
        .as_deref()
        .unwrap_or("public")
        .parse()
        .map_err(|_| Problem::not_found())?;
    Ok(Json(
        changes::since(
            &app.services,
            asker,
            &slug,
            stream,
            since.epoch,
            since.after,
        )
        .await?,
    ))
}
