//! `/servers`: servers of models on the daemon's own machine.

use axum::{Json, extract::State};
use mmp_shared::{page::Page, servers::FoundServer};

use crate::http::{AppState, error::Result, extract::Caller};

/// The servers that answer now. Admins only: it tells what runs on the daemon's machine.
pub async fn find(State(state): State<AppState>, caller: Caller) -> Result<Json<Page<FoundServer>>> {
    caller.must_be_admin()?;
    Ok(Json(state.services.servers.find(caller.account.id).await?))
}
