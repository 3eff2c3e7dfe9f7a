//! The site's logo, where it is a file of the data folder.
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    http::{App, caching::Caching},
    service::keep::logo::Logo,
};

/// What an SVG may do where it is opened by itself: nothing but draw, and in nobody's frame.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// Sends the file. Its address changes with its content.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    let Some(Logo::Here(file)) = &app.services.options.logo else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}\"", file.tag);
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        return (StatusCode::NOT_MODIFIED, Extension(Caching::Immutable)).into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, file.kind),
        (header::ETAG, tag.as_str()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, Extension(Caching::Immutable), file.bytes.clone()).into_response()
}
