//! What every call under `/api/v1` passes: the one budget of writes, that of reads that cost much, and the record of refusals.
use axum::{
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    domain::permission::Action,
    http::{
        ApiError, App,
        extract::{Asked, caller},
        guards::{Guard, ROUTES},
    },
    service::keep::record::{Event, Who},
};

/// Whether a write is limited by tries instead: a budget of an address would let strangers shut sign-in for their neighbours.
fn is_sign_in(method: &Method, path: &str) -> bool {
    method == Method::POST && path == "/session"
}

/// Reads that go through all that ever was decided or proposed: they cost more with every year.
const WHOLE: [&str; 4] = [
    "/frameworks/{slug}/moderation-log.csv",
    "/frameworks/{slug}/moderation-log.json",
    "/frameworks/{slug}/moderation-record",
    "/frameworks/{slug}/scope-ledger",
];

/// Refuses writes, and reads of whole tables, past the budget of the account or, where there is none, of the address; notes what is
/// refused for want of a right.
pub async fn watch(State(app): State<App>, route: MatchedPath, request: Request, next: Next) -> Response {
    let path = route.as_str().strip_prefix("/api/v1").unwrap_or_default().to_owned();
    let whole = WHOLE.contains(&path.as_str());
    // Reads come by the thousand, and nothing has to be known of them.
    if *request.method() == Method::GET && !whole && !guarded(&path) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let (method, origin) = (parts.method.clone(), app.edge.addresses.origin_of(&parts));
    let asked = caller(&app, &method, &parts.headers).await;
    let known = asked.as_ref().ok().and_then(Option::as_ref).map(|caller| caller.account);
    let visitor = || app.edge.addresses.hashed(origin);
    let write = !method.is_safe() && !is_sign_in(&method, &path);
    if whole || write {
        let (who, budgets) = (known.map_or_else(visitor, |account| account.to_string()), &app.services.budgets);
        if let Err(problem) = if write { budgets.write(&who) } else { budgets.whole(&who) } {
            return ApiError(problem).into_response();
        }
    }
    // What is known of them by now, the handler need not ask again.
    parts.extensions.insert(Asked(asked.map_err(|ApiError(problem)| problem)));
    let response = next.run(Request::from_parts(parts, body)).await;
    // The writer notes what it refuses itself.
    let by_writer = || ROUTES.iter().any(|(verb, of, guard)| *verb == method.as_str() && *of == path && matches!(guard, Guard::Command(_)));
    if response.status() == StatusCode::FORBIDDEN && !by_writer() {
        let who = known.map_or(Who::Nobody, Who::Account);
        app.services.record.note(Event::RightRefused, who, Some(&visitor()), &format!("{method} {path}"), app.services.now());
    }
    response
}

/// Whether reading at this path takes a right that may be refused.
fn guarded(path: &str) -> bool {
    ROUTES.iter().any(|(verb, of, guard)| *verb == "GET" && *of == path && !matches!(guard, Guard::Anyone | Guard::Action(Action::Read)))
}
