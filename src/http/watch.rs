//! What every call under `/api/v1` passes: the one budget of writes, that of reads that cost much,
//! and the record of refusals.
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
        guards::{Guard, ROUTES, Route},
    },
    protocol::problem::Problem,
    service::keep::record::{Event, Who},
};

/// What the table of guards says of a path, for each of its methods.
fn at(path: &str) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(move |route| route.path == path)
}

/// Refuses writes, and reads of whole tables, past the budget of the account or, where there is
/// none, of the address; notes what is refused for want of a right.
pub async fn watch(
    State(app): State<App>,
    route: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let path = route
        .as_str()
        .strip_prefix("/api/v1")
        .unwrap_or_default()
        .to_owned();
    // Reads come by the thousand, and nothing has to be known of them.
    if *request.method() == Method::GET && !at(&path).any(|route| route.whole) && !guarded(&path) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let (method, origin) = (parts.method.clone(), app.edge.addresses.origin_of(&parts));
    let asked = caller(&app, &method, &parts.headers).await;
    let known = asked
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
        .map(|caller| caller.account);
    let visitor = || app.edge.addresses.hashed(origin);
    if let Err(problem) = spend(&app, &method, &path, || {
        known.map_or_else(visitor, |account| account.to_string())
    }) {
        return ApiError(problem).into_response();
    }
    // What is known of them by now, the handler need not ask again.
    parts
        .extensions
        .insert(Asked(asked.map_err(|ApiError(problem)| problem)));
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.status() == StatusCode::FORBIDDEN && !by_writer(&method, &path) {
        let who = known.map_or(Who::Nobody, Who::Account);
        app.services.record.note(
            Event::RightRefused,
            who,
            Some(&visitor()),
            &format!("{method} {path}"),
            app.services.now(),
        );
    }
    response
}

/// Takes from the budget that such a request has, if it has one.
fn spend(app: &App, method: &Method, path: &str, who: impl Fn() -> String) -> Result<(), Problem> {
    if !method.is_safe() && !is_sign_in(method, path) {
        app.services.budgets.write(&who())
    } else if at(path).any(|route| route.whole) {
        app.services.budgets.whole(&who())
    } else {
        Ok(())
    }
}

/// Whether a write is limited by tries instead: a budget of an address would let strangers shut
/// sign-in for their neighbours.
fn is_sign_in(method: &Method, path: &str) -> bool {
    method == Method::POST && path == "/session"
}

/// Whether reading at this path takes a right that may be refused.
fn guarded(path: &str) -> bool {
    at(path).any(|route| {
        route.method == "GET" && !matches!(route.guard, Guard::Anyone | Guard::Action(Action::Read))
    })
}

/// Whether it is a command: the writer notes what it refuses itself.
fn by_writer(method: &Method, path: &str) -> bool {
    at(path)
        .any(|route| route.method == method.as_str() && matches!(route.guard, Guard::Command(_)))
}
