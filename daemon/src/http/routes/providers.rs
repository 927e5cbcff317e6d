//! `/providers`.

use axum::{Json, extract::State, http::StatusCode};
use mmp_shared::{
    key_mark::{KeyMark, KeyMarkResponse},
    models::{ProviderInfo, ProviderPutRequest, ProviderPutResponse, ProviderTestResponse},
    page::Page,
};

use crate::http::{
    AppState,
    error::Result,
    extract::{Body, Caller, Reference},
};

/// The caller's providers.
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<Page<ProviderInfo>>> {
    Ok(Json(state.services.providers.list(caller.account.id).await?))
}

/// One provider.
pub async fn show(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<Json<ProviderInfo>> {
    Ok(Json(state.services.providers.show(caller.account.id, &name).await?))
}

/// Makes or changes a provider.
pub async fn put(
    State(state): State<AppState>,
    caller: Caller,
    Reference(name): Reference,
    Body(request): Body<ProviderPutRequest>,
) -> Result<Json<ProviderPutResponse>> {
    Ok(Json(state.services.providers.put(caller.account.id, &name, request).await?))
}

/// Forgets an added provider.
pub async fn remove(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<StatusCode> {
    state.services.providers.remove(caller.account.id, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks a provider for its models.
pub async fn test(
    State(state): State<AppState>,
    caller: Caller,
    Reference(name): Reference,
) -> Result<Json<ProviderTestResponse>> {
    Ok(Json(state.services.providers.test(caller.account.id, &name).await?))
}

/// Whether the sealed key is the one with this mark.
pub async fn compare_key(
    State(state): State<AppState>,
    caller: Caller,
    Reference(name): Reference,
    Body(mark): Body<KeyMark>,
) -> Result<Json<KeyMarkResponse>> {
    Ok(Json(state.services.providers.compare_key(caller.account.id, &name, &mark).await?))
}
