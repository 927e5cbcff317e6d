//! Fetches what the chat is to show: a conversation at a message of it.

use mmp_shared::{
    ApiError, ConversationId, MessageId, RunId,
    conversations::{ConversationChange, ConversationDetail},
    message::Status,
};

use crate::{
    client::Client,
    tui::ask::{Shown, Told},
    wanted::Wanted,
};

/// How many of the latest runs are looked through for the one that makes an answer.
const RUNS: usize = 50;

/// Fetches a conversation for one of its messages. Where that stands on another branch, this becomes the current one: what
/// is said next is to follow what is seen.
pub(super) async fn message(client: &Client, id: ConversationId, message: MessageId) -> Result<Told, ApiError> {
    let detail = on_branch(client, id, message).await?;
    let run = live_run(client, &detail).await?;
    Ok(Told::Shown(Box::new(Shown { detail: Some(detail), run, at: Some(message) })))
}

/// A conversation along the branch of a message.
pub(super) async fn on_branch(client: &Client, id: ConversationId, message: MessageId) -> Result<ConversationDetail, ApiError> {
    let reference = id.to_string();
    let detail = client.conversation(&reference).await?;
    if detail.messages.iter().any(|found| found.id == message) {
        return Ok(detail);
    }
    let change = ConversationChange { pick: Some(message), ..ConversationChange::default() };
    client.change_conversation(&reference, &change).await?;
    client.conversation(&reference).await
}

/// The run that still makes a conversation's last message, if one does.
pub(super) async fn live_run(client: &Client, detail: &ConversationDetail) -> Result<Option<RunId>, ApiError> {
    let Some(last) = detail.messages.last().filter(|last| last.status == Status::Running) else { return Ok(None) };
    let runs = client.runs(&Wanted { limit: Some(RUNS), cursor: None }).await?;
    Ok(runs.items.iter().find(|run| run.message_id == Some(last.id)).map(|run| run.id))
}
