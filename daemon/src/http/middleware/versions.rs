//! Versions travel in a header of every request and answer. A daemon that a client started and that has nothing to do
//! makes way when a newer client comes; a busy one does not, and the client says so to its user. Who calls while the
//! daemon leaves is told the same: come back to the next one.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mmp_shared::{
    ApiError, ErrorCode, phrase,
    system::{STEPPING_DOWN_HEADER, VERSION, VERSION_HEADER, is_older},
};

use crate::http::{AppState, error::Problem};

/// Marks requests and answers, and makes way for a newer client.
pub async fn versions(State(state): State<AppState>, request: Request, next: Next) -> Response {
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
    response.headers_mut().insert(VERSION_HEADER, HeaderValue::from_static(VERSION));
    response
}

/// Whether this daemon is about to be gone, with nothing left to do: who calls is to come back to the next one.
fn is_leaving(state: &AppState) -> bool {
    state.ending.asked.has_begun() && state.services.runs.live_count() == 0
}
