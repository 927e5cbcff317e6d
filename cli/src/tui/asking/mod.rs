//! How what the views ask is asked: through the client, as commands do. One file a view.

mod search;
mod show;

use futures_util::future::LocalBoxFuture;

use super::{
    ask::{Ask, Told},
    event::Outcome,
};
use crate::client::Client;

/// What may be needed for asking.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    /// The client.
    pub(super) client: &'a Client,
}

/// Asks.
pub(super) fn ask(asker: Asker<'_>, ask: Ask) -> LocalBoxFuture<'_, Outcome<Told>> {
    let client = asker.client;
    Box::pin(async move {
        let told = match ask {
            Ask::Search { query, order, cursor } => search::search(client, &query, order, cursor).await,
            Ask::Show { id, message } => show::message(client, id, message).await,
        };
        told.map_err(Box::new)
    })
}
