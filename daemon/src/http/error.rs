//! Errors over HTTP: RFC 9457's `application/problem+json`, with the contract's fields beside the standard's.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mmp_shared::{ApiError, ErrorCode, chat::ChatAnswer};
use serde_json::{Map, Value};

/// What a route answers instead of its answer.
#[derive(Debug, Clone)]
pub struct Problem {
    error: ApiError,
    partial: Option<Box<ChatAnswer>>,
}

/// What routes return.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// A problem that left something of an answer behind.
    pub fn with_partial(error: ApiError, partial: ChatAnswer) -> Self {
        Self { error, partial: Some(Box::new(partial)) }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        Self { error, partial: None }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.error.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = match serde_json::to_value(&self.error) {
            Ok(Value::Object(body)) => body,
            _ => Map::new(),
        };
        body.insert("type".into(), "about:blank".into());
        body.insert("title".into(), self.error.code.as_str().into());
        body.insert("status".into(), status.as_u16().into());
        body.insert("detail".into(), self.error.message.clone().into());
        if let Some(partial) = self.partial {
            body.insert("partial".into(), serde_json::to_value(partial).unwrap_or_default());
        }
        let mut response = (status, Value::Object(body).to_string()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        let headers = response.headers_mut();
        if let Some(milliseconds) = self.error.retry_after_ms {
            headers.insert(header::RETRY_AFTER, milliseconds.div_ceil(1000).into());
        }
        if self.error.code == ErrorCode::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        // The middleware that knows the request's id writes it into the body of a problem.
        response.extensions_mut().insert(IsProblem);
        response
    }
}

/// Marks an answer that is a problem.
#[derive(Debug, Clone, Copy)]
pub struct IsProblem;
