//! `/roles`.

use axum::{Json, extract::State, http::StatusCode};
use mmp_shared::{
    page::Page,
    roles::{Role, RoleChange},
};

use crate::http::{
    AppState,
    error::Result,
    extract::{Body, Caller, Reference},
};

/// The caller's roles.
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<Page<Role>>> {
    Ok(Json(state.services.roles.list(caller.account.id).await?))
}

/// One role.
pub async fn show(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<Json<Role>> {
    Ok(Json(state.services.roles.show(caller.account.id, &name).await?))
}

/// Makes or changes a role.
pub async fn put(
    State(state): State<AppState>,
    caller: Caller,
    Reference(name): Reference,
    Body(change): Body<RoleChange>,
) -> Result<Json<Role>> {
    Ok(Json(state.services.roles.put(caller.account.id, &name, change).await?))
}

/// Forgets a role.
pub async fn delete(State(state): State<AppState>, caller: Caller, Reference(name): Reference) -> Result<StatusCode> {
    state.services.roles.delete(caller.account.id, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
