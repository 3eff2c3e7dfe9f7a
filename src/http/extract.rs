//! Who asks and what they send.
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Request},
    http::{HeaderMap, Method, header, request::Parts},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::{
    http::{ApiError, App, Edge},
    id::Id,
    protocol::{
        command::CommandId,
        limits,
        problem::{Code, Problem},
        strict,
    },
    service::{
        caller::{Asker, Caller},
        people::{proof, sessions},
    },
};

impl Edge {
    /// Whether a page of this origin may send cookies along.
    #[must_use]
    pub fn allows(&self, headers: &HeaderMap) -> bool {
        let origin = headers
            .get(header::ORIGIN)
            .and_then(|origin| origin.to_str().ok());
        origin.is_some_and(|origin| self.origins.iter().any(|allowed| allowed == origin))
    }
}

/// Somebody who is signed in.
pub struct SignedIn(pub Caller);

/// Who asks, if they are signed in: a bearer token, or a cookie from a page of ours.
pub async fn caller(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Option<Caller>, ApiError> {
    // Other schemes are somebody else's, a proxy's in front of us for one. Their names have no
    // case.
    let scheme = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.split_once(' '));
    if let Some((_, token)) = scheme.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) {
        let token = token.trim_start_matches(' ');
        let known = limits::text("token", token).is_ok();
        let caller = if known {
            sessions::caller(&app.services, token).await?
        } else {
            None
        };
        return Ok(Some(caller.ok_or_else(|| {
            Problem::new(Code::Unauthenticated, "This token has ended.")
        })?));
    }
    let token = app
        .edge
        .cookie_token(headers)
        .filter(|token| limits::text("token", token).is_ok());
    let Some(token) = token else { return Ok(None) };
    // Browsers send Origin with everything that writes: a foreign one must not act with our cookie.
    if !method.is_safe() && headers.contains_key(header::ORIGIN) && !app.edge.allows(headers) {
        return Err(ApiError(Problem::new(
            Code::Forbidden,
            "This page may not act for you here.",
        )));
    }
    Ok(sessions::caller(&app.services, token).await?)
}

/// What [`caller`] said of a request, once somebody has asked.
#[derive(Clone)]
pub struct Asked(pub Result<Option<Caller>, Problem>);

async fn caller_of(parts: &Parts, app: &App) -> Result<Option<Caller>, ApiError> {
    match parts.extensions.get::<Asked>() {
        Some(Asked(known)) => known.clone().map_err(ApiError),
        None => caller(app, &parts.method, &parts.headers).await,
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Ok(Self(
            caller_of(parts, app)
                .await?
                .ok_or_else(Problem::unauthenticated)?,
        ))
    }
}

/// Whoever is signed in with a browser: what is about the account itself is not done by a token.
pub struct Owner(pub Caller);

impl FromRequestParts<App> for Owner {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let SignedIn(caller) =
            <SignedIn as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        proof::in_browser(&caller)?;
        Ok(Self(caller))
    }
}

/// The mark of a browser that signed in before.
pub struct Device(pub Option<String>);

impl FromRequestParts<App> for Device {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let mark = Edge::cookie_named(&parts.headers, app.edge.device_cookie());
        Ok(Self(
            mark.filter(|mark| mark.len() <= 100).map(str::to_owned),
        ))
    }
}

impl OptionalFromRequestParts<App> for SignedIn {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, ApiError> {
        Ok(caller_of(parts, app).await?.map(Self))
    }
}

/// Who asks, if they are signed in, and within which scope.
pub struct Asks(pub Option<Asker>);

impl FromRequestParts<App> for Asks {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Ok(Self(caller_of(parts, app).await?.as_ref().map(Asker::from)))
    }
}

/// A JSON object, each key once; nothing at all reads as an empty one.
pub struct Body(pub Map<String, Value>);

impl Body {
    /// The body as a type of the wire.
    pub fn typed<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        Ok(strict::typed(Value::Object(self.0))?)
    }
}

impl FromRequest<App> for Body {
    type Rejection = ApiError;
    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok()?.split(';').next());
        let json = kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|rejection| {
                let too_large = rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
                let code = if too_large {
                    Code::TooLarge
                } else {
                    Code::BadRequest
                };
                ApiError(Problem::new(
                    code,
                    "The body could not be read, or is above 64 KiB.",
                ))
            })?;
        if bytes.is_empty() {
            return Ok(Self(Map::new()));
        }
        // A form of another site can send text/plain, never this.
        if !json {
            return Err(ApiError(Problem::field(
                "",
                "invalid",
                "Send application/json.",
            )));
        }
        let body = strict::object(&bytes)?;
        limits::body(&body)?;
        Ok(Self(body))
    }
}

/// The id of a command: the `Idempotency-Key` a client sends, or a new one.
pub struct Key(pub CommandId);

impl FromRequestParts<App> for Key {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let Some(key) = parts.headers.get("idempotency-key") else {
            return Ok(Self(Id::new()));
        };
        let id = key
            .to_str()
            .ok()
            .and_then(|key| key.trim_matches('"').parse().ok());
        Ok(Self(id.ok_or_else(|| {
            Problem::field("Idempotency-Key", "invalid", "A UUID.")
        })?))
    }
}

/// The parts of the path; one that is no id or number is a problem.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        limits::path(parts.uri.path())?;
        let found =
            <axum::extract::Path<T> as FromRequestParts<App>>::from_request_parts(parts, app).await;
        found
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|rejection| Problem::field("path", "invalid", &rejection.body_text()).into())
    }
}

/// The query; one that does not fit is a problem.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        for (name, said) in
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        {
            limits::text(&name, &said)?;
        }
        let found = axum::extract::Query::from_request_parts(parts, app).await;
        found
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| Problem::field("query", "invalid", &rejection.body_text()).into())
    }
}

/// Where a list goes on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct After {
    /// The `next` of the page before.
    pub after: Option<String>,
}
