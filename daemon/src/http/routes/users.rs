//! `/users/me`: the caller's own account and settings.

use axum::{Json, extract::State, http::StatusCode};
use mmp_shared::{
    settings::Settings,
    users::{PasswordRequest, Profile, ProfilePatch},
};

use crate::{
    http::{
        AppState,
        error::Result,
        extract::{Body, Caller},
    },
    services::accounts::Erased,
};

/// Who the caller is.
pub async fn me(State(state): State<AppState>, caller: Caller) -> Result<Json<Profile>> {
    Ok(Json(state.services.users.profile(&caller.account).await?))
}

/// Changes what is named of the caller's account.
pub async fn change(State(state): State<AppState>, caller: Caller, Body(patch): Body<ProfilePatch>) -> Result<Json<Profile>> {
    Ok(Json(state.services.users.change_profile(&caller.account, patch).await?))
}

/// Deletes the caller's account with everything that belongs to it.
pub async fn delete(State(state): State<AppState>, caller: Caller) -> Result<StatusCode> {
    Ok(match state.services.accounts.delete_own(&caller.account).await? {
        Erased::Wholly => StatusCode::NO_CONTENT,
        Erased::StillGoing => StatusCode::ACCEPTED,
    })
}

/// Changes the caller's password.
pub async fn change_password(
    State(state): State<AppState>,
    caller: Caller,
    Body(request): Body<PasswordRequest>,
) -> Result<StatusCode> {
    state.services.auth.change_password(&caller.account, &request).await?;
    Ok(StatusCode::NO_CONTENT)
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
