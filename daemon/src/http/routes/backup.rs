//! `/admin/backup`.

use axum::{
    body,
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::stream::unfold;
use mmp_shared::backup::BackupRequest;

use crate::http::{
    AppState,
    error::Result,
    extract::{Body, Caller},
};

/// The whole store, while it is in use.
pub async fn make(State(state): State<AppState>, caller: Caller, Body(request): Body<BackupRequest>) -> Result<Response> {
    let bytes = state.services.backups.begin(caller.account.id, request).await?;
    let stream = unfold(bytes, async |mut bytes| bytes.recv().await.map(|part| (part, bytes)));
    let mut response = Response::new(body::Body::from_stream(stream));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    Ok(response)
}
