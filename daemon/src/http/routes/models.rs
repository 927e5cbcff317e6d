//! `/models`, and the lists of models that providers have.

use axum::{Json, extract::State, http::StatusCode};
use mmp_shared::{
    models::{Model, ModelConfig, ModelConfigChange, ModelDetail, ModelQuery, ModelsQuery, RefreshResponse},
    page::Page,
};

use crate::{
    http::{
        AppState,
        error::Result,
        extract::{Body, Caller, ListQuery, Reference},
    },
    services::models::Scope,
};

/// The models that the caller's providers have.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    ListQuery(query): ListQuery<ModelsQuery>,
) -> Result<Json<Page<Model>>> {
    Ok(Json(state.services.models.list(caller.account.id, query).await?))
}

/// The model that a name means, and what would be used if it were asked.
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Reference(name): Reference,
    ListQuery(query): ListQuery<ModelQuery>,
) -> Result<Json<ModelDetail>> {
    Ok(Json(state.services.models.show(caller.account.id, &name, query).await?))
}

/// What the caller says of a model.
pub async fn config(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<Json<ModelConfig>> {
    Ok(Json(state.services.models.config(caller.account.id, &name, Scope::Own).await?))
}

/// Changes what the caller says of a model.
pub async fn configure(
    State(state): State<AppState>,
    caller: Caller,
    Reference(name): Reference,
    Body(change): Body<ModelConfigChange>,
) -> Result<Json<ModelConfig>> {
    Ok(Json(state.services.models.configure(caller.account.id, &name, Scope::Own, change).await?))
}

/// Takes back what the caller says of a model.
pub async fn forget_config(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<StatusCode> {
    state.services.models.forget_config(caller.account.id, &name, Scope::Own).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks a provider for its models, and keeps the list.
pub async fn refresh(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<Json<RefreshResponse>> {
    Ok(Json(state.services.models.refresh(caller.account.id, &name).await?))
}
