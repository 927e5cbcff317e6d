//! `/admin/system`: the daemon about itself.

use axum::{Json, extract::State};
use mmp_shared::system::{SystemHealth, SystemInfo, VERSION};

use crate::http::{AppState, error::Result, extract::Caller};

/// What the daemon is and does. Admins only.
pub async fn about(State(state): State<AppState>, caller: Caller) -> Result<Json<SystemInfo>> {
    caller.must_be_admin()?;
    Ok(Json(SystemInfo {
        pid: std::process::id(),
        version: VERSION.to_owned(),
        socket: state.about.socket.clone(),
        started_at: state.about.started_at,
        runs: state.services.runs.live_count() as u64,
        tcp: state.about.tcp,
    }))
}

/// How the daemon's store, vault and proxies are now. Admins only.
pub async fn health(State(state): State<AppState>, caller: Caller) -> Result<Json<SystemHealth>> {
    caller.must_be_admin()?;
    Ok(Json(state.services.system.health().await))
}
