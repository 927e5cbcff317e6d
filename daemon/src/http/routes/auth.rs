//! `/auth`: registering, logging in and out, and logins.

use axum::{Json, extract::State, http::StatusCode};
use mmp_shared::{
    auth::{Login, LoginRequest, LoginResponse, LoginTokens, LogoutRequest, RefreshRequest, RegisterRequest},
    page::Page,
};

use crate::http::{
    AppState,
    error::Result,
    extract::{Body, Caller, OptionalBody, Reference, Unproved},
};

/// Makes an account and logs in.
pub async fn register(
    State(state): State<AppState>,
    Unproved(credentials): Unproved,
    Body(request): Body<RegisterRequest>,
) -> Result<(StatusCode, Json<LoginResponse>)> {
    Ok((StatusCode::CREATED, Json(state.services.auth.register(&request, &credentials).await?)))
}

/// Logs in by password.
pub async fn log_in(State(state): State<AppState>, Body(request): Body<LoginRequest>) -> Result<Json<LoginResponse>> {
    Ok(Json(state.services.auth.log_in(&request).await?))
}

/// Takes a refresh token for new tokens.
pub async fn refresh(State(state): State<AppState>, Body(request): Body<RefreshRequest>) -> Result<Json<LoginTokens>> {
    Ok(Json(state.services.auth.refresh(&request).await?))
}

/// Ends a login.
pub async fn log_out(
    State(state): State<AppState>,
    Unproved(credentials): Unproved,
    OptionalBody(request): OptionalBody<LogoutRequest>,
) -> Result<StatusCode> {
    state.services.auth.log_out(&request, &credentials).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's logins.
pub async fn logins(State(state): State<AppState>, caller: Caller) -> Json<Page<Login>> {
    Json(state.services.auth.logins(&caller.account))
}

/// Ends one of the caller's logins.
pub async fn revoke(State(state): State<AppState>, caller: Caller, Reference(reference): Reference) -> Result<StatusCode> {
    state.services.auth.revoke(&caller.account, &reference).await?;
    Ok(StatusCode::NO_CONTENT)
}
