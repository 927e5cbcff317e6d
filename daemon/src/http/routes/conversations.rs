//! `/conversations`.

use axum::{Json, extract::State};
use mmp_shared::{
    conversations::{Conversation, ConversationDetail},
    page::{Page, PageQuery},
};

use crate::http::{
    AppState,
    error::Result,
    extract::{Caller, ListQuery, Reference},
};

/// A page of the caller's conversations.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    ListQuery(query): ListQuery<PageQuery>,
) -> Result<Json<Page<Conversation>>> {
    Ok(Json(state.services.conversations.list(caller.account.id, query).await?))
}

/// One conversation with its messages.
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Reference(reference): Reference,
) -> Result<Json<ConversationDetail>> {
    Ok(Json(state.services.conversations.show(caller.account.id, &reference).await?))
}
