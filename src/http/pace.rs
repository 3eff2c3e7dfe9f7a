//! What slows a framework's debate down.
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        ApiError, App,
        extract::{Body, Path},
        write::{Done, Write},
    },
    protocol::{command::Command, rest::CommandResult},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set_pace))
}

/// Set slow mode, paused points, first posts, raid mode, quiet hours, the word list and the link
/// policy: the whole document.
#[utoipa::path(
    put,
    path = "/frameworks/{slug}/pace",
    params(("slug" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn set_pace(
    write: Write,
    Path(slug): Path<String>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write.within(&slug).await?.send("set_pace", body, []).await
}
