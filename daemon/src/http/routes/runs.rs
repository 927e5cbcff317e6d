//! `/runs`.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use mmp_shared::{
    ApiError, ErrorCode,
    page::{Page, PageQuery},
    phrase,
    runs::Run,
};

use crate::http::{
    AppState,
    error::Result,
    extract::{Caller, ListQuery, Reference},
    sse,
};

/// A page of the caller's runs.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    ListQuery(query): ListQuery<PageQuery>,
) -> Result<Json<Page<Run>>> {
    Ok(Json(state.services.runs.list(caller.account.id, query).await?))
}

/// One run.
pub async fn show(State(state): State<AppState>, caller: Caller, Reference(reference): Reference) -> Result<Json<Run>> {
    Ok(Json(state.services.runs.show(caller.account.id, &reference).await?))
}

/// A run's events, from the one after `Last-Event-ID` on.
pub async fn events(
    State(state): State<AppState>,
    caller: Caller,
    Reference(reference): Reference,
    headers: HeaderMap,
) -> Result<Response> {
    let after = match headers.get("last-event-id") {
        None => 0,
        Some(value) => value
            .to_str()
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .ok_or_else(|| ApiError::new(ErrorCode::BadRequest, phrase!("error-last-event-id")))?,
    };
    let reader = state.services.runs.read(caller.account.id, &reference, after).await?;
    Ok(sse::response(reader, state.services.auth.standing(&caller.account)))
}

/// Stops a run.
pub async fn stop(State(state): State<AppState>, caller: Caller, Reference(reference): Reference) -> Result<Json<Run>> {
    Ok(Json(state.services.runs.stop(caller.account.id, &reference).await?))
}
