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

/// Fetches a run, by its id or the end of it, to be followed from its start; one that has ended is shown with what it made.
pub(super) async fn run(client: &Client, reference: &str) -> Result<Told, ApiError> {
    let run = client.run(reference).await?;
    let is_live = run.status == Status::Running;
    let shown = match (run.conversation_id, run.message_id, run.user_message_id) {
        (Some(id), _, Some(question)) if is_live => {
            // The answer is no message yet: what is shown ends with its question, and the run goes on from there.
            let mut detail = on_branch(client, id, question).await?;
            let end = detail.messages.iter().position(|message| message.id == question).map_or(0, |place| place + 1);
            detail.messages.truncate(end);
            Shown { detail: Some(detail), run: Some(run.id), at: None }
        }
        (Some(id), Some(message), _) => {
            Shown { detail: Some(on_branch(client, id, message).await?), run: None, at: Some(message) }
        }
        // Nothing of it is kept: what there is are its events.
        _ => Shown { detail: None, run: Some(run.id), at: None },
    };
    Ok(Told::Shown(Box::new(shown)))
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
