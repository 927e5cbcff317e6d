//! `/servers`: servers of models on the daemon's own machine.

use axum::{Json, extract::State};
use mmp_shared::{page::Page, servers::FoundServer};

use crate::http::{AppState, error::Result, extract::Caller};

/// The servers that answer now. The policy has it for admins: it tells what runs on the daemon's machine.
pub async fn find(State(state): State<AppState>, caller: Caller) -> Result<Json<Page<FoundServer>>> {
    Ok(Json(state.services.servers.find(caller.account.id).await?))
}
