//! The embedded web app: files as they are, and pages whose head the server writes so that they can be read and shared
//! without a script.
use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rust_embed::Embed;
use sha2::{Digest, Sha256};

use super::{App, caching::Caching};
use crate::service::{Options, heads};

#[derive(Embed)]
#[folder = "$DEMARCHE_FRONTEND"]
struct Files;

/// Where the head and the words without a script go in the app's page.
const HEAD: &str = "<!--demarche:head-->";
const NOSCRIPT: &str = "<!--demarche:noscript-->";
/// What stands in for the app where it was built without one.
const BARE: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><!--demarche:head--></head><body>\
    <!--demarche:noscript--><p>This server was built without the web app. The interface for programs is under /api.</p></body></html>";

/// The app's page and the policy that lets its own scripts run and no others.
pub struct Pages {
    index: String,
    policy: String,
}

impl Pages {
    /// Reads the embedded page.
    #[must_use]
    pub fn load(options: &Options) -> Self {
        let index = Files::get("index.html").map_or_else(|| BARE.into(), |file| String::from_utf8_lossy(&file.data).into_owned());
        let hashes: Vec<String> =
            inline_scripts(&index).map(|script| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script)))).collect();
        let socket = options.public_url.replacen("http", "ws", 1);
        let policy = format!(
            "default-src 'none'; script-src 'self' {}; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self' {socket}; \
             manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {}; require-trusted-types-for 'script'; \
             trusted-types svelte-trusted-html sveltekit-trusted-url demarche",
            hashes.join(" "),
            options.frame_ancestors
        );
        Self { index, policy }
    }

    /// The content security policy.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.policy
    }
}

fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

/// A file of the app, or its page for every other address.
pub async fn serve(State((app, pages)): State<(App, Arc<Pages>)>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if let Some(file) = Files::get(path).filter(|_| path != "index.html") {
        return asset(path, &file, request.headers());
    }
    if path.starts_with("_app/") || path.starts_with("api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let locale = locale(request.headers());
    let head = heads::head(&app.services, request.uri().path(), locale).await;
    let status = if head.found { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = pages.index.replacen(HEAD, &head.tags, 1).replacen(NOSCRIPT, &head.noscript, 1);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(header::CONTENT_TYPE, html)], Extension(Caching::Page), page).into_response()
}

fn asset(path: &str, file: &rust_embed::EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", BASE64_STANDARD.encode(file.metadata.sha256_hash()));
    // Names under immutable/ carry a hash of their content.
    let caching = if path.contains("/immutable/") { Caching::Immutable } else { Caching::File };
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, Extension(caching)).into_response();
    }
    let kind = file.metadata.mimetype().to_owned();
    ([(header::CONTENT_TYPE, kind), (header::ETAG, tag)], Extension(caching), file.data.clone().into_owned()).into_response()
}

/// The first of the interface's languages a browser asks for.
fn locale(headers: &HeaderMap) -> &'static str {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tags = asked.split(',').map(|tag| tag.trim().split(['-', ';']).next().unwrap_or_default());
    tags.filter_map(|tag| crate::domain::text::LANGUAGES.into_iter().find(|known| *known == tag)).next().unwrap_or("en")
}
