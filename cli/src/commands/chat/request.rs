//! What is asked: the flags as a `ChatRequest`.

use mmp_shared::{
    ApiError, ConversationId, ErrorCode,
    chat::ChatRequest,
    config::Origin,
    message::Content,
    phrase,
};

use super::Arguments;
use crate::{client::Client, config::variable, context::Context, input::env_keys};

/// The request for a prompt. Asks the daemon only where a conversation has to be found.
pub(super) async fn build(arguments: &Arguments, content: Content, context: &Context, client: &Client) -> Result<ChatRequest, ApiError> {
    let config = context.config()?;
    let mut request = ChatRequest { content, ..ChatRequest::new("") };
    request.params = arguments.params.params()?;
    request.system.clone_from(&arguments.system);
    request.role.clone_from(&arguments.role);
    request.save = !arguments.no_save;
    request.detach = arguments.detach;
    request.fallback = !arguments.no_fallback;
    request.stream_upstream = !arguments.no_stream;
    request.timeout_ms = arguments.timeout.map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
    request.watched = context.stdout.is_terminal;
    if config.switch("import_env") {
        request.env_keys = env_keys::providers();
    }
    request.conversation_id = conversation(arguments, client).await?;
    // Flag, then environment. The conversation's model and the user's setting are the daemon's to know; the file's ranks below them.
    request.models.clone_from(&arguments.model);
    if request.models.is_empty() {
        request.models.extend(variable("MMP_MODEL"));
    }
    if config.setting("model").is_some_and(|setting| setting.origin == Origin::File) {
        request.default_model = config.text("model").map(str::to_owned);
    }
    Ok(request)
}

async fn conversation(arguments: &Arguments, client: &Client) -> Result<Option<ConversationId>, ApiError> {
    if arguments.continues || (arguments.resume && arguments.conversation.is_none()) {
        let last = client.last_conversation().await?;
        let none = || ApiError::new(ErrorCode::NotFound, phrase!("error-no-conversation"));
        return last.map(|conversation| Some(conversation.id)).ok_or_else(none);
    }
    let Some(reference) = &arguments.conversation else { return Ok(None) };
    // A whole id needs no looking up.
    if let Ok(id) = reference.parse() {
        return Ok(Some(id));
    }
    client.conversation(reference).await.map(|found| Some(found.conversation.id))
}
