//! Reports, the queue, decisions, the public log.
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, ApiError, App,
    extract::{Body, Key, Path, Query, SignedIn, account},
    frameworks::carry_out,
    threads::{After, Created},
};
use crate::{
    domain::moderation::Object,
    protocol::{
        command::Command,
        problem::Problem,
        rest::{CommandResult, DecisionView, List, QueueItem},
        strict,
    },
    service::moderation,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(report_object)).routes(routes!(show_queue)).routes(routes!(decide_object)).routes(routes!(show_log))
}

/// What a body is about.
fn object(body: &Map<String, Value>) -> Result<Object, ApiError> {
    let object = body.get("object").cloned().ok_or_else(|| Problem::field("object", "required", "What it is about."))?;
    Ok(strict::typed(object).map_err(|problem: Problem| {
        let under = |field: String| if field.is_empty() { "object".into() } else { format!("object.{field}") };
        let fields = problem.fields.into_iter().map(|fault| crate::domain::text::Fault { field: under(fault.field), ..fault });
        Problem::bad_request(fields.collect())
    })?)
}

/// Tell the moderators: `{ object, reason, note? }`.
#[utoipa::path(post, path = "/reports", request_body = Command, responses((status = 201, body = CommandResult)))]
async fn report_object(State(app): State<App>, SignedIn(caller): SignedIn, key: Key, Body(body): Body) -> Created {
    let framework = moderation::framework_of(&app.services, object(&body)?).await?;
    let command = Command::from_rest("report", body, vec![])?;
    Ok((StatusCode::CREATED, carry_out(&app.services, &caller, framework, key, command).await?))
}

#[derive(Deserialize, IntoParams)]
struct InFramework {
    /// The framework's name in addresses.
    framework: String,
}

/// What waits for moderators, most urgent first.
#[utoipa::path(get, path = "/moderation/queue", params(InFramework), responses((status = 200, body = List<QueueItem>)))]
async fn show_queue(State(app): State<App>, SignedIn(caller): SignedIn, Query(query): Query<InFramework>) -> Api<List<QueueItem>> {
    Ok(Json(moderation::queue(&app.services, caller.account, &query.framework).await?))
}

/// Decide: `{ object, action, rule, facts, duration_hours? }`.
#[utoipa::path(post, path = "/moderation/decisions", request_body = Command, responses((status = 201, body = CommandResult)))]
async fn decide_object(State(app): State<App>, SignedIn(caller): SignedIn, key: Key, Body(body): Body) -> Created {
    let framework = moderation::framework_of(&app.services, object(&body)?).await?;
    let command = Command::from_rest("decide", body, vec![])?;
    Ok((StatusCode::CREATED, carry_out(&app.services, &caller, framework, key, command).await?))
}

/// What was decided, newest first, without names.
#[utoipa::path(get, path = "/frameworks/{slug}/moderation-log", params(After, ("slug" = String, Path)), responses((status = 200, body = List<DecisionView>)))]
async fn show_log(State(app): State<App>, caller: Option<SignedIn>, Path(slug): Path<String>, Query(query): Query<After>) -> Api<List<DecisionView>> {
    Ok(Json(moderation::log(&app.services, account(caller.as_ref()), &slug, query.after.as_deref()).await?))
}
