//! The embedded web app: files as they are, and pages whose head the server writes so that they can
//! be read and shared without a script.
use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rust_embed::{Embed, EmbeddedFile};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    domain::text::LANGUAGES,
    http::{
        App, arrived,
        caching::{self, Caching},
        extract,
        pages::page_at,
    },
    protocol::rest::List,
    service::{
        Options,
        caller::Asker,
        reads::{
            frameworks,
            heads::{self, Asked},
        },
    },
};

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
    early: Value,
}

impl Pages {
    /// Reads the embedded page.
    #[must_use]
    pub fn load(options: &Options) -> Self {
        let index = Files::get("index.html").map_or_else(
            || BARE.into(),
            |file| String::from_utf8_lossy(&file.data).into_owned(),
        );
        let hashes: Vec<String> = inline_scripts(&index)
            .map(|script| {
                format!(
                    "'sha256-{}'",
                    BASE64_STANDARD.encode(Sha256::digest(script))
                )
            })
            .collect();
        let socket = options.public_url.replacen("http", "ws", 1);
        let policy = format!(
            "default-src 'none'; script-src 'self' {}; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self' {socket}; \
             manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {}; require-trusted-types-for 'script'; \
             trusted-types svelte-trusted-html sveltekit-trusted-url demarche",
            hashes.join(" "),
            options.frame_ancestors
        );
        let early = Files::get("early.json")
            .and_then(|file| serde_json::from_slice(&file.data).ok())
            .unwrap_or_default();
        Self {
            index,
            policy,
            early,
        }
    }

