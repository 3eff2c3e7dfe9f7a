//! Problems as `application/problem+json`.
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    protocol::problem::{Code, Problem},
    service::Failure,
};

/// A problem on its way out.
pub struct ApiError(pub Problem);

impl<T: Into<Failure>> From<T> for ApiError {
    fn from(failure: T) -> Self {
        Self(failure.into().told())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.code.status().0).expect("every code has a status of HTTP");
        let mut response = (status, axum::Json(&self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(wait) = self.0.retry_after_ms {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.div_ceil(1_000)));
        }
        if self.0.code == Code::UpgradeRequired {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(
                header::SEC_WEBSOCKET_VERSION,
                HeaderValue::from_static("13"),
            );
        }
        response
    }
}

/// No such address under `/api`.
pub async fn no_route() -> ApiError {
    ApiError(Problem::not_found())
}

/// The address exists, not for this method.
pub async fn no_method() -> Response {
    let problem = Problem::new(Code::BadRequest, "This address does not take this method.");
    let mut response = ApiError(problem).into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}
