//! `/models`.

use axum::{Json, extract::State};
use mmp_shared::{models::Model, page::Page};

use crate::http::{
    AppState,
    error::Result,
    extract::{Caller, Reference},
};

/// The models that the caller's providers have.
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<Page<Model>>> {
    Ok(Json(state.services.models.list(caller.account.id).await?))
}

/// The model that a name means.
pub async fn show(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<Json<Model>> {
    Ok(Json(state.services.models.show(caller.account.id, &name).await?))
}
