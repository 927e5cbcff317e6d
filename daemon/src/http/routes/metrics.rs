//! `/metrics`: numbers for monitors.

use axum::{
    extract::State,
    http::{HeaderName, header::CONTENT_TYPE},
};

use crate::http::AppState;

/// What the text is, as Prometheus names it.
const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that is counted.
pub async fn scrape(State(state): State<AppState>) -> ([(HeaderName, &'static str); 1], String) {
    let text = state.services.system.metrics(state.services.runs.live_count(), state.about.started_at).await;
    ([(CONTENT_TYPE, PROMETHEUS_TEXT)], text)
}
