//! Reports, the queue, decisions and appeals.
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::moderation::{Kind, Object, Reason, ThingId},
    http::{
        Api, ApiError, App,
        address::Visitor,
        extract::{After, Body, Path, Query, SignedIn},
        write::{Done, Made, Write},
    },
    protocol::{
        command::Command,
        problem::Problem,
        rest::{
            CommandResult, ItemView, List, MadeNoticeView, NoticeOutcomeView, QueuePage, ReportView,
        },
        strict,
    },
    service::{
        people::notices,
        reads::moderation::{item, queue, reports},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(report_object))
        .routes(routes!(list_own_reports))
        .routes(routes!(send_notice))
        .routes(routes!(find_notice))
        .routes(routes!(show_queue))
        .routes(routes!(show_item))
        .routes(routes!(claim_item, release_item))
        .routes(routes!(decide_object))
        .routes(routes!(undo_decision))
        .routes(routes!(second_decision))
        .routes(routes!(appeal_decision))
        .routes(routes!(decide_appeal))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct InFramework {
    /// The framework's name in addresses: needed for an account, which stands in every framework.
    framework: Option<String>,
}

/// What a body is about.
fn object(body: &Map<String, Value>) -> Result<Object, ApiError> {
    let object = body
        .get("object")
        .cloned()
        .ok_or_else(|| Problem::field("object", "required", "What it is about."))?;
    Ok(strict::typed(object).map_err(|problem: Problem| {
        let under = |field: String| {
            if field.is_empty() {
                "object".into()
            } else {
                format!("object.{field}")
            }
        };
        let fields = problem
            .fields
            .into_iter()
            .map(|fault| crate::domain::text::Fault {
                field: under(fault.field),
                ..fault
            });
        Problem::bad_request(fields.collect())
    })?)
}

/// Tell the moderators: `{ object, reason, note? }`.
#[utoipa::path(
    post,
    path = "/reports",
    params(InFramework),
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn report_object(
    write: Write,
    Query(named): Query<InFramework>,
    Body(body): Body,
) -> Result<Made, ApiError> {
    write
        .about(object(&body)?, named.framework.as_deref())
        .await?
        .make("report", body, [])
        .await
}

/// What one reported, newest first, and what became of it.
#[utoipa::path(
    get,
    path = "/me/reports",
    params(After),
    responses((status = 200, body = List<ReportView>))
)]
async fn list_own_reports(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(query): Query<After>,
) -> Api<List<ReportView>> {
    Ok(Json(
        reports::own(&app.services, caller.account, query.after.as_deref()).await?,
    ))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNotice {
    /// About what: a comment, a thread or a card.
    object: Object,
    /// Why.
    reason: Reason,
    /// What is wrong: 1 to 1,000 graphemes.
    statement: String,
    /// How to reach whoever sends it: at most 200 graphemes.
    #[serde(default)]
    contact: Option<String>,
}

/// Tell the moderators without an account. The code that is answered is shown once: with it one can
/// ask what became of it.
#[utoipa::path(
    post,
    path = "/notices",
    request_body = NewNotice,
    responses((status = 201, body = MadeNoticeView))
)]
async fn send_notice(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    body: Body,
) -> Result<(StatusCode, Json<MadeNoticeView>), ApiError> {
    let NewNotice {
        object,
        reason,
        statement,
        contact,
    } = body.typed()?;
    let made = notices::notify(
        &app.services,
        &visitor,
        notices::NewNotice {
            object,
            reason,
            statement,
            contact,
        },
    )
    .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticeCode {
    /// As it was shown when the notice was sent.
    code: String,
}

/// What became of a notice. The code stands in the body, so that no log of addresses keeps it.
#[utoipa::path(
    post,
    path = "/notices/outcome",
    request_body = NoticeCode,
    responses((status = 200, body = NoticeOutcomeView))
)]
async fn find_notice(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    body: Body,
) -> Api<NoticeOutcomeView> {
    let NoticeCode { code } = body.typed()?;
    Ok(Json(
        reports::notice_outcome(&app.services, &visitor, &code).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfQueue {
    /// The framework's name in addresses.
    framework: String,
    /// Only what is on or under this point.
    point: Option<u32>,
    /// Only what is in this language: en, uk, ru or und.
    language: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// What waits for moderators, most urgent first; 50 on a page.
#[utoipa::path(
    get,
    path = "/moderation/queue",
    params(OfQueue),
    responses((status = 200, body = QueuePage))
)]
async fn show_queue(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(query): Query<OfQueue>,
) -> Api<QueuePage> {
    let OfQueue {
        framework,
        point,
        language,
        after,
    } = query;
    let filter = queue::Filter { point, language };
    Ok(Json(
        queue::page(
            &app.services,
            (&caller).into(),
            &framework,
            filter,
            after.as_deref(),
        )
        .await?,
    ))
}

/// A thing with everything a moderator should know of it; each look is noted.
#[utoipa::path(
    get,
    path = "/moderation/items/{kind}/{id}",
    params(InFramework, ("kind" = Kind, Path), ("id" = String, Path)),
    responses((status = 200, body = ItemView))
)]
async fn show_item(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path((kind, id)): Path<(Kind, ThingId)>,
    Query(named): Query<InFramework>,
) -> Api<ItemView> {
    Ok(Json(
        item::item(
            &app.services,
            (&caller).into(),
            Object::of(kind, id),
            named.framework.as_deref(),
        )
        .await?,
    ))
}

