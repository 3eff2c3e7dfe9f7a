//! The live door: the upgrade, and who may come in.
mod farewell;
mod frames;
mod line;
mod pump;
mod session;
mod timers;
mod watch;

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hyper::upgrade::Parts;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};

use crate::{
    http::{ApiError, App, Patient, Visitor, caller},
    protocol::{
        problem::{Code, Problem},
        socket::{FRAME, SUBPROTOCOL},
    },
    service::caller::Caller,
    settings::Mutant,
    socket::watch::Watched,
};

/// Sockets of one account, and from one address.
const PER_ACCOUNT: usize = 5;
const PER_ADDRESS: usize = 200;

/// The socket's route.
pub fn router(app: App) -> Router {
    Router::new()
        .route(
            "/api/v1/socket",
            get(upgrade).head(async || StatusCode::METHOD_NOT_ALLOWED),
        )
        .with_state(app)
}

/// Buffers that cost little while a socket is idle: a read buffer is allocated and zeroed on every
/// attempt to read, and what clients send is small. Frames of ours do not pass through the
/// library's write buffer.
fn config(mutant: Option<Mutant>) -> WebSocketConfig {
    if mutant == Some(Mutant::DefaultSizes) {
        return WebSocketConfig::default();
    }
    WebSocketConfig::default()
        .read_buffer_size(2048)
        .write_buffer_size(0)
        .max_write_buffer_size(64 * 1024)
        .max_message_size(Some(FRAME))
        .max_frame_size(Some(FRAME))
}

async fn upgrade(State(app): State<App>, request: Request) -> Result<Response, ApiError> {
    let accept = accept_key(request.headers())?;
    let (mut parts, _) = request.into_parts();
    let caller = admitted(&app, &parts.headers).await?;
    let Visitor(visitor) = Visitor::from_request_parts(&mut parts, &app).await?;
    if app.services.budgets.on() {
        let (own, here) = app
            .services
            .presence
            .held(caller.as_ref().map(|caller| caller.account), &visitor);
        if own >= PER_ACCOUNT || here >= PER_ADDRESS {
            return Err(Problem::rate_limited(10_000).into());
        }
    }
    let upgrade = parts.extensions.remove::<hyper::upgrade::OnUpgrade>();
    let upgrade = upgrade.ok_or_else(|| {
        Problem::new(Code::UpgradeRequired, "This connection cannot be upgraded.")
    })?;
    let tasks = app.services.tasks.clone();
    tasks.spawn(async move {
        let Ok(connection) = upgrade.await else {
            return;
        };
        // The bare stream, without the layers that carried the request: it is written to directly.
        let Ok(Parts { io, read_buf, .. }) = connection.downcast::<TokioIo<Patient>>() else {
            return;
        };
        // Its place stays taken; its time is kept by the pump.
        let (stream, _place) = io.into_inner().into_parts();
        let (stream, config) = (
            Watched::new(stream, &read_buf),
            config(app.services.options.mutant),
        );
        let socket = WebSocketStream::from_partially_read(
            stream,
            read_buf.into(),
            Role::Server,
            Some(config),
        )
        .await;
        pump::run(app.services.clone(), caller, visitor, socket).await;
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(
        header::SEC_WEBSOCKET_PROTOCOL,
        HeaderValue::from_static(SUBPROTOCOL),
    );
    headers.insert(
        header::SEC_WEBSOCKET_ACCEPT,
        HeaderValue::from_str(&accept).expect("base64 is ASCII"),
    );
    Ok(response.into_response())
}

/// The answer to the client's key, if the request is a handshake of RFC 6455 section 4.2.1 that
/// offers our protocol.
fn accept_key(headers: &HeaderMap) -> Result<String, Problem> {
    let lists = |name: header::HeaderName, word: &str| {
        let values = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .any(|item| item.trim().eq_ignore_ascii_case(word))
    };
    let is = |holds: bool, detail: &str| {
        if holds {
            Ok(())
        } else {
            Err(Problem::new(Code::UpgradeRequired, detail))
        }
    };
    is(
        lists(header::CONNECTION, "upgrade") && lists(header::UPGRADE, "websocket"),
        "Open this address as a WebSocket.",
    )?;
    is(
        lists(header::SEC_WEBSOCKET_VERSION, "13"),
        "Only version 13 of WebSocket is spoken here.",
    )?;
    is(
        lists(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL),
        "Offer the subprotocol demarche.v1.",
    )?;
    let sixteen = |key: &&[u8]| {
        BASE64_STANDARD
            .decode(key)
            .is_ok_and(|bytes| bytes.len() == 16)
    };
    let key = headers
        .get(header::SEC_WEBSOCKET_KEY)
        .map(HeaderValue::as_bytes)
        .filter(sixteen);
    let key =
        key.ok_or_else(|| Problem::field("Sec-WebSocket-Key", "invalid", "16 bytes in base64."))?;
    Ok(derive_accept_key(key))
}

/// Who comes in: a bearer of a token, a page of ours with its cookie, or anybody without either.
async fn admitted(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, ApiError> {
    let by_cookie =
        !headers.contains_key(header::AUTHORIZATION) && app.edge.cookie_token(headers).is_some();
    // A page of another site could open a socket with our cookie: browsers let it, and no CORS
    // applies.
    if (by_cookie || headers.contains_key(header::ORIGIN)) && !app.edge.allows(headers) {
        return Err(Problem::new(
            Code::Forbidden,
            "Pages of this origin may not open a socket here.",
        )
        .into());
    }
    caller(app, &axum::http::Method::GET, headers).await
}
