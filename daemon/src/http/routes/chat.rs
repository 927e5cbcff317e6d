//! `POST /chat` and `POST /conversations/{id}/messages`: one turn in one request, put to one model or to several.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::future::join_all;
use mmp_shared::{
    ApiError, ErrorCode, RunId,
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
    services::runs::{live::LiveRun, log::LogEntry, reader::RunReader},
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
    let (detach, save, is_one) = (request.detach, request.save, request.models.len() <= 1);
    let runs = state.services.chat.begin(&caller.account, caller.connection, request).await?;
    if detach {
        return detached(&runs);
    }
    let reader = |run: &Arc<LiveRun>| {
        let reader = state.services.runs.read_live(Arc::clone(run));
        if save { reader } else { reader.ending_the_run() }
    };
    let mut readers: Vec<_> = runs.iter().map(|run| (run.id, reader(run))).collect();
    let mut standing = state.services.auth.standing(&caller.account);
    let alone = if is_one { readers.pop() } else { None };
    if !wants_json(headers) {
        return Ok(match alone {
            Some((_, reader)) => sse::response(reader, standing),
            None => sse::response_of_several(readers, standing),
        });
    }
    let answer = async {
        match alone {
            Some((run, reader)) => Ok(Json(whole(run, reader).await?).into_response()),
            None => several(readers.into_iter()).await,
        }
    };
    tokio::select! {
        answer = answer => answer,
        () = standing.ended() => Err(ApiError::new(ErrorCode::Unauthenticated, phrase!("error-login-over")).into()),
    }
}

/// The runs that were begun and are not waited for.
fn detached(runs: &[Arc<LiveRun>]) -> Result<Response> {
    let first = runs.first().ok_or_else(internal)?;
    let run_ids = if runs.len() > 1 { runs.iter().map(|run| run.id).collect() } else { Vec::new() };
    let conversation_id = first.saved_in.map(|saved| saved.conversation_id);
    Ok((StatusCode::ACCEPTED, Json(DetachedResponse { run_id: first.id, run_ids, conversation_id })).into_response())
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
    let answer = whole(run.id, state.services.runs.read_live(run).ending_the_run()).await?;
    Ok(Json(ModelTestResponse {
        model: format!("{}/{}", answer.provider, answer.model),
        text: answer.text,
        timing: answer.timing,
        usage: answer.usage,
        cost_usd: answer.cost_usd,
    }))
}

/// The whole answer; an error where there is none, or only a part.
async fn whole(run: RunId, reader: RunReader) -> Result<ChatAnswer> {
    let answer = heard(reader).await?;
    let error = answer.ending().and_then(|ending| ending.error.clone());
    let built = answer.build().ok_or_else(|| without_beginning(run))?;
    match error {
        None => Ok(built),
        Some(error) if answer.has_answer() => Err(Problem::with_partial(error, built)),
        Some(error) => Err(error.into()),
    }
}

/// Every answer to a question in the order of the models, each with what went wrong.
async fn several(readers: impl Iterator<Item = (RunId, RunReader)>) -> Result<Response> {
    let answers = readers
        .map(|(run, reader)| async move { heard(reader).await?.build_compared().ok_or_else(|| without_beginning(run).into()) });
    let answers: Result<Vec<_>> = join_all(answers).await.into_iter().collect();
    Ok(Json(answers?).into_response())
}

/// A run's events up to its end.
async fn heard(mut reader: RunReader) -> Result<AnswerBuilder> {
    let mut answer = AnswerBuilder::new();
    while let Some(entries) = reader.next().await {
        for event in entries?.iter().filter_map(LogEntry::to_event) {
            answer.push(&event.event);
        }
    }
    Ok(answer)
}

fn without_beginning(run: RunId) -> ApiError {
    tracing::error!(%run, "a run without a beginning");
    internal()
}

fn internal() -> ApiError {
    ApiError::new(ErrorCode::Internal, phrase!("error-internal"))
}
