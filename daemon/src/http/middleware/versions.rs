//! Versions travel in a header of every request and answer. A daemon that a client started and that has nothing to do
//! makes way when a newer client comes; a busy one does not, and the client says so to its user. Who calls while the
//! daemon leaves is told the same: come back to the next one.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mmp_shared::{
    ApiError, ErrorCode, RunId, phrase,
    system::{REQUEST_ID_HEADER, STEPPING_DOWN_HEADER, VERSION, VERSION_HEADER, is_older},
};
use serde_json::Value;

use crate::http::{
    AppState,
    error::{IsProblem, Problem},
    extract::RequestId,
};

/// The largest problem whose body is opened to write the request's id into it, in bytes.
const LARGEST_PROBLEM: usize = 64 << 20;

/// Marks requests and answers, and makes way for a newer client.
pub async fn versions(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = RunId::generate().short();
    request.extensions_mut().insert(RequestId(id.clone()));
    let theirs = request.headers().get(VERSION_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let is_newer = theirs.as_deref().is_some_and(|theirs| is_older(VERSION, theirs));
    if is_newer && state.about.may_step_down && state.services.runs.live_count() == 0 {
        tracing::info!(client = theirs, "an idle daemon makes way for a newer client");
        state.ending.asked.begin();
    }
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = if is_api && is_leaving(&state) {
        Problem::from(ApiError::new(ErrorCode::Unavailable, phrase!("error-stepping-down"))).into_response()
    } else {
        next.run(request).await
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && is_api && is_leaving(&state) {
        response.headers_mut().insert(STEPPING_DOWN_HEADER, HeaderValue::from_static("1"));
    }
    if response.extensions_mut().remove::<IsProblem>().is_some() {
        tracing::info!(request = id, status = response.status().as_u16(), "request refused");
        response = with_request_id(response, &id).await;
    }
    let headers = response.headers_mut();
    headers.insert(VERSION_HEADER, HeaderValue::from_static(VERSION));
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID_HEADER, value);
    }
    response
}

/// Whether this daemon is about to be gone, with nothing left to do: who calls is to come back to the next one.
fn is_leaving(state: &AppState) -> bool {
    state.ending.asked.has_begun() && state.services.runs.live_count() == 0
}

async fn with_request_id(response: Response, id: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST_PROBLEM).await.unwrap_or_default();
    let body = match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Object(mut fields)) => {
            fields.insert("request_id".into(), id.into());
            Body::from(Value::Object(fields).to_string())
        }
        _ => Body::from(bytes),
    };
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    Response::from_parts(parts, body)
}
