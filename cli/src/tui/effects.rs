//! What effects come to that ask the daemon: each is a future whose end is an event.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use mmp_shared::{
    ApiError, ConversationId, MessageId, RunId,
    chat::ChatRequest,
    conversations::{ConversationChange, ConversationDetail, ConversationQuery},
    message::{Content, Status},
};

use super::{
    ask::Ask,
    asking::{self, Asker, compare::Heard},
    branches,
    event::{Event, Outcome},
};
use crate::{
    client::{Client, stream::EventStream},
    wanted::Wanted,
};

/// How many conversations a page holds.
const PAGE: usize = 60;
/// How many of the latest runs are looked through for the one that makes an answer.
const RUNS: usize = 50;

/// What an effect came to.
pub(super) enum Done<'a> {
    /// Something happened.
    Happened(Event),
    /// A draft was written, or not.
    Saved(Result<(), ApiError>),
    /// Events of several runs, for the asking of this number.
    Compared(u64, Heard<'a>),
    /// Events of a stream, and the stream.
    Streamed(u64, Outcome<(EventStream<'a>, Vec<mmp_shared::events::LoggedEvent>)>),
}

/// Something that is being done.
pub(super) type Doing<'a> = LocalBoxFuture<'a, Done<'a>>;

/// Asks, and waits for the first events.
pub(super) fn ask<'a>(client: &'a Client, sends_keys: bool, turn: u64, mut request: ChatRequest) -> Doing<'a> {
    Box::pin(async move {
        match client.with_keys(&mut request, sends_keys, Client::chat).await {
            Ok(stream) => next(turn, stream).await,
            Err(error) => Done::Streamed(turn, Err(Box::new(error))),
        }
    })
}

/// Asks with the content that a question had.
pub(super) fn ask_again(
    client: &Client,
    sends_keys: bool,
    turn: u64,
    mut request: ChatRequest,
    question: MessageId,
) -> Doing<'_> {
    Box::pin(async move {
        let id = request.conversation_id.map(|id| id.to_string()).unwrap_or_default();
        match client.export_conversation(&id).await {
            Ok(exported) => {
                if let Some(found) = exported.messages.into_iter().find(|message| message.id == question) {
                    request.content = Content::Parts(found.content);
                }
                ask(client, sends_keys, turn, request).await
            }
            Err(error) => Done::Streamed(turn, Err(Box::new(error))),
        }
    })
}

/// Joins a run, after a while.
pub(super) fn attach(client: &Client, turn: u64, run_id: RunId, after: Option<u64>, wait: Duration) -> Doing<'_> {
    Box::pin(async move {
        tokio::time::sleep(wait).await;
        match client.attach(run_id, after).await {
            Ok(stream) => next(turn, stream).await,
            Err(error) => Done::Streamed(turn, Err(Box::new(error))),
        }
    })
}

/// Waits for the next events of a stream.
pub(super) async fn next(turn: u64, mut stream: EventStream<'_>) -> Done<'_> {
    let events = stream.next_batch().await;
    Done::Streamed(turn, events.map(|events| (stream, events)).map_err(Box::new))
}

/// Stops a run.
pub(super) fn stop(client: &Client, run_id: RunId) -> Doing<'_> {
    Box::pin(async move {
        match client.stop_run(&run_id.to_string()).await {
            // A run that has just ended by itself cannot be stopped, and that is as good.
            Ok(_) => Done::Happened(Event::Connected(true)),
            Err(error) => Done::Happened(Event::NotStopped(Box::new(error))),
        }
    })
}

/// Fetches a page of conversations.
pub(super) fn list(client: &Client, asking: u64, title: String, cursor: Option<String>) -> Doing<'_> {
    Box::pin(async move {
        let query = ConversationQuery { title: (!title.is_empty()).then_some(title), ..ConversationQuery::default() };
        let page = client.conversations(&query, &Wanted { limit: Some(PAGE), cursor }).await.map_err(Box::new);
        Done::Happened(Event::Conversations { asking, page, clock: Timestamp::now() })
    })
}

/// Fetches a conversation, and the run that still goes on in it.
pub(super) fn open(client: &Client, id: ConversationId) -> Doing<'_> {
    Box::pin(async move {
        let opened = open_conversation(client, id).await;
        Done::Happened(Event::Opened(opened.map(Box::new).map_err(Box::new)))
    })
}

async fn open_conversation(client: &Client, id: ConversationId) -> Result<(ConversationDetail, Option<RunId>), ApiError> {
    let detail = client.conversation_tree(&id.to_string()).await?;
    let branch = branches::current(&detail);
    let last = branch.last().filter(|(last, _)| last.status == Status::Running);
    let Some((last, _)) = last else { return Ok((detail, None)) };
    let message = last.id;
    let runs = client.runs(&Wanted { limit: Some(RUNS), cursor: None }).await?;
    let run = runs.items.iter().find(|run| run.message_id == Some(message)).map(|run| run.id);
    Ok((detail, run))
}

/// Makes the branch of a message the current one, and fetches it.
pub(super) fn branch(client: &Client, id: ConversationId, message: MessageId) -> Doing<'_> {
    Box::pin(async move {
        let change = ConversationChange { pick: Some(message), ..ConversationChange::default() };
        let opened = match client.change_conversation(&id.to_string(), &change).await {
            Ok(_) => open_conversation(client, id).await,
            Err(error) => Err(error),
        };
        Done::Happened(Event::Branched(opened.map(Box::new).map_err(Box::new)))
    })
}

/// Gives a conversation a title.
pub(super) fn rename(client: &Client, id: ConversationId, title: String) -> Doing<'_> {
    Box::pin(async move {
        let change = ConversationChange { title: Some(title), ..ConversationChange::default() };
        let renamed = client.change_conversation(&id.to_string(), &change).await;
        Done::Happened(Event::Renamed(renamed.map(Box::new).map_err(Box::new)))
    })
}

/// Asks something for a view.
pub(super) fn fetch(asker: Asker<'_>, asking: u64, ask: Ask) -> Doing<'_> {
    Box::pin(async move { Done::Happened(Event::Told { asking, told: asking::ask(asker, ask).await }) })
}

/// Fetches the catalogue.
pub(super) fn models(client: &Client) -> Doing<'_> {
    Box::pin(async move {
        let models = client.models(None, &Wanted { limit: None, cursor: None }).await;
        Done::Happened(Event::Models(models.map(|page| page.items).map_err(Box::new)))
    })
}
