//! `/search`.

use axum::{Json, extract::State};
use mmp_shared::search::{SearchPage, SearchQuery};

use crate::http::{
    AppState,
    error::Result,
    extract::{Caller, ListQuery},
};

/// A page of the caller's messages that a query finds.
pub async fn find(
    State(state): State<AppState>,
    caller: Caller,
    ListQuery(query): ListQuery<SearchQuery>,
) -> Result<Json<SearchPage>> {
    Ok(Json(state.services.search.find(caller.account.id, query).await?))
}
