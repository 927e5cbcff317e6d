//! How what the views ask is asked: through the client, as commands do. One file a view.

mod catalogue;
pub(super) mod compare;
mod files;
mod history;
mod login;
mod runs;
mod search;
mod settings;
mod show;

use futures_util::future::LocalBoxFuture;

use super::{
    ask::{Ask, Told},
    event::Outcome,
};
use crate::{client::Client, context::Context};

/// What may be needed for asking.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    /// Where what the daemon says of settings is remembered.
    pub(super) context: &'a Context,
    /// The client.
    pub(super) client: &'a Client,
    /// Whether keys that only our environment holds go along.
    pub(super) sends_keys: bool,
}

/// Asks.
pub(super) fn ask(asker: Asker<'_>, ask: Ask) -> LocalBoxFuture<'_, Outcome<Told>> {
    let client = asker.client;
    Box::pin(async move {
        let told = match ask {
            Ask::Search { query, order, cursor } => search::search(client, &query, order, cursor).await,
            Ask::History(query) => history::list(client, *query).await,
            Ask::Change { id, change } => history::change(client, id, &change).await,
            Ask::Delete(id) => history::delete(client, id).await,
            Ask::Export { id, path } => history::export(client, id, &path).await,
            Ask::Branch(id) => history::branch(client, id).await,
            Ask::Catalogue => catalogue::list(client).await,
            Ask::Models => catalogue::with_providers(client).await,
            Ask::SetDefault(name) => catalogue::set_default(client, name).await,
            Ask::SetKey { provider, key } => catalogue::set_key(client, provider, key).await,
            Ask::Test(name) => catalogue::test(client, asker.sends_keys, &name).await,
            Ask::Files => files::list().await,
            Ask::ReadFile(path) => files::read(path).await,
            Ask::SetTheme(name) => settings::set_theme(asker, name).await,
            Ask::LogIn(credentials) => login::log_in(client, *credentials).await,
            Ask::LogOut => login::log_out(client).await,
            Ask::Roles => settings::roles(client).await,
            Ask::Role(name) => settings::role(client, name).await,
            Ask::Runs => runs::list(client).await,
            Ask::StopRun(id) => runs::stop(client, id).await,
            Ask::Join(reference) => show::run(client, &reference).await,
            Ask::Show { id, message } => show::message(client, id, message).await,
        };
        told.map_err(Box::new)
    })
}
