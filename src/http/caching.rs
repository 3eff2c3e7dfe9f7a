//! What may be kept of an answer, and by whom: the one place that writes `Cache-Control` and
//! `Vary`. Nothing may be kept of an answer whose handler declares nothing, so a route that is
//! forgotten tells nothing to a cache.
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::App;

/// What a handler declares of its answer, in the response's extensions. It must be the same for
/// everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// A file whose address changes with its content.
    Immutable,
    /// A file that may be kept by whoever asks each time whether it is still the same.
    File,
    /// A page in the language the browser asks for, with what it asks for first where nobody is
    /// signed in; kept by the browser alone, as above.
    Page,
    /// Made of what everybody may see; good for so many seconds.
    Public(u32),
}

impl Caching {
    fn header(self) -> HeaderValue {
        match self {
            Self::Immutable => HeaderValue::from_static("public, max-age=31536000, immutable"),
            Self::File => HeaderValue::from_static("no-cache"),
            Self::Page => HeaderValue::from_static("private, no-cache"),
            Self::Public(seconds) => HeaderValue::from_str(&format!("public, max-age={seconds}"))
                .expect("digits are ASCII"),
        }
    }
}

/// Writes what may be kept. An answer that may have been made for somebody who is signed in is kept
/// by nobody.
pub async fn declare(State(app): State<App>, request: Request, next: Next) -> Response {
    let signed_in = names_somebody(&app, request.headers());
    let mut response = next.run(request).await;
    let declared = response
        .extensions()
        .get::<Caching>()
        .copied()
        .filter(|caching| !(signed_in && matches!(caching, Caching::Public(_))));
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        declared.map_or(HeaderValue::from_static("no-store"), Caching::header),
    );
    match declared {
        // For caches that keep in spite of it.
        None => headers.append(
            header::VARY,
            HeaderValue::from_static("Cookie, Authorization"),
        ),
        Some(Caching::Page) => headers.append(
            header::VARY,
            HeaderValue::from_static("Accept-Language, Cookie"),
        ),
        Some(_) => false,
    };
    response
}

/// Whether a request may be made in somebody's name.
pub fn names_somebody(app: &App, headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION) || app.edge.cookie_token(headers).is_some()
}
