//! What slows a framework's debate down.
use axum::extract::State;
use serde_json::value::RawValue;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        Api, App,
        extract::{Body, Key, Path, SignedIn},
        frameworks::carry_out,
    },
    protocol::{command::Command, rest::CommandResult},
    service::sight::seen,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set_pace))
}

/// Set slow mode, paused points, first posts, raid mode, quiet hours, the word list and the link policy: the whole document.
#[utoipa::path(put, path = "/frameworks/{slug}/pace", params(("slug" = String, Path)), request_body = Command, responses((status = 200, body = CommandResult)))]
async fn set_pace(State(app): State<App>, SignedIn(caller): SignedIn, key: Key, Path(slug): Path<String>, Body(body): Body) -> Api<Box<RawValue>> {
    let framework = seen::see_slug(&app.services, Some((&caller).into()), &slug).await?.framework.id;
    carry_out(&app.services, &caller, framework, key, Command::from_rest("set_pace", body, vec![])?).await
}
