//! `POST /chat` and `POST /conversations/{id}/messages`: one turn in one request.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use mmp_shared::{
    ApiError, ErrorCode,
    chat::{AnswerBuilder, ChatAnswer, ChatRequest, DetachedResponse},
    models::{ModelTestRequest, ModelTestResponse},
    phrase,
};

use crate::{
    http::{
        AppState,
        error::{Problem, Result},
        extract::{Body, Caller, Reference},
        sse,
    },
    services::runs::{live::LiveRun, reader::RunReader},
};

/// Begins a turn, and answers with its events, with the whole answer, or at once.
pub async fn begin(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(request): Body<ChatRequest>,
) -> Result<Response> {
    turn(&state, &caller, &headers, request).await
}

/// The same in the conversation that the path names.
pub async fn begin_in_conversation(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Reference(reference): Reference,
    Body(mut request): Body<ChatRequest>,
) -> Result<Response> {
    let conversation = state.services.conversations.find(caller.account.id, &reference).await?;
    if request.conversation_id.is_some_and(|id| id != conversation.id) {
        return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-two-conversations")).into());
    }
    request.conversation_id = Some(conversation.id);
    turn(&state, &caller, &headers, request).await
}

async fn turn(state: &AppState, caller: &Caller, headers: &HeaderMap, request: ChatRequest) -> Result<Response> {
    if request.dry_run {
        let answer = state.services.chat.dry_run(&caller.account, caller.connection, request).await?;
        return Ok(Json(answer).into_response());
    }
    let (detach, save) = (request.detach, request.save);
    let run = state.services.chat.begin(&caller.account, caller.connection, request).await?;
    if detach {
        let body = DetachedResponse { run_id: run.id, conversation_id: run.saved_in.map(|saved| saved.conversation_id) };
        return Ok((StatusCode::ACCEPTED, Json(body)).into_response());
    }
    let mut reader = state.services.runs.read_live(Arc::clone(&run));
    if !save {
        reader = reader.ending_the_run();
    }
    let mut standing = state.services.auth.standing(&caller.account);
    if !wants_json(headers) {
        return Ok(sse::response(reader, standing));
    }
    tokio::select! {
        answer = whole(&run, reader) => Ok(Json(answer?).into_response()),
        () = standing.ended() => Err(ApiError::new(ErrorCode::Unauthenticated, phrase!("error-login-over")).into()),
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/event-stream")
}

/// Asks a model something small, of which nothing is kept but the numbers.
pub async fn test_model(
    State(state): State<AppState>,
    caller: Caller,
    Reference(name): Reference,
    Body(request): Body<ModelTestRequest>,
) -> Result<Json<ModelTestResponse>> {
    let run = state.services.chat.test_model(&caller.account, caller.connection, &name, request).await?;
    let answer = whole(&run, state.services.runs.read_live(Arc::clone(&run)).ending_the_run()).await?;
    Ok(Json(ModelTestResponse {
        model: format!("{}/{}", answer.provider, answer.model),
        text: answer.text,
        timing: answer.timing,
        usage: answer.usage,
        cost_usd: answer.cost_usd,
    }))
}

/// The whole answer; an error where there is none, or only a part.
async fn whole(run: &LiveRun, mut reader: RunReader) -> Result<ChatAnswer> {
    let mut answer = AnswerBuilder::new();
    while let Some(entries) = reader.next().await {
        for event in entries?.iter().filter_map(crate::services::runs::log::LogEntry::to_event) {
            answer.push(&event.event);
        }
    }
    let error = answer.ending().and_then(|ending| ending.error.clone());
    let built = answer.build().ok_or_else(|| {
        tracing::error!(run = %run.id, "a run without a beginning");
        ApiError::new(ErrorCode::Internal, phrase!("error-internal"))
    })?;
    match error {
        None => Ok(built),
        Some(error) if answer.has_answer() => Err(Problem::with_partial(error, built)),
        Some(error) => Err(error.into()),
    }
}