    /// Links to what a page needs besides what its HTML names: itself, what it shows at once, and
    /// the words and faces of its language.
    fn early(&self, locale: &str, pattern: &str, view: &str) -> String {
        let listed = |page: &str| self.early[format!("{locale} {page}")].as_array();
        let files = listed(&format!("{pattern}?view={view}")).or_else(|| listed(pattern));
        let files = files
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter(|file| !self.index.contains(*file));
        let link = |file: &str| {
            // Not before what draws the page: a face is wanted when that is there.
            let how = if file.ends_with(".woff2") {
                "preload\" as=\"font\" crossorigin fetchpriority=\"low"
            } else {
                "modulepreload"
            };
            format!("<link rel=\"{how}\" href=\"/{file}\">")
        };
        files.map(link).collect()
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
    if let Some(file) = Files::get(path).filter(|_| !OURS.contains(&path) && !path.ends_with(".br"))
    {
        return asset(path, &file, request.headers());
    }
    if path.starts_with("_app/") || path.starts_with("api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    page(&app, &pages, &request.into_parts().0).await
}

/// Files of the build that are for the server.
const OURS: [&str; 2] = ["index.html", "early.json"];

/// The app's page with its head and, for readers without a session, with what it asks for first.
async fn page(app: &App, pages: &Pages, request: &Parts) -> Response {
    let locale = locale(&request.uri, &request.headers);
    let view = queried(&request.uri, "view").next().unwrap_or_default();
    let caller = extract::caller(app, &request.method, &request.headers)
        .await
        .ok()
        .flatten();
    let (path, found) = (request.uri.path(), page_at(request.uri.path()));
    let pattern = found.as_ref().map_or("", |page| page.pattern);
    let named = found
        .as_ref()
        .map(|page| (page.about, page.parts.as_slice()));
    let head = heads::head(
        &app.services,
        Asked {
            path,
            locale,
            asker: caller.as_ref().map(Asker::from),
        },
        named,
    )
    .await;
    let status = if head.found {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    let signed_in = caching::names_somebody(app, &request.headers);
    let arrived = if signed_in || !head.found {
        String::new()
    } else {
        arrived::script(app, named).await
    };
    let page = pages
        .index
        .replacen("lang=\"en\"", &format!("lang=\"{locale}\""), 1);
    let page = page
        .replacen(HEAD, &(head.tags + &pages.early(locale, pattern, view)), 1)
        .replacen(NOSCRIPT, &(head.noscript + &arrived), 1);
    (
        status,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        Extension(Caching::Page),
        page,
    )
        .into_response()
}

fn asset(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    // The copy that was compressed when the app was built, where the browser takes it.
    let taken = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = taken.split(',').any(|coding| {
        coding
            .split(';')
            .next()
            .is_some_and(|name| name.trim() == "br")
            && !coding.contains("q=0")
    });
    let small = takes.then(|| Files::get(&format!("{path}.br"))).flatten();
    let sent = small.as_ref().unwrap_or(file);
    let tag = format!(
        "\"{}\"",
        BASE64_STANDARD.encode(sent.metadata.sha256_hash())
    );
    // Names under immutable/ carry a hash of their content.
    let caching = if path.contains("/immutable/") {
        Caching::Immutable
    } else {
        Caching::File
    };
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        return (StatusCode::NOT_MODIFIED, Extension(caching)).into_response();
    }
    let kind = kind(file.metadata.mimetype());
    let told = [
        (header::CONTENT_TYPE, kind),
        (header::ETAG, tag),
        (header::VARY, "Accept-Encoding".into()),
    ];
    let coding = small
        .is_some()
        .then_some([(header::CONTENT_ENCODING, "br")]);
    let mut response = (told, Extension(caching), sent.data.clone().into_owned()).into_response();
    response.headers_mut().extend(
        coding
            .into_iter()
            .flatten()
            .map(|(name, value)| (name, HeaderValue::from_static(value))),
    );
    response
}

/// The type of a file; what is text is UTF-8.
fn kind(of: &str) -> String {
    if of.starts_with("text/") {
        format!("{of}; charset=utf-8")
    } else {
        of.into()
    }
}

/// What an address says under a name after its `?`, as it stands there.
fn queried<'a>(uri: &'a Uri, name: &'a str) -> impl Iterator<Item = &'a str> {
    uri.query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter_map(move |pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// The language a page is for: the one its address names, else the first of the interface's that
/// the browser asks for.
fn locale(uri: &Uri, headers: &HeaderMap) -> &'static str {
    let known = |tag: &str| LANGUAGES.into_iter().find(|known| *known == tag);
    let named = queried(uri, "lang").find_map(known);
    let asked = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut tags = asked
        .split(',')
        .filter_map(|tag| known(tag.trim().split(['-', ';']).next().unwrap_or_default()));
    named.or_else(|| tags.next()).unwrap_or("en")
}

/// What robots may read: everything that is public but the interface for programs.
pub async fn robots(State(app): State<App>) -> impl IntoResponse {
    let text = format!(
        "User-agent: *\nDisallow: /api/\nSitemap: {}/sitemap.xml\n",
        app.services.options.public_url
    );
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        Extension(Caching::Public(3_600)),
        text,
    )
}

/// The pages that are the same for everybody: the question, the document and its points.
pub async fn sitemap(State(app): State<App>) -> Response {
    let base = &app.services.options.public_url;
    let mut paths: Vec<String> = ["/", "/framework", "/lineage", "/scope", "/log"]
        .map(str::to_owned)
        .into();
    let list = frameworks::list(&app.services, None)
        .await
        .unwrap_or_else(|_| List {
            items: vec![],
            next: None,
        });
    if let Some(entry) = list.items.first() {
        paths.extend((1..=entry.points).map(|number| format!("/points/{number}")));
    }
    let base = base.replace('&', "&amp;").replace('<', "&lt;");
    let urls: String = paths
        .iter()
        .map(|path| format!("<url><loc>{base}{path}</loc></url>"))
        .collect();
    let map = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>"
    );
    (
        [(header::CONTENT_TYPE, "application/xml; charset=utf-8")],
        Extension(Caching::Public(3_600)),
        map,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn a_file_of_text_says_how_its_letters_are_written() {
        for (of, told) in [
            ("text/css", "text/css; charset=utf-8"),
            ("text/javascript", "text/javascript; charset=utf-8"),
            ("font/woff2", "font/woff2"),
        ] {
            assert_eq!(kind(of), told);
        }
    }
}
