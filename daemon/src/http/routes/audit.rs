//! `/admin/audit`: what has happened to accounts and keys.

use axum::{Json, extract::State};
use mmp_shared::{
    audit::{AuditLine, AuditQuery},
    page::Page,
};

use crate::http::{AppState, error::Result, extract::ListQuery};

/// A page of the audit, the newest line first.
pub async fn list(State(state): State<AppState>, ListQuery(query): ListQuery<AuditQuery>) -> Result<Json<Page<AuditLine>>> {
    Ok(Json(state.services.audit.list(query).await?))
}
