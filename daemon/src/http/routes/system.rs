//! `/admin/system`: the daemon about itself.

use axum::{Json, extract::State};
use mmp_shared::system::{SystemHealth, SystemInfo, VERSION};

use crate::http::AppState;

/// What the daemon is and does.
pub async fn about(State(state): State<AppState>) -> Json<SystemInfo> {
    Json(SystemInfo {
        pid: std::process::id(),
        version: VERSION.to_owned(),
        socket: state.about.socket.clone(),
        started_at: state.about.started_at,
        runs: state.services.runs.live_count() as u64,
        tcp: state.about.tcp,
        process: state.services.system.process(),
    })
}

/// How the daemon's store, vault and proxies are now.
pub async fn health(State(state): State<AppState>) -> Json<SystemHealth> {
    Json(state.services.system.health().await)
}
