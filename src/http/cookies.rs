//! The cookies: what they are called, and how they are read and set.
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::Edge;
use crate::domain::account::SESSION_LIFE;

impl Edge {
    /// The cookie's name: the `__Host-` prefix binds it to this host over https.
    #[must_use]
    pub fn cookie(&self) -> &'static str {
        if self.secure {
            "__Host-demarche"
        } else {
            "demarche"
        }
    }

    /// The name of the cookie by which a browser that signed in before is known.
    #[must_use]
    pub fn device_cookie(&self) -> &'static str {
        if self.secure {
            "__Host-demarche-device"
        } else {
            "demarche-device"
        }
    }

    /// The token in the request's cookie.
    #[must_use]
    pub fn cookie_token<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        Self::cookie_named(headers, self.cookie())
    }

    /// What the cookie of a name says.
    pub(super) fn cookie_named<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
        let cookies = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let mut pairs = cookies
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        pairs
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value)
    }
}

/// A cookie of this site alone; no value clears it.
pub fn cookie(edge: &Edge, name: &str, value: Option<&str>, life: i64) -> HeaderValue {
    let age = value.map_or(0, |_| life / 1_000);
    let secure = if edge.secure { "; Secure" } else { "" };
    let cookie = format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}",
        value.unwrap_or_default()
    );
    HeaderValue::from_str(&cookie).expect("tokens are ASCII")
}

/// An answer that sets or clears the session's cookie.
pub fn with_cookie(
    edge: &Edge,
    status: StatusCode,
    token: Option<&str>,
    body: impl Serialize,
) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(
        header::SET_COOKIE,
        cookie(edge, edge.cookie(), token, SESSION_LIFE),
    );
    response
}
