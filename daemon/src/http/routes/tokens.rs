//! `/users/me/tokens`: the caller's access tokens.

use axum::{Json, extract::State, http::StatusCode};
use mmp_shared::{
    page::Page,
    tokens::{AccessToken, NewToken, TokenRequest},
};

use crate::http::{
    AppState,
    error::Result,
    extract::{Body, Caller, Reference},
};

/// The caller's access tokens.
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<Page<AccessToken>>> {
    Ok(Json(state.services.access_tokens.list(&caller.account).await?))
}

/// Makes an access token, and shows it this once.
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(request): Body<TokenRequest>,
) -> Result<(StatusCode, Json<NewToken>)> {
    Ok((StatusCode::CREATED, Json(state.services.access_tokens.create(&caller.account, &request).await?)))
}

/// Revokes an access token.
pub async fn revoke(State(state): State<AppState>, caller: Caller, Reference(reference): Reference) -> Result<StatusCode> {
    state.services.access_tokens.revoke(&caller.account, &reference).await?;
    Ok(StatusCode::NO_CONTENT)
}
