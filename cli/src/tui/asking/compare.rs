//! One question to several models: asked at once, and their events over one stream.

use mmp_shared::{ApiError, ErrorCode, RunId, chat::ChatRequest, events::LoggedEvent, message::Role, phrase};

use crate::{
    client::{
        Client,
        turn::{RunEvent, TurnStream},
    },
    tui::event::Outcome,
};

/// What came over the stream, and the stream.
pub(in crate::tui) type Heard<'a> = Outcome<(TurnStream<'a>, Vec<(usize, RunId, LoggedEvent)>)>;

/// Asks, and waits for the first events. What is asked again stands beside the last question of its conversation.
pub(in crate::tui) async fn ask(client: &Client, sends_keys: bool, mut request: ChatRequest, again: bool) -> Heard<'_> {
    let asked = async {
        if again && let Some(id) = request.conversation_id {
            let detail = client.conversation(&id.to_string()).await?;
            let last = detail.messages.iter().rev().find(|message| message.role == Role::User);
            let none = || ApiError::new(ErrorCode::NotFound, phrase!("views-compare-no-question"));
            request.beside_id = Some(last.ok_or_else(none)?.id);
        }
        client.with_keys(&mut request, sends_keys, Client::compare).await
    };
    next(asked.await?).await
}

/// Waits for the next events; none come after the end of all.
pub(in crate::tui) async fn next(mut stream: TurnStream<'_>) -> Heard<'_> {
    let batch = stream.next_batch().await?;
    let events = batch.into_iter().map(|RunEvent { place, run_id, logged }| (place, run_id, logged)).collect();
    Ok((stream, events))
}
