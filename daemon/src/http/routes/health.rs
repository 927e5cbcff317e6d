//! `/health`: open to everyone who can connect, and says no more than the word.

use axum::{extract::State, http::StatusCode};

use crate::http::AppState;

/// Whether the process lives.
pub async fn live() -> &'static str {
    "ok"
}

/// Whether it takes requests.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.ending.asked.has_begun() { (StatusCode::SERVICE_UNAVAILABLE, "stopping") } else { (StatusCode::OK, "ok") }
}
