//! `/users/me`: the caller's own account and settings.

use axum::{Json, extract::State};
use mmp_shared::{models::Settings, users::WhoAmI};

use crate::http::{
    AppState,
    error::Result,
    extract::{Body, Caller},
};

/// Who the caller is.
pub async fn me(caller: Caller) -> Json<WhoAmI> {
    Json(caller.account.whoami())
}

/// What the caller has set.
pub async fn settings(State(state): State<AppState>, caller: Caller) -> Result<Json<Settings>> {
    Ok(Json(state.services.settings.all(caller.account.id).await?))
}

/// Changes the settings that are named.
pub async fn change_settings(
    State(state): State<AppState>,
    caller: Caller,
    Body(changes): Body<Settings>,
) -> Result<Json<Settings>> {
    Ok(Json(state.services.models.change_settings(caller.account.id, changes).await?))
}
