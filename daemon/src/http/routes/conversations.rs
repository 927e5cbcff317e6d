//! `/conversations` and `/import`.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mmp_shared::{
    conversations::{
        Conversation, ConversationChange, ConversationDetail, ConversationQuery, DeletedConversations, DetailQuery, Message,
        NewConversation,
    },
    export::{self, ExportFormat, ExportQuery},
    import::{ImportRequest, ImportResponse},
    page::Page,
};

use crate::http::{
    AppState,
    error::Result,
    extract::{Body, Caller, ImportBody, ListQuery, Reference},
};

/// A page of the caller's conversations.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    ListQuery(query): ListQuery<ConversationQuery>,
) -> Result<Json<Page<Conversation>>> {
    Ok(Json(state.services.conversations.list(caller.account.id, query).await?))
}

/// Begins a conversation.
pub async fn begin(
    State(state): State<AppState>,
    caller: Caller,
    Body(new): Body<NewConversation>,
) -> Result<(StatusCode, Json<Conversation>)> {
    Ok((StatusCode::CREATED, Json(state.services.conversations.begin(caller.account.id, new).await?)))
}

/// Forgets all of the caller's.
pub async fn delete_all(State(state): State<AppState>, caller: Caller) -> Result<Json<DeletedConversations>> {
    Ok(Json(DeletedConversations { deleted: state.services.conversations.delete_all(caller.account.id).await? }))
}

/// One conversation with its messages.
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Reference(reference): Reference,
    ListQuery(query): ListQuery<DetailQuery>,
) -> Result<Json<ConversationDetail>> {
    Ok(Json(state.services.conversations.show(caller.account.id, &reference, query.tree).await?))
}

/// Changes one.
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    Reference(reference): Reference,
    Body(change): Body<ConversationChange>,
) -> Result<Json<Conversation>> {
    Ok(Json(state.services.conversations.change(caller.account.id, &reference, change).await?))
}

/// Forgets one.
pub async fn delete(State(state): State<AppState>, caller: Caller, Reference(reference): Reference) -> Result<StatusCode> {
    state.services.conversations.delete(caller.account.id, &reference).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The messages of one.
pub async fn messages(
    State(state): State<AppState>,
    caller: Caller,
    Reference(reference): Reference,
    ListQuery(query): ListQuery<DetailQuery>,
) -> Result<Json<Page<Message>>> {
    let detail = state.services.conversations.show(caller.account.id, &reference, query.tree).await?;
    Ok(Json(Page { items: detail.messages, next_cursor: None }))
}

/// One to take along.
pub async fn export(
    State(state): State<AppState>,
    caller: Caller,
    Reference(reference): Reference,
    ListQuery(query): ListQuery<ExportQuery>,
) -> Result<Response> {
    let conversation = state.services.conversations.export(caller.account.id, &reference).await?;
    let format = query.format.unwrap_or(ExportFormat::Json);
    Ok(([(header::CONTENT_TYPE, format.content_type())], export::write(&conversation, format)).into_response())
}

/// Takes conversations in.
pub async fn import(
    State(state): State<AppState>,
    caller: Caller,
    ImportBody(request): ImportBody<ImportRequest>,
) -> Result<Json<ImportResponse>> {
    let results = state.services.conversations.import(caller.account.id, request.conversations).await?;
    Ok(Json(ImportResponse { results }))
}
