//! `/admin/models`: what administrators say of models, for everyone.

use axum::{Json, extract::State, http::StatusCode};
use mmp_shared::models::{ModelConfig, ModelConfigChange};

use crate::{
    http::{
        AppState,
        error::Result,
        extract::{Body, Caller, Reference},
    },
    services::models::Scope,
};

/// What is said of a model for everyone.
pub async fn config(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<Json<ModelConfig>> {
    Ok(Json(state.services.models.config(caller.account.id, &name, Scope::Everyone).await?))
}

/// Changes what is said of a model for everyone.
pub async fn configure(
    State(state): State<AppState>,
    caller: Caller,
    Reference(name): Reference,
    Body(change): Body<ModelConfigChange>,
) -> Result<Json<ModelConfig>> {
    Ok(Json(state.services.models.configure(caller.account.id, &name, Scope::Everyone, change).await?))
}

/// Takes back what is said of a model for everyone.
pub async fn forget_config(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<StatusCode> {
    state.services.models.forget_config(caller.account.id, &name, Scope::Everyone).await?;
    Ok(StatusCode::NO_CONTENT)
}
