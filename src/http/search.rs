//! Searching, and the Atom feed.
use axum::{
    Extension, Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::search::Findable,
    http::{
        Api, ApiError, App,
        address::Visitor,
        caching::Caching,
        extract::{Asks, Path, Query},
    },
    protocol::rest::{FoundView, List},
    service::reads::{
        atom,
        search::{self, Asked},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Looked {
    /// Words, all of which must stand in a text; the last one may go on. At most 200 characters.
    q: String,
    /// In one framework, by its name in addresses.
    framework: Option<String>,
    /// One kind of thing.
    kind: Option<Findable>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Search comments, titles of threads, and cards with their translations, among what the reader may
/// see; newest first.
#[utoipa::path(
    get,
    path = "/search",
    params(Looked),
    responses((status = 200, body = List<FoundView>))
)]
async fn find(
    State(app): State<App>,
    Asks(asker): Asks,
    Visitor(visitor): Visitor,
    Query(looked): Query<Looked>,
) -> Api<List<FoundView>> {
    app.services
        .budgets
        .search(&asker.map_or(visitor, |asker| asker.account.to_string()))?;
    let Looked {
        q,
        framework,
        kind,
        after,
    } = looked;
    Ok(Json(
        search::search(
            &app.services,
            asker,
            Asked {
                q,
                framework,
                kind,
                after,
            },
        )
        .await?,
    ))
}

/// The newest comments and cards of a public framework. Kept by nobody for longer than what was
/// hidden may still show.
pub async fn feed(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    Path(slug): Path<String>,
) -> Result<Response, ApiError> {
    app.services.budgets.search(&visitor)?;
    let feed = atom::feed(&app.services, &slug).await?;
    Ok((
        [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")],
        Extension(Caching::Public(3)),
        feed,
    )
        .into_response())
}
