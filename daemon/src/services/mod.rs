//! The rules of the business: one service a noun. They know traits, never an engine, a provider's wire or HTTP.
//!
//! Each returns `ApiError`s, made with words, that `http` hands on as they are.

pub mod access_tokens;
pub mod accounts;
pub mod audit;
pub mod auth;
pub mod backups;
mod base_url;
pub mod catalogues;
pub mod chat;
pub mod clock;
pub mod conversations;
mod error;
pub mod keys;
pub mod models;
pub mod origin;
mod pages;
mod params;
mod prompt_size;
pub mod providers;
pub mod references;
pub mod roles;
pub mod runs;
pub mod search;
pub mod servers;
pub mod settings;
pub mod system;
mod tokens;
pub mod user_provider;
pub mod users;

use std::sync::Arc;

use access_tokens::Tokens;
use accounts::Accounts;
use audit::Audit;
use auth::Auth;
use backups::Backups;
use chat::Chat;
use conversations::Conversations;
use models::Models;
use providers::Providers;
use roles::Roles;
use runs::Runs;
use search::Search;
use servers::Servers;
use settings::UserSettings;
use system::System;
use users::Users;

use crate::telemetry::metrics::Metrics;

/// Every service, for those who route requests to them.
#[derive(Clone)]
pub struct Services {
    /// Accounts.
    pub users: Arc<Users>,
    /// Accounts, with what hangs on them.
    pub accounts: Arc<Accounts>,
    /// Logins, and who is calling.
    pub auth: Arc<Auth>,
    /// Access tokens.
    pub access_tokens: Arc<Tokens>,
    /// What has happened to accounts and keys.
    pub audit: Arc<Audit>,
    /// Backups.
    pub backups: Arc<Backups>,
    /// Turns of chats.
    pub chat: Arc<Chat>,
    /// Conversations and their messages.
    pub conversations: Arc<Conversations>,
    /// Runs, live and finished.
    pub runs: Arc<Runs>,
    /// Models and their names.
    pub models: Arc<Models>,
    /// Providers and how they are configured.
    pub providers: Arc<Providers>,
    /// Looking for messages.
    pub search: Arc<Search>,
    /// What users set for all their terminals.
    pub settings: Arc<UserSettings>,
    /// Roles.
    pub roles: Arc<Roles>,
    /// Servers of models on this machine.
    pub servers: Arc<Servers>,
    /// The daemon's own state.
    pub system: Arc<System>,
    /// What is counted for monitors.
    pub metrics: Arc<Metrics>,
}

/// A text whose control characters are blanks.
fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A notice with its words; the gaps of the phrase are its fields, so that a client can say it in another language.
fn notice(code: &str, phrase: mmp_shared::Phrase) -> mmp_shared::events::Notice {
    mmp_shared::events::Notice {
        code: code.to_owned(),
        message: phrase.render(mmp_shared::Language::English),
        fields: phrase.args.into_iter().map(|(name, value)| (name.into_owned(), value.into())).collect(),
    }
}
