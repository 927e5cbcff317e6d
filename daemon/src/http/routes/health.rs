//! `/health`: open to everyone who can connect, and says no more than a word.

use axum::{extract::State, http::StatusCode};

use crate::{http::AppState, services::system::Readiness};

/// Whether the process lives.
pub async fn live() -> &'static str {
    "ok"
}

/// Whether it can do its work: `ok`, or 503 and what is in the way, `stopping`, `store`, `disk` or `vault`.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.ending.asked.has_begun() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match state.services.system.readiness().await {
        Readiness::Ready => (StatusCode::OK, "ok"),
        Readiness::Store => (StatusCode::SERVICE_UNAVAILABLE, "store"),
        Readiness::Disk => (StatusCode::SERVICE_UNAVAILABLE, "disk"),
        Readiness::Vault => (StatusCode::SERVICE_UNAVAILABLE, "vault"),
    }
}