async fn claim(
    write: Write,
    object: Object,
    named: InFramework,
    release: bool,
) -> Result<Done, ApiError> {
    let command = Command::Claim {
        object,
        release: Some(release),
    };
    write
        .about(object, named.framework.as_deref())
        .await?
        .carry_out(command)
        .await
}

/// Take up a thing that waits, for ten minutes.
#[utoipa::path(
    put,
    path = "/moderation/items/{kind}/{id}/claim",
    params(InFramework, ("kind" = Kind, Path), ("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn claim_item(
    write: Write,
    Path((kind, id)): Path<(Kind, ThingId)>,
    Query(named): Query<InFramework>,
) -> Result<Done, ApiError> {
    claim(write, Object::of(kind, id), named, false).await
}

/// Let a thing go that one had taken up.
#[utoipa::path(
    delete,
    path = "/moderation/items/{kind}/{id}/claim",
    params(InFramework, ("kind" = Kind, Path), ("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn release_item(
    write: Write,
    Path((kind, id)): Path<(Kind, ThingId)>,
    Query(named): Query<InFramework>,
) -> Result<Done, ApiError> {
    claim(write, Object::of(kind, id), named, true).await
}

/// Decide: `{ object, also?, action, rule, facts, duration_hours?, into?, point?, title?, version?
/// }`.
#[utoipa::path(
    post,
    path = "/moderation/decisions",
    params(InFramework),
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn decide_object(
    write: Write,
    Query(named): Query<InFramework>,
    Body(body): Body,
) -> Result<Made, ApiError> {
    write
        .about(object(&body)?, named.framework.as_deref())
        .await?
        .make("decide", body, [])
        .await
}

/// Take a decision back, within ten minutes of when it took effect.
#[utoipa::path(
    delete,
    path = "/moderation/decisions/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = CommandResult))
)]
async fn undo_decision(write: Write, Path(id): Path<String>) -> Result<Done, ApiError> {
    write
        .about_decision(&id)
        .await?
        .carry_out(Command::UndoDecision { decision: id })
        .await
}

/// Agree, as a moderator of another viewpoint, to a decision that waits for it, or refuse it: `{
/// agrees }`.
#[utoipa::path(
    post,
    path = "/moderation/decisions/{id}/second",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn second_decision(
    write: Write,
    Path(id): Path<String>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .about_decision(&id)
        .await?
        .send("second_decision", body, [("decision", json!(id))])
        .await
}

/// Object to a decision about oneself or one's own: `{ decision, statement }`.
#[utoipa::path(
    post,
    path = "/appeals",
    request_body = Command,
    responses((status = 201, body = CommandResult))
)]
async fn appeal_decision(write: Write, Body(body): Body) -> Result<Made, ApiError> {
    let id = body
        .get("decision")
        .and_then(Value::as_str)
        .ok_or_else(|| Problem::field("decision", "required", "Which decision."))?;
    write
        .about_decision(id)
        .await?
        .make("appeal", body, [])
        .await
}

/// Decide about an appeal: `{ reverse, answer }`.
#[utoipa::path(
    post,
    path = "/appeals/{id}/decision",
    params(("id" = String, Path)),
    request_body = Command,
    responses((status = 200, body = CommandResult))
)]
async fn decide_appeal(
    write: Write,
    Path(id): Path<String>,
    Body(body): Body,
) -> Result<Done, ApiError> {
    write
        .about_appeal(&id)
        .await?
        .send("decide_appeal", body, [("appeal", json!(id))])
        .await
}
