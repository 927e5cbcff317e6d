//! `/admin/system`: the daemon about itself.

use axum::{Json, extract::State};
use mmp_shared::{
    ApiError, ErrorCode, phrase,
    system::{SystemInfo, VERSION},
    users::AccountRole,
};

use crate::http::{AppState, error::Result, extract::Caller};

/// What the daemon is and does. Admins only.
pub async fn about(State(state): State<AppState>, caller: Caller) -> Result<Json<SystemInfo>> {
    if caller.account.role != AccountRole::Admin {
        return Err(ApiError::new(ErrorCode::Forbidden, phrase!("error-admins-only")).into());
    }
    Ok(Json(SystemInfo {
        pid: std::process::id(),
        version: VERSION.to_owned(),
        socket: state.about.socket.clone(),
        started_at: state.about.started_at,
        runs: state.services.runs.live_count() as u64,
    }))
}
