//! Signed checkpoints of the shared streams, for whoever wants to save them.
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        Api, App,
        extract::{Asks, Path, Query},
    },
    protocol::{problem::Problem, rest::CheckpointsView},
    service::way_out::checkpoints,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_checkpoints))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `public`, the default, or `moderators`.
    stream: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Where a stream stood at times, signed; oldest first, at most 1,000. Saved pages can be given to
/// `demarche verify`.
#[utoipa::path(
    get,
    path = "/frameworks/{slug}/checkpoints",
    params(Wanted, ("slug" = String, Path)),
    responses((status = 200, body = CheckpointsView))
)]
async fn list_checkpoints(
    State(app): State<App>,
    Asks(asker): Asks,
    Path(slug): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Api<CheckpointsView> {
    let stream = wanted
        .stream
        .as_deref()
        .unwrap_or("public")
        .parse()
        .map_err(|_| Problem::not_found())?;
    Ok(Json(
        checkpoints::list(&app.services, asker, &slug, stream, wanted.after.as_deref()).await?,
    ))
}
